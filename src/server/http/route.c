/* server/http/route.c: see route.h. */
#include "server/http/route.h"

#include <unistd.h>

#include "base/error.h"
#include "base/json.h"

static bool leads_to(const struct ov_route *route, struct ov_text path)
{
    size_t len = strlen(route->path);
    return path.len >= len && memcmp(path.ptr, route->path, len) == 0 &&
           (path.len == len || (route->below && path.ptr[len] == '/'));
}

void ov_route_find(struct ov_request *request)
{
    const struct ov_service *service = request->service;
    const struct ov_route *tables[] = {
        service->routes, service->options.page ? service->options.page->routes : NULL};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct ov_route *route = tables[i]; route && route->path; route++)
            if (leads_to(route, request->path)) {
                size_t len = strlen(route->path);
                request->route = route;
                request->rest = (struct ov_text){request->path.ptr + len, request->path.len - len};
                return;
            }
}

/* The error object (PROTOCOL.md, Errors). */
static void put_error(struct ov_request *request, enum ov_fault_style style)
{
    struct ov_buf message = {0}, *out = &request->answer.body;
    struct ov_json json = {.out = out, .style = OV_JSON_PHP};
    struct ov_text detail = {0};
    if (style == OV_FAULTS_OF_PAGE)
        detail = ov_fault_detail(request);
    ov_fault_message(request, &message);
    ov_json_object(&json, NULL);
    ov_json_text(&json, "error", ov_buf_view(&message));
    ov_json_string(&json, "errorcode", ov_fault_code(request));
    ov_json_null(&json, "stacktrace");
    ov_json_text_or_null(&json, "debuginfo", detail);
    ov_json_null(&json, "reproductionlink");
    ov_json_end(&json);
    out->failed |= message.failed;
    ov_buf_deinit(&message);
    if (!request->answer.type)
        request->answer.type = "application/json";
}

static unsigned status_of(const struct ov_request *request, enum ov_fault_style style)
{
    unsigned status = ov_fault_status(request);
    bool hidden = style == OV_FAULTS_ALL_200 ||
                  (style == OV_FAULTS_WITH_200 && request->fault != OV_FAULT_INTERNAL);
    if (hidden && !ov_fault_is_of_request(request))
        return 200;
    return status < 400 ? 400 : status;
}

static bool run(struct ov_request *request)
{
    const struct ov_route *route = request->route;
    if (request->fault != OV_FAULT_NONE || request->pool.failed)
        return false; /* the parameters may be incomplete */
    if (!route)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    bool posted = ov_text_equal(request->method, OV_TEXT("POST"));
    if (route->method != OV_ANY_METHOD && posted != (route->method == OV_POST))
        return ov_fault(request, OV_FAULT_METHOD, NULL);
    return (!route->may || route->may(request)) && route->answer(request);
}

void ov_route_answer(struct ov_request *request)
{
    const struct ov_route *route = request->route;
    enum ov_fault_style style = route ? route->faults : OV_FAULTS_BY_STATUS;
    if (route) {
        request->answer.any_origin = route->any_origin;
        request->answer.type = route->type;
    }
    bool good = run(request);
    ov_request_conclude(request);
    if (good && request->fault == OV_FAULT_NONE)
        return;
    request->answer.content.id = 0;
    request->answer.file_name = (struct ov_text){0};
    if (request->answer.file >= 0)
        close(request->answer.file);
    request->answer.file = -1;
    request->answer.body.len = 0;
    request->answer.status = status_of(request, style);
    if (route && route->put_fault)
        route->put_fault(request);
    else
        put_error(request, style);
}
