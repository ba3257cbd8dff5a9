/* server/store/schema.h: what the store's tables are, by versions. */
#ifndef SERVER_STORE_SCHEMA_H
#define SERVER_STORE_SCHEMA_H

#include "server/store/sql.h"

/* Brings the store to the newest version, inside a transaction of the caller's. OV_E_STATE when it
 * is of a newer orgvet, or no store. *made: it was empty. */
OV_MUST_USE enum ov_status ov_schema_update(struct ov_sql *sql, bool *made, struct ov_error *err);

#endif
