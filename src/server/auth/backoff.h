/* server/auth/backoff.h: exponential back-off after wrong passwords, from a second to a quarter of
 * an hour. A key identifies who is delayed: an address, an account, or both; the store has only its
 * hash. All nodes know it, and it outlives a restart. */
#ifndef SERVER_AUTH_BACKOFF_H
#define SERVER_AUTH_BACKOFF_H

#include "server/store/sql.h"

enum { OV_BACKOFF_LONGEST = 15 * 60 /* seconds */ };

/* *wait: milliseconds that the key must wait; 0: no delay. */
OV_MUST_USE enum ov_status ov_backoff_wait(struct ov_sql *sql, struct ov_text key, int64_t *wait,
                                           struct ov_error *err);
/* Records a wrong password for the key. The caller has a write transaction. */
OV_MUST_USE enum ov_status ov_backoff_add(struct ov_sql *sql, struct ov_text key,
                                          struct ov_error *err);
/* Removes what was forgotten: failures are, half an hour after the end of their delay. The caller
 * has a write transaction. */
OV_MUST_USE enum ov_status ov_backoff_clean(struct ov_sql *sql, struct ov_error *err);

#endif
