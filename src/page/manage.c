/* page/manage.c: see manage.h. The operations of `orgvet admin`, using the same functions. */
#include "page/manage.h"

#include <time.h>

#include "base/error.h"
#include "base/json.h"
#include "server/auth/access.h"
#include "server/store/row_json.h"

enum { WORDS = 64 /* max. functions or capabilities per entry */, DAY = 24 * 3600 };

bool ov_manage_may(struct ov_request *request)
{
    if (!request->caller.administrator)
        return false;
    const char *name;
    for (size_t i = 0; (name = ov_service_function_at(i)); i++)
        if (!ov_access_has_function(request, ov_text_of(name)))
            return false;
    return true;
}

/* --- parameters --- */

/* Parameters are converted to C strings: rejects those with a NUL byte. */
static bool are_whole(struct ov_request *request)
{
    for (const struct ov_value *one = request->params.root->first; one; one = one->next) {
        struct ov_text text = one->kind == OV_VALUE_TEXT ? one->text : (struct ov_text){0};
        if (text.len && memchr(text.ptr, 0, text.len))
            return ov_fault(request, OV_FAULT_PARAMETER, "the value contains a NUL byte");
    }
    return true;
}

/* A parameter as a C string; NULL if empty. */
static const char *given(struct ov_request *request, const char *name)
{
    struct ov_text text = ov_request_param(request, name);
    return text.len ? ov_pool_string(&request->pool, text) : NULL;
}

static const char *needed(struct ov_request *request, const char *name)
{
    const char *text = given(request, name);
    return text ? text : "";
}

static bool is_set(struct ov_request *request, const char *name)
{
    return ov_request_param(request, name).len > 0;
}

/* Splits a list at its spaces; returns the number of words. */
static size_t words(struct ov_request *request, const char *name, const char *list[WORDS])
{
    struct ov_text text = ov_request_param(request, name);
    size_t count = 0;
    while (text.len && count < WORDS) {
        const char *space = memchr(text.ptr, ' ', text.len);
        size_t len = space ? (size_t)(space - text.ptr) : text.len;
        if (len)
            list[count++] = ov_pool_string(&request->pool, (struct ov_text){text.ptr, len});
        text.ptr += len + (space != NULL);
        text.len -= len + (space != NULL);
    }
    return count;
}

/* The time in the given number of days; 0: no expiry. */
static int64_t valid_until(struct ov_request *request)
{
    int64_t days;
    ov_text_number(ov_request_param(request, "days"), &days);
    return days > 0 && days < 100 * 366 ? time(NULL) + days * DAY : 0;
}

/* --- operations --- */

typedef enum ov_status action(struct ov_request *request, struct ov_store *store,
                              char token[OV_TOKEN_LENGTH + 1], struct ov_error *err);

static enum ov_status user_add(struct ov_request *request, struct ov_store *store,
                               char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    const char *capabilities[WORDS];
    struct ov_user_options options = {.username = needed(request, "username"),
                                      .first_name = given(request, "firstname"),
                                      .last_name = given(request, "lastname"),
                                      .password = ov_request_param(request, "password"),
                                      .tenant = given(request, "tenant"),
                                      .administrator = is_set(request, "administrator"),
                                      .capabilities = capabilities,
                                      .capability_count =
                                          words(request, "capabilities", capabilities)};
    (void)token;
    return ov_admin_user_add(store, &options, err);
}

static bool is_caller(const struct ov_request *request)
{
    return ov_text_equal(ov_request_param(request, "username"), request->caller.username);
}

static enum ov_status user_remove(struct ov_request *request, struct ov_store *store,
                                  char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    bool suspended;
    (void)token;
    if (is_caller(request))
        return ov_fail(err, OV_E_OPTION,
                       "you cannot remove your own account; another administrator can");
    return ov_admin_user_remove(store, needed(request, "username"), &suspended, err);
}

