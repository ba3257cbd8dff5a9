/* server/api/endpoints.c: login/token.php (PROTOCOL.md, Login), /healthz and /metrics. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "server/auth/access.h"
#include "server/api/routes.h"
#include "server/store/store.h"

enum {
    TOKEN_SECONDS = 12 * 7 * 24 * 3600, /* lifetime of a token issued by a sign-in */
    LOGIN_TOKENS = 20, /* max. such tokens per user and service; the oldest are deleted */
};

/* --- login/token.php --- */

/* The service for which a token is requested. */
struct login {
    int64_t service;
    bool enabled, allowed;
};

static bool find_service(struct ov_request *request, struct ov_text service, struct login *login)
{
    struct ov_query query;
    struct ov_sql *sql = ov_request_read(request);
    *login = (struct login){0};
    if (!sql)
        return false;
    ov_query_begin(
        &query, sql,
        "SELECT id, enabled, restricted = 1 AND NOT EXISTS (SELECT 1 FROM service_account"
        " WHERE service = service.id AND account = ?2 AND (valid_until IS NULL OR"
        " valid_until > ?3)) FROM service WHERE shortname = ?1",
        OV_BIND(OV_SQL_T(service), OV_SQL_I(request->caller.account), OV_SQL_I(time(NULL))),
        &request->err);
    if (ov_query_next(&query)) {
        login->service = ov_query_int(&query, 0);
        login->enabled = ov_query_int(&query, 1) != 0;
        login->allowed = ov_query_int(&query, 2) == 0;
    }
    return ov_query_end(&query) == OV_OK;
}

static bool make_token(struct ov_request *request, const struct login *login,
                       char token[OV_TOKEN_LENGTH + 1])
{
    char hash[OV_SHA256_HEX];
    if (!ov_token_new(token) || !ov_token_hash((struct ov_text){token, OV_TOKEN_LENGTH}, hash))
        return ov_request_fail_memory(request);
    struct ov_sql *sql = ov_request_write(request);
    if (!sql)
        return false;
    int64_t now = time(NULL);
    enum ov_status status =
        ov_sql_run(sql,
                   "INSERT INTO token (hash, account, service, valid_until, by_login, created)"
                   " VALUES (?1, ?2, ?3, ?4, 1, ?5)",
                   OV_BIND(OV_SQL_T(ov_text_of(hash)), OV_SQL_I(request->caller.account),
                           OV_SQL_I(login->service), OV_SQL_I(now + TOKEN_SECONDS), OV_SQL_I(now)),
                   &request->err);
    if (status == OV_OK)
        status = ov_sql_run(sql,
                            "DELETE FROM token WHERE by_login = 1 AND account = ?1 AND service = ?2"
                            " AND id NOT IN (SELECT id FROM token WHERE by_login = 1 AND account ="
                            " ?1 AND service = ?2 ORDER BY id DESC LIMIT ?3)",
                            OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(login->service),
                                    OV_SQL_I(LOGIN_TOKENS)),
                            &request->err);
    return ov_request_written(request, status == OV_OK);
}

bool ov_endpoint_login(struct ov_request *request)
{
    static const char *const needed[] = {"username", "password", "service"};
    char token[OV_TOKEN_LENGTH + 1];
    struct ov_json json = {.out = &request->answer.body};
    struct login login;
    if (ov_text_equal(ov_request_param(request, "appsitecheck"), OV_TEXT("1"))) {
        ov_json_object(&json, NULL);
        ov_json_string(&json, "appsitecheck", "ok");
        ov_json_end(&json);
        return true;
    }
    for (int i = 0; i < 3; i++)
        if (!ov_value_get(request->params.root, ov_text_of(needed[i])))
            return ov_fault(request, OV_FAULT_MISSING_PARAM, "%s", needed[i]);
    struct ov_text service = ov_request_param(request, "service");
    if (!ov_access_password(request, ov_request_param(request, "username"),
                            ov_request_param(request, "password")) ||
        !find_service(request, service, &login))
        return false;
    if (!login.enabled)
        return ov_fault(request, OV_FAULT_NO_SERVICE, NULL);
    /* tokens of administrators are created by `orgvet admin token add` only */
    bool may = !request->caller.administrator && login.allowed &&
               ov_access_can(request, OV_CAN_CREATE_TOKEN);
    if (!may)
        return ov_fault(request, OV_FAULT_NO_TOKEN, "%.*s", OV_QUOTE(service));
    if (!make_token(request, &login, token))
        return false;
    ov_json_object(&json, NULL);
    ov_json_string(&json, "token", token);
    ov_json_null(&json, "privatetoken");
    ov_json_end(&json);
    return true;
}

