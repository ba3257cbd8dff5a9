/* server/store/store.h: all data of the service, in one SQLite file, or in a database of PostgreSQL
 * that nodes share. Many readers; one writer, or one for each tenant (sql.h, scopes). */
#ifndef SERVER_STORE_STORE_H
#define SERVER_STORE_STORE_H

#include "server/server.h"
#include "server/store/sql.h"

/* Call this if another process may write to the same store: it then gets a chance to write after
 * long transactions. (The lock within a process is fair, SQLite's between processes is not.) */
void ov_store_be_polite(struct ov_store *store);

/* Whether other nodes use the store, too. */
bool ov_store_is_shared(const struct ov_store *store);
/* Makes room for work that has connections for long: one more of each kind for each worker. Call it
 * before the first of them works. */
enum { OV_WORKERS_MOST = 64 };
void ov_store_widen(struct ov_store *store, unsigned workers);
/* The folder of the store. Borrowed from it. */
const char *ov_store_folder(const struct ov_store *store);

/* Takes a read connection, waiting until one is free; release it with ov_store_read_end, which
 * takes NULL. NULL on failure. */
OV_MUST_USE struct ov_sql *ov_store_read(struct ov_store *store, struct ov_error *err);
/* The same with a time limit (0: none); NULL with *busy if none became free in time. */
OV_MUST_USE struct ov_sql *ov_store_try_read(struct ov_store *store, int wait_ms, bool *busy,
                                             struct ov_error *err);
void ov_store_read_end(struct ov_store *store, struct ov_sql *sql);

/* The first column of the first row of a statement, as ov_sql_number, on a read connection taken
 * for it. */
OV_MUST_USE enum ov_status ov_store_number(struct ov_store *store, const char *text,
                                           const struct ov_sql_value *values, size_t count,
                                           int64_t *number, bool *found, struct ov_error *err);

/* Starts a write transaction (scope: sql.h), waiting until there is no other of its scope. NULL on
 * failure. End it with one of the functions below; if a commit fails, everything is rolled back. */
OV_MUST_USE struct ov_sql *ov_store_write(struct ov_store *store, int64_t scope,
                                          struct ov_error *err);
/* The same with a time limit; NULL with *busy if others took too long. */
OV_MUST_USE struct ov_sql *ov_store_try_write(struct ov_store *store, int64_t scope, int wait_ms,
                                              bool *busy, struct ov_error *err);
OV_MUST_USE enum ov_status ov_store_commit(struct ov_store *store, struct ov_sql *sql,
                                           struct ov_error *err);
void ov_store_abandon(struct ov_store *store, struct ov_sql *sql);
/* Commits if status is OV_OK, otherwise rolls back. Returns status, or the failure of the commit.
 * Takes NULL, of a transaction that did not start. */
OV_MUST_USE enum ov_status ov_store_write_end(struct ov_store *store, struct ov_sql *sql,
                                              enum ov_status status, struct ov_error *err);

/* A service starts to use the store, which is not just a copy of another one (move.c) any more. */
OV_MUST_USE enum ov_status ov_store_begin_use(struct ov_store *store, struct ov_error *err);

/* A connection for ov_sql_listen, which the caller closes; NULL on failure. */
OV_MUST_USE struct ov_sql *ov_store_listener(struct ov_store *store, struct ov_error *err);

/* An unnamed temporary file in the store's folder, which the caller closes; -1 on failure. */
OV_MUST_USE int ov_store_scratch(const struct ov_store *store, struct ov_error *err);

#endif
