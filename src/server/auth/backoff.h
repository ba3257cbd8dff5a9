/* server/auth/backoff.h: whoever gives wrong passwords has to wait, each time twice as long, from a
 * second to a quarter of an hour. Who that is, is a key: an address, an account, both. Kept in
 * memory: a restart forgets it. */
#ifndef SERVER_AUTH_BACKOFF_H
#define SERVER_AUTH_BACKOFF_H

#include "orgvet/base.h"

enum { OV_BACKOFF_LONGEST = 15 * 60 /* seconds */ };

/* NULL without memory; ov_backoff_free takes NULL. */
struct ov_backoff *ov_backoff_new(void);
void ov_backoff_free(struct ov_backoff *backoff);

/* How long the key has to wait, in milliseconds, from `now` (ov_now_ms); 0: it need not. */
int64_t ov_backoff_wait(struct ov_backoff *backoff, struct ov_text key, int64_t now);
/* The key was wrong once more. */
void ov_backoff_add(struct ov_backoff *backoff, struct ov_text key, int64_t now);

#endif
