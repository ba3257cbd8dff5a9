/* server/jobs/heart.h: a thread that renews the leases of the jobs of this process, whatever they
 * are doing: other workers take a job over once its lease has run out (queue.h). */
#ifndef SERVER_JOBS_HEART_H
#define SERVER_JOBS_HEART_H

#include <pthread.h>

#include "server/jobs/job.h"

/* The job of one worker. */
struct ov_beat {
    struct ov_job work;   /* a copy, of which texts are not used; id 0: none */
    atomic_llong held_at; /* when it was last held (ov_now_ms) */
    bool lost;            /* somebody else has it */
};

struct ov_heart {
    struct ov_store *store; /* borrowed */
    pthread_t thread;
    bool started;
    pthread_mutex_t mutex; /* protects the members below */
    pthread_cond_t changed;
    bool ending;
    struct ov_beat beats[OV_WORKERS_MOST];
};

/* Starts the thread; OV_E_MEMORY if that fails. ov_heart_stop in any case. */
OV_MUST_USE enum ov_status ov_heart_start(struct ov_heart *heart, struct ov_store *store,
                                          struct ov_error *err);
void ov_heart_stop(struct ov_heart *heart);

/* The worker has taken a job, whose held_at is set; it has ended it. */
void ov_heart_take(struct ov_heart *heart, unsigned worker, struct ov_job *work);
void ov_heart_leave(struct ov_heart *heart, unsigned worker);
/* Notes its progress (per cent; below 0: unchanged). False if somebody else has the job. */
bool ov_heart_goes_on(struct ov_heart *heart, unsigned worker, int percent);
/* *percent: the progress of a job; false: no worker has it. */
bool ov_heart_percent(struct ov_heart *heart, bool import, int64_t id, int64_t *percent);

#endif
