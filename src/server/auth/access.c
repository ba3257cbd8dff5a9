/* server/auth/access.c: see access.h. */
#include "server/auth/session.h"

#include <arpa/inet.h>
#include <crypt.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "base/hash.h"
#include "server/auth/backoff.h"

static const struct ov_capability capabilities[OV_CAPABILITIES] = {
    [OV_CAN_USE_REST] = {"webservice/rest:use", OV_N_("use the REST protocol"), true},
    [OV_CAN_CREATE_TOKEN] = {"moodle/webservice:createtoken", OV_N_("sign in to get a token"),
                             true},
    [OV_CAN_MANAGE_TENANTS] = {"tool/tenant:manage", OV_N_("switch between tenants"), false},
    [OV_CAN_IMPORT] = {"orgvet:import", OV_N_("import files"), true},
    [OV_CAN_EXPORT] = {"orgvet:export", OV_N_("export the organisation"), true},
    [OV_CAN_ROLL_BACK] = {"orgvet:rollback", OV_N_("undo an import"), true},
    [OV_CAN_SEE_ALL] = {"orgvet:viewall",
                        OV_N_("see and undo the imports and exports of others in the tenant"),
                        false},
};

struct ov_capability ov_capability_at(size_t index)
{
    return index < OV_CAPABILITIES ? capabilities[index] : (struct ov_capability){0};
}

/* --- tokens and passwords --- */

bool ov_token_hash(struct ov_text token, char hash[OV_SHA256_HEX])
{
    struct ov_sha256 *sha = ov_sha256_new();
    if (!sha)
        return false;
    ov_sha256_add(sha, token.ptr, token.len);
    ov_sha256_hex(sha, hash);
    ov_sha256_free(sha);
    return true;
}

bool ov_token_new(char token[OV_TOKEN_LENGTH + 1])
{
    unsigned char bytes[OV_TOKEN_LENGTH / 2];
    static const char digits[] = "0123456789abcdef";
    if (!ov_random(bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < sizeof bytes; i++) {
        token[2 * i] = digits[bytes[i] >> 4];
        token[2 * i + 1] = digits[bytes[i] & 15];
    }
    token[OV_TOKEN_LENGTH] = '\0';
    return true;
}

bool ov_password_hash(const char *password, char hash[256])
{
    char random[16], salt[CRYPT_GENSALT_OUTPUT_SIZE];
    struct crypt_data *data = calloc(1, sizeof *data);
    bool good = data && ov_random(random, sizeof random) &&
                crypt_gensalt_rn("$y$", 0, random, sizeof random, salt, sizeof salt);
    if (good) {
        const char *made = crypt_rn(password, salt, data, sizeof *data);
        good = made && strlen(made) < 256;
        if (good)
            memcpy(hash, made, strlen(made) + 1);
    }
    free(data);
    return good;
}

/* Constant-time comparison: depends only on the lengths. */
static bool same_secret(const char *a, const char *b)
{
    size_t len = strlen(a);
    unsigned char differ = strlen(b) != len;
    for (size_t i = 0; i < len && !differ; i++)
        differ |= (unsigned char)(a[i] ^ b[i]);
    return !differ;
}

bool ov_password_fits(const char *password, const char *hash)
{
    struct crypt_data *data = calloc(1, sizeof *data);
    if (!data)
        return false;
    const char *made = crypt_rn(password, hash, data, sizeof *data);
    bool fits = made && same_secret(made, hash);
    free(data);
    return fits;
}

enum { PASSWORD_MAX = 512 /* bytes */, PASSWORD_WAIT_MS = 15 * 1000 };

struct login {
    bool suspended;
    char password[256]; /* the hash; empty: none */
};

static bool find_login(struct ov_request *request, struct ov_text username, struct login *login)
{
    struct ov_query query;
    struct ov_caller *caller = &request->caller;
    struct ov_sql *sql = ov_request_read(request);
    *login = (struct login){0};
    if (!sql)
        return false;
    ov_query_begin(&query, sql,
                   "SELECT id, password, suspended, administrator, tenant FROM account"
                   " WHERE username = ?1",
                   OV_BIND(OV_SQL_T(username)), &request->err);
    if (ov_query_next(&query)) {
        struct ov_text password = ov_query_text(&query, 1);
        *caller = (struct ov_caller){.account = ov_query_int(&query, 0),
                                     .administrator = ov_query_int(&query, 3) != 0,
                                     .tenant = ov_query_int(&query, 4),
                                     .username = username};
        login->suspended = ov_query_int(&query, 2) != 0;
        if (password.len > 0 && password.len < sizeof login->password)
            memcpy(login->password, password.ptr, password.len);
    }
    return ov_query_end(&query) == OV_OK;
}

/* As in token.php: trimmed, in lower case. */
static struct ov_text sound_username(struct ov_request *request, struct ov_text name)
{
    struct ov_text copy = ov_pool_text(&request->pool, ov_text_trim(name));
    char *bytes = (char *)copy.ptr; /* a copy of our own */
    for (size_t i = 0; i < copy.len; i++)
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] + ('a' - 'A'));
    return copy;
}

