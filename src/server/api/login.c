/* server/api/login.c: login/token.php (PROTOCOL.md, Login). */
#include <time.h>

#include "base/error.h"
#include "base/json.h"
#include "server/auth/access.h"
#include "server/api/routes.h"

enum {
    TOKEN_SECONDS = 12 * 7 * 24 * 3600, /* lifetime of a token issued by a sign-in */
    LOGIN_TOKENS = 20, /* max. such tokens per user and service; the oldest are deleted */
};

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
