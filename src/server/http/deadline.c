/* server/http/deadline.c: see deadline.h. */
#include "server/http/deadline.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "server/store/fair_lock.h"

enum { SWEEP_MS = 200 /* between two sweeps */ };

struct ov_deadline {
    struct ov_deadline *next, **back;
    int fd;
    int64_t when; /* ms of ov_now_ms; 0: never */
    bool overdue;
};

struct ov_deadlines {
    pthread_t sweeper;
    atomic_ullong *overdue;
    pthread_mutex_t mutex; /* protects the members below */
    pthread_cond_t ending_changed;
    struct ov_deadline *first;
    bool ending;
};

/* The socket is shut down, not closed: its owner closes it. The mutex prevents the descriptor from
 * being closed and reused in the meantime. */
static void *sweep(void *ctx)
{
    struct ov_deadlines *deadlines = ctx;
    pthread_mutex_lock(&deadlines->mutex);
    while (!deadlines->ending) {
        int64_t now = ov_now_ms();
        for (struct ov_deadline *one = deadlines->first; one; one = one->next) {
            if (!one->when || one->when > now || one->overdue)
                continue;
            one->overdue = true;
            shutdown(one->fd, SHUT_RDWR);
            atomic_fetch_add(deadlines->overdue, 1);
        }
        (void)!ov_wait_until(&deadlines->ending_changed, &deadlines->mutex, now + SWEEP_MS);
    }
    pthread_mutex_unlock(&deadlines->mutex);
    return NULL;
}

struct ov_deadlines *ov_deadlines_new(atomic_ullong *overdue)
{
    struct ov_deadlines *deadlines = calloc(1, sizeof *deadlines);
    if (!deadlines)
        return NULL;
    deadlines->overdue = overdue;
    pthread_mutex_init(&deadlines->mutex, NULL);
    ov_wait_init(&deadlines->ending_changed);
    if (pthread_create(&deadlines->sweeper, NULL, sweep, deadlines) == 0)
        return deadlines;
    free(deadlines);
    return NULL;
}

void ov_deadlines_end(struct ov_deadlines *deadlines)
{
    pthread_mutex_lock(&deadlines->mutex);
    deadlines->ending = true;
    pthread_cond_signal(&deadlines->ending_changed);
    pthread_mutex_unlock(&deadlines->mutex);
    pthread_join(deadlines->sweeper, NULL);
}

void ov_deadlines_free(struct ov_deadlines *deadlines)
{
    if (!deadlines)
        return;
    pthread_cond_destroy(&deadlines->ending_changed);
    pthread_mutex_destroy(&deadlines->mutex);
    free(deadlines);
}

struct ov_deadline *ov_deadline_add(struct ov_deadlines *deadlines, int fd)
{
    struct ov_deadline *deadline = calloc(1, sizeof *deadline);
    if (!deadline)
        return NULL;
    deadline->fd = fd;
    pthread_mutex_lock(&deadlines->mutex);
    deadline->next = deadlines->first;
    deadline->back = &deadlines->first;
    if (deadlines->first)
        deadlines->first->back = &deadline->next;
    deadlines->first = deadline;
    pthread_mutex_unlock(&deadlines->mutex);
    return deadline;
}

void ov_deadline_remove(struct ov_deadlines *deadlines, struct ov_deadline *deadline)
{
    if (!deadline)
        return;
    pthread_mutex_lock(&deadlines->mutex);
    *deadline->back = deadline->next;
    if (deadline->next)
        deadline->next->back = deadline->back;
    pthread_mutex_unlock(&deadlines->mutex);
    free(deadline);
}

static void set(struct ov_deadlines *deadlines, struct ov_deadline *deadline, int64_t when)
{
    if (!deadline)
        return;
    pthread_mutex_lock(&deadlines->mutex);
    deadline->when = when;
    pthread_mutex_unlock(&deadlines->mutex);
}

void ov_deadline_in(struct ov_deadlines *deadlines, struct ov_deadline *deadline, int64_t ms)
{
    set(deadlines, deadline, ov_now_ms() + ms);
}

void ov_deadline_never(struct ov_deadlines *deadlines, struct ov_deadline *deadline)
{
    set(deadlines, deadline, 0);
}
