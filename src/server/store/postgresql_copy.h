/* server/store/postgresql_copy.h: many rows, by COPY: they are held back and sent in parts, and the
 * database works on them while more are made. */
#ifndef SERVER_STORE_POSTGRESQL_COPY_H
#define SERVER_STORE_POSTGRESQL_COPY_H

#include "server/store/postgresql_connection.h"

/* As ov_sql_add. */
OV_MUST_USE enum ov_status ov_pg_add(struct ov_sql *sql, const struct ov_sql_bulk *bulk,
                                     const struct ov_sql_value *values, size_t count,
                                     struct ov_error *err);
/* Adds the rows that are held back; call it before any other statement. */
OV_MUST_USE enum ov_status ov_pg_flush(struct ov_pg *connection, struct ov_error *err);
/* Forgets rows, also those that were sent; call it before ROLLBACK. */
void ov_pg_forget(struct ov_pg *connection);

#endif
