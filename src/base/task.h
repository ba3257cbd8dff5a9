/* base/task.h: work done in a second thread while the caller does something else. */
#ifndef BASE_TASK_H
#define BASE_TASK_H

#include <stdbool.h>

struct ov_task {
    void (*work)(void *ctx);
    void *ctx;            /* borrowed; passed to work */
    bool running;         /* in a thread of its own */
    unsigned long thread; /* pthread_t: an integer or a pointer on all supported systems */
};

/* Starts the work in a thread of its own if `apart` and a thread can be created; otherwise
 * ov_task_wait does it. Until then the caller must not touch what the work changes. */
void ov_task_start(struct ov_task *task, void (*work)(void *ctx), void *ctx, bool apart);
/* Returns when the work is done. Call it once. */
void ov_task_wait(struct ov_task *task);

#endif
