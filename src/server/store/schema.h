/* server/store/schema.h: the store's schema, and its upgrades. */
#ifndef SERVER_STORE_SCHEMA_H
#define SERVER_STORE_SCHEMA_H

#include "server/store/sql.h"

/* Upgrades the store to the newest version; the caller has a write transaction. OV_E_STATE if the
 * store is from a newer orgvet, or the file is not a store. from (0: it was empty), to: the
 * versions. */
OV_MUST_USE enum ov_status ov_schema_update(struct ov_sql *sql, int64_t *from, int64_t *to,
                                            struct ov_error *err);
/* The same for a database of PostgreSQL, which has versions of its own (schema_postgresql.c). */
OV_MUST_USE enum ov_status ov_schema_update_postgresql(struct ov_sql *sql, int64_t *from,
                                                       int64_t *to, struct ov_error *err);
/* The version of a store's schema (0: it is empty), and the newest one that this orgvet knows. */
OV_MUST_USE enum ov_status ov_schema_version(struct ov_sql *sql, int64_t *version, int64_t *newest,
                                             struct ov_error *err);
OV_MUST_USE enum ov_status ov_schema_version_postgresql(struct ov_sql *sql, int64_t *version,
                                                        int64_t *newest, struct ov_error *err);
/* The failure that a store is of a newer orgvet. */
enum ov_status ov_schema_is_newer(int64_t version, int64_t newest, struct ov_error *err);

#endif
