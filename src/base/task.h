/* base/task.h: something done by another thread while this one does something else. */
#ifndef BASE_TASK_H
#define BASE_TASK_H

#include <stdbool.h>

struct ov_task {
    void (*work)(void *ctx);
    void *ctx;
    bool running;
    unsigned long thread; /* pthread_t, which is an integer or a pointer on every system we know */
};

/* Begins the work in a thread of its own if `apart`, and if one can be had; else it is done by
 * ov_task_wait. Until then the caller leaves alone what the work changes. */
void ov_task_start(struct ov_task *task, void (*work)(void *ctx), void *ctx, bool apart);
/* Returns when the work is done. */
void ov_task_wait(struct ov_task *task);

#endif
