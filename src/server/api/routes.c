/* server/api/routes.c: see routes.h. Only the web services allow other origins: browser clients on
 * other sites need nothing else (PROTOCOL.md). */
#include "server/api/routes.h"

#include "server/auth/session.h"

#define JSON "application/json"

const struct ov_route ov_api_routes[] = {
    {.path = "/webservice/rest/server.php",
     .below = true,
     .faults = OV_FAULTS_ALL_200,
     .put_fault = ov_rest_put_fault,
     .any_origin = true,
     .answer = ov_endpoint_rest},
    {.path = "/webservice/upload.php",
     .below = true,
     .may = ov_access_uploads,
     .admits_files = ov_access_admits_uploads,
     .type = JSON,
     .faults = OV_FAULTS_WITH_200,
     .any_origin = true,
     .answer = ov_endpoint_upload},
    {.path = "/login/token.php",
     .below = true,
     .type = JSON,
     .faults = OV_FAULTS_WITH_200,
     .answer = ov_endpoint_login},
    {.path = "/webservice/pluginfile.php",
     .below = true,
     .may = ov_access_downloads,
     .type = JSON,
     .any_origin = true,
     .answer = ov_endpoint_file},
    {.path = "/webservice/docs", .below = true, .answer = ov_endpoint_docs},
    {.path = "/healthz", .type = JSON, .answer = ov_endpoint_health},
    {.path = "/readyz", .type = JSON, .answer = ov_endpoint_ready},
    {.path = "/metrics", .answer = ov_endpoint_metrics},
    {.path = NULL},
};
