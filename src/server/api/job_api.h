/* server/api/job_api.h: shared by the functions on imports and exports. */
#ifndef SERVER_API_JOB_API_H
#define SERVER_API_JOB_API_H

#include "server/http/request.h"

/* Progress of an import (or export) in percent, from its state and the worker's progress; kept:
 * what is in the store, where the worker of another service has it. */
int64_t ov_percent(struct ov_service *service, bool import, int64_t id, int64_t state,
                   int64_t kept);
/* Reads the parameters `page` (from 0) and `perpage`; false after a fault. */
bool ov_page_params(struct ov_request *request, const struct ov_value *params, int64_t *page,
                    int64_t *perpage);

#endif
