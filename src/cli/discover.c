/* cli/discover.c: which orgvet.json applies to a file, and whether it is trusted. A discovered
 * configuration controls how files are vetted, so another user must not be able to plant one: it
 * applies only within the file's own repository, and only if no untrusted user could have written
 * it. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/discover.h"
#include "cli/args.h"
#include "cli/choices.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/paths.h"

enum { LARGEST = 256 * 1024 /* largest configuration in bytes */ };
static const char file_name[] = "orgvet.json";

void cli_config_free(struct cli_config *config)
{
    if (config) {
        free(config->path);
        free(config->root);
        free(config->folder);
        free(config->shown);
        ov_config_free(config->config);
    }
    free(config);
}

/* --- trust --- */

/* Whether a group has the same name as the user, as user private groups do. */
static bool is_private(gid_t group, uid_t user)
{
    const struct passwd *owner = getpwuid(user);
    char *name = owner ? strdup(owner->pw_name) : NULL;
    const struct group *entry = name ? getgrgid(group) : NULL;
    bool same = entry && strcmp(entry->gr_name, name) == 0;
    free(name);
    return same;
}

/* Why an open configuration is not trusted; NULL: it is. root: its repository, or else its own
 * folder. */
static const char *distrust(const struct stat *about, const char *path, const char *root)
{
    struct stat top;
    char *real = realpath(path, NULL);
    bool inside = real && cli_is_in(root, real);
    free(real);
    if (!S_ISREG(about->st_mode) || !inside)
        return OV_N_("it is not a file in this folder or repository");
    if (about->st_uid != geteuid() && about->st_uid != 0 &&
        !(stat(root, &top) == 0 && about->st_uid == top.st_uid))
        return OV_N_("it belongs to another user");
    if (about->st_mode & S_IWOTH ||
        (about->st_mode & S_IWGRP && !is_private(about->st_gid, about->st_uid)))
        return OV_N_("other users can write to it");
    return NULL;
}

/* --- reading --- */

/* Reads a configuration; the caller frees it. If it is not trusted, *distrusted is the reason and
 * its `config` is NULL. NULL after a message. */
static struct cli_config *read_config(const char *path, enum cli_config_origin origin,
                                      const char *root, const char **distrusted)
{
    struct cli_config *config = calloc(1, sizeof *config);
    struct ov_error err = {.language = cli_language()};
    struct cli_input input;
    struct stat about;
    size_t len;
    char *json = NULL;
    if (!config) {
        cli_fail("out of memory");
        return NULL;
    }
    config->origin = origin;
    config->path = strdup(path);
    config->root = root ? strdup(root) : NULL;
    config->shown = cli_shown(path);
    config->folder = config->shown ? cli_folder_of(path) : NULL;
    if (config->folder && config->path && (config->root || !root) &&
        cli_input_open(&input, config->shown, config->shown, false)) {
        if (origin == CLI_DISCOVERED && fstat(input.fd, &about) == 0)
            *distrusted = distrust(&about, path, root);
        json = *distrusted ? NULL : cli_read_input(&input, LARGEST, &len);
        cli_input_close(&input);
    }
    if (json) {
        config->config = ov_config_new((struct ov_text){json, len}, &err);
        if (err.message[0])
            cli_fail("%s:%s", config->shown, err.message);
    }
    free(json);
    if (config->config || *distrusted)
        return config;
    cli_config_free(config);
    return NULL;
}

/* The configuration at a path, read only once; *config is NULL if there is none or it is not
 * trusted. False after a message. */
static bool config_at(struct cli_choices *choices, const char *path, enum cli_config_origin origin,
                      const char *root, struct cli_config **config)
{
    const char *distrusted = NULL;
    *config = NULL;
    if (origin != CLI_NAMED && access(path, F_OK) != 0)
        return true;
    for (struct cli_config *one = choices->configs; one; one = one->next) {
        if (strcmp(one->path, path) == 0) {
            *config = one->config ? one : NULL;
            return true;
        }
    }
    struct cli_config *added = read_config(path, origin, root, &distrusted);
    if (!added)
        return false;
    if (distrusted)
        cli_note("%s is ignored: %s; use `--config` to read it anyway", added->shown,
                 cli_say(distrusted));
    added->next = choices->configs;
    choices->configs = added;
    *config = distrusted ? NULL : added;
    return true;
}

/* --- discovery --- */

bool cli_own_config(struct cli_choices *choices, struct cli_config **config)
{
    const char *home = getenv("HOME"), *base = getenv("XDG_CONFIG_HOME");
    bool set = base && base[0] == '/'; /* XDG Base Directory Specification */
    *config = NULL;
    if (cli_has(choices->args, OPT_NO_CONFIG) || (!set && !(home && home[0] == '/')))
        return true;
    char *path = cli_joined(set ? base : home, set ? "/orgvet/" : "/.config/orgvet/", file_name);
    bool fine = path && config_at(choices, path, CLI_OWN, NULL, config);
    free(path);
    return fine;
}

/* Searches `folder` (which is changed) and those above it, up to the root of the repository;
 * outside a repository at most up to the working folder. False after a message. */
static bool search(struct cli_choices *choices, char *folder, struct cli_config **config)
{
    char *root = cli_repository_of(folder), *here = cli_folder_of("./x");
    bool fine = here != NULL;
    for (bool first = true; fine && !*config; first = false) {
        size_t len = strlen(folder);
        if (!root && !first && strlen(here) > len && cli_is_in(folder, here))
            break; /* above the working folder */
        char *path = cli_joined(folder, file_name, "");
        fine = path && config_at(choices, path, CLI_DISCOVERED, root ? root : folder, config);
        free(path);
        if (len <= 1 || (root && strcmp(root, folder) == 0) || (!root && strcmp(here, folder) == 0))
            break;
        folder[len - 1] = '\0';
        strrchr(folder, '/')[1] = '\0';
    }
    free(root);
    free(here);
    return fine;
}

bool cli_config_of(struct cli_choices *choices, const char *path, struct cli_config **config)
{
    const char *named = cli_value(choices->args, OPT_CONFIG_FILE, NULL);
    *config = NULL;
    if (cli_has(choices->args, OPT_NO_CONFIG)) {
        if (named)
            cli_fail("`--config` and `--no-config` cannot be used together");
        return !named;
    }
    if (named)
        return config_at(choices, named, CLI_NAMED, NULL, config);
    char *folder = cli_find_folder(strcmp(path, "-") == 0 ? "./-" : path);
    bool fine = folder ? search(choices, folder, config) : errno != ENOMEM;
    if (fine && !*config)
        fine = cli_own_config(choices, config);
    free(folder);
    return fine;
}
