/* cli/cmd_config.c: `orgvet config`: the values in effect for a file, and where each was set. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"

/* The options shown, with the corresponding configuration key. Options of one key are adjacent. */
static const struct {
    enum cli_option_id id;
    const char *key;
    const char *name;     /* prefix of the row's name; NULL: the row has no name */
    const char *fallback; /* the default value; NULL: none is shown */
    bool many;            /* all values apply, not only the last one */
} known[] = {
    {OPT_IMPORTER, "importer", NULL, OV_N_("detected from the file"), false},
    {OPT_SETTINGS, "settings", "", NULL, false},
    {OPT_MAP, "settings", "csvmapping:", NULL, false},
    {OPT_DEFAULT, "settings", "csvdefault:", NULL, false},
    {OPT_IDENTIFIER, "settings", "identifier", NULL, false},
    {OPT_SEVERITY, "rules", "", NULL, false},
    {OPT_PATTERN, "patterns", "", NULL, false},
    {OPT_REQUIRE_ID, "require_id", NULL, "false", false},
    {OPT_SINGLE_ROOT, "single_root", NULL, "false", false},
    {OPT_ROOT_MARKER, "root_markers", NULL, NULL, true},
    {OPT_MAX_DEPTH, "max_depth", NULL, "100", false},
    {OPT_ENCODING, "encoding", NULL, OV_N_("detected from the file"), false},
    {OPT_DELIMITER, "delimiter", NULL, OV_N_("detected from the file"), false},
    {OPT_HEADER_ROW, "header_row", NULL, OV_N_("detected from the file"), false},
    {OPT_SHEET, "sheet", NULL, NULL, false},
    {OPT_COMMENT, "comment", NULL, NULL, false},
    {OPT_PARENTS, "parents", NULL, "id", false},
    {OPT_PATH_SEPARATOR, "path_separator", NULL, NULL, false},
    {OPT_FILL_DOWN, "fill_down", NULL, NULL, true},
    {OPT_WHERE, "where", NULL, NULL, true},
    {OPT_VALID_ON, "valid_on", NULL, NULL, false},
    {OPT_VALID_FROM, "valid_from", NULL, NULL, false},
    {OPT_VALID_TO, "valid_to", NULL, NULL, false},
    {OPT_FAIL_ON, "fail_on", NULL, "error", false},
    {OPT_MAX_REMOVED, "budget", "max_removed", NULL, false},
    {OPT_MAX_MOVED, "budget", "max_moved", NULL, false},
    {OPT_MAX_RENAMED, "budget", "max_renamed", NULL, false},
    {OPT_EXISTING, "existing", NULL, NULL, true},
    {OPT_JOBS_FILE, "jobs_file", NULL, NULL, false},
};
enum { KNOWN = sizeof known / sizeof *known };

/* One line of output. Texts are borrowed. */
struct row {
    const char *key;
    char name[80];
    struct ov_text value;
    const char *from;
    bool many;
};

struct printing {
    bool json, any;
};

/* Prints a column of the text form, padded to at least `width` bytes. */
static void put_column(struct ov_text text, size_t width)
{
    cli_put_escaped(stdout, text);
    printf("%*s ", text.len < width ? (int)(width - text.len) : 0, "");
}

static void put_row(struct printing *printing, const struct row *row)
{
    char left[120];
    snprintf(left, sizeof left, "%s%s%s", row->key, row->name[0] ? " " : "", row->name);
    if (!printing->json) {
        fputs("  ", stdout);
        put_column(ov_text_of(left), 38);
        put_column(row->value, 26);
        cli_put_escaped(stdout, ov_text_of(row->from));
        putchar('\n');
        return;
    }
    printf("%s\n    {\"key\":\"%s\",\"name\":", printing->any ? "," : "", row->key);
    cli_put_json(stdout, ov_text_of(row->name));
    printf(",\"value\":");
    cli_put_json(stdout, row->value);
    printf(",\"from\":");
    cli_put_json(stdout, ov_text_of(row->from));
    printf("}");
    printing->any = true;
}

/* The row for one use of an option, where `index` is its place in `known`. */
static struct row row_of(const struct cli_given *given, size_t index)
{
    struct row row = {.key = known[index].key,
                      .value = ov_text_of(given->value),
                      .from = given->origin ? given->origin : cli_say(OV_N_("command line")),
                      .many = known[index].many};
    struct ov_text name = {0};
    if (!given->value)
        row.value = ov_text_of(given->off ? "false" : "true");
    if (!known[index].name || !given->value)
        return row;
    snprintf(row.name, sizeof row.name, "%s", known[index].name);
    if (given->id == OPT_SETTINGS && given->origin) { /* {"name":value} */
        const char *colon = strstr(given->value + 2, "\":");
        name = (struct ov_text){given->value + 2, (size_t)(colon - given->value) - 2};
        row.value = (struct ov_text){colon + 2, row.value.len - (size_t)(colon - given->value) - 3};
    } else if (given->id != OPT_WHERE && cli_options[given->id].argument &&
               strchr(cli_options[given->id].argument, '=')) {
        const char *equals = strchr(given->value, '=');
        name = (struct ov_text){given->value, (size_t)(equals - given->value)};
        row.value = ov_text_of(equals + 1);
    }
    const struct ov_rule *rule = given->id == OPT_SEVERITY ? ov_rule_find(name) : NULL;
    if (rule)
        name = ov_text_of(rule->code);
    size_t used = strlen(row.name);
    snprintf(row.name + used, sizeof row.name - used, "%.*s", (int)name.len,
             name.ptr ? name.ptr : "");
    return row;
}

