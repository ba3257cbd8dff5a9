/* cli/cmd_init.c: `orgvet init`: writes a configuration for given files and their later versions.
 * Dates and numbers in their names become wildcards; a user upload becomes `jobs_file`; a course
 * upload is skipped. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/name_glob.h"
#include "cli/output.h"
#include "cli/paths.h"
#include "cli/sheets.h"
#include "cli/vet.h"

/* An entry of `files`. */
struct entry {
    char *glob;  /* owned: relative to the configuration's folder */
    char *name;  /* owned: a glob that matches only the file it was made for, relative to the same
                  * folder */
    char *value; /* owned: its members as JSON */
};

struct init {
    const struct cli_args *args;
    struct cli_vetting vetting;
    const char *path;      /* borrowed: of the configuration */
    char *chosen;          /* owned: path, if --output was not given */
    char *folder;          /* owned: the real folder of the configuration */
    bool ask;              /* standard input and standard error are terminals */
    struct entry *entries; /* owned, with their texts */
    size_t count;
    char *jobs_file; /* owned: the user upload, relative to the folder; NULL: none */
};

/* --- suggestions --- */

/* The texts of a suggestion: when it is accepted, skipped, or asked about. Arguments: file, field,
 * column. */
struct suggestion {
    const char *taken, *left_out, *question;
};
static const struct suggestion read_field = {
    OV_N_("%s: reading the field `%s` from the column `%.*s`"),
    OV_N_("%s: suggestion skipped: read the field `%s` from the column `%.*s` (`--yes` accepts "
          "suggestions)"),
    OV_N_("%s: read the field `%s` from the column `%.*s`? [Y/n] ")};
static const struct suggestion take_identifier = {
    OV_N_("%s: all parents are values of another column: setting `%s` to `%.*s`"),
    OV_N_("%s: suggestion skipped: all parents are values of another column: set `%s` to "
          "`%.*s` (`--yes` accepts suggestions)"),
    OV_N_("%s: all parents are values of another column: set `%s` to `%.*s`? [Y/n] ")};

static const struct suggestion take_layout = {
    OV_N_("%s: the rows do not name their parents by identifier: setting `%s` to `%.*s`"),
    OV_N_("%s: suggestion skipped: the rows do not name their parents by identifier: set `%s` to "
          "`%.*s` (`--yes` accepts suggestions)"),
    OV_N_("%s: the rows do not name their parents by identifier: set `%s` to `%.*s`? [Y/n] ")};

/* Whether to accept a suggestion: by --yes, or by the user's answer. The first letter of `yes` in
 * English or in the user's language accepts, as does an empty line. */
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
    cli_ask(suggestion->question, name, field, (int)column.len, column.ptr);
    if (!fgets(answer, sizeof answer, stdin))
        return false;
    char first = (char)tolower((unsigned char)answer[0]);
    return first == '\n' || first == 'y' || first == *cli_say("yes");
}

static void put_setting(FILE *out, const char *key, struct ov_text value, bool *any)
{
    fputs(*any ? ",\n        " : ",\n      \"settings\": {\n        ", out);
    cli_put_json(out, ov_text_of(key));
    fputs(": ", out);
    cli_put_json(out, value);
    *any = true;
}

/* Writes accepted suggestions for the columns of a file as its `settings`; false after a
 * message. */
static bool put_settings(const struct init *init, FILE *out, const char *name,
                         struct ov_check *check)
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
        put_setting(out, key, finding.header, &any);
    }
    if (status != OV_OK) {
        cli_fail("out of memory");
        return false;
    }
    if (result->root_cause_column.len &&
        accepts(init, &take_identifier, name, "identifier", result->root_cause_column))
        put_setting(out, "identifier", result->root_cause_column, &any);
    fputs(any ? "\n      }" : "", out);
    return true;
}

/* Writes how the rows name their parents, if that is accepted. */
static void put_layout(const struct init *init, FILE *out, const char *name, struct ov_check *check)
{
    struct ov_text parents = ov_check_proposed_parents(check);
    if (!parents.len || !accepts(init, &take_layout, name, "parents", parents))
        return;
    struct ov_text column;
    fputs(",\n      \"parents\": ", out);
    cli_put_json(out, parents);
    for (size_t i = 0; ov_check_proposed_fill(check, i, &column); i++) {
        fputs(i ? ", " : ",\n      \"fill_down\": [", out);
        cli_put_json(out, column);
    }
    fputs(ov_check_proposed_fill(check, 0, &column) ? "]" : "", out);
}

