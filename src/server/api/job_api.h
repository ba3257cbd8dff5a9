/* server/api/job_api.h: what the functions about imports and exports share. */
#ifndef SERVER_API_JOB_API_H
#define SERVER_API_JOB_API_H

#include "server/http/request.h"

/* How far an import or export has come, in percent. */
int64_t ov_percent(struct ov_service *service, bool import, int64_t id, int64_t state);
/* The parameters `page` and `perpage`, or a fault. */
bool ov_page_params(struct ov_request *request, const struct ov_value *params, int64_t *page,
                    int64_t *perpage);

#endif
