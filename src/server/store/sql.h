/* server/store/sql.h: one connection to the store, and a narrow interface to its engine: statements
 * and values in, rows out. The engine is SQLite or PostgreSQL (sqlite.c, postgresql.c), and
 * statements are written so that both take them; what is between the marks of a comment that begins
 * with an exclamation mark is for PostgreSQL only (OV_SHARED). Prepared statements are cached by
 * address, so their texts must be literals. A connection is used by one thread at a time.
 * Errors: OV_E_REFUSED for one that would recur, such as a violated constraint; OV_E_MEMORY;
 * otherwise OV_E_IO. */
#ifndef SERVER_STORE_SQL_H
#define SERVER_STORE_SQL_H

#include <stdbool.h>

#include "base/text.h"

struct ov_sql;

/* A value to bind to ?1, ?2 … */
struct ov_sql_value {
    enum ov_sql_kind { OV_SQL_NULL, OV_SQL_INT, OV_SQL_TEXT, OV_SQL_BLOB } kind;
    int64_t number;       /* of an int */
    struct ov_text bytes; /* of a text or blob; borrowed while the statement runs */
};
#define OV_SQL_I(n) ((struct ov_sql_value){.kind = OV_SQL_INT, .number = (int64_t)(n)})
#define OV_SQL_T(t) ((struct ov_sql_value){.kind = OV_SQL_TEXT, .bytes = (t)})
#define OV_SQL_B(t) ((struct ov_sql_value){.kind = OV_SQL_BLOB, .bytes = (t)})
#define OV_SQL_N    ((struct ov_sql_value){.kind = OV_SQL_NULL})
/* Null if the text is empty, or the number 0. */
#define OV_SQL_T0(t) ov_sql_text_or_null(t)
#define OV_SQL_I0(n) ov_sql_number_or_null(n)
struct ov_sql_value ov_sql_text_or_null(struct ov_text text);
struct ov_sql_value ov_sql_number_or_null(int64_t number);
/* The values of a statement, as two arguments: array and count. */
#define OV_BIND(...)                                                                               \
    (const struct ov_sql_value[]){__VA_ARGS__},                                                    \
        sizeof((const struct ov_sql_value[]){__VA_ARGS__}) / sizeof(struct ov_sql_value)

/* A part of a statement for PostgreSQL only, such as the tenant in its keys (store/README.md).
 * Values that no other part mentions come last. */
#define OV_SHARED(part) " /*! " part " */ "

/* Closes a connection (of ov_sqlite_open, ov_postgresql_open); takes NULL. */
void ov_sql_close(struct ov_sql *sql);
/* The scope of a write transaction: what nobody else changes until it ends. A tenant (its id, or 0
 * for what belongs to none), or one of these. SQLite has one writer, whatever the scope. */
enum {
    OV_SCOPE_STORE = -1, /* everything: there is no other writer */
    OV_SCOPE_ROWS = -2,  /* the rows that it changes or locks; those of any tenant */
};
/* Starts a write transaction; waits up to wait_ms for others of the same scope, or another process,
 * to end theirs. *busy: they did not. */
OV_MUST_USE enum ov_status ov_sql_begin_write(struct ov_sql *sql, int64_t scope, int wait_ms,
                                              bool *busy, struct ov_error *err);
/* Ends a transaction: commits if status is OV_OK, otherwise, or if that fails, rolls back. Returns
 * status, or the failure of the commit. */
OV_MUST_USE enum ov_status ov_sql_end(struct ov_sql *sql, enum ov_status status,
                                      struct ov_error *err);
/* Starts a transaction in which all reads see the same state; end it with the script "COMMIT". */
OV_MUST_USE enum ov_status ov_sql_begin_read(struct ov_sql *sql, struct ov_error *err);
/* Upgrades the store's schema to the newest version, in a transaction of its own, for which it
 * waits as ov_sql_begin_write does; from (0: it was empty), to: the versions. OV_E_STATE if the
 * store is from a newer orgvet, or is none. */
OV_MUST_USE enum ov_status ov_sql_update(struct ov_sql *sql, int wait_ms, int64_t *from,
                                         int64_t *to, struct ov_error *err);
/* The version of the store's schema (0: it is empty), and the newest one that this orgvet knows. */
OV_MUST_USE enum ov_status ov_sql_version(struct ov_sql *sql, int64_t *version, int64_t *newest,
                                          struct ov_error *err);
/* Runs statements that return no rows and are not cached. */
OV_MUST_USE enum ov_status ov_sql_script(struct ov_sql *sql, const char *text,
                                         struct ov_error *err);
/* Runs a statement; rows are ignored. */
OV_MUST_USE enum ov_status ov_sql_run(struct ov_sql *sql, const char *text,
                                      const struct ov_sql_value *values, size_t count,
                                      struct ov_error *err);
/* How very many rows are added to a table: a statement of one row, and what PostgreSQL has for
 * many. */
struct ov_sql_bulk {
    const char *insert; /* INSERT INTO table (…) VALUES (?1, …) */
    const char
        *copy; /* COPY table (…) FROM STDIN (FORMAT binary): the same columns, BIGINT or TEXT */
};
/* Adds a row, now or before the next other statement: a failure may be of an earlier row. The
 * caller has a write transaction; bulk is static. */
OV_MUST_USE enum ov_status ov_sql_add(struct ov_sql *sql, const struct ov_sql_bulk *bulk,
                                      const struct ov_sql_value *values, size_t count,
                                      struct ov_error *err);
/* The number of rows changed by the last statement. */
int64_t ov_sql_changes(const struct ov_sql *sql);
/* Notifies other nodes that there is work, once the transaction commits. */
OV_MUST_USE enum ov_status ov_sql_notify(struct ov_sql *sql, struct ov_error *err);
/* Waits for up to wait_ms for a notification (*heard), on a connection for this alone. False if the
 * connection is lost, or if the engine has none. */
bool ov_sql_listen(struct ov_sql *sql, int wait_ms, bool *heard);
/* Copies the whole store to a file while it is in use. */
OV_MUST_USE enum ov_status ov_sql_copy(struct ov_sql *sql, const char *path, struct ov_error *err);

/* The rows of a statement: ov_query_begin, ov_query_next until it returns false, ov_query_end. The
 * latter must always be called, and returns the first failure, if any. */
struct ov_query {
    struct ov_sql *sql;
    void *statement;       /* the engine's; NULL: failed or ended */
    enum ov_status status; /* first failure */
    struct ov_error *err;
};
void ov_query_begin(struct ov_query *query, struct ov_sql *sql, const char *text,
                    const struct ov_sql_value *values, size_t count, struct ov_error *err);
/* The same for very many rows, which are fetched in parts. */
void ov_query_begin_many(struct ov_query *query, struct ov_sql *sql, const char *text,
                         const struct ov_sql_value *values, size_t count, struct ov_error *err);
bool ov_query_next(struct ov_query *query);
OV_MUST_USE enum ov_status ov_query_end(struct ov_query *query);
/* Columns of the current row, from 0. Texts are valid until the next row; null is the empty text,
 * or 0. */
int64_t ov_query_int(const struct ov_query *query, int column);
struct ov_text ov_query_text(const struct ov_query *query, int column);
bool ov_query_is_null(const struct ov_query *query, int column);

/* The first column of the first row (such as that of INSERT … RETURNING id), or 0; *found (may be
 * NULL): there was a row. */
OV_MUST_USE enum ov_status ov_sql_number(struct ov_sql *sql, const char *text,
                                         const struct ov_sql_value *values, size_t count,
                                         int64_t *number, bool *found, struct ov_error *err);

#endif