/* --- entries --- */

static bool add_entry(struct init *init, struct entry *entry)
{
    struct entry *grown = realloc(init->entries, (init->count + 1) * sizeof *grown);
    if (grown)
        init->entries = grown;
    if (grown && entry->glob && entry->name && entry->value) {
        grown[init->count++] = *entry;
        *entry = (struct entry){0};
        return true;
    }
    return false;
}

/* The members of an entry while they are written. */
struct members {
    FILE *out;
    char *text;
    size_t len; /* bytes */
};

/* False after a message. */
static bool start_members(struct members *members)
{
    members->out = open_memstream(&members->text, &members->len);
    if (!members->out)
        cli_fail("out of memory");
    return members->out;
}

/* The text of the members, which the caller frees; NULL after a message. fine: false where what was
 * to be written failed, with its message. */
static char *end_members(struct members *members, bool fine)
{
    bool whole = fclose(members->out) == 0;
    if (fine && whole)
        return members->text;
    if (fine)
        cli_fail("out of memory");
    free(members->text);
    return NULL;
}

/* The members of a file's entry as JSON; NULL after a message. The caller frees it. */
static char *value_of(const struct init *init, const char *path, struct ov_check *check)
{
    struct members members = {0};
    if (!start_members(&members))
        return NULL;
    fprintf(members.out, "\n      \"importer\": \"%s\"",
            ov_importer_name(ov_check_result(check)->importer));
    put_layout(init, members.out, path, check);
    return end_members(&members, put_settings(init, members.out, path, check));
}

/* Adds an entry for a file, with its members as JSON, which it takes over; given: the user's glob
 * that matched it, or NULL. False after a message. */
static bool add_value(struct init *init, const char *path, const char *given, char *value)
{
    struct entry entry = {.value = value};
    char *name = cli_path_in(init->folder, path);
    bool fine = false;
    if (name && value && name[0] == '/') {
        cli_fail("`%s` is not inside `%s`: choose a location with `--output`", path, init->folder);
    } else if (name && value) {
        entry.glob = given ? cli_path_in(init->folder, given) : cli_name_glob(name, true);
        entry.name = cli_name_glob(name, false);
        fine = add_entry(init, &entry);
    }
    free(name);
    free(entry.glob);
    free(entry.name);
    free(entry.value);
    return fine;
}

/* Adds a vetted file to the configuration; given: as above. False after a message. */
static bool add_file(struct init *init, const char *path, const char *given, struct ov_check *check)
{
    enum ov_other_upload other = ov_check_other_upload(check);
    char *name = cli_path_in(init->folder, path);
    bool fine = false;
    if (name && other == OV_OTHER_COURSES) {
        cli_note("%s: skipped: this is a course upload", path);
        fine = true;
    } else if (name && other == OV_OTHER_USERS) {
        cli_note(
            init->jobs_file
                ? OV_N_("%s: skipped: this is a user upload, and `jobs_file` can name only one")
                : OV_N_("%s: this is a user upload, written as `jobs_file`"),
            path);
        if (!init->jobs_file)
            init->jobs_file = strdup(name);
        fine = init->jobs_file != NULL;
    } else if (name) {
        fine = add_value(init, path, given, value_of(init, path, check));
    }
    free(name);
    return fine;
}

/* Writes the members of a sheet's entry, two levels below those of its file. */
static bool put_sheet(const struct init *init, FILE *out, const char *path, const char *sheet,
                      struct ov_check *check)
{
    char *value = value_of(init, path, check);
    if (!value)
        return false;
    cli_put_json(out, ov_text_of(sheet));
    fputs(": {", out);
    for (const char *c = value; *c; c++) {
        fputc(*c, out);
        if (*c == '\n')
            fputs("    ", out);
    }
    fputs("\n        }", out);
    free(value);
    return true;
}

static bool vet_sheet(struct init *init, FILE *out, const char *path, const char *sheet)
{
    struct cli_input input;
    struct ov_check *check;
    if (!cli_input_open(&input, path, path, init->vetting.keep_copy))
        return false;
    bool fine = cli_vet_sheet(&init->vetting, &input, sheet, &check) == CLI_VETTED &&
                put_sheet(init, out, path, sheet, check);
    ov_check_free(check);
    cli_input_close(&input);
    return fine;
}

/* The members of the entry of a workbook with several sheets as JSON; NULL after a message. The
 * caller frees it. */
