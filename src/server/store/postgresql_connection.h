/* server/store/postgresql_connection.h: a connection to PostgreSQL, for the files of the engine:
 * postgresql_connection.c (connecting, errors), postgresql_copy.c (many rows), postgresql.c
 * (transactions, statements). */
#ifndef SERVER_STORE_POSTGRESQL_CONNECTION_H
#define SERVER_STORE_POSTGRESQL_CONNECTION_H

#include <libpq-fe.h>

#include "server/store/postgresql.h"
#include "server/store/sql_engine.h"

#define OV_PG_CHANNEL "orgvet" /* of NOTIFY */

struct ov_pg_kept;
struct ov_pg {
    struct ov_sql sql; /* first */
    struct ov_postgresql *database;
    PGconn *db;
    struct ov_pg_kept *kept; /* number i is named "s<i>" */
    size_t count, capacity;
    bool in_transaction;     /* as far as the caller knows: also when the connection is lost */
    bool lock_not_available; /* why the last script failed: others had a lock for too long */
    bool listening;          /* for notifications */
    unsigned cursors;        /* opened so far */
    const struct ov_sql_bulk *bulk; /* of the rows that are held back or were sent; NULL: none */
    bool copying;                   /* some were sent */
    struct ov_buf rows;             /* these, in the binary format of COPY */
    int64_t changes;
};

static inline struct ov_pg *ov_pg_of(const struct ov_sql *sql)
{
    return (struct ov_pg *)sql;
}

/* The failure that a result (NULL: the connection) has; returns its status. */
enum ov_status ov_pg_fail(const struct ov_pg *connection, const PGresult *result,
                          struct ov_error *err);
/* Whether a command succeeded. */
bool ov_pg_is_fine(const PGresult *result);
bool ov_pg_is_lost(const struct ov_pg *connection);
/* Connects again; what was prepared is gone. */
OV_MUST_USE bool ov_pg_revive(struct ov_pg *connection);
/* As ov_sql_listen. */
bool ov_pg_listen(struct ov_sql *sql, int wait_ms, bool *heard);

#endif