static bool overrides(const struct row *later, const struct row *row)
{
    return !row->many && strcmp(row->key, later->key) == 0 && strcmp(row->name, later->name) == 0;
}

/* Prints the values that are not options: the site and the suppressions. */
static void put_rest(struct printing *printing, const struct cli_choice *choice)
{
    struct ov_suppression one;
    struct ov_config_value value;
    for (size_t at = 0; ov_config_next(choice->config->config, 0, &at, &value);) {
        char from[320];
        if (value.key != OV_CONFIG_SITE)
            continue;
        snprintf(from, sizeof from, "%s:%llu:%llu", choice->config->shown,
                 (unsigned long long)value.line, (unsigned long long)value.column);
        put_row(printing, &(struct row){.key = "site", .value = value.text, .from = from});
    }
    for (size_t at = 0; ov_config_next_suppression(choice->config->config, &at, &one);) {
        char from[320];
        struct row row = {.key = "suppress", .value = one.reason, .from = from};
        snprintf(row.name, sizeof row.name, "%s %.*s", one.rule->code,
                 one.identifier.len ? (int)one.identifier.len : 1,
                 one.identifier.len ? one.identifier.ptr : "*");
        snprintf(from, sizeof from, "%s:%llu:%llu", choice->config->shown,
                 (unsigned long long)one.line, (unsigned long long)one.column);
        if (choice->fits[one.scope] == '1')
            put_row(printing, &row);
    }
}

/* Prints the rows, grouped by key; false after a message. */
static bool put_rows(struct printing *printing, const struct cli_choice *choice)
{
    const struct cli_args *args = &choice->args;
    struct row *rows = calloc(args->option_count + 1, sizeof *rows);
    size_t count = 0;
    if (!rows) {
        cli_fail("out of memory");
        return false;
    }
    for (size_t i = 0; i < args->option_count; i++)
        for (size_t k = 0; k < KNOWN; k++)
            if (known[k].id == args->options[i].id)
                rows[count++] = row_of(&args->options[i], k);
    for (size_t k = 0; k < KNOWN; k++) {
        bool given = false;
        if (k > 0 && strcmp(known[k].key, known[k - 1].key) == 0)
            continue; /* already done: several options share this key */
        for (size_t i = 0; i < count; i++) {
            bool overridden = strcmp(rows[i].key, known[k].key) != 0;
            for (size_t j = i + 1; j < count && !overridden; j++)
                overridden = overrides(&rows[j], &rows[i]);
            if (!overridden)
                put_row(printing, &rows[i]);
            given |= !overridden;
        }
        if (!given && known[k].fallback) {
            bool words = known[k].id == OPT_IMPORTER; /* other defaults are literal values */
            const char *value = words ? cli_say(known[k].fallback) : known[k].fallback;
            put_row(printing, &(struct row){.key = known[k].key,
                                            .value = ov_text_of(value),
                                            .from = cli_say(OV_N_("default"))});
        }
    }
    if (choice->config)
        put_rest(printing, choice);
    free(rows);
    return true;
}

/* Whether `check` would skip the file; decided by its name alone if it cannot be read. */
static bool is_skipped(const struct cli_choice *choice, const char *path)
{
    struct cli_input input = {.path = path, .name = path, .fd = -1};
    if (!choice->unnamed && !choice->excluded)
        return false;
    if (strcmp(path, "-") != 0 && access(path, R_OK) == 0 &&
        !cli_input_open(&input, path, path, false))
        return false;
    bool skipped = cli_fit_of(choice, &input) >= CLI_UNNAMED;
    cli_input_close(&input);
    return skipped;
}

static bool put_file(struct printing *printing, struct cli_choices *choices, const char *path,
                     const char *name)
{
    const struct cli_choice *choice = cli_choice_for(choices, path);
    if (!choice)
        return false;
    const char *shown = choice->config ? choice->config->shown : NULL;
    bool skipped = is_skipped(choice, path);
    if (printing->json) {
        printf("{\"path\":");
        cli_put_json(stdout, ov_text_of(name));
        printf(",\"configuration\":");
        if (shown)
            cli_put_json(stdout, ov_text_of(shown));
        else
            printf("null");
        printf(",\"skipped\":%s,\"values\":[", skipped ? "true" : "false");
        printing->any = false;
    } else {
        cli_put_escaped(stdout, ov_text_of(name));
        fputs(": ", stdout);
        cli_put_escaped(stdout, ov_text_of(shown ? shown : cli_say("no configuration")));
        printf("%s\n", skipped ? cli_say(", which skips this file") : "");
    }
    bool fine = put_rows(printing, choice);
    if (printing->json)
        printf("]}");
    return fine;
}

int cmd_config(const struct cli_args *args)
{
    struct cli_choices choices = {.args = args};
    const char *format = cli_value(args, OPT_CONFIG_FORMAT, "text");
    struct printing printing = {.json = strcmp(format, "json") == 0};
    bool fine = true;
    if (!printing.json && strcmp(format, "text") != 0)
        return cli_fail("unknown format `%s`; it must be text or json", format);
    printf("%s", printing.json ? "[" : "");
    if (args->operand_count == 0)
        fine = put_file(&printing, &choices, "-", ".");
    for (size_t i = 0; i < args->operand_count && fine; i++) {
        printf("%s", i == 0 ? "" : printing.json ? ",\n " : "\n");
        fine = put_file(&printing, &choices, args->operands[i], args->operands[i]);
    }
    printf("%s", printing.json ? "]\n" : "");
    cli_choices_deinit(&choices);
    return fine ? cli_finish() : EXIT_FAILED;
}
