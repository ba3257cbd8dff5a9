#define _GNU_SOURCE /* O_TMPFILE, mkostemp */
/* server/store/store.c: see store.h. */
#include "server/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "server/store/fair_lock.h"
#include "server/store/postgresql.h"
#include "server/store/sql_engine.h"
#include "server/store/sqlite.h"

enum {
    READERS = 8,
    TURNS = 256,                /* for tenants, by their numbers */
    WRITERS = 8,                /* where there can be several */
    POLITE_MS = 120,            /* longer than SQLite's retry interval */
    OTHERS_MS = 10 * 60 * 1000, /* for another process to finish writing, such as `orgvet cron` */
};

/* Connections of a kind: opened when needed, and kept. */
struct pool {
    struct ov_fair turns; /* one for each connection there may be */
    pthread_mutex_t mutex;
    struct ov_sql *idle[READERS + OV_WORKERS_MOST]; /* protected by mutex, as is `count` */
    size_t count;
};

struct ov_store {
    char *folder;
    char *path;                  /* of the file of SQLite */
    struct ov_postgresql *nodes; /* the database that other nodes use, too; NULL: SQLite */
    struct pool readers, writers;
    struct ov_fair turns[TURNS]; /* so that a tenant has one connection that waits for its lock */
    bool polite;                 /* another process writes too: pause between transactions */
    int64_t began, held; /* start of the last transaction (ov_now_ms); ms spent in transactions
                            since the last pause; of SQLite's only writer */
};

static char *joined(const char *folder, const char *name)
{
    size_t len = strlen(folder) + strlen(name) + 2;
    char *path = malloc(len);
    if (path)
        snprintf(path, len, "%s/%s", folder, name);
    return path;
}

/* The file is created first, readable by its owner only: it contains names, and hashes of tokens
 * and passwords. */
static enum ov_status make_file(const char *path, struct ov_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return ov_fail(err, OV_E_IO, "cannot open the store `%.200s`: %s", path, strerror(errno));
    close(fd);
    return OV_OK;
}

static enum ov_status make_folder(const char *folder, struct ov_error *err)
{
    char *path = strdup(folder);
    enum ov_status status = path ? OV_OK : ov_fail_memory(err);
    for (char *at = path; status == OV_OK && at;) {
        at = strchr(at + 1, '/');
        if (at)
            *at = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            status = ov_fail(err, OV_E_IO, "cannot create the folder `%.200s`: %s", path,
                             strerror(errno));
        if (at)
            *at = '/';
    }
    free(path);
    return status;
}

static struct ov_sql *connect(const struct ov_store *store, bool read_only, struct ov_error *err)
{
    return store->nodes ? ov_postgresql_open(store->nodes, err)
                        : ov_sqlite_open(store->path, read_only, err);
}

/* --- pools --- */

static void pool_init(struct pool *pool, unsigned most)
{
    ov_fair_init(&pool->turns, most);
    pthread_mutex_init(&pool->mutex, NULL);
}

static void pool_deinit(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        ov_sql_close(pool->idle[i]);
    pthread_mutex_destroy(&pool->mutex);
    ov_fair_deinit(&pool->turns);
}

static void pool_give(struct pool *pool, struct ov_sql *sql)
{
    pthread_mutex_lock(&pool->mutex);
    if (sql)
        pool->idle[pool->count++] = sql;
    pthread_mutex_unlock(&pool->mutex);
    ov_fair_give(&pool->turns);
}

/* A connection by `until` (ov_now_ms; 0: waits forever); NULL with *busy if there was none in
 * time. */
static struct ov_sql *pool_take(struct ov_store *store, struct pool *pool, int64_t until,
                                bool *busy, struct ov_error *err)
{
    *busy = !ov_fair_take(&pool->turns, until);
    if (*busy)
        return NULL;
    pthread_mutex_lock(&pool->mutex);
    struct ov_sql *sql = pool->count ? pool->idle[--pool->count] : NULL;
    pthread_mutex_unlock(&pool->mutex);
    if (!sql)
        sql = connect(store, pool == &store->readers, err);
    if (!sql)
        pool_give(pool, NULL);
    return sql;
}