/* Sets a new password, or suspends (`suspended` 1) or reactivates (0) a user. */
static enum ov_status user_change(struct ov_request *request, struct ov_store *store,
                                  char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    struct ov_text password = ov_request_param(request, "password"),
                   suspended = ov_request_param(request, "suspended");
    struct ov_user_change change = {.username = needed(request, "username"),
                                    .password = password.len ? &password : NULL};
    (void)token;
    if (ov_text_equal(suspended, OV_TEXT("1")))
        change.suspended = OV_SUSPEND;
    else if (ov_text_equal(suspended, OV_TEXT("0")))
        change.suspended = OV_REACTIVATE;
    if (change.suspended == OV_SUSPEND && is_caller(request))
        return ov_fail(err, OV_E_OPTION,
                       "you cannot suspend your own account; another administrator can");
    if (!change.password && change.suspended == OV_AS_IT_IS)
        return ov_fail(err, OV_E_OPTION, "no change was specified");
    return ov_admin_user_change(store, &change, err);
}

static enum ov_status token_add(struct ov_request *request, struct ov_store *store,
                                char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    struct ov_token_options options = {.username = needed(request, "username"),
                                       .service = given(request, "service"),
                                       .ip = given(request, "ip"),
                                       .valid_until = valid_until(request)};
    bool authorised; /* not needed: the page lists who may use a service */
    return ov_admin_token_add(store, &options, token, &authorised, err);
}

static enum ov_status token_remove(struct ov_request *request, struct ov_store *store,
                                   char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    int64_t id;
    (void)token;
    ov_text_number(ov_request_param(request, "id"), &id);
    return ov_admin_token_remove(store, id, err);
}

static enum ov_status service_add(struct ov_request *request, struct ov_store *store,
                                  char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    const char *functions[WORDS];
    struct ov_service_entry entry = {.name = needed(request, "name"),
                                     .functions = functions,
                                     .function_count = words(request, "functions", functions),
                                     .everybody = is_set(request, "everybody"),
                                     .no_uploads = is_set(request, "no_uploads"),
                                     .no_downloads = is_set(request, "no_downloads")};
    (void)token;
    return ov_admin_service_add(store, &entry, err);
}

static enum ov_status service_remove(struct ov_request *request, struct ov_store *store,
                                     char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    (void)token;
    return ov_admin_service_remove(store, needed(request, "name"), err);
}

static enum ov_status service_allow(struct ov_request *request, struct ov_store *store,
                                    char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    (void)token;
    return ov_admin_service_allow(store, needed(request, "name"), needed(request, "username"),
                                  !is_set(request, "not"), NULL, 0, err);
}

static enum ov_status tenant_add(struct ov_request *request, struct ov_store *store,
                                 char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    int64_t id;
    (void)token;
    return ov_admin_tenant_add(store, needed(request, "name"), given(request, "idnumber"), &id,
                               err);
}

static enum ov_status tenant_remove(struct ov_request *request, struct ov_store *store,
                                    char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    (void)token;
    return ov_admin_tenant_remove(store, needed(request, "tenant"), err);
}

static const struct {
    const char *name;
    action *run;
} actions[] = {
    {"user-add", user_add},
    {"user-remove", user_remove},
    {"user-change", user_change},
    {"token-add", token_add},
    {"token-remove", token_remove},
    {"service-add", service_add},
    {"service-remove", service_remove},
    {"service-allow", service_allow},
    {"tenant-add", tenant_add},
    {"tenant-remove", tenant_remove},
};

/* --- answer --- */

/* Converts lines, JSON objects, to elements of a list. */
static enum ov_status put_line(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    struct ov_json *json = ctx;
    if (len == 1 && *bytes == '\n')
        return OV_OK;
    ov_json_raw(json, NULL, (struct ov_text){bytes, len});
    return json->out->failed ? ov_fail_memory(err) : OV_OK;
}

/* Writes a list of the names that a statement gives. */
static enum ov_status put_names(struct ov_request *request, struct ov_json *json, const char *name,
                                const char *statement)
{
    struct ov_sql *sql = ov_request_read(request);
    struct ov_query query;
    if (!sql)
        return OV_E_IO;
    ov_json_list(json, name);
    ov_query_begin(&query, sql, statement, NULL, 0, &request->err);
    while (ov_query_next(&query))
        ov_json_text(json, NULL, ov_query_text(&query, 0));
    ov_json_end(json);
    return ov_query_end(&query);
}