/* --- passwords --- */

enum { KNOWN_SECONDS = 30 * 24 * 60 * 60, KNOWN_STEP = 24 * 60 * 60, KNOWN_MOST = 50 };

/* An attempt to sign in, and which keys are delayed after a wrong password. */
struct attempt {
    struct ov_text address; /* of IPv6: the /64 */
    int64_t seen;           /* when the user last signed in from there; 0: not recently */
    struct ov_text keys[2];
    int key_count;
};

/* At an address known for the user, wrong passwords delay only this user at this address. Elsewhere
 * they delay the address, and the user at all unknown addresses. */
static bool begin_attempt(struct ov_request *request, struct ov_text username,
                          struct attempt *attempt)
{
    struct ov_values_pool *pool = &request->pool;
    char address[OV_ADDRESS_KEY];
    ov_address_key(request->address, address);
    *attempt = (struct attempt){.address = ov_pool_text(pool, ov_text_of(address))};
    if (request->caller.account &&
        ov_sql_number(ov_request_read(request),
                      "SELECT seen FROM account_address WHERE account = ?1 AND address = ?2 AND"
                      " seen > ?3",
                      OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_T(attempt->address),
                              OV_SQL_I(time(NULL) - KNOWN_SECONDS)),
                      &attempt->seen, NULL, &request->err) != OV_OK)
        return false;
    if (attempt->seen) {
        attempt->keys[attempt->key_count++] =
            ov_pool_format(pool, "both %s %.*s", address, OV_QUOTE(username));
    } else {
        attempt->keys[attempt->key_count++] = ov_pool_format(pool, "address %s", address);
        attempt->keys[attempt->key_count++] = ov_pool_format(pool, "user %.*s", OV_QUOTE(username));
    }
    return !pool->failed || ov_request_fail_memory(request);
}

/* Whether no delay is pending; otherwise the fault WAIT. */
static bool need_not_wait(struct ov_request *request, const struct attempt *attempt)
{
    int64_t wait = 0;
    struct ov_sql *sql = ov_request_read(request);
    for (int i = 0; i < attempt->key_count; i++) {
        int64_t one = 0;
        if (!sql || ov_backoff_wait(sql, attempt->keys[i], &one, &request->err) != OV_OK)
            return false;
        wait = one > wait ? one : wait;
    }
    ov_request_read_end(request); /* not kept while a password is checked */
    if (wait == 0)
        return true;
    request->answer.retry_after = (long)((wait + 999) / 1000);
    return ov_fault(request, OV_FAULT_WAIT, "%ld", request->answer.retry_after);
}

static bool note_wrong(struct ov_request *request, const struct attempt *attempt)
{
    enum ov_status status = OV_OK;
    struct ov_sql *sql = ov_request_write_in(request, OV_SCOPE_ROWS);
    if (!sql)
        return false;
    for (int i = 0; i < attempt->key_count && status == OV_OK; i++)
        status = ov_backoff_add(sql, attempt->keys[i], &request->err);
    return ov_request_written(request, status == OV_OK);
}

/* Remembers that the user signed in from this address; updated only occasionally. */
static bool note_address(struct ov_request *request, const struct attempt *attempt)
{
    int64_t now = time(NULL), account = request->caller.account;
    if (attempt->seen > now - KNOWN_STEP)
        return true;
    struct ov_sql *sql = ov_request_write(request);
    if (!sql)
        return false;
    enum ov_status status = ov_sql_run(
        sql,
        "INSERT INTO account_address (account, address, seen) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (account, address) DO UPDATE SET seen = excluded.seen",
        OV_BIND(OV_SQL_I(account), OV_SQL_T(attempt->address), OV_SQL_I(now)), &request->err);
    if (status == OV_OK)
        status = ov_sql_run(
            sql,
            "DELETE FROM account_address WHERE account = ?1 AND address NOT IN"
            " (SELECT address FROM account_address WHERE account = ?1 AND seen > ?2"
            " ORDER BY seen DESC LIMIT ?3)",
            OV_BIND(OV_SQL_I(account), OV_SQL_I(now - KNOWN_SECONDS), OV_SQL_I(KNOWN_MOST)),
            &request->err);
    return ov_request_written(request, status == OV_OK);
}

