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
#include "cli/cmd.h"
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

/* --- orgvet admin store --- */

/* The folder, for a store that is there; NULL after a message. The caller frees it. */
static char *folder_of_store(const struct cli_args *args, bool in_file)
{
    char *folder = cli_data_folder(args);
    if (!folder || !in_file || has_store(folder))
        return folder;
    cli_fail("no store in `%s`; `orgvet serve --data %s` creates one", folder, folder);
    free(folder);
    return NULL;
}

static int init(const struct cli_args *args)
{
    bool made = false;
    char *folder = cli_data_folder(args);
    struct ov_store *store = folder ? cli_store_open(args, folder, &made) : NULL;
    if (store && made)
        printf(cli_say("A new store was created. The user `admin` has full access; the token is in "
                       "%s/admin.token\n"),
               folder);
    else if (store)
        printf("%s\n", cli_say("the store is there already; nothing was changed"));
    free(folder);
    ov_store_close(store);
    return store ? cli_finish() : EXIT_FAILED;
}

/* The store as it is; NULL after a message. */
static struct ov_store *attach(const struct cli_args *args, struct ov_error *err)
{
    const char *database;
    char *folder = find_database(args, &database) ? folder_of_store(args, !database) : NULL;
    struct ov_store *store = folder ? ov_store_attach(folder, database, err) : NULL;
    if (folder && !store)
        cli_fail("%s", err->message);
    free(folder);
    return store;
}

static int check(const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    const struct ov_sink out = cli_sink(stdout);
    bool sound = false;
    struct ov_store *store = attach(args, &err);
    if (!store)
        return EXIT_FAILED;
    enum ov_status status = ov_store_check(store, &out, &sound, &err);
    ov_store_close(store);
    if (status != OV_OK)
        return cli_fail("%s", err.message);
    int code = cli_finish();
    return code == EXIT_FINE && !sound ? EXIT_FINDINGS : code;
}

static int migrate(const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    int64_t from = 0, to = 0;
    struct ov_store *store = attach(args, &err);
    if (!store)
        return EXIT_FAILED;
    enum ov_status status = ov_store_upgrade(store, &from, &to, &err);
    ov_store_close(store);
    if (status != OV_OK)
        return cli_fail("%s", err.message);
    if (from == to)
        printf(cli_say("the store has version %lld, the newest one; nothing was changed\n"),
               (long long)to);
    else
        printf(cli_say("the store was upgraded from version %lld to %lld\n"), (long long)from,
               (long long)to);
    return cli_finish();
}

static int move(const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    const char *database;
    bool made;
    uint64_t rows = 0;
    if (!find_database(args, &database))
        return EXIT_FAILED;
    if (!database)
        return cli_fail(
            "`admin store move` copies the store in the folder of --data to a database; "
            "name that with --store postgresql://HOST/DATABASE");
    char *folder = folder_of_store(args, true);
    struct ov_store *from = folder ? ov_store_open(folder, NULL, &made, &err) : NULL;
    struct ov_store *to = from ? ov_store_attach(folder, database, &err) : NULL;
    enum ov_status status = to ? ov_store_move(from, to, &rows, &err) : OV_E_IO;
    ov_store_close(from);
    ov_store_close(to);
    if (!folder)
        return EXIT_FAILED;
    free(folder);
    if (status != OV_OK)
        return cli_fail("%s", err.message);
    printf(cli_say("%llu rows were copied to the database. Start services with --store now; what a "
                   "service still writes to the file is not in the database. Until a service has "
                   "used the database, this can be run again.\n"),
           (unsigned long long)rows);
    return cli_finish();
}

int cli_store_command(const struct cli_args *args, const char *verb)
{
    static const struct {
        const char *verb;
        int (*run)(const struct cli_args *args);
    } verbs[] = {{"init", init}, {"check", check}, {"migrate", migrate}, {"move", move}};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i].verb) == 0)
            return args->operand_count == 2 ? verbs[i].run(args)
                                            : cli_fail("`admin store %s` takes no arguments", verb);
    return -1;
}
