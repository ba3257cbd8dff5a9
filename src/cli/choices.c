/* cli/choices.c: the options in effect for each file. The values of a configuration become
 * options before those of the command line, so that there is one way to apply them and the later
 * one wins. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/choices.h"
#include "cli/args.h"
#include "cli/discover.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/paths.h"
#include "cli/vet.h"

static void free_choice(struct cli_choice *choice)
{
    cli_vetting_deinit(&choice->vetting);
    for (size_t i = 0; i < choice->text_count; i++)
        free(choice->texts[i]);
    free(choice->texts);
    free(choice->sheets);
    free(choice->skipped);
    free(choice->args.options);
    free(choice->fits);
    free(choice);
}

/* How each scope of a configuration fits a file and the sheet that is read of it, as in struct
 * cli_choice. Empty without a configuration. NULL after a message; the caller frees it. */
static char *fits_of(const struct cli_config *config, const char *path, struct ov_text sheet)
{
    size_t count = config ? ov_config_scopes(config->config) : 0;
    char *name = config ? cli_path_in(config->folder, path) : NULL;
    char *fits = calloc(count + 1, 1);
    if (!fits)
        cli_fail("out of memory");
    for (size_t i = 0; fits && name && i < count; i++) {
        struct ov_text file = ov_text_of(name), own = ov_config_sheet(config->config, i);
        fits[i] = ov_config_fits(config->config, i, file, sheet) ? '1'
                  : ov_config_fits(config->config, i, file, own) ? '2'
                                                                 : '0';
    }
    free(name);
    if (fits && (fits[0] || !config))
        return fits;
    free(fits);
    return NULL;
}

/* Takes ownership of a text that args will refer to, and returns it. NULL after a message, also if
 * text is NULL. */
static const char *keep(struct cli_choice *choice, char *text)
{
    char **grown = realloc(choice->texts, (choice->text_count + 1) * sizeof *grown);
    if (grown)
        choice->texts = grown;
    if (!grown || !text) {
        if (text)
            cli_fail("out of memory");
        free(text);
        return NULL;
    }
    choice->texts[choice->text_count++] = text;
    return text;
}

static char *text_of(struct ov_text text)
{
    char *copy = malloc(text.len + 1);
    if (!copy)
        cli_fail("out of memory");
    if (copy) {
        memcpy(copy, text.len ? text.ptr : "", text.len);
        copy[text.len] = '\0';
    }
    return copy;
}

/* NAME=TEXT */
static char *pair_of(const struct ov_config_value *value)
{
    char *name = text_of(value->name), *text = name ? text_of(value->text) : NULL;
    char *pair = text ? cli_joined(name, "=", text) : NULL;
    free(name);
    free(text);
    return pair;
}

static enum cli_option_id budget_of(struct ov_text name)
{
    switch (name.len) {
    case sizeof "max_moved" - 1: return OPT_MAX_MOVED;
    default: return name.ptr[6] == 'm' ? OPT_MAX_REMOVED : OPT_MAX_RENAMED;
    }
}

/* The option that corresponds to a value of the configuration. */
static enum cli_option_id option_of(const struct ov_config_value *value)
{
    static const enum cli_option_id options[OV_CONFIG_KEYS] = {
        [OV_CONFIG_IMPORTER] = OPT_IMPORTER,
        [OV_CONFIG_SETTINGS] = OPT_SETTINGS,
        [OV_CONFIG_RULES] = OPT_SEVERITY,
        [OV_CONFIG_PATTERNS] = OPT_PATTERN,
        [OV_CONFIG_REQUIRE_ID] = OPT_REQUIRE_ID,
        [OV_CONFIG_SINGLE_ROOT] = OPT_SINGLE_ROOT,
        [OV_CONFIG_ROOT_MARKERS] = OPT_ROOT_MARKER,
        [OV_CONFIG_MAX_DEPTH] = OPT_MAX_DEPTH,
        [OV_CONFIG_FAIL_ON] = OPT_FAIL_ON,
        [OV_CONFIG_BUDGET] = OPT_MAX_REMOVED,
        [OV_CONFIG_EXISTING] = OPT_EXISTING,
        [OV_CONFIG_SITE] = OPT_SITE,
        [OV_CONFIG_ENCODING] = OPT_ENCODING,
        [OV_CONFIG_DELIMITER] = OPT_DELIMITER,
        [OV_CONFIG_HEADER_ROW] = OPT_HEADER_ROW,
        [OV_CONFIG_SHEET] = OPT_SHEET,
        [OV_CONFIG_COMMENT] = OPT_COMMENT,
        [OV_CONFIG_PARENTS] = OPT_PARENTS,
        [OV_CONFIG_PATH_SEPARATOR] = OPT_PATH_SEPARATOR,
        [OV_CONFIG_FILL_DOWN] = OPT_FILL_DOWN,
        [OV_CONFIG_WHERE] = OPT_WHERE,
        [OV_CONFIG_VALID_ON] = OPT_VALID_ON,
        [OV_CONFIG_VALID_FROM] = OPT_VALID_FROM,
        [OV_CONFIG_VALID_TO] = OPT_VALID_TO,
        [OV_CONFIG_JOBS_FILE] = OPT_JOBS_FILE};
    return value->key == OV_CONFIG_BUDGET ? budget_of(value->name) : options[value->key];
}

