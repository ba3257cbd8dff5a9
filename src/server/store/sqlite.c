/* server/store/sqlite.c: see sqlite.h. SQLite in WAL mode; every commit is on disk before it is
 * acknowledged (synchronous=FULL). */
#include "server/store/sqlite.h"

#include <stdlib.h>
#include <time.h>

#include <sqlite3.h>

#include "base/error.h"
#include "base/mem.h"
#include "server/store/schema.h"
#include "server/store/sql_engine.h"

enum { BUSY_MS = 60 * 1000 /* how long a reader waits for another process */ };

struct kept {
    const char *text; /* a literal: compared by address */
    sqlite3_stmt *statement;
};

struct connection {
    struct ov_sql sql; /* first */
    sqlite3 *db;
    struct kept *kept;
    size_t count, capacity;
};

static struct connection *of(const struct ov_sql *sql)
{
    return (struct connection *)sql;
}

static enum ov_status problem(struct ov_sql *sql, struct ov_error *err)
{
    int code = sqlite3_errcode(of(sql)->db);
    bool breaks_rules = code == SQLITE_CONSTRAINT || code == SQLITE_CORRUPT || code == SQLITE_ERROR;
    if (code == SQLITE_NOMEM)
        return ov_fail_memory(err);
    if (code == SQLITE_FULL)
        return ov_fail(err, OV_E_IO, "the disk that holds the store is full");
    /* a statement that violates a constraint fails again; other errors, such as a lock or a full
     * disk, may pass */
    return ov_fail(err, breaks_rules ? OV_E_REFUSED : OV_E_IO, "the store: %s",
                   sqlite3_errmsg(of(sql)->db));
}

static void close_connection(struct ov_sql *sql)
{
    struct connection *connection = of(sql);
    for (size_t i = 0; i < connection->count; i++)
        sqlite3_finalize(connection->kept[i].statement);
    free(connection->kept);
    sqlite3_close(connection->db);
    free(connection);
}

static enum ov_status script(struct ov_sql *sql, const char *text, struct ov_error *err)
{
    return sqlite3_exec(of(sql)->db, text, NULL, NULL, NULL) == SQLITE_OK ? OV_OK
                                                                          : problem(sql, err);
}

static enum ov_status begin_write(struct ov_sql *sql, int64_t scope, int wait_ms, bool *busy,
                                  struct ov_error *err)
{
    (void)scope; /* there is one writer */
    sqlite3_busy_timeout(of(sql)->db, wait_ms);
    enum ov_status status = script(sql, "BEGIN IMMEDIATE", err);
    *busy = status != OV_OK && sqlite3_errcode(of(sql)->db) == SQLITE_BUSY;
    return status;
}

static enum ov_status begin_read(struct ov_sql *sql, struct ov_error *err)
{
    return script(sql, "BEGIN", err);
}

/* The prepared statement for a text; NULL on failure. */
static sqlite3_stmt *prepared(struct connection *sql, const char *text)
{
    for (size_t i = 0; i < sql->count; i++)
        if (sql->kept[i].text == text && !sqlite3_stmt_busy(sql->kept[i].statement))
            return sql->kept[i].statement;
    struct kept kept = {.text = text};
    if (!ov_grow(&sql->kept, &sql->capacity, sql->count + 1, sizeof kept) ||
        sqlite3_prepare_v3(sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, &kept.statement, NULL) !=
            SQLITE_OK)
        return NULL;
    sql->kept[sql->count++] = kept;
    return kept.statement;
}

