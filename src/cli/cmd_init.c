/* cli/cmd_init.c: `orgvet init`: a configuration that fits given files. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

struct init {
    const struct cli_args *args;
    struct cli_vetting vetting;
    const char *path; /* of the configuration */
    char *chosen;     /* owned: path, when it was not given */
    char *folder;     /* owned: that it will be in */
    bool ask;         /* somebody is there to answer */
    FILE *text;       /* the configuration so far */
};

/* A suggestion: as it is taken, left out, and asked about; of a file, a field and a column. */
struct suggestion {
    const char *taken, *left_out, *question;
};
static const struct suggestion read_field = {
    OV_SAID("%s: read the field `%s` from the column `%.*s`"),
    OV_SAID("%s: left out: read the field `%s` from the column `%.*s` (`--yes` takes suggestions)"),
    OV_SAID("%s: read the field `%s` from the column `%.*s`? [Y/n] ")};
static const struct suggestion take_identifier = {
    OV_SAID("%s: all parents are values of another column: as the %s take `%.*s`"),
    OV_SAID(
        "%s: left out: all parents are values of another column: as the %s take `%.*s` (`--yes` "
        "takes suggestions)"),
    OV_SAID("%s: all parents are values of another column: as the %s take `%.*s`? [Y/n] ")};

/* Whether to take a suggestion. Yes is the first letter of the language's word, or of ours. */
static bool accepts(const struct init *init, const struct suggestion *suggestion, const char *name,
                    const char *field, struct ov_text column)
{
    char answer[16];
    bool yes = cli_has(init->args, OPT_YES);
    if (yes || !init->ask) {
        cli_note(yes ? suggestion->taken : suggestion->left_out, name, field, (int)column.len,
                 column.ptr);
        return yes;
    }
    fprintf(stderr, cli_say(suggestion->question), name, field, (int)column.len, column.ptr);
    if (!fgets(answer, sizeof answer, stdin))
        return false;
    char first = answer[0] >= 'A' && answer[0] <= 'Z' ? (char)(answer[0] - 'A' + 'a') : answer[0];
    return first == '\n' || first == 'y' || first == *cli_say("yes");
}

static void put_setting(struct init *init, const char *key, struct ov_text value, bool *any)
{
    fputs(*any ? ",\n        " : ",\n      \"settings\": {\n        ", init->text);
    cli_put_json(init->text, ov_text_of(key));
    fputs(": ", init->text);
    cli_put_json(init->text, value);
    *any = true;
}

/* Suggestions for the columns of a file; false after a message. */
static bool put_settings(struct init *init, const char *name, struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_finding finding;
    enum ov_status status;
    char taken[16][64], key[96];
    size_t count = 0;
    bool any = false;
    ov_check_rewind(check);
    while ((status = ov_check_next(check, &finding)) == OV_OK && finding.rule) {
        bool again = strcmp(finding.rule->code, "OV205") != 0 || finding.suggestion.len == 0 ||
                     finding.suggestion.len >= sizeof taken[0] || count == 16;
        for (size_t i = 0; i < count && !again; i++)
            again = strlen(taken[i]) == finding.suggestion.len &&
                    memcmp(taken[i], finding.suggestion.ptr, finding.suggestion.len) == 0;
        if (again)
            continue;
        char *field = taken[count];
        snprintf(field, sizeof taken[0], "%.*s", (int)finding.suggestion.len,
                 finding.suggestion.ptr);
        snprintf(key, sizeof key, "csvmapping:%s", field);
        if (!accepts(init, &read_field, name, field, finding.header))
            continue;
        count++;
        put_setting(init, key, finding.header, &any);
    }
    if (status != OV_OK) {
        cli_fail("out of memory");
        return false;
    }
    if (result->root_cause_column.len &&
        accepts(init, &take_identifier, name, "identifier", result->root_cause_column))
        put_setting(init, "identifier", result->root_cause_column, &any);
    fputs(any ? "\n      }" : "", init->text);
    return true;
}

