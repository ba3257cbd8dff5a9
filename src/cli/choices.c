/* cli/choices.c: what is in force for each file. A configuration becomes options that stand before
 * those of the command line, so that there is one way to apply them and the later one wins. */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { LARGEST = 256 * 1024 /* bytes of a configuration */ };
static const char file_name[] = "orgvet.json";

/* Paths. */

/* The texts in one, which the caller frees; NULL after a message. */
static char *joined(const char *a, const char *b, const char *c)
{
    size_t len = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = malloc(len);
    if (text)
        snprintf(text, len, "%s%s%s", a, b, c);
    else
        cli_fail("out of memory");
    return text;
}

char *cli_folder_of(const char *path)
{
    char *copy = strdup(path), *real = copy ? realpath(dirname(copy), NULL) : NULL;
    char *folder = real ? joined(real, strcmp(real, "/") == 0 ? "" : "/", "") : NULL;
    if (!real)
        cli_fail("cannot find the folder of `%s`", path);
    free(copy);
    free(real);
    return folder;
}

char *cli_path_in(const char *folder, const char *path)
{
    char *copy = strdup(path), *real = copy ? realpath(dirname(copy), NULL) : NULL;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t len = strlen(folder);
    char *whole = NULL, *result = NULL;
    if (copy && strcmp(path, "-") != 0 && real)
        whole = joined(real, strcmp(real, "/") == 0 ? "" : "/", name);
    if (whole)
        result = strdup(strncmp(whole, folder, len) == 0 ? whole + len : whole);
    else if (copy && !(real && strcmp(path, "-") != 0))
        result = strdup(path);
    if (!result)
        cli_fail("out of memory");
    free(copy);
    free(real);
    free(whole);
    return result;
}

char *cli_shown(const char *path)
{
    char *here = realpath(".", NULL), up[256] = "";
    const char *rest = path;
    size_t len = here ? strlen(here) : 0, depth = 0;
    while (len > 1 && strlen(up) + 4 < sizeof up && depth < 4 &&
           !(strncmp(path, here, len) == 0 && path[len] == '/')) {
        here[len = (size_t)(strrchr(here, '/') - here)] = '\0';
        strcat(up, "../");
        depth++;
    }
    if (len > 1 && strncmp(path, here, len) == 0 && path[len] == '/')
        rest = path + len + 1;
    else
        up[0] = '\0';
    free(here);
    return joined(up, rest, "");
}

