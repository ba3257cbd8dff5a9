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
#include "server/store/sqlite.h"

enum {
    READERS = 8,
    POLITE_MS = 120,            /* longer than SQLite's retry interval */
    OTHERS_MS = 10 * 60 * 1000, /* for another process to finish writing, such as `orgvet cron` */
};

struct ov_store {
    char *folder;
    char *path;             /* of the file of SQLite, or the address of the database */
    bool shared;            /* a database that other nodes use, too */
    struct ov_fair writing; /* taken from ov_store_write until the transaction ends */
    struct ov_sql *writer;
    bool polite;           /* another process writes too: pause between transactions */
    int64_t began, held;   /* start of the last transaction (ov_now_ms); ms spent in transactions
                              since the last pause */
    pthread_mutex_t mutex; /* protects the members below */
    pthread_cond_t freed;
    struct ov_sql *free[READERS];
    size_t free_count, open_count;
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

static enum ov_status prepare(struct ov_store *store, bool *made, struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, err);
    if (!sql)
        return err->status;
    return ov_store_write_end(store, ov_sql_update(sql, made, err), err);
}

static struct ov_sql *connect(const struct ov_store *store, bool read_only, struct ov_error *err)
{
    return store->shared ? ov_postgresql_open(store->path, err)
                         : ov_sqlite_open(store->path, read_only, err);
}

struct ov_store *ov_store_open(const char *folder, const char *database, bool *made,
                               struct ov_error *err)
{
    struct ov_error own = OV_ERROR_LIKE(err);
    if (!err)
        err = &own;
    struct ov_store *store = calloc(1, sizeof *store);
    if (!store) {
        ov_fail_memory(err);
        return NULL;
    }
    ov_fair_init(&store->writing);
    pthread_mutex_init(&store->mutex, NULL);
    ov_wait_init(&store->freed);
    store->folder = strdup(folder);
    store->shared = database != NULL;
    store->path = database ? strdup(database) : joined(folder, "orgvet.db");
    if (!store->folder || !store->path)
        ov_fail_memory(err);
    else if (make_folder(folder, err) == OV_OK &&
             (store->shared || make_file(store->path, err) == OV_OK))
        store->writer = connect(store, false, err);
    if (!store->writer || prepare(store, made, err) != OV_OK) {
        ov_store_close(store);
        return NULL;
    }
    return store;
}

void ov_store_close(struct ov_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->free_count; i++)
        ov_sql_close(store->free[i]);
    ov_sql_close(store->writer);
    pthread_cond_destroy(&store->freed);
    pthread_mutex_destroy(&store->mutex);
    ov_fair_deinit(&store->writing);
    free(store->path);
    free(store->folder);
    free(store);
}

void ov_store_be_polite(struct ov_store *store)
{
    store->polite = true;
}

bool ov_store_is_shared(const struct ov_store *store)
{
    return store->shared;
}

const char *ov_store_folder(const struct ov_store *store)
{
    return store->folder;
}

/* Takes a free connection, or the right to open one (*open); false if none became free in time. */
static bool take_reader(struct ov_store *store, int wait_ms, struct ov_sql **sql, bool *open)
{
    int64_t until = ov_now_ms() + wait_ms;
    bool timely = true;
    pthread_mutex_lock(&store->mutex);
    while (store->free_count == 0 && store->open_count == READERS && timely)
        timely = wait_ms ? ov_wait_until(&store->freed, &store->mutex, until)
                         : pthread_cond_wait(&store->freed, &store->mutex) == 0;
    *open = store->free_count == 0 && store->open_count < READERS;
    bool taken = *open || store->free_count > 0;
    if (*open)
        store->open_count++;
    else if (taken)
        *sql = store->free[--store->free_count];
    pthread_mutex_unlock(&store->mutex);
    return taken;
}

/* wait_ms 0: waits forever. */
struct ov_sql *ov_store_try_read(struct ov_store *store, int wait_ms, bool *busy,
                                 struct ov_error *err)
{
    struct ov_sql *sql = NULL;
    bool open;
    *busy = !take_reader(store, wait_ms, &sql, &open);
    if (*busy || !open)
        return sql;
    sql = connect(store, true, err);
    if (!sql) {
        pthread_mutex_lock(&store->mutex);
        store->open_count--;
        pthread_cond_signal(&store->freed);
        pthread_mutex_unlock(&store->mutex);
    }
    return sql;
}

struct ov_sql *ov_store_read(struct ov_store *store, struct ov_error *err)
{
    bool busy;
    return ov_store_try_read(store, 0, &busy, err);
}

void ov_store_read_end(struct ov_store *store, struct ov_sql *sql)
{
    if (!sql)
        return;
    pthread_mutex_lock(&store->mutex);
    store->free[store->free_count++] = sql;
    pthread_cond_signal(&store->freed);
    pthread_mutex_unlock(&store->mutex);
}

/* The caller has store->writing, which is released on failure. */
static struct ov_sql *begin_write(struct ov_store *store, int wait_ms, bool *busy,
                                  struct ov_error *err)
{
    store->began = ov_now_ms();
    if (ov_sql_begin_write(store->writer, wait_ms, busy, err) == OV_OK)
        return store->writer;
    ov_fair_give(&store->writing);
    return NULL;
}

struct ov_sql *ov_store_write(struct ov_store *store, struct ov_error *err)
{
    bool busy;
    (void)!ov_fair_take(&store->writing, 0);
    if (store->polite && store->held >= POLITE_MS) {
        const struct timespec pause = {.tv_nsec = POLITE_MS * 1000000L};
        nanosleep(&pause, NULL);
        store->held = 0;
    }
    return begin_write(store, OTHERS_MS, &busy, err);
}

struct ov_sql *ov_store_try_write(struct ov_store *store, int wait_ms, bool *busy,
                                  struct ov_error *err)
{
    *busy = !ov_fair_take(&store->writing, ov_now_ms() + wait_ms);
    return *busy ? NULL : begin_write(store, wait_ms, busy, err);
}

enum ov_status ov_store_commit(struct ov_store *store, struct ov_error *err)
{
    enum ov_status status = ov_sql_script(store->writer, "COMMIT", err);
    if (status != OV_OK) /* fails if SQLite has already rolled back, which is fine */
        (void)!ov_sql_script(store->writer, "ROLLBACK", NULL);
    store->held += ov_now_ms() - store->began;
    ov_fair_give(&store->writing);
    return status;
}

void ov_store_abandon(struct ov_store *store)
{
    (void)!ov_sql_script(store->writer, "ROLLBACK", NULL);
    ov_fair_give(&store->writing);
}

enum ov_status ov_store_write_end(struct ov_store *store, enum ov_status status,
                                  struct ov_error *err)
{
    if (status == OV_OK)
        return ov_store_commit(store, err);
    ov_store_abandon(store);
    return status;
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
