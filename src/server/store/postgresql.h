/* server/store/postgresql.h: the store in a database of PostgreSQL, which nodes share. */
#ifndef SERVER_STORE_POSTGRESQL_H
#define SERVER_STORE_POSTGRESQL_H

#include "server/store/sql.h"

/* The engine of connections (postgresql.c). */
struct ov_sql_engine;
extern const struct ov_sql_engine ov_pg_engine;

/* A database, by its address (libpq's connection URIs and environment), and when it is worth trying
 * to connect again after a failure. NULL if out of memory. The caller frees it, after its
 * connections; ov_postgresql_free takes NULL. */
struct ov_postgresql;
struct ov_postgresql *ov_postgresql_new(const char *address);
void ov_postgresql_free(struct ov_postgresql *database);
/* Connects; NULL on failure. The caller closes it. A connection that was lost is made anew by the
 * next transaction or, outside of one, statement. */
OV_MUST_USE struct ov_sql *ov_postgresql_open(struct ov_postgresql *database, struct ov_error *err);

#endif