/* The configuration in a folder; NULL when there is none, and *failed after a message. */
static char *in_folder(const char *folder, bool *failed)
{
    char *path = joined(folder, file_name, "");
    *failed |= !path;
    if (path && access(path, F_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static bool is_repository(const char *folder, bool *failed)
{
    char *path = joined(folder, ".git", "");
    bool is = path && access(path, F_OK) == 0;
    *failed |= !path;
    free(path);
    return is;
}

/* The user's own: in $XDG_CONFIG_HOME/orgvet/, by default ~/.config/orgvet/ (XDG Base Directory
 * Specification). */
static char *users_own(bool *failed)
{
    const char *home = getenv("HOME"), *base = getenv("XDG_CONFIG_HOME");
    bool set = base && base[0] == '/';
    if (!set && !(home && home[0] == '/'))
        return NULL;
    char *folder = joined(set ? base : home, set ? "/orgvet/" : "/.config/orgvet/", "");
    char *path = folder ? in_folder(folder, failed) : NULL;
    *failed |= !folder;
    free(folder);
    return path;
}

/* The configuration for a file: beside it, or above it up to the root of its repository, or the
 * user's own. NULL when there is none, and *failed after a message. */
static char *discover(const char *path, bool *failed)
{
    char *copy = strdup(strcmp(path, "-") == 0 ? "./-" : path);
    char *real = copy ? realpath(dirname(copy), NULL) : NULL;
    char *found = NULL;
    *failed = !copy;
    if (real) {
        char *folder = joined(real, strcmp(real, "/") == 0 ? "" : "/", "");
        *failed |= !folder;
        while (folder && !*failed && !(found = in_folder(folder, failed))) {
            size_t len = strlen(folder);
            if (is_repository(folder, failed) || len <= 1)
                break;
            folder[len - 1] = '\0';
            strrchr(folder, '/')[1] = '\0';
        }
        free(folder);
    }
    if (!found && !*failed)
        found = users_own(failed);
    free(copy);
    free(real);
    return found;
}

/* Configurations. */

static void free_config(struct cli_config *config)
{
    if (config) {
        free(config->path);
        free(config->folder);
        free(config->shown);
        ov_config_free(config->config);
    }
    free(config);
}

/* Reads one, takes over its path; NULL after a message. */
static struct cli_config *read_config(char *path)
{
    struct cli_config *config = calloc(1, sizeof *config);
    struct ov_error err = {.language = cli_language()};
    size_t len;
    char *json = NULL;
    if (!config) {
        cli_fail("out of memory");
        free(path);
        return NULL;
    }
    config->path = path;
    config->shown = cli_shown(path);
    config->folder = config->shown ? cli_folder_of(path) : NULL;
    if (config->folder)
        json = cli_read_file(config->shown, LARGEST, &len);
    if (json) {
        config->config = ov_config_new((struct ov_text){json, len}, &err);
        if (err.message[0])
            cli_fail("%s:%s", config->shown, err.message);
    }
    free(json);
    if (config->config)
        return config;
    free_config(config);
    return NULL;
}

/* The configuration of a file, read once; *config NULL when it has none. False after a message. */
static bool config_of(struct cli_choices *choices, const char *path, struct cli_config **config)
{
    const char *named = cli_value(choices->args, OPT_CONFIG_FILE, NULL);
    bool failed = false;
    *config = NULL;
    if (cli_has(choices->args, OPT_NO_CONFIG)) {
        if (named)
            cli_fail("`--config` and `--no-config` cannot both be");
        return !named;
    }
    char *found = named ? strdup(named) : discover(path, &failed);
    if (named && !found)
        failed = cli_fail("out of memory");
    for (struct cli_config *one = choices->configs; found && one; one = one->next) {
        if (strcmp(one->path, found) == 0) {
            *config = one;
            free(found);
            return true;
        }
    }
    if (!found)
        return !failed;
    if (!(*config = read_config(found)))
        return false;
    (*config)->next = choices->configs;
    choices->configs = *config;
    return true;
}

/* Choices. */

static void free_choice(struct cli_choice *choice)
{
    cli_vetting_deinit(&choice->vetting);
    for (size_t i = 0; i < choice->text_count; i++)
        free(choice->texts[i]);
    free(choice->texts);
    free(choice->args.options);
    free(choice->fits);
    free(choice);
}

/* Of each scope of a configuration whether it is for a file; NULL after a message. */
static char *fits_of(const struct cli_config *config, const char *path)
{
    size_t count = config ? ov_config_scopes(config->config) : 0;
    char *name = config ? cli_path_in(config->folder, path) : NULL;
    char *fits = calloc(count + 1, 1);
    if (!fits)
        cli_fail("out of memory");
    for (size_t i = 0; fits && name && i < count; i++)
        fits[i] = ov_config_fits(config->config, i, ov_text_of(name)) ? '1' : '0';
    free(name);
    if (fits && (fits[0] || !config))
        return fits;
    free(fits);
    return NULL;
}

/* Keeps a text that args will refer to, or its failure to be made. */
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
    char *pair = text ? joined(name, "=", text) : NULL;
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

/* The option that a value of the configuration stands for. */
static enum cli_option_id option_of(const struct ov_config_value *value)
{
    static const enum cli_option_id options[OV_CONFIG_KEYS] = {
        [OV_CONFIG_IMPORTER] = OPT_IMPORTER,        [OV_CONFIG_SETTINGS] = OPT_SETTINGS,
        [OV_CONFIG_RULES] = OPT_SEVERITY,           [OV_CONFIG_PATTERNS] = OPT_PATTERN,
        [OV_CONFIG_REQUIRE_ID] = OPT_REQUIRE_ID,    [OV_CONFIG_SINGLE_ROOT] = OPT_SINGLE_ROOT,
        [OV_CONFIG_ROOT_MARKERS] = OPT_ROOT_MARKER, [OV_CONFIG_MAX_DEPTH] = OPT_MAX_DEPTH,
        [OV_CONFIG_FAIL_ON] = OPT_FAIL_ON,          [OV_CONFIG_BUDGET] = OPT_MAX_REMOVED,
        [OV_CONFIG_EXISTING] = OPT_EXISTING,        [OV_CONFIG_SITE] = OPT_SITE};
    return value->key == OV_CONFIG_BUDGET ? budget_of(value->name) : options[value->key];
}

/* Adds an option for a value; false after a message. */
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
    if (value->key == OV_CONFIG_EXISTING && text && text[0] != '/') {
        char *path = joined(choice->config->folder, text, "");
        free(text);
        text = path ? cli_shown(path) : NULL;
        free(path);
    }
    given.value = keep(choice, text);
    given.origin = keep(choice, joined(choice->config->shown, place, ""));
    if (!given.value || !given.origin)
        return false;
    if (!cli_options[given.id].argument) {
        given.off = strcmp(given.value, "true") != 0;
        given.value = NULL;
    }
    choice->args.options[choice->args.option_count++] = given;
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
    choice->unnamed = scopes > 1 && named == 0;
    choice->suppresses = choice->config && ov_config_suppresses(choice->config->config);
    for (size_t i = 0; i < args->option_count; i++)
        choice->args.options[choice->args.option_count++] = args->options[i];
    return cli_vetting_init(&choice->vetting, &choice->args);
}

struct cli_choice *cli_choice_for(struct cli_choices *choices, const char *path)
{
    struct cli_config *config;
    if (strcmp(path, "-") == 0)
        path = cli_value(choices->args, OPT_STDIN_FILENAME, "-");
    char *fits = config_of(choices, path, &config) ? fits_of(config, path) : NULL;
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

bool cli_passes_over(const struct cli_choice *choice, const char *path)
{
    /* standard input without a name was meant by whoever named it */
    return choice->unnamed &&
           (strcmp(path, "-") != 0 || cli_value(&choice->args, OPT_STDIN_FILENAME, NULL));
}

void cli_tell_unnamed(const struct cli_choice *choice, const char *path)
{
    if (cli_has(&choice->args, OPT_VERBOSE))
        cli_note("%s: passed over: no glob in `files` of %s fits it", path, choice->config->shown);
}

struct cli_choice *cli_choice_to_read(struct cli_choices *choices, const char *path)
{
    struct cli_choice *choice = cli_choice_for(choices, path);
    if (choice)
        choice->vetting.options.again = choice->vetting.keep_copy = true;
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
        free_config(choices->configs);
        choices->configs = next;
    }
}