/* The path of a file that a configuration names, as the user would write it. A discovered
 * configuration may only name files in its repository, since their text would appear in findings.
 * NULL after a message; the caller frees it. */
static char *path_of(const struct cli_config *config, const char *origin, const char *named)
{
    struct stat about;
    char *path = named[0] == '/' ? strdup(named) : cli_joined(config->folder, named, "");
    char *real = path ? realpath(path, NULL) : NULL;
    bool inside =
        !config->root || !real ||
        (cli_is_in(config->root, real) && stat(real, &about) == 0 && S_ISREG(about.st_mode));
    char *shown = path && inside ? cli_shown(path) : NULL;
    if (!inside)
        cli_fail(
            "%s: `%s` is not a file in `%s`; if it is the right file, give it on the command line",
            origin, named, config->root);
    free(path);
    free(real);
    return shown;
}

/* Adds the option for a value; false after a message. */
static bool add_value(struct cli_choice *choice, const struct ov_config_value *value)
{
    struct cli_given given = {.id = option_of(value)};
    char *text, place[48];
    snprintf(place, sizeof place, ":%llu:%llu", (unsigned long long)value->line,
             (unsigned long long)value->column);
    if (value->key == OV_CONFIG_SETTINGS)
        text = text_of(value->json);
    else if (value->key == OV_CONFIG_RULES || value->key == OV_CONFIG_PATTERNS)
        text = pair_of(value);
    else
        text = text_of(value->text);
    given.origin = keep(choice, cli_joined(choice->config->shown, place, ""));
    given.own = choice->config->origin == CLI_OWN;
    if ((value->key == OV_CONFIG_EXISTING || value->key == OV_CONFIG_JOBS_FILE) && text &&
        given.origin) {
        char *path = path_of(choice->config, given.origin, text);
        free(text);
        text = path;
    }
    given.value = keep(choice, text);
    if (!given.value || !given.origin)
        return false;
    if (!cli_options[given.id].argument) {
        given.off = strcmp(given.value, "true") != 0;
        given.value = NULL;
    }
    choice->args.options[choice->args.option_count++] = given;
    return true;
}

/* Lists the sheets that the configuration names for these files, to be read or skipped. False after
 * a message. */
static bool name_sheets(struct cli_choice *choice)
{
    size_t scopes = strlen(choice->fits);
    choice->sheets = calloc(scopes + 1, sizeof *choice->sheets);
    choice->skipped = calloc(scopes + 1, sizeof *choice->skipped);
    if (!choice->sheets || !choice->skipped) {
        cli_fail("out of memory");
        return false;
    }
    for (size_t scope = 1; scope < scopes; scope++) {
        struct ov_text name = ov_config_sheet(choice->config->config, scope);
        if (choice->fits[scope] == '0' || !name.len)
            continue;
        bool skipped = ov_config_excludes(choice->config->config, scope);
        const char **list = skipped ? choice->skipped : choice->sheets;
        size_t *count = skipped ? &choice->skipped_count : &choice->sheet_count;
        const char *text = keep(choice, text_of(name));
        if (!text)
            return false;
        bool known = false;
        for (size_t i = 0; i < *count; i++)
            known |= strcmp(list[i], text) == 0;
        if (!known)
            list[(*count)++] = text;
    }
    return true;
}

static bool fill(struct cli_choice *choice, const struct cli_args *args)
{
    struct ov_config_value value;
    size_t scopes = choice->config ? strlen(choice->fits) : 0, count = args->option_count,
           named = 0;
    for (size_t scope = 0; scope < scopes; scope++)
        for (size_t at = 0; ov_config_next(choice->config->config, scope, &at, &value);)
            count++;
    choice->args.options = calloc(count + 1, sizeof *choice->args.options);
    if (!choice->args.options) {
        cli_fail("out of memory");
        return false;
    }
    choice->args.operands = args->operands;
    choice->args.operand_count = args->operand_count;
    for (size_t scope = 0; scope < scopes; scope++) {
        if (choice->fits[scope] != '1')
            continue;
        named += scope > 0;
        for (size_t at = 0; ov_config_next(choice->config->config, scope, &at, &value);)
            if (!add_value(choice, &value))
                return false;
    }
    for (size_t scope = scopes; scope-- > 1 && !choice->excluded;) {
        choice->excluded =
            choice->fits[scope] == '1' && ov_config_excludes(choice->config->config, scope);
        if (choice->fits[scope] == '1')
            break;
    }
    if (!name_sheets(choice))
        return false;
    choice->unnamed = scopes > 1 && named == 0;
    choice->suppresses = choice->config && ov_config_suppresses(choice->config->config);
    for (size_t i = 0; i < args->option_count; i++)
        choice->args.options[choice->args.option_count++] = args->options[i];
    if (!cli_vetting_init(&choice->vetting, &choice->args))
        return false;
    choice->vetting.sheets = choice->sheets;
    choice->vetting.sheet_count = choice->sheet_count;
    choice->vetting.skipped = choice->skipped;
    choice->vetting.skipped_count = choice->skipped_count;
    return true;
}

