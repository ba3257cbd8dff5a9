/* server/api/routes.h: the endpoints of the service, but for the page's. */
#ifndef SERVER_API_ROUTES_H
#define SERVER_API_ROUTES_H

#include "server/http/route.h"

extern const struct ov_route ov_api_routes[];

/* rest.c: webservice/rest/server.php */
bool ov_endpoint_rest(struct ov_request *request, struct ov_text rest);
/* upload.c: webservice/upload.php */
bool ov_endpoint_upload(struct ov_request *request, struct ov_text rest);
/* endpoints.c: login/token.php, webservice/pluginfile.php, and what those who run it ask */
bool ov_endpoint_login(struct ov_request *request, struct ov_text rest);
bool ov_endpoint_file(struct ov_request *request, struct ov_text rest);
bool ov_endpoint_health(struct ov_request *request, struct ov_text rest);
bool ov_endpoint_metrics(struct ov_request *request, struct ov_text rest);
/* docs.c: webservice/docs */
bool ov_endpoint_docs(struct ov_request *request, struct ov_text rest);

/* Answers with an export's file, if the caller may see it; name: its name, or empty. */
bool ov_send_export(struct ov_request *request, int64_t id, struct ov_text name);

#endif
