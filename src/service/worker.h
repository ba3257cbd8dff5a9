/* service/worker.h: does what is scheduled, in order. One worker at a time, of all processes that
 * have the store open: it holds a lock on a file beside the store, and a lock ends with its
 * process. So whoever has it knows that what is "in progress" was broken off, and begins it anew;
 * an import is done in one transaction with its status, and so never twice. */
#ifndef SERVICE_WORKER_H
#define SERVICE_WORKER_H

#include "service/service.h"

struct ov_worker;

/* Starts the thread of a service; NULL on failure. ov_worker_stop lets it finish what it has begun.
 */
OV_MUST_USE struct ov_worker *ov_worker_start(struct ov_service *service, struct ov_error *err);
void ov_worker_stop(struct ov_worker *worker);

#endif
