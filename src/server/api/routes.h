/* server/api/routes.h: the routes of the service, except the page's. Endpoints fill in the answer;
 * false after a fault or a failure. */
#ifndef SERVER_API_ROUTES_H
#define SERVER_API_ROUTES_H

#include "server/http/route.h"

extern const struct ov_route ov_api_routes[];

/* rest.c: webservice/rest/server.php */
bool ov_endpoint_rest(struct ov_request *request);
void ov_rest_put_fault(struct ov_request *request);
/* upload.c: webservice/upload.php */
bool ov_endpoint_upload(struct ov_request *request);
/* export_file.c: webservice/pluginfile.php */
bool ov_endpoint_file(struct ov_request *request);
/* login.c: login/token.php */
bool ov_endpoint_login(struct ov_request *request);
/* operating.c: /healthz, /readyz, /metrics */
bool ov_endpoint_health(struct ov_request *request);
bool ov_endpoint_ready(struct ov_request *request);
bool ov_endpoint_metrics(struct ov_request *request);
/* docs.c: webservice/docs */
bool ov_endpoint_docs(struct ov_request *request);

#endif
