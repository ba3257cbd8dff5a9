/* server/store/sqlite.h: the store in a file of SQLite, the default. */
#ifndef SERVER_STORE_SQLITE_H
#define SERVER_STORE_SQLITE_H

#include "server/store/sql.h"

/* Opens the store's file, which is created if missing (unless read_only); NULL on failure. The
 * caller closes it. */
OV_MUST_USE struct ov_sql *ov_sqlite_open(const char *path, bool read_only, struct ov_error *err);

#endif
