/* server/store/postgresql.h: the store in a database of PostgreSQL, which nodes share. */
#ifndef SERVER_STORE_POSTGRESQL_H
#define SERVER_STORE_POSTGRESQL_H

#include "server/store/sql.h"

/* Connects (libpq's connection URIs and environment); NULL on failure. The caller closes it. A
 * connection that was lost is made anew by the next transaction or, outside of one, statement. */
OV_MUST_USE struct ov_sql *ov_postgresql_open(const char *address, struct ov_error *err);

#endif