enum ov_status ov_store_upgrade(struct ov_store *store, int64_t *from, int64_t *to,
                                struct ov_error *err)
{
    bool busy;
    struct ov_sql *sql = pool_take(store, &store->writers, 0, &busy, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_update(sql, OTHERS_MS, from, to, err);
    pool_give(&store->writers, sql);
    return status;
}

struct ov_store *ov_store_attach(const char *folder, const char *database, struct ov_error *err)
{
    struct ov_store *store = calloc(1, sizeof *store);
    if (!store) {
        ov_fail_memory(err);
        return NULL;
    }
    pool_init(&store->readers, READERS);
    pool_init(&store->writers, database ? WRITERS : 1);
    for (size_t i = 0; i < TURNS; i++)
        ov_fair_init(&store->turns[i], 1);
    store->folder = strdup(folder);
    store->path = joined(folder, "orgvet.db");
    store->nodes = database ? ov_postgresql_new(database) : NULL;
    if (store->folder && store->path && (!database || store->nodes))
        return store;
    ov_fail_memory(err);
    ov_store_close(store);
    return NULL;
}

struct ov_store *ov_store_open(const char *folder, const char *database, bool *made,
                               struct ov_error *err)
{
    int64_t from = 0, to;
    struct ov_error own = OV_ERROR_LIKE(err);
    struct ov_store *store = ov_store_attach(folder, database, err);
    if (!err)
        err = &own;
    if (store && make_folder(folder, err) == OV_OK &&
        (database || make_file(store->path, err) == OV_OK) &&
        ov_store_upgrade(store, &from, &to, err) == OV_OK) {
        *made = from == 0;
        return store;
    }
    ov_store_close(store);
    return NULL;
}

void ov_store_close(struct ov_store *store)
{
    if (!store)
        return;
    pool_deinit(&store->readers);
    pool_deinit(&store->writers);
    for (size_t i = 0; i < TURNS; i++)
        ov_fair_deinit(&store->turns[i]);
    ov_postgresql_free(store->nodes);
    free(store->path);
    free(store->folder);
    free(store);
}

void ov_store_widen(struct ov_store *store, unsigned workers)
{
    for (unsigned i = 0; i < workers && i < OV_WORKERS_MOST; i++) {
        ov_fair_give(&store->readers.turns);
        if (store->nodes)
            ov_fair_give(&store->writers.turns);
    }
}

void ov_store_be_polite(struct ov_store *store)
{
    store->polite = true;
}

bool ov_store_is_shared(const struct ov_store *store)
{
    return store->nodes != NULL;
}

const char *ov_store_folder(const struct ov_store *store)
{
    return store->folder;
}

enum ov_status ov_store_begin_use(struct ov_store *store, struct ov_error *err)
{
    if (!store->nodes)
        return OV_OK;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, err);
    return ov_store_write_end(
        store, sql,
        sql ? ov_sql_run(sql, "UPDATE orgvet_store SET moved = 0 WHERE moved = 1", NULL, 0, err)
            : OV_E_IO,
        err);
}

struct ov_sql *ov_store_listener(struct ov_store *store, struct ov_error *err)
{
    return connect(store, true, err);
}

/* wait_ms 0: waits forever. */
struct ov_sql *ov_store_try_read(struct ov_store *store, int wait_ms, bool *busy,
                                 struct ov_error *err)
{
    return pool_take(store, &store->readers, wait_ms ? ov_now_ms() + wait_ms : 0, busy, err);
}

struct ov_sql *ov_store_read(struct ov_store *store, struct ov_error *err)
{
    bool busy;
    return ov_store_try_read(store, 0, &busy, err);
}

void ov_store_read_end(struct ov_store *store, struct ov_sql *sql)
{
    if (sql)
        pool_give(&store->readers, sql);
}

