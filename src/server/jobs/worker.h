/* server/jobs/worker.h: runs scheduled jobs, those of each tenant in order, small ones in parallel
 * with a large one. Only one process works at a time: it has a lock on a file beside the store,
 * which is released when the process ends. Its owner therefore knows that a job "in progress" that
 * it does not run itself was aborted, and restarts it; an import becomes visible in the transaction
 * that sets its status, so never twice. */
#ifndef SERVER_JOBS_WORKER_H
#define SERVER_JOBS_WORKER_H

#include "server/instance.h"

struct ov_worker;

/* Starts the worker threads of a service; NULL on failure. ov_worker_stop aborts running jobs,
 * which restart at the next start, and takes NULL. */
OV_MUST_USE struct ov_worker *ov_worker_start(struct ov_service *service, struct ov_error *err);
void ov_worker_stop(struct ov_worker *worker);
/* Wakes the worker after a job was scheduled. A no-op with cron_seconds other than 0. */
void ov_worker_wake(struct ov_service *service);

/* *percent: the progress of a job that this process works on; false: it does not. */
bool ov_worker_percent(struct ov_service *service, bool import, int64_t id, int64_t *percent);

#endif