static enum ov_status put_tenants(struct ov_request *request, struct ov_json *json)
{
    static const struct ov_row_field fields[] = {
        {"id", OV_ROW_NUMBER, NULL}, {"name", OV_ROW_TEXT, NULL}, {0}};
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return OV_E_IO;
    ov_json_list(json, "tenants");
    enum ov_status status = ov_rows_json(sql, "SELECT id, name FROM tenant ORDER BY id LIMIT 10000",
                                         NULL, 0, fields, json, &request->err);
    ov_json_end(json);
    return status;
}

/* Writes the values offered in forms. */
static enum ov_status put_choices(struct ov_request *request, struct ov_json *json)
{
    enum ov_language language = ov_language_of(request->language);
    ov_json_list(json, "functions");
    for (size_t i = 0; ov_service_function_at(i); i++)
        ov_json_string(json, NULL, ov_service_function_at(i));
    ov_json_end(json);
    ov_json_list(json, "capabilities");
    for (size_t i = 0; i < OV_CAPABILITIES; i++) {
        struct ov_capability capability = ov_capability_at(i);
        ov_json_object(json, NULL);
        ov_json_string(json, "name", capability.name);
        ov_json_bool(json, "by_default", capability.by_default);
        ov_json_string(json, "meaning", ov_translate(language, capability.meaning));
        ov_json_end(json);
    }
    ov_json_end(json);
    enum ov_status status =
        put_names(request, json, "users",
                  "SELECT username FROM account WHERE suspended = 0 ORDER BY username LIMIT 10000");
    if (status == OV_OK)
        status = put_names(request, json, "services",
                           "SELECT shortname FROM service ORDER BY id LIMIT 10000");
    return status == OV_OK ? put_tenants(request, json) : status;
}

static bool put_list(struct ov_request *request, enum ov_admin_list kind, const char *token)
{
    struct ov_json json = {.out = &request->answer.body};
    struct ov_sink sink = {put_line, &json};
    ov_json_object(&json, NULL);
    ov_json_list(&json, "entries");
    enum ov_status status = ov_admin_list(request->service->store, kind, &sink, &request->err);
    ov_json_end(&json);
    if (status == OV_OK)
        status = put_choices(request, &json);
    ov_json_string(&json, "token", token);
    ov_json_end(&json);
    return status == OV_OK;
}

/* Performs the requested operation, if any. False after a fault or a failure. */
static bool act(struct ov_request *request, struct ov_text what, char token[OV_TOKEN_LENGTH + 1])
{
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    enum ov_status status = OV_OK;
    size_t i = 0, count = sizeof actions / sizeof *actions;
    if (what.len == 0)
        return true;
    while (i < count && !ov_text_equal(what, ov_text_of(actions[i].name)))
        i++;
    if (i == count)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    status = actions[i].run(request, request->service->store, token, &err);
    return ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
}

bool ov_manage(struct ov_request *request)
{
    static const char *const kinds[] = {[OV_LIST_USERS] = "users",
                                        [OV_LIST_TOKENS] = "tokens",
                                        [OV_LIST_SERVICES] = "services",
                                        [OV_LIST_TENANTS] = "tenants"};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    char token[OV_TOKEN_LENGTH + 1] = "";
    struct ov_text kind = ov_request_param(request, "kind");
    size_t i = 0;
    if (!ov_manage_may(request))
        return ov_fault(request, OV_FAULT_PERMISSION, "administration");
    ov_request_read_end(request);
    while (i < KINDS && !ov_text_equal(kind, ov_text_of(kinds[i])))
        i++;
    if (i == KINDS) /* checked before the operation, whose result would be lost */
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    return are_whole(request) && act(request, ov_request_param(request, "what"), token) &&
           put_list(request, (enum ov_admin_list)i, token);
}
