/* server/auth/session.c: see session.h. */
#include "server/auth/session.h"

#include <stdio.h>
#include <time.h>

#include "base/error.h"

enum { SEEN_STEP = 300 /* seconds; minimum interval between updates of session.seen */ };

/* Derived from the secret, so that the store need not keep it. */
bool ov_session_csrf(struct ov_text secret, char csrf[OV_SHA256_HEX])
{
    struct ov_sha256 *sha = ov_sha256_new();
    if (!sha)
        return false;
    ov_sha256_add(sha, "csrf ", 5);
    ov_sha256_add(sha, secret.ptr, secret.len);
    ov_sha256_hex(sha, csrf);
    ov_sha256_free(sha);
    return true;
}

static void set_cookie(struct ov_request *request, const char *secret, long seconds)
{
    bool secure =
        request->secure || strncmp(request->service->base_url, "https://", 8) == 0; /* by proxy */
    request->answer.cookie =
        ov_pool_format(&request->pool, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%ld%s",
                       OV_SESSION_COOKIE, secret, seconds, secure ? "; Secure" : "");
}

bool ov_session_begin(struct ov_request *request, struct ov_text token)
{
    char secret[OV_TOKEN_LENGTH + 1], hash[OV_SHA256_HEX], of_token[OV_SHA256_HEX] = "";
    if (!ov_token_new(secret) || !ov_token_hash(ov_text_of(secret), hash) ||
        (token.len && !ov_token_hash(token, of_token)))
        return ov_request_fail_memory(request);
    struct ov_sql *sql = ov_request_write_in(request, OV_SCOPE_ROWS);
    if (!sql)
        return false;
    int64_t now = time(NULL);
    enum ov_status status =
        ov_sql_run(sql,
                   "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE seen <= ?1 OR"
                   " created <= ?2" OV_SHARED("FOR UPDATE SKIP LOCKED") ")",
                   OV_BIND(OV_SQL_I(now - OV_SESSION_IDLE), OV_SQL_I(now - OV_SESSION_LONGEST)),
                   &request->err);
    if (status == OV_OK)
        status = ov_sql_run(
            sql,
            "INSERT INTO session (hash, account, token, created, seen) VALUES (?1, ?2, ?3, ?4, ?4)",
            OV_BIND(OV_SQL_T(ov_text_of(hash)), OV_SQL_I(request->caller.account),
                    OV_SQL_T0(ov_text_of(of_token)), OV_SQL_I(now)),
            &request->err);
    if (!ov_request_written(request, status == OV_OK))
        return false;
    request->session = ov_pool_text(&request->pool, ov_text_of(secret));
    set_cookie(request, secret, OV_SESSION_LONGEST);
    return true;
}

static bool find(struct ov_request *request, const char *hash, int64_t *seen,
                 char token[OV_SHA256_HEX])
{
    struct ov_query query;
    struct ov_values_pool *pool = &request->pool;
    int64_t now = time(NULL);
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    ov_query_begin(
        &query, sql,
        "SELECT account.id, account.tenant, account.username, account.firstname,"
        " account.lastname, account.administrator, session.seen, session.token FROM session"
        " JOIN account ON account.id = session.account WHERE session.hash = ?1 AND"
        " session.seen > ?2 AND session.created > ?3 AND account.suspended = 0",
        OV_BIND(OV_SQL_T(ov_text_of(hash)), OV_SQL_I(now - OV_SESSION_IDLE),
                OV_SQL_I(now - OV_SESSION_LONGEST)),
        &request->err);
    bool found = ov_query_next(&query);
    if (found) {
        request->caller =
            (struct ov_caller){.account = ov_query_int(&query, 0),
                               .tenant = ov_query_int(&query, 1),
                               .username = ov_pool_text(pool, ov_query_text(&query, 2)),
                               .firstname = ov_pool_text(pool, ov_query_text(&query, 3)),
                               .lastname = ov_pool_text(pool, ov_query_text(&query, 4)),
                               .administrator = ov_query_int(&query, 5) != 0,
                               .uploads = true,
                               .downloads = true,
                               .by_password = true};
        *seen = ov_query_int(&query, 6);
        snprintf(token, OV_SHA256_HEX, "%.*s", OV_FMT(ov_query_text(&query, 7)));
    }
    if (ov_query_end(&query) != OV_OK)
        return false;
    return found || ov_fault(request, OV_FAULT_SESSION, NULL);
}

/* Writes at most every SEEN_STEP seconds. */
static bool note_seen(struct ov_request *request, const char *hash, int64_t seen)
{
    int64_t now = time(NULL);
    if (now < seen + SEEN_STEP)
        return true;
    struct ov_sql *sql = ov_request_write_in(request, OV_SCOPE_ROWS);
    return sql && ov_request_written(request,
                                     ov_sql_run(sql, "UPDATE session SET seen = ?2 WHERE hash = ?1",
                                                OV_BIND(OV_SQL_T(ov_text_of(hash)), OV_SQL_I(now)),
                                                &request->err) == OV_OK);
}

bool ov_session_find(struct ov_request *request, bool unsafe)
{
    char hash[OV_SHA256_HEX], csrf[OV_SHA256_HEX], token[OV_SHA256_HEX] = "";
    int64_t seen = 0;
    if (request->session.len == 0)
        return ov_fault(request, OV_FAULT_SESSION, NULL);
    if (!ov_token_hash(request->session, hash) || !ov_session_csrf(request->session, csrf))
        return ov_request_fail_memory(request);
    if (!find(request, hash, &seen, token))
        return false;
    enum ov_token_state state = *token ? ov_access_token_hash(request, token) : OV_TOKEN_GOOD;
    if (state != OV_TOKEN_GOOD) {
        request->caller = (struct ov_caller){0};
        return ov_fault(request, OV_FAULT_SESSION, NULL);
    }
    if (unsafe && !ov_text_equal(request->csrf, ov_text_of(csrf)))
        return ov_fault(request, OV_FAULT_CSRF, NULL);
    return note_seen(request, hash, seen);
}

bool ov_session_end(struct ov_request *request)
{
    char hash[OV_SHA256_HEX];
    if (!ov_token_hash(request->session, hash))
        return ov_request_fail_memory(request);
    struct ov_sql *sql = ov_request_write_in(request, OV_SCOPE_ROWS);
    if (!sql || !ov_request_written(request, ov_sql_run(sql, "DELETE FROM session WHERE hash = ?1",
                                                        OV_BIND(OV_SQL_T(ov_text_of(hash))),
                                                        &request->err) == OV_OK))
        return false;
    set_cookie(request, "", 0);
    return true;
}
