/* server/store/fair_lock.h: timed waits on the monotonic clock, and a FIFO lock for one or more. */
#ifndef SERVER_STORE_FAIR_LOCK_H
#define SERVER_STORE_FAIR_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of the monotonic clock. */
int64_t ov_now_ms(void);

/* Initialises a condition for ov_wait_until. */
void ov_wait_init(pthread_cond_t *condition);
/* Waits for a signal, as pthread_cond_wait does; false once the time `until` (of ov_now_ms) has
 * passed. */
bool ov_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until);

/* A lock that a number of threads can have at a time, granted in the order of requests. */
struct ov_waiter;
struct ov_fair {
    pthread_mutex_t mutex;          /* protects the members below */
    unsigned free;                  /* how many more can have it; 0 while somebody waits */
    struct ov_waiter *first, *last; /* queue of waiters, longest waiting first */
    unsigned waiting;               /* length of the queue */
};
void ov_fair_init(struct ov_fair *lock, unsigned number);
void ov_fair_deinit(struct ov_fair *lock);
/* Acquires the lock; false if not granted by `until` (of ov_now_ms; 0: waits forever). */
bool ov_fair_take(struct ov_fair *lock, int64_t until);
/* Releases the lock, to the first waiter if there is one. */
void ov_fair_give(struct ov_fair *lock);

#endif
