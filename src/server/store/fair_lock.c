/* server/store/fair_lock.c: see fair_lock.h. */
#include "server/store/fair_lock.h"

#include <time.h>

/* A waiting thread; on its stack. */
struct ov_waiter {
    pthread_cond_t given;
    bool mine;
    struct ov_waiter *next;
};

int64_t ov_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void ov_wait_init(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

bool ov_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until)
{
    const struct timespec end = {until / 1000, until % 1000 * 1000000L};
    return pthread_cond_timedwait(condition, mutex, &end) == 0;
}

void ov_fair_init(struct ov_fair *lock, unsigned number)
{
    *lock = (struct ov_fair){.free = number};
    pthread_mutex_init(&lock->mutex, NULL);
}

void ov_fair_deinit(struct ov_fair *lock)
{
    pthread_mutex_destroy(&lock->mutex);
}

/* The caller has the mutex, as for the functions below. */
static void leave(struct ov_fair *lock, struct ov_waiter *waiter)
{
    struct ov_waiter *before = NULL;
    for (struct ov_waiter *at = lock->first; at != waiter; at = at->next)
        before = at;
    *(before ? &before->next : &lock->first) = waiter->next;
    if (lock->last == waiter)
        lock->last = before;
    lock->waiting--;
}

static bool wait(struct ov_fair *lock, int64_t until)
{
    struct ov_waiter waiter = {.mine = false};
    bool timely = true;
    ov_wait_init(&waiter.given);
    *(lock->last ? &lock->last->next : &lock->first) = &waiter;
    lock->last = &waiter; /* cppcheck-suppress autoVariables; it leaves before this returns */
    lock->waiting++;
    while (!waiter.mine && timely)
        timely = until ? ov_wait_until(&waiter.given, &lock->mutex, until)
                       : pthread_cond_wait(&waiter.given, &lock->mutex) == 0;
    if (!waiter.mine)
        leave(lock, &waiter);
    pthread_cond_destroy(&waiter.given);
    return waiter.mine;
}

bool ov_fair_take(struct ov_fair *lock, int64_t until)
{
    pthread_mutex_lock(&lock->mutex);
    bool taken = lock->free > 0;
    if (taken)
        lock->free--;
    else
        taken = wait(lock, until);
    pthread_mutex_unlock(&lock->mutex);
    return taken;
}

void ov_fair_give(struct ov_fair *lock)
{
    pthread_mutex_lock(&lock->mutex);
    struct ov_waiter *next = lock->first;
    if (next) { /* handed over directly */
        leave(lock, next);
        next->mine = true;
        pthread_cond_signal(&next->given);
    } else {
        lock->free++;
    }
    pthread_mutex_unlock(&lock->mutex);
}
