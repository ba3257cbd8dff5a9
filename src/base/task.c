/* base/task.c: see task.h. */
#include "base/task.h"

#include <assert.h>
#include <pthread.h>

static_assert(sizeof(pthread_t) <= sizeof(unsigned long), "a thread fits into struct ov_task");

static void *run(void *ctx)
{
    struct ov_task *task = ctx;
    task->work(task->ctx);
    return NULL;
}

void ov_task_start(struct ov_task *task, void (*work)(void *ctx), void *ctx, bool apart)
{
    pthread_t thread;
    *task = (struct ov_task){.work = work, .ctx = ctx};
    task->running = apart && pthread_create(&thread, NULL, run, task) == 0;
    if (task->running)
        task->thread = (unsigned long)thread;
}

void ov_task_wait(struct ov_task *task)
{
    if (task->running)
        pthread_join((pthread_t)task->thread, NULL);
    else
        task->work(task->ctx);
}
