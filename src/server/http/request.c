#define _GNU_SOURCE /* POLLRDHUP */
/* server/http/request.c: see request.h. */
#include "server/http/request.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"

static const struct {
    unsigned status;
    const char *exception, *code, *message;
} faults[OV_FAULTS] = {
#define OV_FAULT(name, status, exception, code, message)                                           \
    [OV_FAULT_##name] = {status, exception, code, message},
#include "server/http/faults.def"
#undef OV_FAULT
};

enum { WAIT_MS = 15 * 1000 /* for other readers or writers, such as a large import */ };

void ov_request_init(struct ov_request *request, struct ov_service *service)
{
    *request = (struct ov_request){.service = service};
    request->params = (struct ov_params){&request->pool, NULL, 0};
    request->params.root = ov_value_new(&request->pool, OV_VALUE_MAP);
    request->answer.status = 200;
    request->answer.file = -1;
    request->socket = -1;
}

bool ov_request_is_left(void *request)
{
    struct pollfd connection = {.fd = ((const struct ov_request *)request)->socket,
                                .events = POLLRDHUP};
    return connection.fd >= 0 && poll(&connection, 1, 0) > 0 &&
           (connection.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void ov_request_deinit(struct ov_request *request)
{
    for (struct ov_upload *upload = request->uploads; upload; upload = upload->next)
        if (upload->fd >= 0)
            close(upload->fd);
    ov_quota_release_all(&request->service->quotas, &request->reservation);
    ov_request_read_end(request);
    ov_buf_deinit(&request->answer.body);
    if (request->answer.file >= 0)
        close(request->answer.file);
    ov_pool_deinit(&request->pool);
}

bool ov_request_is_good(const struct ov_request *request)
{
    return request->fault == OV_FAULT_NONE && request->err.status == OV_OK;
}

bool ov_fault(struct ov_request *request, enum ov_fault fault, const char *about, ...)
{
    if (!ov_request_is_good(request))
        return false;
    char line[2048] = "";
    if (about) {
        va_list args;
        va_start(args, about);
        vsnprintf(line, sizeof line, ov_translate(request->err.language, about), args);
        va_end(args);
    }
    request->fault = fault;
    request->fault_about =
        ov_pool_text(&request->pool, ov_utf8_cut(ov_text_of(line), sizeof line - 1));
    return false;
}

bool ov_request_report(struct ov_request *request, enum ov_fault fault, enum ov_status status,
                       const struct ov_error *err)
{
    switch (status) {
    case OV_OK: return true;
    case OV_E_OPTION:
    case OV_E_PATTERN:
    case OV_E_LIMIT:
    case OV_E_STATE: return ov_fault(request, fault, "%s", err->message);
    default: ov_fail(&request->err, status, "%s", err->message); return false;
    }
}

bool ov_request_fail_memory(struct ov_request *request)
{
    ov_fail_memory(&request->err);
    return false;
}

void ov_request_conclude(struct ov_request *request)
{
    if (request->pool.failed)
        ov_fail_memory(&request->err);
    if (request->err.status == OV_OK || request->fault != OV_FAULT_NONE)
        return;
    bool passes = request->err.status == OV_E_IO && !request->wrote &&
                  ov_store_is_shared(request->service->store); /* the database, for a moment */
    request->fault = passes ? OV_FAULT_BUSY : OV_FAULT_INTERNAL;
    if (!passes)
        request->fault_about = ov_pool_text(&request->pool, ov_text_of(request->err.message));
}

void ov_fault_message(const struct ov_request *request, struct ov_buf *out)
{
    const char *message = ov_translate(request->err.language, faults[request->fault].message),
               *place = strstr(message, "%s");
    if (place) {
        ov_buf_put(out, message, (size_t)(place - message));
        ov_buf_text(out, request->fault_about);
        ov_buf_string(out, place + 2);
        return;
    }
    ov_buf_string(out, message);
    if (request->fault_about.len) {
        ov_buf_string(out, " (");
        ov_buf_text(out, request->fault_about);
        ov_buf_char(out, ')');
    }
}

struct ov_text ov_fault_detail(const struct ov_request *request)
{
    if (strstr(faults[request->fault].message, "%s"))
        return (struct ov_text){0};
    return request->fault_about;
}

const char *ov_fault_code(const struct ov_request *request)
{
    return faults[request->fault].code;
}

unsigned ov_fault_status(const struct ov_request *request)
{
    return faults[request->fault].status;
}

bool ov_fault_is_of_request(const struct ov_request *request)
{
    return request->fault == OV_FAULT_BAD_REQUEST || request->fault == OV_FAULT_TOO_LARGE ||
           request->fault == OV_FAULT_BUSY || request->fault == OV_FAULT_WAIT ||
           request->fault == OV_FAULT_METHOD;
}

const char *ov_fault_exception(const struct ov_request *request)
{
    return faults[request->fault].exception;
}

bool ov_request_reserve(struct ov_request *request, enum ov_quota_kind kind, uint64_t amount)
{
    return ov_quota_reserve(&request->service->quotas, &request->reservation, request->address,
                            kind, amount) ||
           ov_fault(request, OV_FAULT_BUSY, NULL);
}

void ov_request_release(struct ov_request *request, enum ov_quota_kind kind)
{
    ov_quota_release(&request->service->quotas, &request->reservation, kind);
}

/* Why there is no connection. Nothing has been done yet: a client may try again, once a database is
 * back. */
static void report_store(struct ov_request *request, bool busy, const struct ov_error *err)
{
    if (busy || (err->status == OV_E_IO && ov_store_is_shared(request->service->store)))
        ov_fault(request, OV_FAULT_BUSY, NULL);
    else
        (void)!ov_fail(&request->err, err->status, "%s", err->message);
}

struct ov_sql *ov_request_read(struct ov_request *request)
{
    bool busy = false;
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    if (request->sql)
        return request->sql;
    request->sql = ov_store_try_read(request->service->store, WAIT_MS, &busy, &err);
    if (!request->sql)
        report_store(request, busy, &err);
    return request->sql;
}

void ov_request_read_end(struct ov_request *request)
{
    ov_store_read_end(request->service->store, request->sql);
    request->sql = NULL;
}

struct ov_sql *ov_request_write(struct ov_request *request)
{
    return ov_request_write_in(request, request->caller.tenant);
}

struct ov_sql *ov_request_write_in(struct ov_request *request, int64_t scope)
{
    ov_request_read_end(request);
    bool busy = false;
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_sql *sql = ov_store_try_write(request->service->store, scope, WAIT_MS, &busy, &err);
    request->writing = sql;
    request->wrote |= sql != NULL;
    if (!sql)
        report_store(request, busy, &err);
    return sql;
}

bool ov_request_written(struct ov_request *request, bool good)
{
    struct ov_sql *sql = request->writing;
    request->writing = NULL;
    if (request->pool.failed)
        (void)!ov_fail_memory(&request->err);
    if (good && request->err.status == OV_OK)
        return ov_store_commit(request->service->store, sql, &request->err) == OV_OK;
    ov_store_abandon(request->service->store, sql);
    return false;
}

struct ov_text ov_request_param(const struct ov_request *request, const char *name)
{
    const struct ov_value *value = ov_value_get(request->params.root, ov_text_of(name));
    return value && value->kind == OV_VALUE_TEXT ? value->text : (struct ov_text){0};
}
