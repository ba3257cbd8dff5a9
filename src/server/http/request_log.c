/* server/http/request_log.c: writes a request's log line and updates the counters. Tokens are never
 * logged, wherever the client put them. */
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "server/http/request.h"
#include "server/instance.h"

static void put_member(struct ov_json *line, const char *name, struct ov_text text)
{
    ov_json_nonempty(line, name, ov_utf8_cut(text, 200));
}

/* Writes text sent by the client, without anything that may be a token: parameters in the path,
 * and long runs of hexadecimal digits. */
static void put_masked(struct ov_json *line, const char *name, struct ov_text text)
{
    enum { SECRET = 16 /* runs of at least this many digits are masked */ };
    struct ov_buf shown = {0};
    for (size_t i = 0; i < text.len && !strchr("?&;=%", text.ptr[i]);) {
        size_t digits = 0;
        while (i + digits < text.len && isxdigit((unsigned char)text.ptr[i + digits]))
            digits++;
        if (digits >= SECRET)
            ov_buf_string(&shown, "...");
        else
            ov_buf_put(&shown, text.ptr + i, digits ? digits : 1);
        i += digits ? digits : 1;
    }
    if (!shown.failed)
        put_member(line, name, ov_buf_view(&shown));
    ov_buf_deinit(&shown);
}

void ov_request_log(struct ov_request *request, unsigned status, uint64_t received, int64_t ms)
{
    const struct ov_service_options *options = &request->service->options;
    struct ov_figures *figures = &request->service->figures;
    struct ov_buf line = {0};
    struct ov_json json = {.out = &line};
    bool failed = request->fault == OV_FAULT_INTERNAL;
    atomic_fetch_add(&figures->requests, 1);
    atomic_fetch_add(&figures->refused, request->fault != OV_FAULT_NONE && !failed);
    atomic_fetch_add(&figures->failed, failed);
    if (!options->log)
        return;
    ov_json_object(&json, NULL);
    ov_json_signed(&json, "time", time(NULL));
    ov_json_string(&json, "event", "request");
    put_member(&json, "address", request->address);
    put_member(&json, "method", request->method);
    put_masked(&json, "path", request->path);
    put_masked(&json, "function", request->function);
    put_member(&json, "user", request->caller.username);
    ov_json_number(&json, "status", status);
    if (request->fault != OV_FAULT_NONE)
        put_member(&json, "errorcode", ov_text_of(ov_fault_code(request)));
    if (request->fault != OV_FAULT_NONE && request->refused)
        put_member(&json, "reason", ov_text_of(request->refused));
    put_member(&json, "error", ov_text_of(request->err.message));
    ov_json_number(&json, "received", received);
    ov_json_number(&json, "sent", request->answer.size);
    ov_json_signed(&json, "ms", ms);
    ov_json_end(&json);
    if (!line.failed)
        options->log(options->log_ctx, line.ptr, line.len);
    ov_buf_deinit(&line);
}
