/* server/store/store.h: everything that the service keeps, in one file. Many readers, one writer.
 */
#ifndef SERVER_STORE_STORE_H
#define SERVER_STORE_STORE_H

#include "server/server.h"
#include "server/store/sql.h"

/* Another process may write to the same store: it is let in whenever transactions have taken
 * long. (The lock within a process is fair, SQLite's between processes is not.)
 */
void ov_store_be_polite(struct ov_store *store);

const char *ov_store_folder(const struct ov_store *store);

/* A connection for reading; waits until one is free. NULL on failure. To be given back. */
OV_MUST_USE struct ov_sql *ov_store_read(struct ov_store *store, struct ov_error *err);
/* The same for those who cannot wait for ever: *busy when none became free. */
OV_MUST_USE struct ov_sql *ov_store_try_read(struct ov_store *store, int wait_ms, bool *busy,
                                             struct ov_error *err);
void ov_store_read_end(struct ov_store *store, struct ov_sql *sql);

/* Begins a transaction that writes; waits until there is no other. NULL on failure. To be ended,
 * either way; after a failure of commit nothing of it is there. */
OV_MUST_USE struct ov_sql *ov_store_write(struct ov_store *store, struct ov_error *err);
/* The same for those who cannot wait for ever: *busy when another one took too long. */
OV_MUST_USE struct ov_sql *ov_store_try_write(struct ov_store *store, int wait_ms, bool *busy,
                                              struct ov_error *err);
OV_MUST_USE enum ov_status ov_store_commit(struct ov_store *store, struct ov_error *err);
void ov_store_abandon(struct ov_store *store);
/* Commits when status is OV_OK, else abandons; the outcome. */
OV_MUST_USE enum ov_status ov_store_write_end(struct ov_store *store, enum ov_status status,
                                              struct ov_error *err);

/* An unnamed file in the folder, for what is not worth keeping; -1 on failure. */
OV_MUST_USE int ov_store_scratch(const struct ov_store *store, struct ov_error *err);

#endif
