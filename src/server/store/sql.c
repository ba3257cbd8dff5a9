/* server/store/sql.c: see sql.h. SQLite in WAL mode; every commit is on disk before it is
 * acknowledged (synchronous=FULL). */
#include "server/store/sql.h"

#include <stdlib.h>

#include <sqlite3.h>

#include "base/error.h"
#include "base/mem.h"

enum { BUSY_MS = 60 * 1000 /* how long a reader waits for another process */ };

struct kept {
    const char *text; /* a literal: compared by address */
    sqlite3_stmt *statement;
};

struct ov_sql {
    sqlite3 *db;
    struct kept *kept;
    size_t count, capacity;
};

struct ov_sql_value ov_sql_text_or_null(struct ov_text text)
{
    return text.len ? OV_SQL_T(text) : OV_SQL_N;
}

struct ov_sql_value ov_sql_number_or_null(int64_t number)
{
    return number ? OV_SQL_I(number) : OV_SQL_N;
}

static enum ov_status problem(struct ov_sql *sql, struct ov_error *err)
{
    int code = sqlite3_errcode(sql->db);
    bool breaks_rules = code == SQLITE_CONSTRAINT || code == SQLITE_CORRUPT || code == SQLITE_ERROR;
    if (code == SQLITE_NOMEM)
        return ov_fail_memory(err);
    if (code == SQLITE_FULL)
        return ov_fail(err, OV_E_IO, "the disk that holds the store is full");
    /* a statement that violates a constraint fails again; other errors, such as a lock or a full
     * disk, may pass */
    return ov_fail(err, breaks_rules ? OV_E_REFUSED : OV_E_IO, "the store: %s",
                   sqlite3_errmsg(sql->db));
}

struct ov_sql *ov_sql_open(const char *path, bool read_only, struct ov_error *err)
{
    struct ov_sql *sql = calloc(1, sizeof *sql);
    if (!sql) {
        ov_fail_memory(err);
        return NULL;
    }
    int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path, &sql->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        ov_fail(err, OV_E_IO, "cannot open the store `%.200s`: %s", path,
                sql->db ? sqlite3_errmsg(sql->db) : "out of memory");
        ov_sql_close(sql);
        return NULL;
    }
    sqlite3_busy_timeout(sql->db, BUSY_MS);
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    enum ov_status status =
        ov_sql_script(sql, "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;", err);
    if (status == OV_OK && !read_only)
        status = ov_sql_script(sql, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", err);
    if (status != OV_OK) {
        ov_sql_close(sql);
        return NULL;
    }
    return sql;
}

void ov_sql_close(struct ov_sql *sql)
{
    if (!sql)
        return;
    for (size_t i = 0; i < sql->count; i++)
        sqlite3_finalize(sql->kept[i].statement);
    free(sql->kept);
    sqlite3_close(sql->db);
    free(sql);
}

enum ov_status ov_sql_script(struct ov_sql *sql, const char *text, struct ov_error *err)
{
    return sqlite3_exec(sql->db, text, NULL, NULL, NULL) == SQLITE_OK ? OV_OK : problem(sql, err);
}

enum ov_status ov_sql_begin_write(struct ov_sql *sql, int wait_ms, bool *busy, struct ov_error *err)
{
    sqlite3_busy_timeout(sql->db, wait_ms);
    enum ov_status status = ov_sql_script(sql, "BEGIN IMMEDIATE", err);
    *busy = status != OV_OK && sqlite3_errcode(sql->db) == SQLITE_BUSY;
    return status;
}

/* The prepared statement for a text; NULL on failure. */
static sqlite3_stmt *prepared(struct ov_sql *sql, const char *text)
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

void ov_query_begin(struct ov_query *query, struct ov_sql *sql, const char *text,
                    const struct ov_sql_value *values, size_t count, struct ov_error *err)
{
    *query = (struct ov_query){.sql = sql, .err = err};
    sqlite3_stmt *statement = prepared(sql, text);
    if (!statement) {
        query->status =
            sqlite3_errcode(sql->db) == SQLITE_OK ? ov_fail_memory(err) : problem(sql, err);
        return;
    }
    query->statement = statement;
    for (size_t i = 0; i < count && query->status == OV_OK; i++)
        if (bind(statement, (int)i + 1, &values[i]) != SQLITE_OK)
            query->status = problem(sql, err);
}

bool ov_query_next(struct ov_query *query)
{
    if (query->status != OV_OK)
        return false;
    int code = sqlite3_step(query->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        query->status = problem(query->sql, query->err);
    return false;
}

enum ov_status ov_query_end(struct ov_query *query)
{
    if (query->statement) {
        sqlite3_reset(query->statement);
        sqlite3_clear_bindings(query->statement);
        query->statement = NULL;
    }
    return query->status;
}

int64_t ov_query_int(const struct ov_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

struct ov_text ov_query_text(const struct ov_query *query, int column)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);
    return (struct ov_text){bytes,
                            bytes ? (size_t)sqlite3_column_bytes(query->statement, column) : 0};
}

bool ov_query_is_null(const struct ov_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

enum ov_status ov_sql_run(struct ov_sql *sql, const char *text, const struct ov_sql_value *values,
                          size_t count, struct ov_error *err)
{
    struct ov_query query;
    ov_query_begin(&query, sql, text, values, count, err);
    while (ov_query_next(&query))
        continue;
    return ov_query_end(&query);
}

enum ov_status ov_sql_number(struct ov_sql *sql, const char *text,
                             const struct ov_sql_value *values, size_t count, int64_t *number,
                             bool *found, struct ov_error *err)
{
    struct ov_query query;
    ov_query_begin(&query, sql, text, values, count, err);
    bool row = ov_query_next(&query);
    *number = row ? ov_query_int(&query, 0) : 0;
    if (found)
        *found = row;
    return ov_query_end(&query);
}

int64_t ov_sql_changes(const struct ov_sql *sql)
{
    return sqlite3_changes64(sql->db);
}

enum ov_status ov_sql_copy(struct ov_sql *sql, const char *path, struct ov_error *err)
{
    sqlite3 *to = NULL;
    sqlite3_backup *backup = NULL;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (code == SQLITE_OK)
        backup = sqlite3_backup_init(to, "main", sql->db, "main");
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
