/* server/jobs/worker.h: does what is scheduled, of each tenant in order; small works beside a large
 * one. One worker at a time, of all processes that have the store open: it holds a lock on a file
 * beside the store, and a lock ends with its process. So whoever has it knows that what is "in
 * progress" was broken off, and begins it anew; an import is shown in one transaction with its
 * status, and so never twice. */
#ifndef SERVER_JOBS_WORKER_H
#define SERVER_JOBS_WORKER_H

#include "server/instance.h"

struct ov_worker;

/* Starts the threads of a service; NULL on failure. ov_worker_stop breaks off what they have begun,
 * for the next start. */
OV_MUST_USE struct ov_worker *ov_worker_start(struct ov_service *service, struct ov_error *err);
void ov_worker_stop(struct ov_worker *worker);

#endif