/* Whether the password is right, checked when it is its turn; otherwise a fault. password NULL:
 * always wrong. */
static bool try_password(struct ov_request *request, const struct attempt *attempt,
                         const struct login *login, const char *password)
{
    struct ov_service *service = request->service;
    struct ov_fair *lock = &service->passwords[attempt->seen != 0];
    if (!ov_fair_take(lock, ov_now_ms() + PASSWORD_WAIT_MS))
        return ov_fault(request, OV_FAULT_BUSY, NULL);
    bool right = false;
    if (need_not_wait(request, attempt)) { /* others failed meanwhile */
        /* an unknown user, or one without a password, takes as long to refuse as a wrong
         * password */
        right = ov_password_fits(password ? password : "",
                                 *login->password ? login->password : service->no_password) &&
                password && *login->password && !login->suspended;
        if (!right && !note_wrong(request, attempt)) {
            ov_fair_give(lock);
            return false;
        }
    }
    ov_fair_give(lock);
    return right || ov_fault(request, OV_FAULT_LOGIN, NULL);
}

bool ov_access_password(struct ov_request *request, struct ov_text username,
                        struct ov_text password)
{
    struct login login;
    struct attempt attempt;
    username = sound_username(request, username);
    if (!find_login(request, username, &login) || !begin_attempt(request, username, &attempt))
        return false;
    bool sound = password.len <= PASSWORD_MAX &&
                 (password.len == 0 || !memchr(password.ptr, 0, password.len));
    /* guessing cannot use up the quota of known users */
    enum ov_quota_kind kind = attempt.seen ? OV_QUOTA_KNOWN_PASSWORDS : OV_QUOTA_PASSWORDS;
    if (!need_not_wait(request, &attempt) || !ov_request_reserve(request, kind, 1))
        return false;
    bool right = try_password(request, &attempt, &login,
                              sound ? ov_pool_string(&request->pool, password) : NULL);
    ov_request_release(request, kind);
    if (right)
        return note_address(request, &attempt);
    request->caller = (struct ov_caller){0};
    return false;
}

/* --- addresses --- */

/* Parses an address into 16 bytes, IPv4 as ::ffff:a.b.c.d; *family: what it was. */
static bool parse_address(struct ov_text text, unsigned char bytes[16], int *family)
{
    char string[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof string || memchr(text.ptr, 0, text.len))
        return false;
    memcpy(string, text.ptr, text.len);
    string[text.len] = '\0';
    memset(bytes, 0, 16);
    bytes[10] = bytes[11] = 0xFF;
    *family = AF_INET;
    if (inet_pton(AF_INET, string, bytes + 12) == 1)
        return true;
    *family = AF_INET6;
    return inet_pton(AF_INET6, string, bytes) == 1;
}

/* Parses ADDRESS or ADDRESS/BITS. */
static bool parse_range(struct ov_text text, unsigned char bytes[16], unsigned *bits)
{
    const char *slash = memchr(text.ptr, '/', text.len);
    struct ov_text address = {text.ptr, slash ? (size_t)(slash - text.ptr) : text.len};
    int family;
    if (!parse_address(address, bytes, &family))
        return false;
    unsigned most = family == AF_INET ? 32 : 128, given = most;
    if (slash) {
        int64_t number;
        struct ov_text digits = {slash + 1, text.len - address.len - 1};
        if (!ov_text_number(digits, &number) || number > most)
            return false;
        given = (unsigned)number;
    }
    *bits = given + (128 - most);
    return true;
}

/* Whether any range of the list contains the address; *valid: the whole list could be parsed. */
static bool walk_list(struct ov_text list, const unsigned char *address, bool *valid)
{
    bool found = false;
    *valid = list.len > 0;
    while (*valid) {
        const char *comma = memchr(list.ptr, ',', list.len);
        struct ov_text one = {list.ptr, comma ? (size_t)(comma - list.ptr) : list.len};
        unsigned char range[16];
        unsigned bits;
        one = ov_text_trim(one);
        if (one.len == 0 || !parse_range(one, range, &bits)) {
            *valid = false;
            break;
        }
        bool inside = address != NULL;
        for (unsigned i = 0; i < bits && inside; i++)
            inside = ((range[i / 8] ^ address[i / 8]) & (0x80 >> i % 8)) == 0;
        found |= inside;
        if (!comma)
            break;
        list.len -= (size_t)(comma + 1 - list.ptr);
        list.ptr = comma + 1;
    }
    return found && *valid;
}

