/* server/store/fair_lock.h: waiting, by a clock that nobody sets; and a lock that is given to
 * whoever has waited longest. */
#ifndef SERVER_STORE_FAIR_LOCK_H
#define SERVER_STORE_FAIR_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of a clock that never goes back. */
int64_t ov_now_ms(void);

/* A condition that is waited for with ov_wait_until. */
void ov_wait_init(pthread_cond_t *condition);
/* Waits for a signal, as pthread_cond_wait does; false once it is `until` (of ov_now_ms). */
bool ov_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until);

/* A lock. */
struct ov_waiter;
struct ov_fair {
    pthread_mutex_t mutex;
    bool taken;
    struct ov_waiter *first, *last; /* who waits for it, the longest first */
    unsigned waiting;               /* how many */
};
void ov_fair_init(struct ov_fair *lock);
void ov_fair_deinit(struct ov_fair *lock);
/* Takes it; false when it was not given until then (of ov_now_ms; 0: waits for ever). */
bool ov_fair_take(struct ov_fair *lock, int64_t until);
void ov_fair_give(struct ov_fair *lock);

#endif