static char *sheets_of(struct init *init, const char *path, const struct cli_sheets *sheets)
{
    struct members members = {0};
    if (!start_members(&members))
        return NULL;
    bool fine = true;
    fputs("\n      \"sheets\": {", members.out);
    for (size_t i = 0; i < sheets->count && fine; i++) {
        fputs(i ? ",\n        " : "\n        ", members.out);
        fine = vet_sheet(init, members.out, path, sheets->names[i]);
    }
    fputs("\n      }", members.out);
    return end_members(&members, fine);
}

static bool vet_table(struct init *init, const char *path, const char *given,
                      struct cli_input *input, const char *sheet)
{
    struct ov_check *check;
    if (cli_vet_sheet(&init->vetting, input, sheet, &check) != CLI_VETTED)
        return false;
    bool fine = ov_check_has_columns(check);
    if (fine)
        fine = add_file(init, path, given, check);
    else
        cli_fail("%s: no usable header found", path);
    ov_check_free(check);
    return fine;
}

static bool vet_file(struct init *init, const char *path, const char *given)
{
    struct cli_input input;
    struct cli_sheets sheets = {0};
    if (!cli_input_open(&input, path, path, init->vetting.keep_copy))
        return false;
    bool fine = cli_sheets_find(&sheets, &init->vetting, &input);
    if (fine && sheets.count > 1)
        fine = add_value(init, path, given, sheets_of(init, path, &sheets));
    else if (fine)
        fine = vet_table(init, path, given, &input, sheets.count ? sheets.names[0] : NULL);
    cli_sheets_deinit(&sheets);
    cli_input_close(&input);
    return fine;
}

/* --- the configuration --- */

/* Orders entries from the shortest glob to the longest: of several that match, the last one
 * wins. */
static int by_length(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    size_t i = strlen(x->glob), j = strlen(y->glob);
    return i != j ? (i < j ? -1 : 1) : strcmp(x->glob, y->glob);
}

/* Whether an earlier entry has the same glob; *same: and the same value. */
static bool is_repeated(const struct init *init, size_t index, bool *same)
{
    *same = false;
    for (size_t i = 0; i < index; i++) {
        if (strcmp(init->entries[i].glob, init->entries[index].glob) != 0)
            continue;
        *same = strcmp(init->entries[i].value, init->entries[index].value) == 0;
        return true;
    }
    return false;
}

static void write_config(const struct init *init, FILE *out)
{
    bool any = false, same;
    fputs("{\n", out);
    if (init->jobs_file) {
        fputs("  \"jobs_file\": ", out);
        cli_put_json(out, ov_text_of(init->jobs_file));
        fputs(init->count ? ",\n" : "\n", out);
    }
    for (size_t i = 0; i < init->count; i++) {
        if (is_repeated(init, i, &same))
            continue;
        fputs(any ? ",\n    " : "  \"files\": {\n    ", out);
        cli_put_json(out, ov_text_of(init->entries[i].glob));
        fprintf(out, ": {%s\n    }", init->entries[i].value);
        any = true;
    }
    fputs(any ? "\n  }\n}\n" : "}\n", out);
}

/* The text of the configuration; NULL after a message. The caller frees it. */
static char *text_of(const struct init *init, size_t *len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    if (out)
        write_config(init, out);
    if (out && fclose(out) == 0)
        return text;
    cli_fail("out of memory");
    free(text);
    return NULL;
}

/* Replaces an entry's glob by one that matches its file only; false after a message. */
static bool use_own_name(struct entry *entry)
{
    char *glob = strdup(entry->name);
    if (!glob) {
        cli_fail("out of memory");
        return false;
    }
    free(entry->glob);
    entry->glob = glob;
    return true;
}

/* Whether the last glob that matches a file is that of its own entry. */
static bool wins(const struct ov_config *config, const struct entry *entry, const char *name)
{
    bool own = false;
    for (size_t scope = 1; scope < ov_config_scopes(config); scope++) {
        struct ov_text glob = ov_config_glob(config, scope);
        if (ov_config_fits(config, scope, ov_text_of(name), (struct ov_text){0}))
            own = strlen(entry->glob) == glob.len && memcmp(glob.ptr, entry->glob, glob.len) == 0;
    }
    return own;
}

/* Turns a glob for one file back into its path, in place. */
static void unescape(char *glob)
{
    char *out = glob;
    for (const char *at = glob; *at; at++)
        if (*at != '\\' || *++at)
            *out++ = *at;
    *out = '\0';
}

