/* server/api/rest.c: webservice/rest/server.php (PROTOCOL.md, REST). Checks the token, then the
 * function, then the parameters; every well-formed request is answered with HTTP status 200. */
#include "base/json.h"
#include "base/xml.h"
#include "server/api/functions.h"
#include "server/api/result.h"
#include "server/api/routes.h"
#include "server/api/validate.h"

/* Parameters reserved by the protocol. */
static bool is_reserved(struct ov_text name)
{
    static const char *const names[] = {
        "wstoken",
        "wsfunction",
        "moodlewsrestformat",
        "moodlewssettingraw",
        "moodlewssettingfileurl",
        "moodlewssettingfilter",
        "moodlewssettinglang",
        "moodlewssettingtimezone",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ov_text_equal(name, ov_text_of(names[i])))
            return true;
    return false;
}

static struct ov_value *function_params(struct ov_request *request)
{
    struct ov_value *map = ov_value_new(&request->pool, OV_VALUE_MAP);
    for (struct ov_value *one = request->params.root->first, *next; one; one = next) {
        next = one->next;
        if (!is_reserved(one->name))
            ov_value_add(map, one->name, one);
    }
    return map;
}

static const struct ov_function *find_function(struct ov_request *request)
{
    struct ov_text name = ov_request_param(request, "wsfunction");
    if (name.len == 0) {
        ov_fault(request, OV_FAULT_PARAMETER, "Missing function name");
        return NULL;
    }
    const struct ov_function *function = ov_function_find(name);
    if (!function) {
        ov_fault(request, OV_FAULT_RECORD, "external_functions");
        return NULL;
    }
    request->function = ov_text_of(function->name);
    return function;
}

/* The reason goes to the service's log only. */
static bool refuse(struct ov_request *request, const char *reason)
{
    ov_fault(request, OV_FAULT_ACCESS, NULL);
    if (request->fault == OV_FAULT_ACCESS)
        request->refused = reason;
    return false;
}

static bool authorise(struct ov_request *request, const struct ov_function *function)
{
    if (!ov_access_has_function(request, request->function))
        return refuse(request, "function: the token's service does not have it");
    if (!ov_access_can(request, OV_CAN_USE_REST))
        return refuse(request, "capability: the user may not use the REST protocol");
    return ov_access_need(request, function->capability);
}

static bool run(struct ov_request *request, const struct ov_function **function,
                struct ov_value **result)
{
    struct ov_text token = ov_request_param(request, "wstoken");
    if (!ov_access_token(request, token))
        return false;
    *function = find_function(request);
    if (!*function || !authorise(request, *function))
        return false;
    struct ov_value *params = ov_validate(request, (*function)->params, function_params(request));
    return params && !request->pool.failed && (*function)->run(request, params, result) &&
           !request->pool.failed;
}

static void put_fault_xml(const struct ov_request *request, struct ov_buf *out)
{
    struct ov_buf message = {0};
    ov_fault_message(request, &message);
    ov_buf_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n");
    ov_buf_format(out, "<EXCEPTION class=\"%s%s\">\n<ERRORCODE>%s</ERRORCODE>\n<MESSAGE>",
                  request->service->options.namespaced_exceptions ? "core\\exception\\" : "",
                  ov_fault_exception(request), ov_fault_code(request));
    ov_buf_xml(out, ov_buf_view(&message), OV_XML_CONTENT);
    ov_buf_string(out, "</MESSAGE>\n</EXCEPTION>\n");
    out->failed |= message.failed;
    ov_buf_deinit(&message);
}

static void put_fault_json(const struct ov_request *request, struct ov_buf *out)
{
    struct ov_buf message = {0}, exception = {0};
    struct ov_json json = {.out = out, .style = OV_JSON_PHP};
    ov_fault_message(request, &message);
    if (request->service->options.namespaced_exceptions)
        ov_buf_string(&exception, "core\\exception\\");
    ov_buf_string(&exception, ov_fault_exception(request));
    ov_json_object(&json, NULL);
    ov_json_text(&json, "exception", ov_buf_view(&exception));
    ov_json_string(&json, "errorcode", ov_fault_code(request));
    ov_json_text(&json, "message", ov_buf_view(&message));
    ov_json_end(&json);
    out->failed |= message.failed || exception.failed;
    ov_buf_deinit(&message);
    ov_buf_deinit(&exception);
}

/* Whether the answer is JSON, not XML. Decided once: running the function moves the parameters. */
static bool is_json(struct ov_request *request)
{
    static const char json[] = "application/json", xml[] = "application/xml; charset=utf-8";
    struct ov_text format = ov_request_param(request, "moodlewsrestformat");
    if (!request->answer.type)
        request->answer.type = ov_text_equal(format, OV_TEXT("json")) ? json : xml;
    return request->answer.type == json;
}

bool ov_endpoint_rest(struct ov_request *request)
{
    const struct ov_function *function = NULL;
    struct ov_value *result = NULL;
    struct ov_buf *out = &request->answer.body;
    bool json = is_json(request);
    if (!run(request, &function, &result))
        return false;
    if (json) {
        struct ov_json writer = {.out = out, .style = OV_JSON_PHP};
        ov_result_json(&writer, NULL, function->result, result);
        return true;
    }
    ov_buf_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<RESPONSE>\n");
    ov_result_xml(out, function->result, result);
    ov_buf_string(out, "</RESPONSE>\n");
    return true;
}

void ov_rest_put_fault(struct ov_request *request)
{
    struct ov_buf *out = &request->answer.body;
    if (is_json(request))
        put_fault_json(request, out);
    else
        put_fault_xml(request, out);
}
