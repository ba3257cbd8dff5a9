/* page/page.c: the page's routes: its assets, sign-in and sign-out, and the web service functions
 * for signed-in users. The page's scripts fetch all data from here. */
#include "page/page.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "book/book_writer.h"
#include "page/draft_download.h"
#include "page/draft_request.h"
#include "page/assets.h"
#include "page/manage.h"
#include "page/draft_routes.h"
#include "server/api/export_file.h"
#include "server/api/functions.h"
#include "server/api/result.h"
#include "server/api/validate.h"
#include "server/auth/session.h"
#include "server/http/route.h"
#include "server/store/row_json.h"

static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/* --- assets --- */

static bool asset(struct ov_request *request)
{
    bool german = ov_text_equal(request->path, OV_TEXT("/")) &&
                  ov_language_of(request->language) == OV_GERMAN;
    const struct ov_asset *found = ov_asset_find(german ? OV_TEXT("/de") : request->path);
    if (!found)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    request->answer.type = found->type;
    request->answer.policy = policy;
    request->answer.gzipped = true;
    ov_buf_put(&request->answer.body, found->bytes, found->size);
    return true;
}

/* The page that needs no server, and is told apart from this one: it keeps to its own policy. */
static bool offline_page(struct ov_request *request)
{
    const char *path = request->service->options.offline_page;
    struct stat about;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        if (fd >= 0)
            close(fd);
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    }
    request->answer.file = fd;
    request->answer.size = (uint64_t)about.st_size;
    request->answer.type = "text/html; charset=utf-8";
    request->answer.policy = "frame-ancestors 'none'";
    return true;
}

/* --- signing in and out --- */

/* The user who is signed in, with capabilities. */
static bool put_me(struct ov_request *request)
{
    struct ov_json json = {.out = &request->answer.body};
    const struct ov_caller *caller = &request->caller;
    const char *site = request->service->options.site_name;
    char csrf[OV_SHA256_HEX];
    if (!ov_session_csrf(request->session, csrf))
        return ov_request_fail_memory(request);
    ov_json_object(&json, NULL);
    ov_json_text(&json, "username", caller->username);
    ov_json_text(&json, "firstname", caller->firstname);
    ov_json_text(&json, "lastname", caller->lastname);
    ov_json_string(&json, "sitename", site ? site : "orgvet");
    ov_json_string(&json, "csrf", csrf);
    ov_json_string(&json, "release", ov_version());
    ov_json_list(&json, "may");
    for (int i = 0; i < OV_CAPABILITIES; i++)
        if (ov_access_can(request, i))
            ov_json_string(&json, NULL, ov_capability_at((size_t)i).name);
    ov_json_end(&json);
    ov_json_bool(&json, "manages", ov_manage_may(request));
    ov_json_end(&json);
    return request->err.status == OV_OK;
}

/* Signs in by username and password, or by a token. The required header prevents login CSRF: other
 * sites cannot send it. */
static bool sign_in(struct ov_request *request)
{
    struct ov_text token = ov_request_param(request, "token");
    if (request->csrf.len == 0)
        return ov_fault(request, OV_FAULT_CSRF, NULL);
    if (request->query)
        return ov_fault(request, OV_FAULT_BAD_REQUEST,
                        "passwords and tokens must be sent in the request body: URLs are logged");
    bool known = token.len ? ov_access_token(request, ov_text_trim(token))
                           : ov_access_password(request, ov_request_param(request, "username"),
                                                ov_request_param(request, "password"));
    return known && ov_session_begin(request, ov_text_trim(token)) &&
           ov_session_find(request, false) && put_me(request);
}

static bool sign_out(struct ov_request *request)
{
    ov_buf_string(&request->answer.body, "{}");
    return ov_session_end(request);
}

/* --- functions --- */

static bool call(struct ov_request *request)
{
    const struct ov_function *function = ov_function_find(ov_request_param(request, "wsfunction"));
    struct ov_value *result = NULL;
    if (!function)
        return ov_fault(request, OV_FAULT_RECORD, "external_functions");
    request->function = ov_text_of(function->name);
    if (!ov_access_has_function(request, request->function))
        return ov_fault(request, OV_FAULT_ACCESS, "The token's service does not include %s",
                        function->name);
    if (!ov_access_need(request, function->capability))
        return false;
    struct ov_value *given = ov_value_new(&request->pool, OV_VALUE_MAP);
    for (struct ov_value *one = request->params.root->first, *next; one; one = next) {
        next = one->next;
        if (!ov_text_equal(one->name, OV_TEXT("wsfunction")))
            ov_value_add(given, one->name, one);
    }
    const struct ov_value *params = ov_validate(request, function->params, given);
    if (!params || request->pool.failed || !function->run(request, params, &result))
        return false;
    struct ov_json json = {.out = &request->answer.body, .style = OV_JSON_PHP};
    ov_result_json(&json, NULL, function->result, result);
    return true;
}

static bool export_file(struct ov_request *request)
{
    int64_t id;
    if (!ov_text_number(ov_request_param(request, "id"), &id))
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    if (!request->caller.downloads)
        return ov_fault(request, OV_FAULT_ACCESS, "The token's service does not allow downloads");
    return ov_access_need(request, OV_CAN_EXPORT) &&
           ov_send_export(request, id, (struct ov_text){0});
}

