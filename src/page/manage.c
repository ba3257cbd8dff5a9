/* page/manage.c: see manage.h. What `orgvet admin` does, by the same functions. */
#include "page/manage.h"

#include <time.h>

#include "base/error.h"
#include "service/access.h"

enum { WORDS = 64 /* most functions or capabilities of an entry */, DAY = 24 * 3600 };

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

/* A parameter as a string; NULL when it is empty. */
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

/* Splits a list at its spaces; how many words there are. */
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

/* So many days from now; 0: for ever. */
static int64_t valid_until(struct ov_request *request)
{
    int64_t days;
    ov_text_number(ov_request_param(request, "days"), &days);
    return days > 0 && days < 100 * 366 ? time(NULL) + days * DAY : 0;
}

/* --- what can be done --- */

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

static enum ov_status user_remove(struct ov_request *request, struct ov_store *store,
                                  char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    bool suspended;
    struct ov_text name = ov_request_param(request, "username");
    (void)token;
    if (ov_text_equal(name, request->caller.username))
        return ov_fail(err, OV_E_OPTION, "nobody removes themselves: another administrator can");
    return ov_admin_user_remove(store, needed(request, "username"), &suspended, err);
}

static enum ov_status token_add(struct ov_request *request, struct ov_store *store,
                                char token[OV_TOKEN_LENGTH + 1], struct ov_error *err)
{
    struct ov_token_options options = {.username = needed(request, "username"),
                                       .service = given(request, "service"),
                                       .ip = given(request, "ip"),
                                       .valid_until = valid_until(request)};
    return ov_admin_token_add(store, &options, token, err);
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
    return ov_admin_tenant_add(store, needed(request, "name"), given(request, "idnumber"),
                               is_set(request, "shared"), &id, err);
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
    {"user-add", user_add},           {"user-remove", user_remove},
    {"token-add", token_add},         {"token-remove", token_remove},
    {"service-add", service_add},     {"service-remove", service_remove},
    {"service-allow", service_allow}, {"tenant-add", tenant_add},
    {"tenant-remove", tenant_remove},
};

/* --- the answer --- */

struct listing {
    struct ov_buf *out;
    bool any;
};

/* Lines become items. */
static enum ov_status put_line(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    struct listing *listing = ctx;
    if (len == 1 && *bytes == '\n')
        return OV_OK;
    ov_buf_string(listing->out, listing->any ? "," : "");
    ov_buf_put(listing->out, bytes, len);
    listing->any = true;
    return listing->out->failed ? ov_fail_memory(err) : OV_OK;
}

static enum ov_status put_list(struct ov_request *request, enum ov_admin_list kind,
                               const char *token)
{
    struct ov_buf *out = &request->answer.body;
    struct listing listing = {.out = out};
    struct ov_sink sink = {put_line, &listing};
    ov_buf_string(out, "{\"entries\":[");
    enum ov_status status = ov_admin_list(request->service->store, kind, &sink, &request->err);
    ov_buf_string(out, "],\"functions\":[");
    for (size_t i = 0; ov_service_function_at(i); i++)
        ov_buf_format(out, "%s\"%s\"", i ? "," : "", ov_service_function_at(i));
    ov_buf_string(out, "],\"capabilities\":[");
    for (size_t i = 0; i < OV_CAPABILITIES; i++) {
        struct ov_capability capability = ov_capability_at(i);
        ov_buf_format(out, "%s{\"name\":\"%s\",\"by_default\":%s,\"meaning\":", i ? "," : "",
                      capability.name, capability.by_default ? "true" : "false");
        ov_buf_json(out, ov_text_of(capability.meaning), OV_JSON_PLAIN);
        ov_buf_char(out, '}');
    }
    ov_buf_format(out, "],\"token\":\"%s\"}", token);
    return status;
}

bool ov_manage(struct ov_request *request)
{
    static const char *const kinds[] = {[OV_LIST_USERS] = "users",
                                        [OV_LIST_TOKENS] = "tokens",
                                        [OV_LIST_SERVICES] = "services",
                                        [OV_LIST_TENANTS] = "tenants"};
    char token[OV_TOKEN_LENGTH + 1] = "";
    struct ov_text what = ov_request_param(request, "what"),
                   kind = ov_request_param(request, "kind");
    struct ov_error err = {0};
    enum ov_status status = OV_OK;
    if (!ov_manage_may(request))
        return request->err.status == OV_OK &&
               ov_fault(request, OV_FAULT_PERMISSION, "administration");
    ov_request_read_end(request);
    bool done = what.len == 0;
    for (size_t i = 0; i < sizeof actions / sizeof *actions && !done; i++) {
        if (!ov_text_equal(what, ov_text_of(actions[i].name)))
            continue;
        status = actions[i].run(request, request->service->store, token, &err);
        done = true;
    }
    if (status == OV_E_OPTION || status == OV_E_STATE)
        return ov_fault(request, OV_FAULT_PARAMETER, "%s", err.message);
    if (status != OV_OK)
        return ov_fail(&request->err, status, "%s", err.message) == OV_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && done; i++)
        if (ov_text_equal(kind, ov_text_of(kinds[i])))
            return put_list(request, (enum ov_admin_list)i, token) == OV_OK;
    return ov_fault(request, OV_FAULT_NO_FILE, NULL);
}