bool ov_ip_list_has(struct ov_text list, struct ov_text address)
{
    unsigned char bytes[16];
    int family;
    bool valid;
    if (list.len == 0)
        return true;
    return parse_address(address, bytes, &family) && walk_list(list, bytes, &valid);
}

bool ov_ip_list_is_valid(const char *list)
{
    bool valid;
    walk_list(ov_text_of(list), NULL, &valid);
    return valid;
}

/* --- callers --- */

static struct ov_text kept(struct ov_request *request, const struct ov_query *query, int column)
{
    return ov_pool_text(&request->pool, ov_query_text(query, column));
}

static bool is_past(int64_t until)
{
    return until != 0 && until <= (int64_t)time(NULL);
}

/* Why a token may not be used, from the row found by ov_access_token_hash; NULL: it may. For the
 * service's log only: never part of the answer. */
static const char *reason_of(const struct ov_query *query, struct ov_text address)
{
    if (ov_query_int(query, 9))
        return "suspended: the user is";
    if (!ov_query_int(query, 10))
        return "service: it is disabled";
    if (is_past(ov_query_int(query, 11)))
        return "expired: the token is";
    if (!ov_ip_list_has(ov_query_text(query, 12), address))
        return "address: the token is for others";
    if (ov_query_int(query, 13))
        return "service: the user is not authorised for it";
    if (is_past(ov_query_int(query, 14)))
        return "expired: the user's authorisation for the service is";
    if (!ov_ip_list_has(ov_query_text(query, 15), address))
        return "address: the user is authorised for the service from others";
    return NULL;
}

enum ov_token_state ov_access_token_hash(struct ov_request *request, const char *hash)
{
    struct ov_caller *caller = &request->caller;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return OV_TOKEN_FAILURE;
    struct ov_query query;
    ov_query_begin(
        &query, sql,
        "SELECT account.id, service.id, account.tenant, account.username, account.firstname,"
        " account.lastname, account.administrator, service.uploads, service.downloads,"
        " account.suspended, service.enabled, token.valid_until, token.ip,"
        " service.restricted = 1 AND allowed.account IS NULL, allowed.valid_until, allowed.ip,"
        " service.capability, service.shortname"
        " FROM token JOIN account ON account.id = token.account"
        " JOIN service ON service.id = token.service"
        " LEFT JOIN service_account AS allowed"
        " ON allowed.service = token.service AND allowed.account = token.account"
        " WHERE token.hash = ?1",
        OV_BIND(OV_SQL_T(ov_text_of(hash))), &request->err);
    bool found = ov_query_next(&query), good = false;
    struct ov_text needs = {0};
    if (found) {
        *caller = (struct ov_caller){.account = ov_query_int(&query, 0),
                                     .service = ov_query_int(&query, 1),
                                     .tenant = ov_query_int(&query, 2),
                                     .username = kept(request, &query, 3),
                                     .firstname = kept(request, &query, 4),
                                     .lastname = kept(request, &query, 5),
                                     .administrator = ov_query_int(&query, 6) != 0,
                                     .uploads = ov_query_int(&query, 7) != 0,
                                     .downloads = ov_query_int(&query, 8) != 0,
                                     .service_name = kept(request, &query, 17),
                                     .by_token = true};
        request->refused = reason_of(&query, request->address);
        good = !request->refused;
        needs = kept(request, &query, 16);
    }
    if (ov_query_end(&query) != OV_OK)
        return OV_TOKEN_FAILURE;
    if (!found)
        return OV_TOKEN_UNKNOWN;
    for (int i = 0; good && needs.len && i < OV_CAPABILITIES; i++) {
        if (!ov_text_equal(needs, ov_text_of(capabilities[i].name)) || ov_access_can(request, i))
            continue;
        good = false;
        request->refused = "capability: the user lacks the one that the service requires";
    }
    if (request->err.status != OV_OK)
        return OV_TOKEN_FAILURE;
    return good ? OV_TOKEN_GOOD : OV_TOKEN_REFUSED;
}

bool ov_access_token(struct ov_request *request, struct ov_text token)
{
    char hash[OV_SHA256_HEX];
    if (!ov_token_hash(token, hash))
        return ov_request_fail_memory(request);
    switch (ov_access_token_hash(request, hash)) {
    case OV_TOKEN_GOOD: return true;
    case OV_TOKEN_UNKNOWN: return ov_fault(request, OV_FAULT_INVALID_TOKEN, NULL);
    /* no details: a legitimate owner of the token knows, and others need not */
    case OV_TOKEN_REFUSED: return ov_fault(request, OV_FAULT_ACCESS, NULL);
    default: return false;
    }
}

