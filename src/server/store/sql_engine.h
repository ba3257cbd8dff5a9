/* server/store/sql_engine.h: what an engine of the store implements (sqlite.c, postgresql.c), as
 * sql.h has it. A connection of an engine begins with `struct ov_sql`. */
#ifndef SERVER_STORE_SQL_ENGINE_H
#define SERVER_STORE_SQL_ENGINE_H

#include "server/store/sql.h"

struct ov_sql_engine {
    void (*close)(struct ov_sql *sql);
    enum ov_status (*begin_write)(struct ov_sql *sql, int64_t scope, int wait_ms, bool *busy,
                                  struct ov_error *err);
    enum ov_status (*begin_read)(struct ov_sql *sql, struct ov_error *err);
    enum ov_status (*script)(struct ov_sql *sql, const char *text, struct ov_error *err);
    enum ov_status (*add)(struct ov_sql *sql, const struct ov_sql_bulk *bulk,
                          const struct ov_sql_value *values, size_t count, struct ov_error *err);
    int64_t (*changes)(const struct ov_sql *sql);
    enum ov_status (*copy)(struct ov_sql *sql, const char *path, struct ov_error *err);
    /* NULL: there are no other nodes */
    enum ov_status (*notify)(struct ov_sql *sql, struct ov_error *err);
    bool (*listen)(struct ov_sql *sql, int wait_ms, bool *heard);
    enum ov_status (*version)(struct ov_sql *sql, int64_t *version, int64_t *newest,
                              struct ov_error *err);
    enum ov_status (*update)(struct ov_sql *sql, int wait_ms, int64_t *from, int64_t *to,
                             struct ov_error *err);

    /* They set query->statement, and query->status on failure. */
    void (*query_begin)(struct ov_query *query, const char *text, const struct ov_sql_value *values,
                        size_t count, bool many);
    bool (*query_next)(struct ov_query *query);
    void (*query_end)(struct ov_query *query);
    int64_t (*column_int)(const struct ov_query *query, int column);
    struct ov_text (*column_text)(const struct ov_query *query, int column);
    bool (*column_is_null)(const struct ov_query *query, int column);
};

struct ov_fair;
struct ov_sql {
    const struct ov_sql_engine *engine;
    struct ov_fair
        *turn; /* for store.c: what its transaction gives back at its end; NULL: nothing */
};

#endif