static int bind(sqlite3_stmt *statement, int index, const struct ov_sql_value *value)
{
    const char *bytes = value->bytes.ptr ? value->bytes.ptr : "";
    switch (value->kind) {
    case OV_SQL_INT: return sqlite3_bind_int64(statement, index, value->number);
    case OV_SQL_TEXT:
        return sqlite3_bind_text64(statement, index, bytes, value->bytes.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case OV_SQL_BLOB:
        return sqlite3_bind_blob64(statement, index, bytes, value->bytes.len, SQLITE_STATIC);
    default: return sqlite3_bind_null(statement, index);
    }
}

static void query_begin(struct ov_query *query, const char *text, const struct ov_sql_value *values,
                        size_t count, bool many)
{
    struct connection *connection = of(query->sql);
    sqlite3_stmt *statement = prepared(connection, text);
    (void)many; /* rows come one by one anyway */
    if (!statement) {
        query->status = sqlite3_errcode(connection->db) == SQLITE_OK
                            ? ov_fail_memory(query->err)
                            : problem(query->sql, query->err);
        return;
    }
    query->statement = statement;
    size_t used = (size_t)sqlite3_bind_parameter_count(statement); /* others are for PostgreSQL */
    for (size_t i = 0; i < count && i < used && query->status == OV_OK; i++)
        if (bind(statement, (int)i + 1, &values[i]) != SQLITE_OK)
            query->status = problem(query->sql, query->err);
}

static bool query_next(struct ov_query *query)
{
    int code = sqlite3_step(query->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        query->status = problem(query->sql, query->err);
    return false;
}

static void query_end(struct ov_query *query)
{
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
}

static int64_t column_int(const struct ov_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

static struct ov_text column_text(const struct ov_query *query, int column)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);
    return (struct ov_text){bytes,
                            bytes ? (size_t)sqlite3_column_bytes(query->statement, column) : 0};
}

static bool column_is_null(const struct ov_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

static enum ov_status add(struct ov_sql *sql, const struct ov_sql_bulk *bulk,
                          const struct ov_sql_value *values, size_t count, struct ov_error *err)
{
    return ov_sql_run(sql, bulk->insert, values, count, err);
}

static int64_t changes(const struct ov_sql *sql)
{
    return sqlite3_changes64(of(sql)->db);
}

static enum ov_status copy(struct ov_sql *sql, const char *path, struct ov_error *err)
{
    sqlite3 *to = NULL;
    sqlite3_backup *backup = NULL;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (code == SQLITE_OK)
        backup = sqlite3_backup_init(to, "main", of(sql)->db, "main");
    if (backup) { /* in one step: a consistent snapshot, without blocking writers (WAL) */
        sqlite3_backup_step(backup, -1);
        code = sqlite3_backup_finish(backup);
    } else if (code == SQLITE_OK) {
        code = sqlite3_errcode(to);
    }
    /* makes it a single file: otherwise readers would need a `-wal` file beside it */
    if (code == SQLITE_OK)
        code = sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    enum ov_status status = code == SQLITE_OK ? OV_OK
                                              : ov_fail(err, OV_E_IO, "cannot write the backup: %s",
                                                        to ? sqlite3_errmsg(to) : "out of memory");
    if (sqlite3_close(to) != SQLITE_OK && status == OV_OK)
        status = ov_fail(err, OV_E_IO, "cannot write the backup");
    return status;
}

/* As SQLite has it for tables that others refer to: while one is replaced, references do not hold
 * (sqlite.org/lang_altertable.html, 7). */
static enum ov_status update(struct ov_sql *sql, int wait_ms, int64_t *from, int64_t *to,
                             struct ov_error *err)
{
    bool busy;
    enum ov_status status = script(sql, "PRAGMA foreign_keys=OFF", err);
    if (status == OV_OK)
        status = begin_write(sql, OV_SCOPE_STORE, wait_ms, &busy, err);
    if (status != OV_OK)
        return status;
    status = ov_sql_end(sql, ov_schema_update(sql, from, to, err), err);
    return status == OV_OK ? script(sql, "PRAGMA foreign_keys=ON", err) : status;
}

/* The function now_ms(): milliseconds since 1970. */
static void now_ms(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct timespec now;
    (void)count;
    (void)values;
    clock_gettime(CLOCK_REALTIME, &now);
    sqlite3_result_int64(context, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static const struct ov_sql_engine engine = {
    .close = close_connection,
    .begin_write = begin_write,
    .begin_read = begin_read,
    .script = script,
    .add = add,
    .changes = changes,
    .copy = copy,
    .version = ov_schema_version,
    .update = update,
    .query_begin = query_begin,
    .query_next = query_next,
    .query_end = query_end,
    .column_int = column_int,
    .column_text = column_text,
    .column_is_null = column_is_null,
};

struct ov_sql *ov_sqlite_open(const char *path, bool read_only, struct ov_error *err)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        ov_fail_memory(err);
        return NULL;
    }
    connection->sql.engine = &engine;
    int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path, &connection->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        ov_fail(err, OV_E_IO, "cannot open the store `%.200s`: %s", path,
                connection->db ? sqlite3_errmsg(connection->db) : "out of memory");
        close_connection(&connection->sql);
        return NULL;
    }
    sqlite3_busy_timeout(connection->db, BUSY_MS);
    sqlite3_db_config(connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    enum ov_status status =
        script(&connection->sql, "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;", err);
    if (status == OV_OK && !read_only)
        status = script(&connection->sql, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", err);
    if (status == OV_OK && sqlite3_create_function(connection->db, "now_ms", 0, SQLITE_UTF8, NULL,
                                                   now_ms, NULL, NULL) != SQLITE_OK)
        status = problem(&connection->sql, err);
    if (status == OV_OK)
        return &connection->sql;
    close_connection(&connection->sql);
    return NULL;
}