bool ov_access_has_function(struct ov_request *request, struct ov_text function)
{
    int64_t one;
    bool found = false;
    if (request->caller.by_password)
        return true;
    struct ov_sql *sql = ov_request_read(request);
    return sql &&
           ov_sql_number(sql, "SELECT 1 FROM service_function WHERE service = ?1 AND function = ?2",
                         OV_BIND(OV_SQL_I(request->caller.service), OV_SQL_T(function)), &one,
                         &found, &request->err) == OV_OK &&
           found;
}

bool ov_access_can(struct ov_request *request, int capability)
{
    int64_t one;
    bool found = false;
    if (capability < 0 || request->caller.administrator)
        return true;
    struct ov_sql *sql = ov_request_read(request);
    return sql &&
           ov_sql_number(sql,
                         "SELECT 1 FROM account_capability WHERE account = ?1 AND capability = ?2",
                         OV_BIND(OV_SQL_I(request->caller.account),
                                 OV_SQL_T(ov_text_of(capabilities[capability].name))),
                         &one, &found, &request->err) == OV_OK &&
           found;
}

bool ov_access_need(struct ov_request *request, int capability)
{
    return ov_access_can(request, capability) ||
           ov_fault(request, OV_FAULT_PERMISSION, "%s",
                    ov_translate(request->err.language, capabilities[capability].meaning));
}

int64_t ov_access_scope(struct ov_request *request)
{
    if (!ov_access_can(request, OV_CAN_SEE_ALL))
        return 0;
    return ov_access_can(request, OV_CAN_MANAGE_TENANTS) ? -1 : request->caller.tenant;
}

bool ov_access_job_tenant(struct ov_request *request, bool import, int64_t id, int64_t *tenant)
{
    *tenant = request->caller.tenant;
    if (!ov_access_can(request, OV_CAN_MANAGE_TENANTS))
        return request->err.status == OV_OK;
    int64_t found = 0;
    bool there = false;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql || ov_sql_number(sql,
                              import ? "SELECT tenant FROM import WHERE id = ?1"
                                     : "SELECT tenant FROM export WHERE id = ?1",
                              OV_BIND(OV_SQL_I(id)), &found, &there, &request->err) != OV_OK)
        return false;
    if (there)
        *tenant = found;
    return true;
}

static bool by_token(struct ov_request *request)
{
    struct ov_text token = ov_request_param(request, "token");
    if (request->fault != OV_FAULT_NONE)
        return false;
    return token.len ? ov_access_token(request, token)
                     : ov_fault(request, OV_FAULT_MISSING_PARAM, "token");
}

bool ov_access_downloads(struct ov_request *request)
{
    return by_token(request) &&
           (request->caller.downloads ||
            ov_fault(request, OV_FAULT_ACCESS, "The token's service does not allow downloads"));
}

bool ov_access_admits_uploads(struct ov_request *request)
{
    bool known = request->csrf.len > 0 || ov_request_param(request, "token").len > 0;
    return !known || ov_access_uploads(request);
}

bool ov_access_uploads(struct ov_request *request)
{
    bool page = request->csrf.len > 0; /* other sites cannot send that header */
    return (page ? ov_session_find(request, true) : by_token(request)) &&
           (request->caller.uploads ||
            ov_fault(request, OV_FAULT_ACCESS, "The token's service does not allow uploads"));
}

bool ov_access_tenant(struct ov_request *request, struct ov_text tenant, bool notenant, int64_t *id)
{
    *id = request->caller.tenant;
    if (tenant.len && notenant)
        return ov_fault(request, OV_FAULT_PARAMETER, "A tenant and notenant cannot be combined");
    if (!tenant.len && !notenant)
        return true;
    bool may = ov_access_can(request, OV_CAN_MANAGE_TENANTS), found = true;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    if (notenant) {
        *id = 0;
    } else {
        int64_t number; /* an idnumber is never a number (ov_admin_tenant_add) */
        ov_text_number(tenant, &number);
        if (ov_sql_number(sql, "SELECT id FROM tenant WHERE id = ?1 OR idnumber = ?2",
                          OV_BIND(OV_SQL_I0(number), OV_SQL_T(tenant)), id, &found,
                          &request->err) != OV_OK)
            return false;
    }
    if (found && (may || *id == request->caller.tenant))
        return true;
    /* one message for both cases, so that users cannot find out which tenants exist */
    return ov_fault(request, OV_FAULT_PARAMETER, "Tenant not found, or you may not switch to it");
}
