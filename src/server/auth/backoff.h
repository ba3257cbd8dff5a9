/* server/auth/backoff.h: exponential back-off after wrong passwords, from a second to a quarter of
 * an hour. A key identifies who is delayed: an address, an account, or both. Kept in memory only: a
 * restart clears it. */
#ifndef SERVER_AUTH_BACKOFF_H
#define SERVER_AUTH_BACKOFF_H

#include "orgvet/base.h"

enum { OV_BACKOFF_LONGEST = 15 * 60 /* seconds */ };

/* NULL if out of memory. The caller frees it; ov_backoff_free takes NULL. */
struct ov_backoff *ov_backoff_new(void);
void ov_backoff_free(struct ov_backoff *backoff);

/* Milliseconds, from `now` (ov_now_ms), that the key must wait; 0: no delay. */
int64_t ov_backoff_wait(struct ov_backoff *backoff, struct ov_text key, int64_t now);
/* Records a wrong password for the key. */
void ov_backoff_add(struct ov_backoff *backoff, struct ov_text key, int64_t now);

#endif
