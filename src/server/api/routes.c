/* server/api/routes.c: which endpoint a path leads to, and what is said when it could not answer.
 */
#include <unistd.h>

#include "base/error.h"
#include "server/http/request.h"

static bool takes(struct ov_text path, const char *endpoint, struct ov_text *rest)
{
    size_t len = strlen(endpoint);
    if (path.len < len || memcmp(path.ptr, endpoint, len) != 0 ||
        (path.len > len && path.ptr[len] != '/'))
        return false;
    *rest = (struct ov_text){path.ptr + len, path.len - len};
    return true;
}

/* The error object of everything but server.php (CONTRACT 2.5, 8). */
static void put_error(struct ov_request *request)
{
    struct ov_buf message = {0}, *out = &request->answer.body;
    struct ov_text rest;
    out->len = 0;
    ov_fault_message(request, &message);
    ov_buf_string(out, "{\"error\":");
    ov_buf_json(out, ov_buf_view(&message), OV_JSON_PHP);
    ov_buf_format(
        out, ",\"errorcode\":\"%s\",\"stacktrace\":null,\"debuginfo\":", ov_fault_code(request));
    if (ov_fault_detail(request).len && takes(request->path, "/page", &rest))
        ov_buf_json(out, ov_fault_detail(request), OV_JSON_PHP); /* what the page tells people */
    else
        ov_buf_string(out, "null");
    ov_buf_string(out, ",\"reproductionlink\":null}");
    out->failed |= message.failed;
    ov_buf_deinit(&message);
    if (!request->answer.type)
        request->answer.type = "application/json";
}

/* How a fault is told there: pluginfile.php and the paths that are none by HTTP's status, the
 * others with 200, unless the request itself is at fault. */
static void set_status(struct ov_request *request, bool by_status)
{
    unsigned status = ov_fault_status(request);
    bool failed = request->fault == OV_FAULT_INTERNAL;
    request->answer.status = by_status || failed || ov_fault_is_of_request(request) ? status : 200;
    if (by_status && status < 400)
        request->answer.status = 400;
}

void ov_route(struct ov_request *request)
{
    struct ov_text path = request->path, rest;
    bool good = false, by_status = true;
    /* clients in browsers, on other sites, need these (CONTRACT 2.1, 2.6); nothing else */
    request->answer.any_origin = takes(path, "/webservice/rest/server.php", &rest) ||
                                 takes(path, "/webservice/upload.php", &rest) ||
                                 takes(path, "/webservice/pluginfile.php", &rest);
    if (takes(path, "/webservice/rest/server.php", &rest)) {
        (void)!ov_endpoint_rest(request);
        return;
    }
    if (takes(path, "/webservice/upload.php", &rest)) {
        by_status = false;
        good = ov_endpoint_upload(request);
    } else if (takes(path, "/login/token.php", &rest)) {
        by_status = false;
        good = ov_endpoint_login(request);
    } else if (takes(path, "/webservice/pluginfile.php", &rest)) {
        good = ov_endpoint_file(request, rest);
    } else if (request->fault != OV_FAULT_NONE) {
        good = false;
    } else if (ov_text_equal(path, OV_TEXT("/webservice/docs")) ||
               ov_text_equal(path, OV_TEXT("/webservice/docs/"))) {
        good = ov_endpoint_docs(request);
    } else if (ov_text_equal(path, OV_TEXT("/healthz"))) {
        good = ov_endpoint_health(request);
    } else if (ov_text_equal(path, OV_TEXT("/metrics"))) {
        good = ov_endpoint_metrics(request);
    } else if (!request->service->options.page ||
               !request->service->options.page->answer(request, &good)) {
        ov_fault(request, OV_FAULT_NO_FILE, NULL);
    }
    ov_request_failed(request);
    if (good && request->fault == OV_FAULT_NONE)
        return;
    request->answer.content = 0;
    request->answer.file_name = (struct ov_text){0};
    if (request->answer.file >= 0)
        close(request->answer.file);
    request->answer.file = -1;
    put_error(request);
    set_status(request, by_status);
}