/* --- for operators --- */

/* Whether the disk has space for another MiB: the store's own journal soon needs that much. */
static bool has_room(const struct ov_store *store)
{
    enum { NEEDED = 1 << 20 };
    int fd = ov_store_scratch(store, NULL);
    bool room = fd >= 0 && posix_fallocate(fd, 0, NEEDED) == 0;
    if (fd >= 0)
        close(fd);
    return room;
}

static bool put_state(struct ov_request *request, const char *state)
{
    struct ov_json json = {.out = &request->answer.body};
    ov_json_object(&json, NULL);
    ov_json_string(&json, "status", state);
    ov_json_string(&json, "version", ov_version());
    ov_json_end(&json);
    ov_buf_char(&request->answer.body, '\n');
    return true;
}

bool ov_endpoint_health(struct ov_request *request)
{
    return put_state(request, "ok");
}

bool ov_endpoint_ready(struct ov_request *request)
{
    int64_t one;
    bool found = false;
    struct ov_sql *sql = ov_request_read(request);
    bool readable = sql &&
                    ov_sql_number(sql, "SELECT 1 FROM counter WHERE tenant = -1 AND name = 'item'",
                                  NULL, 0, &one, &found, &request->err) == OV_OK &&
                    found;
    bool writable = readable && has_room(request->service->store);
    request->answer.status = writable ? 200 : 503;
    request->err = (struct ov_error){0};
    return put_state(request, writable   ? "ok"
                              : readable ? "the disk is full, or cannot be written to"
                                         : "cannot read the store");
}

static unsigned long long resident(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * 4096;
}

bool ov_endpoint_metrics(struct ov_request *request)
{
    struct ov_figures *figures = &request->service->figures;
    struct ov_buf *out = &request->answer.body;
    int64_t waiting = 0;
    struct ov_sql *sql = ov_request_read(request);
    if (sql && ov_sql_number(sql,
                             "SELECT (SELECT count(*) FROM import WHERE status = 2) +"
                             " (SELECT count(*) FROM export WHERE status = 2)",
                             NULL, 0, &waiting, NULL, &request->err) != OV_OK)
        return false;
    const struct {
        const char *name, *help;
        unsigned long long value;
    } lines[] = {
        {"requests_total", "requests answered", atomic_load(&figures->requests)},
        {"requests_refused_total", "requests answered with an error",
         atomic_load(&figures->refused)},
        {"requests_failed_total", "requests that the service could not do",
         atomic_load(&figures->failed)},
        {"uploads_total", "files uploaded", atomic_load(&figures->uploads)},
        {"uploaded_bytes_total", "bytes of files uploaded", atomic_load(&figures->uploaded_bytes)},
        {"imports_done_total", "imports completed here", atomic_load(&figures->imports_done)},
        {"imports_failed_total", "imports that ended with an error here",
         atomic_load(&figures->imports_failed)},
        {"exports_done_total", "exports completed here", atomic_load(&figures->exports_done)},
        {"exports_failed_total", "exports that ended with an error here",
         atomic_load(&figures->exports_failed)},
        {"scheduled", "imports and exports that wait", (unsigned long long)waiting},
        {"connections", "open connections", atomic_load(&figures->connections)},
        {"connections_overdue_total", "connections closed as overdue",
         atomic_load(&figures->deadlines)},
        {"held_memory_bytes", "bytes of forms being received",
         ov_quotas_reserved(&request->service->quotas, OV_QUOTA_MEMORY)},
        {"held_disk_bytes", "bytes of uploads being received",
         ov_quotas_reserved(&request->service->quotas, OV_QUOTA_DISK)},
        {"resident_memory_bytes", "memory in use", resident()},
        {"start_time_seconds", "when the service began, since 1970",
         (unsigned long long)request->service->started},
    };
    request->answer.type = "text/plain; version=0.0.4; charset=utf-8";
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ov_buf_format(out, "# HELP orgvet_%s %s\n# TYPE orgvet_%s %s\norgvet_%s %llu\n",
                      lines[i].name, lines[i].help, lines[i].name,
                      strstr(lines[i].name, "_total") ? "counter" : "gauge", lines[i].name,
                      lines[i].value);
    return true;
}
