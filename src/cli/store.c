#define _GNU_SOURCE /* mkostemp */
/* cli/store.c: the store of an import service, for `serve`, `admin` and `cron`. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/store.h"
#include "cli/args.h"
#include "cli/message.h"

char *cli_data_folder(const struct cli_args *args)
{
    const char *given = cli_value(args, OPT_DATA, NULL), *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    char *folder = NULL;
    int made;
    if (given)
        made = asprintf(&folder, "%s", given);
    else if (data && data[0] == '/')
        made = asprintf(&folder, "%s/orgvet", data);
    else if (home && *home)
        made = asprintf(&folder, "%s/.local/share/orgvet", home);
    else {
        cli_fail("no home folder for the store; set a folder with --data");
        return NULL;
    }
    if (made < 0) {
        cli_fail("out of memory");
        return NULL;
    }
    size_t len = strlen(folder);
    while (len > 1 && folder[len - 1] == '/')
        folder[--len] = '\0';
    return folder;
}

/* Writes the token to admin.token, complete or not at all, readable only by its owner. */
static enum ov_status keep_token(void *ctx, const char *token, struct ov_error *err)
{
    const char *folder = ctx;
    char *path = NULL, *part = NULL;
    int fd = -1;
    bool kept = asprintf(&path, "%s/admin.token", folder) > 0 &&
                asprintf(&part, "%s/.admin.token-XXXXXX", folder) > 0 &&
                (fd = mkostemp(part, O_CLOEXEC)) >= 0 && dprintf(fd, "%s\n", token) > 0 &&
                fsync(fd) == 0 && rename(part, path) == 0;
    if (!kept && err && err->status == OV_OK) {
        err->status = OV_E_IO;
        snprintf(err->message, sizeof err->message, "cannot write `%.200s`: %s",
                 path ? path : folder, strerror(errno));
    }
    if (!kept && fd >= 0)
        unlink(part);
    if (fd >= 0)
        close(fd);
    free(path);
    free(part);
    return kept ? OV_OK : OV_E_IO;
}

static bool has_store(const char *folder)
{
    struct stat about;
    char *path = NULL;
    bool found = asprintf(&path, "%s/orgvet.db", folder) > 0 && stat(path, &about) == 0;
    free(path);
    return found;
}

/* *address: the database that has the store; NULL: none. False after a message. */
static bool find_database(const struct cli_args *args, const char **address)
{
    const char *given = cli_value(args, OPT_STORE, NULL), *set = getenv("ORGVET_STORE");
    *address = given ? given : set && *set ? set : NULL;
    if (*address && !ov_store_is_address(*address)) {
        cli_fail("`%s` is not the address of a PostgreSQL database: postgresql://HOST/DATABASE",
                 *address);
        return false;
    }
    if (given && ov_store_has_password(given)) {
        cli_fail("the address contains a password, which everybody on this machine could read; "
                 "put it into a file and name that with the variable PGPASSFILE");
        return false;
    }
    return true;
}

struct ov_store *cli_store_open(const struct cli_args *args, const char *folder, bool *made)
{
    struct ov_error err = {.language = cli_language()};
    bool is_new = false, set_up = false;
    const char *database;
    if (!find_database(args, &database))
        return NULL;
    if (!database && !made && !has_store(folder)) {
        cli_fail("no store in `%s`; `orgvet serve --data %s` creates one", folder, folder);
        return NULL;
    }
    struct ov_store *store = ov_store_open(folder, database, &is_new, &err);
    if (store &&
        ov_admin_set_up(store, keep_token, (void *)folder, made ? made : &set_up, &err) == OV_OK)
        return store;
    ov_store_close(store);
    cli_fail("%s", err.message);
    return NULL;
}