/* The file's path as a glob that fits it alone. */
static bool put_glob(struct init *init, const char *path)
{
    char *name = cli_path_in(init->folder, path);
    char *glob = name ? malloc(2 * strlen(name) + 2) : NULL;
    size_t len = 0;
    if (name && name[0] == '/')
        cli_fail("`%s` is not below `%s`: name a place with `--output`", path, init->folder);
    else if (!glob)
        cli_fail("out of memory");
    bool fine = glob && name[0] != '/';
    for (size_t i = 0; fine && name[i]; i++) {
        if (strchr("*?[\\", name[i]))
            glob[len++] = '\\';
        glob[len++] = name[i];
    }
    if (fine)
        cli_put_json(init->text, (struct ov_text){glob, len});
    free(glob);
    free(name);
    return fine;
}

static bool put_file(struct init *init, size_t index)
{
    const char *path = init->args->operands[index];
    struct cli_input input;
    struct ov_check *check;
    if (cli_vet(&init->vetting, path, &input, &check) != CLI_VETTED)
        return false;
    const struct ov_check_result *result = ov_check_result(check);
    fputs(index ? ",\n    " : "\n    ", init->text);
    bool fine = result->importer != NULL;
    if (!fine)
        cli_fail("%s: there is no header to go by", path);
    fine = fine && put_glob(init, path);
    if (fine) {
        fprintf(init->text, ": {\n      \"importer\": \"%s\"", ov_importer_name(result->importer));
        fine = put_settings(init, path, check);
        fputs("\n    }", init->text);
    }
    ov_check_free(check);
    cli_input_close(&input);
    return fine;
}

/* Where it will be: the working folder when all files are below it, else the folder that holds them
 * all. False after a message. */
static bool choose_place(struct init *init)
{
    init->path = cli_value(init->args, OPT_INIT_OUTPUT, NULL);
    char *common = init->path ? NULL : cli_folder_of("./x");
    for (size_t i = 0; common && i < init->args->operand_count; i++) {
        char *folder = cli_folder_of(init->args->operands[i]);
        if (!folder) {
            free(common);
            return false;
        }
        while (strncmp(common, folder, strlen(common)) != 0) {
            common[strlen(common) - 1] = '\0';
            strrchr(common, '/')[1] = '\0';
        }
        free(folder);
    }
    if (common) {
        char path[PATH_MAX + sizeof "orgvet.json"];
        snprintf(path, sizeof path, "%sorgvet.json", common);
        init->path = init->chosen = cli_shown(path);
    }
    free(common);
    if (!init->path)
        return false;
    if (access(init->path, F_OK) == 0 && !cli_has(init->args, OPT_FORCE)) {
        cli_fail("`%s` is there already; `--force` writes over it", init->path);
        return false;
    }
    return (init->folder = cli_folder_of(init->path)) != NULL;
}

static int write_text(const struct init *init, const char *text, size_t len)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    if (!cli_output_open(&output, init->path))
        return EXIT_FAILED;
    bool done = output.sink.write(output.sink.ctx, text, len, &err) == OV_OK;
    if (!cli_output_close(&output, done) || !done)
        return EXIT_FAILED;
    cli_note("%s is written; a file that no glob in its `files` fits is passed over", init->path);
    return EXIT_FINE;
}

int cmd_init(const struct cli_args *args)
{
    struct init init = {.args = args, .ask = isatty(STDIN_FILENO) && isatty(STDERR_FILENO)};
    char *text = NULL;
    size_t len = 0;
    if (args->operand_count == 0)
        return cli_fail("which files? `orgvet init FILE…` looks at them");
    for (size_t i = 0; i < args->operand_count; i++)
        if (strcmp(args->operands[i], "-") == 0)
            return cli_fail("`orgvet init` needs files that have a name");
    int code = EXIT_FAILED;
    if (choose_place(&init) && cli_vetting_init(&init.vetting, args)) {
        init.text = open_memstream(&text, &len);
        bool fine = init.text != NULL;
        if (fine)
            fputs("{\n  \"files\": {", init.text);
        for (size_t i = 0; i < args->operand_count && fine; i++)
            fine = put_file(&init, i);
        if (init.text) {
            fputs("\n  }\n}\n", init.text);
            fine &= fclose(init.text) == 0;
        }
        code = fine ? write_text(&init, text, len) : EXIT_FAILED;
    }
    cli_vetting_deinit(&init.vetting);
    free(text);
    free(init.chosen);
    free(init.folder);
    return code;
}