struct cli_choice *cli_choice_for(struct cli_choices *choices, const char *path)
{
    return cli_choice_for_sheet(choices, path, NULL);
}

struct cli_choice *cli_choice_for_sheet(struct cli_choices *choices, const char *path,
                                        const char *sheet)
{
    struct cli_config *config;
    if (strcmp(path, "-") == 0)
        path = cli_value(choices->args, OPT_STDIN_FILENAME, "-");
    if (!sheet)
        sheet = cli_value(choices->args, OPT_SHEET, "");
    char *fits =
        cli_config_of(choices, path, &config) ? fits_of(config, path, ov_text_of(sheet)) : NULL;
    if (!fits)
        return NULL;
    for (struct cli_choice *one = choices->list; one; one = one->next) {
        if (one->config == config && strcmp(one->fits, fits) == 0) {
            free(fits);
            return one;
        }
    }
    struct cli_choice *added = calloc(1, sizeof *added);
    if (!added) {
        cli_fail("out of memory");
        free(fits);
        return NULL;
    }
    added->config = config;
    added->fits = fits;
    if (!fill(added, choices->args)) {
        free_choice(added);
        return NULL;
    }
    added->next = choices->list;
    return choices->list = added;
}

/* Whether a file looks like an importer's: by its name, or by a header with a name and a parent. */
static bool looks_like_importers(struct cli_input *input)
{
    enum { LOOKED_AT = 64 * 1024 };
    struct ov_error err = {0};
    size_t count;
    if (ov_importer_of_name(ov_text_of(input->name), &count) || count)
        return true;
    struct ov_text head = cli_input_peek(input, LOOKED_AT);
    struct ov_check *check = ov_check_new(&(struct ov_check_options){.settings_only = true}, &err);
    bool looks = check && ov_check_feed(check, head.ptr, head.len, &err) == OV_OK &&
                 ov_check_finish(check, &err) == OV_OK &&
                 ov_check_maps(check, ov_text_of("name")) &&
                 ov_check_maps(check, ov_text_of("parentid"));
    ov_check_free(check);
    return looks;
}

enum cli_fit cli_fit_of(const struct cli_choice *choice, struct cli_input *input)
{
    if (choice->excluded)
        return CLI_EXCLUDED;
    /* the user chose to pipe standard input, and it has no name to match */
    if (!choice->unnamed ||
        (strcmp(input->path, "-") == 0 && !cli_value(&choice->args, OPT_STDIN_FILENAME, NULL)))
        return CLI_FITS;
    return looks_like_importers(input) ? CLI_LOOKS_RIGHT : CLI_UNNAMED;
}

void cli_note_fit(const struct cli_choice *choice, const char *name, enum cli_fit fit)
{
    const char *config = choice->config ? choice->config->shown : "";
    bool verbose = cli_has(&choice->args, OPT_VERBOSE), quiet = cli_has(&choice->args, OPT_QUIET);
    if (fit == CLI_LOOKS_RIGHT && !quiet)
        cli_note("%s: no glob in `files` of %s matches, but it looks like an importer file: vetted "
                 "with the defaults",
                 name, config);
    else if (fit == CLI_UNNAMED && verbose)
        cli_note("%s: skipped: no glob in `files` of %s matches", name, config);
    else if (fit == CLI_EXCLUDED && verbose)
        cli_note("%s: skipped: excluded by `files` of %s", name, config);
}

struct cli_choice *cli_choice_to_read(struct cli_choices *choices, const char *path)
{
    struct cli_choice *choice = cli_choice_for(choices, path);
    if (choice && choice->sheet_count == 1 && cli_is_workbook_name(path) &&
        !cli_value(choices->args, OPT_SHEET, NULL))
        choice = cli_choice_for_sheet(choices, path, choice->sheets[0]);
    if (choice)
        choice->vetting.options.keep_for_reread = choice->vetting.keep_copy = true;
    return choice;
}

void cli_choices_deinit(struct cli_choices *choices)
{
    while (choices->list) {
        struct cli_choice *next = choices->list->next;
        free_choice(choices->list);
        choices->list = next;
    }
    while (choices->configs) {
        struct cli_config *next = choices->configs->next;
        cli_config_free(choices->configs);
        choices->configs = next;
    }
}