/* Entries with the same glob but different values get globs for their own files only. */
static bool split_globs(struct init *init)
{
    bool same, fine = true;
    for (size_t i = 0; i < init->count && fine; i++) {
        if (!is_repeated(init, i, &same) || same)
            continue;
        char *glob = strdup(init->entries[i].glob);
        fine = glob != NULL;
        for (size_t k = 0; k < init->count && fine; k++)
            if (strcmp(init->entries[k].glob, glob) == 0)
                fine = use_own_name(&init->entries[k]);
        free(glob);
    }
    return fine;
}

/* Entries whose file another entry would match later get a glob for that file only. */
static bool split_winners(struct init *init)
{
    struct ov_error err = {.language = cli_language()};
    size_t len;
    char *text = text_of(init, &len);
    struct ov_config *config = text ? ov_config_new((struct ov_text){text, len}, &err) : NULL;
    bool fine = config != NULL;
    for (size_t i = 0; fine && i < init->count; i++) {
        char *name = strdup(init->entries[i].name);
        fine = name != NULL;
        if (fine)
            unescape(name);
        if (fine && !wins(config, &init->entries[i], name))
            fine = use_own_name(&init->entries[i]);
        free(name);
    }
    if (err.message[0])
        cli_fail("%s", err.message);
    ov_config_free(config);
    free(text);
    return fine;
}

/* Changes and sorts the globs so that for each file its own entry wins. False after a message. */
static bool separate_entries(struct init *init)
{
    if (!split_globs(init))
        return false;
    if (init->count)
        qsort(init->entries, init->count, sizeof *init->entries, by_length);
    if (!split_winners(init))
        return false;
    if (init->count)
        qsort(init->entries, init->count, sizeof *init->entries, by_length);
    return true;
}

/* Chooses the path of the configuration: in the working folder if it contains all files, otherwise
 * in the deepest folder that contains both. False after a message. */
static bool choose_place(struct init *init, const struct cli_operands *files)
{
    init->path = cli_value(init->args, OPT_INIT_OUTPUT, NULL);
    char *common = init->path ? NULL : cli_folder_of("./x");
    for (size_t i = 0; common && i < files->count; i++) {
        char *folder = cli_folder_of(files->paths[i]);
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
        cli_fail("`%s` already exists; use `--force` to overwrite it", init->path);
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
    cli_note("%s written; other files are skipped unless they look like importer files",
             init->path);
    return EXIT_FINE;
}

static bool vet_files(struct init *init, const struct cli_operands *files, size_t *found)
{
    size_t at = 0;
    for (size_t i = 0; i < init->args->operand_count; i++) {
        const char *operand = init->args->operands[i];
        for (size_t k = 0; k < found[i]; k++, at++)
            if (!vet_file(init, files->paths[at], cli_is_glob(operand) ? operand : NULL))
                return false;
    }
    if (init->count || init->jobs_file)
        return true;
    cli_fail("nothing to configure: none of these files matches an importer");
    return false;
}

int cmd_init(const struct cli_args *args)
{
    struct init init = {.args = args, .ask = isatty(STDIN_FILENO) && isatty(STDERR_FILENO)};
    struct cli_operands files = {0};
    size_t *found = calloc(args->operand_count + 1, sizeof *found), len = 0;
    int code = EXIT_FAILED;
    if (!found)
        return cli_fail("out of memory");
    bool fine = args->operand_count > 0;
    if (!fine)
        cli_fail("no files given; use `orgvet init FILE…`");
    for (size_t i = 0; i < args->operand_count && fine; i++) {
        size_t before = files.count;
        if (strcmp(args->operands[i], "-") == 0)
            fine = cli_fail("`orgvet init` needs named files, not standard input") == EXIT_FINE;
        else
            fine = cli_operands_expand(&files, args->operands[i]);
        found[i] = files.count - before;
    }
    if (fine && choose_place(&init, &files) && cli_vetting_init(&init.vetting, args) &&
        vet_files(&init, &files, found) && separate_entries(&init)) {
        char *text = text_of(&init, &len);
        code = text ? write_text(&init, text, len) : EXIT_FAILED;
        free(text);
    }
    cli_vetting_deinit(&init.vetting);
    for (size_t i = 0; i < init.count; i++) {
        free(init.entries[i].glob);
        free(init.entries[i].name);
        free(init.entries[i].value);
    }
    free(init.entries);
    free(init.jobs_file);
    free(init.chosen);
    free(init.folder);
    cli_operands_deinit(&files);
    free(found);
    return code;
}