enum ov_status ov_store_number(struct ov_store *store, const char *text,
                               const struct ov_sql_value *values, size_t count, int64_t *number,
                               bool *found, struct ov_error *err)
{
    struct ov_sql *sql = ov_store_read(store, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_number(sql, text, values, count, number, found, err);
    ov_store_read_end(store, sql);
    return status;
}

/* Ends the use of a connection for writing. */
static void end_write(struct ov_store *store, struct ov_sql *sql)
{
    struct ov_fair *turn = sql->turn;
    pool_give(&store->writers, sql);
    if (turn)
        ov_fair_give(turn);
}

/* A connection for a scope, whose turn it is. */
static struct ov_sql *take_writer(struct ov_store *store, int64_t scope, int64_t until, bool *busy,
                                  struct ov_error *err)
{
    struct ov_fair *turn = store->nodes && scope >= 0 ? &store->turns[scope % TURNS] : NULL;
    *busy = turn && !ov_fair_take(turn, until);
    if (*busy)
        return NULL;
    struct ov_sql *sql = pool_take(store, &store->writers, until, busy, err);
    if (sql)
        sql->turn = turn;
    else if (turn)
        ov_fair_give(turn);
    return sql;
}

/* until 0: waits forever, but for another process at most OTHERS_MS. */
static struct ov_sql *begin_write(struct ov_store *store, int64_t scope, int64_t until, bool *busy,
                                  struct ov_error *err)
{
    struct ov_sql *sql = take_writer(store, scope, until, busy, err);
    if (!sql)
        return NULL;
    if (store->polite && !until && store->held >= POLITE_MS) {
        const struct timespec pause = {.tv_nsec = POLITE_MS * 1000000L};
        nanosleep(&pause, NULL);
        store->held = 0;
    }
    int64_t now = ov_now_ms(), left = until ? until - now : OTHERS_MS;
    if (!store->nodes)
        store->began = now;
    if (ov_sql_begin_write(sql, scope, left > 0 ? (int)left : 0, busy, err) == OV_OK)
        return sql;
    end_write(store, sql);
    return NULL;
}

struct ov_sql *ov_store_write(struct ov_store *store, int64_t scope, struct ov_error *err)
{
    bool busy;
    return begin_write(store, scope, 0, &busy, err);
}

struct ov_sql *ov_store_try_write(struct ov_store *store, int64_t scope, int wait_ms, bool *busy,
                                  struct ov_error *err)
{
    return begin_write(store, scope, ov_now_ms() + wait_ms, busy, err);
}

enum ov_status ov_store_write_end(struct ov_store *store, struct ov_sql *sql, enum ov_status status,
                                  struct ov_error *err)
{
    if (!sql)
        return status == OV_OK ? OV_E_IO : status;
    bool committed = status == OV_OK;
    status = ov_sql_end(sql, status, err);
    if (committed && !store->nodes)
        store->held += ov_now_ms() - store->began;
    end_write(store, sql);
    return status;
}

enum ov_status ov_store_commit(struct ov_store *store, struct ov_sql *sql, struct ov_error *err)
{
    return ov_store_write_end(store, sql, OV_OK, err);
}

void ov_store_abandon(struct ov_store *store, struct ov_sql *sql)
{
    (void)!ov_store_write_end(store, sql, OV_E_STATE, NULL);
}

/* Moves a finished file to its final path, which must not exist yet. */
static enum ov_status put_in_place(const char *part, const char *path, struct ov_error *err)
{
    int fd = open(part, O_RDONLY | O_CLOEXEC);
    bool kept = fd >= 0 && fsync(fd) == 0;
    if (kept)
        kept = link(part, path) == 0;
    int problem = errno;
    if (fd >= 0)
        close(fd);
    return kept ? OV_OK
                : ov_fail(err, OV_E_IO, "cannot write the backup `%.200s`: %s", path,
                          problem == EEXIST
                              ? ov_translate(ov_error_language(err), "it already exists")
                              : strerror(problem));
}

enum ov_status ov_store_backup(struct ov_store *store, const char *path, struct ov_error *err)
{
    size_t len = strlen(path) + 16;
    char *part = malloc(len);
    if (!part)
        return ov_fail_memory(err);
    snprintf(part, len, "%s.XXXXXX", path);
    int fd = mkostemp(part, O_CLOEXEC);
    if (fd < 0) {
        free(part);
        return ov_fail(err, OV_E_IO, "cannot write the backup `%.200s`: %s", path, strerror(errno));
    }
    close(fd);
    struct ov_sql *sql = ov_store_read(store, err);
    enum ov_status status = sql ? ov_sql_copy(sql, part, err) : OV_E_IO;
    ov_store_read_end(store, sql);
    if (status == OV_OK)
        status = put_in_place(part, path, err);
    unlink(part);
    free(part);
    return status;
}

int ov_store_scratch(const struct ov_store *store, struct ov_error *err)
{
    int fd = open(store->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) { /* the file system does not support it */
        char *path = joined(store->folder, ".scratch-XXXXXX");
        fd = path ? mkostemp(path, O_CLOEXEC) : -1;
        if (fd >= 0)
            unlink(path);
        free(path);
    }
    if (fd < 0)
        ov_fail(err, OV_E_IO, "cannot write in `%.200s`: %s", store->folder, strerror(errno));
    return fd;
}