/* --- a file before its import --- */

static bool draft(struct ov_request *request)
{
    return ov_draft_answer(request, ov_request_param(request, "what"));
}

/* The list of what a statement gives, for a caller who may import. */
static bool put_list(struct ov_request *request, const char *statement,
                     const struct ov_sql_value *values, size_t count,
                     const struct ov_row_field *fields)
{
    struct ov_json json = {.out = &request->answer.body};
    if (!ov_draft_request_may(request))
        return false;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    ov_json_list(&json, NULL);
    enum ov_status status =
        ov_rows_json(sql, statement, values, count, fields, &json, &request->err);
    ov_json_end(&json);
    return status == OV_OK;
}

/* The frameworks of the caller's tenant, as targets of an import. */
static bool frameworks(struct ov_request *request)
{
    static const struct ov_row_field fields[] = {
        {"id", OV_ROW_NUMBER, NULL},    {"kind", OV_ROW_TEXT, NULL},
        {"name", OV_ROW_TEXT, NULL},    {"idnumber", OV_ROW_TEXT, NULL},
        {"items", OV_ROW_NUMBER, NULL}, {0}};
    return put_list(
        request,
        "SELECT id, kind, name, idnumber,"
        " (SELECT count(*) FROM item WHERE item.framework = framework.id" OV_SHARED(
            "AND item.tenant = framework.tenant") ") FROM framework WHERE"
                                                  " tenant = ?1 ORDER BY id DESC LIMIT 1000",
        OV_BIND(OV_SQL_I(request->caller.tenant)), fields);
}

/* The caller's drafts that were edited, the newest first. */
static bool edited_drafts(struct ov_request *request)
{
    static const struct ov_row_field fields[] = {{"item", OV_ROW_NUMBER, NULL},
                                                 {"name", OV_ROW_TEXT, NULL},
                                                 {"steps", OV_ROW_NUMBER, NULL},
                                                 {"time", OV_ROW_NUMBER, NULL},
                                                 {0}};
    return put_list(
        request,
        "SELECT item, name, steps, created FROM draft WHERE account = ?1 AND steps > 0 AND created > ?2" OV_SHARED(
            "AND tenant = ?3") " ORDER BY created DESC, id DESC LIMIT 5",
        OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(time(NULL) - OV_DRAFT_SECONDS),
                OV_SQL_I(request->caller.tenant)),
        fields);
}

/* The sample file of an importer. */
static bool template_file(struct ov_request *request)
{
    const struct ov_importer *importer = ov_importer_find(ov_request_param(request, "importer"));
    if (!importer)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    bool workbook = ov_text_equal(ov_request_param(request, "format"), OV_TEXT("xlsx"));
    const struct ov_sink sink = {ov_buf_take, &request->answer.body};
    request->answer.type = workbook ? OV_XLSX_TYPE : "text/csv; charset=utf-8";
    request->answer.file_name = ov_pool_format(&request->pool, "%s.%s", ov_importer_name(importer),
                                               workbook ? "xlsx" : "csv");
    return ov_importer_write_template(importer, workbook, ov_language_of(request->language), &sink,
                                      &request->err) == OV_OK;
}

/* --- routes --- */

static bool signed_in(struct ov_request *request)
{
    return ov_session_find(request, false);
}

/* Also requires the CSRF header, as for all requests that change something. */
static bool asked_by_page(struct ov_request *request)
{
    return ov_session_find(request, true);
}

#define ASSET(name)                                                                                \
    {                                                                                              \
        .path = (name), .method = OV_READS, .faults = OV_FAULTS_OF_PAGE, .answer = asset           \
    }
#define ROUTE(name, methods, who, function)                                                        \
    {                                                                                              \
        .path = "/page/" name, .method = (methods), .may = (who), .type = "application/json",      \
        .faults = OV_FAULTS_OF_PAGE, .answer = (function)                                          \
    }

static const struct ov_route routes[] = {
    ASSET("/"),
    ASSET("/de"),
    {.path = "/offline.html",
     .method = OV_READS,
     .faults = OV_FAULTS_OF_PAGE,
     .answer = offline_page},
    ROUTE("me", OV_READS, signed_in, put_me),
    ROUTE("sign-in", OV_POST, NULL, sign_in),
    ROUTE("sign-out", OV_POST, asked_by_page, sign_out),
    ROUTE("call", OV_POST, asked_by_page, call),
    ROUTE("export", OV_READS, signed_in, export_file),
    ROUTE("draft", OV_POST, asked_by_page, draft),
    ROUTE("manage", OV_POST, asked_by_page, ov_manage),
    ROUTE("report", OV_READS, signed_in, ov_draft_download),
    ROUTE("frameworks", OV_READS, signed_in, frameworks),
    ROUTE("drafts", OV_READS, signed_in, edited_drafts),
    ROUTE("template", OV_READS, signed_in, template_file),
    {.path = "/page",
     .below = true,
     .method = OV_READS,
     .faults = OV_FAULTS_OF_PAGE,
     .answer = asset},
    {.path = NULL},
};

static void *open_cache(struct ov_error *err)
{
    return ov_draft_cache_new(err);
}

static void close_cache(void *kept)
{
    ov_draft_cache_free(kept);
}

static const struct ov_page page = {open_cache, close_cache, routes};

const struct ov_page *ov_page(void)
{
    return &page;
}
