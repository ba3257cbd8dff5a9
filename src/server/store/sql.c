/* server/store/sql.c: see sql.h. What the engines have in common. */
#include "server/store/sql.h"

#include "base/error.h"
#include "server/store/sql_engine.h"

struct ov_sql_value ov_sql_text_or_null(struct ov_text text)
{
    return text.len ? OV_SQL_T(text) : OV_SQL_N;
}

struct ov_sql_value ov_sql_number_or_null(int64_t number)
{
    return number ? OV_SQL_I(number) : OV_SQL_N;
}

void ov_sql_close(struct ov_sql *sql)
{
    if (sql)
        sql->engine->close(sql);
}

enum ov_status ov_sql_begin_write(struct ov_sql *sql, int64_t scope, int wait_ms, bool *busy,
                                  struct ov_error *err)
{
    *busy = false;
    return sql->engine->begin_write(sql, scope, wait_ms, busy, err);
}

enum ov_status ov_sql_end(struct ov_sql *sql, enum ov_status status, struct ov_error *err)
{
    if (status == OV_OK)
        status = ov_sql_script(sql, "COMMIT", err);
    if (status != OV_OK) /* fails if it has already been rolled back, which is fine */
        (void)!ov_sql_script(sql, "ROLLBACK", NULL);
    return status;
}

enum ov_status ov_sql_begin_read(struct ov_sql *sql, struct ov_error *err)
{
    return sql->engine->begin_read(sql, err);
}

enum ov_status ov_sql_script(struct ov_sql *sql, const char *text, struct ov_error *err)
{
    return sql->engine->script(sql, text, err);
}

enum ov_status ov_sql_version(struct ov_sql *sql, int64_t *version, int64_t *newest,
                              struct ov_error *err)
{
    return sql->engine->version(sql, version, newest, err);
}

enum ov_status ov_sql_update(struct ov_sql *sql, int wait_ms, int64_t *from, int64_t *to,
                             struct ov_error *err)
{
    return sql->engine->update(sql, wait_ms, from, to, err);
}

enum ov_status ov_sql_add(struct ov_sql *sql, const struct ov_sql_bulk *bulk,
                          const struct ov_sql_value *values, size_t count, struct ov_error *err)
{
    return sql->engine->add(sql, bulk, values, count, err);
}

int64_t ov_sql_changes(const struct ov_sql *sql)
{
    return sql->engine->changes(sql);
}

enum ov_status ov_sql_notify(struct ov_sql *sql, struct ov_error *err)
{
    return sql->engine->notify ? sql->engine->notify(sql, err) : OV_OK;
}

bool ov_sql_listen(struct ov_sql *sql, int wait_ms, bool *heard)
{
    *heard = false;
    return sql->engine->listen && sql->engine->listen(sql, wait_ms, heard);
}

enum ov_status ov_sql_copy(struct ov_sql *sql, const char *path, struct ov_error *err)
{
    return sql->engine->copy(sql, path, err);
}

static void begin(struct ov_query *query, struct ov_sql *sql, const char *text,
                  const struct ov_sql_value *values, size_t count, bool many, struct ov_error *err)
{
    *query = (struct ov_query){.sql = sql, .err = err};
    sql->engine->query_begin(query, text, values, count, many);
}

void ov_query_begin(struct ov_query *query, struct ov_sql *sql, const char *text,
                    const struct ov_sql_value *values, size_t count, struct ov_error *err)
{
    begin(query, sql, text, values, count, false, err);
}

void ov_query_begin_many(struct ov_query *query, struct ov_sql *sql, const char *text,
                         const struct ov_sql_value *values, size_t count, struct ov_error *err)
{
    begin(query, sql, text, values, count, true, err);
}

bool ov_query_next(struct ov_query *query)
{
    return query->status == OV_OK && query->sql->engine->query_next(query);
}

enum ov_status ov_query_end(struct ov_query *query)
{
    if (query->statement)
        query->sql->engine->query_end(query);
    query->statement = NULL;
    return query->status;
}

int64_t ov_query_int(const struct ov_query *query, int column)
{
    return query->sql->engine->column_int(query, column);
}

struct ov_text ov_query_text(const struct ov_query *query, int column)
{
    return query->sql->engine->column_text(query, column);
}

bool ov_query_is_null(const struct ov_query *query, int column)
{
    return query->sql->engine->column_is_null(query, column);
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
