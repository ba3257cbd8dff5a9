/* server/jobs/queue.h: which job is done next, and by whom (server/README.md). A job is taken by
 * one worker, under a lease that the worker renews (ov_job_hold); once it has run out, others put
 * the job back.
 *
 * Of one tenant, imports of one existing framework run in the order in which they were scheduled,
 * and an export sees what was scheduled before it, and nothing that was scheduled later. Everything
 * else runs side by side. Tenants take turns, and while another one waits, none has more than half
 * of all workers, unless that is one. */
#ifndef SERVER_JOBS_QUEUE_H
#define SERVER_JOBS_QUEUE_H

#include "server/jobs/job.h"

/* Who takes a job. */
struct ov_taker {
    unsigned workers; /* how many this process has */
    bool small;       /* small jobs only: these do not wait for large ones */
    int64_t lease;    /* seconds */
};
/* Takes the next job; its texts belong to the pool. work->id 0: there is none now. */
OV_MUST_USE enum ov_status ov_queue_take(struct ov_store *store, const struct ov_taker *taker,
                                         struct ov_values_pool *pool, struct ov_job *work,
                                         struct ov_error *err);
/* Gives a job back that the caller has not finished; the attempt does not count. */
OV_MUST_USE enum ov_status ov_queue_give_back(struct ov_store *store, const struct ov_job *work,
                                              struct ov_error *err);
/* Ends a job with an error. */
OV_MUST_USE enum ov_status ov_queue_refuse(struct ov_store *store, const struct ov_job *work,
                                           const char *message, struct ov_error *err);

/* Puts jobs back whose lease has run out (all: whatever their lease, as nobody else is at work), or
 * ends them with an error if they were started too often. */
OV_MUST_USE enum ov_status ov_queue_set_right(struct ov_store *store, bool all,
                                              struct ov_error *err);
/* Removes expired drafts, and what nobody needs any more. */
OV_MUST_USE enum ov_status ov_queue_clean(struct ov_store *store, struct ov_error *err);
/* Signs this process on, for a minute, as one with workers; 0: signs it off. */
OV_MUST_USE enum ov_status ov_queue_sign_on(struct ov_store *store, const char *name,
                                            unsigned workers, struct ov_error *err);

#endif
