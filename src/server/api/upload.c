/* server/api/upload.c: webservice/upload.php (PROTOCOL.md, Upload): stores files in the caller's
 * draft area. */
#include <stdio.h>

#include "base/error.h"
#include "base/json.h"
#include "server/auth/access.h"
#include "server/api/draft.h"
#include "server/api/routes.h"

enum { CONTEXT = 1 /* contextid in answers: there is only one context */ };

/* Whether a folder path is valid: it starts and ends with a slash, and has no `.` or `..`
 * components. */
static bool path_is_sound(struct ov_text path)
{
    if (path.len == 0 || path.len > 255 || *path.ptr != '/' || path.ptr[path.len - 1] != '/')
        return false;
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c < 0x20 || c == 0x7F || c == '\\')
            return false;
        if (c == '/' && i + 1 < path.len &&
            (path.ptr[i + 1] == '/' || (path.ptr[i + 1] == '.' && i + 2 < path.len &&
                                        (path.ptr[i + 2] == '.' || path.ptr[i + 2] == '/'))))
            return false;
    }
    return ov_utf8_valid_prefix(path, NULL) == path.len;
}

/* The draft area in the request, or the number of a new one. */
static bool find_item(struct ov_request *request, int64_t *item)
{
    struct ov_text text = ov_request_param(request, "itemid");
    if (!ov_text_number(text, item) && text.len)
        return ov_fault(request, OV_FAULT_PARAMETER, "itemid is not a number: `%.*s`",
                        OV_QUOTE(text));
    return *item || ov_draft_number(request, item);
}

static void put_file(struct ov_request *request, struct ov_json *json,
                     const struct ov_upload *upload, int64_t item, struct ov_text path)
{
    struct ov_buf source = {0}, author = {0};
    const struct ov_caller *caller = &request->caller;
    char account[24];
    snprintf(account, sizeof account, "%lld", (long long)caller->account);
    ov_buf_text(&author, caller->firstname);
    ov_buf_string(&author, caller->lastname.len ? " " : "");
    ov_buf_text(&author, caller->lastname);
    /* PHP's serialize() of an object with the member `source` */
    ov_buf_format(&source, "O:8:\"stdClass\":1:{s:6:\"source\";s:%zu:\"", upload->name.len);
    ov_buf_text(&source, upload->name);
    ov_buf_string(&source, "\";}");
    ov_json_object(json, NULL);
    ov_json_string(json, "component", "user");
    ov_json_number(json, "contextid", CONTEXT);
    ov_json_string(json, "userid", account);
    ov_json_string(json, "filearea", "draft");
    ov_json_text(json, "filename", upload->name);
    ov_json_text(json, "filepath", path);
    ov_json_signed(json, "itemid", item);
    ov_json_string(json, "license", "allrightsreserved");
    ov_json_text(json, "author", ov_buf_view(&author));
    ov_json_text(json, "source", ov_buf_view(&source));
    ov_json_end(json);
    json->out->failed |= source.failed || author.failed;
    ov_buf_deinit(&source);
    ov_buf_deinit(&author);
}

static void put_refusal(struct ov_json *json, const struct ov_upload *upload, const char *type,
                        const char *error)
{
    ov_json_object(json, NULL);
    ov_json_text(json, "filename", upload->name);
    ov_json_string(json, "errortype", type);
    ov_json_string(json, "error", error);
    ov_json_end(json);
}

static bool keep(struct ov_request *request, struct ov_sql *sql, struct ov_json *json,
                 const struct ov_upload *upload, int64_t item, struct ov_text path)
{
    int64_t one;
    bool taken = false;
    struct ov_error *err = &request->err;
    if (upload->too_large) {
        char text[160];
        snprintf(
            text, sizeof text,
            ov_translate(request->err.language, "The file is larger than the limit of %llu bytes"),
            (unsigned long long)request->service->options.max_upload);
        put_refusal(json, upload, "fileoversized", text);
        return true;
    }
    if (ov_sql_number(sql,
                      "SELECT 1 FROM draft WHERE account = ?1 AND item = ?2 AND path = ?3 AND name"
                      " = ?4" OV_SHARED("AND tenant = ?5"),
                      OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(item), OV_SQL_T(path),
                              OV_SQL_T(upload->name), OV_SQL_I(request->caller.tenant)),
                      &one, &taken, err) != OV_OK)
        return false;
    if (taken) {
        put_refusal(json, upload, "filenameexist",
                    ov_translate(request->err.language,
                                 "A file with this name already exists in the draft area"));
        return true;
    }
    if (ov_draft_insert(request, sql, upload, item, path) != OV_OK)
        return false;
    put_file(request, json, upload, item, path);
    atomic_fetch_add(&request->service->figures.uploads, 1);
    atomic_fetch_add(&request->service->figures.uploaded_bytes, upload->size);
    return true;
}

static bool keep_all(struct ov_request *request, struct ov_sql *sql, int64_t item,
                     struct ov_text path)
{
    uint64_t left, size = 0;
    struct ov_json json = {.out = &request->answer.body, .style = OV_JSON_PHP};
    if (ov_draft_quota_left(request, sql, &left) != OV_OK)
        return false;
    for (const struct ov_upload *upload = request->uploads; upload; upload = upload->next)
        size += upload->size;
    if (size > left)
        return ov_fault(request, OV_FAULT_QUOTA, NULL);
    ov_json_list(&json, NULL);
    for (const struct ov_upload *upload = request->uploads; upload; upload = upload->next)
        if (!keep(request, sql, &json, upload, item, path))
            return false;
    ov_json_end(&json);
    return true;
}

bool ov_endpoint_upload(struct ov_request *request)
{
    struct ov_text path = ov_request_param(request, "filepath");
    int64_t item;
    if (request->uploads)
        request->answer.type = "text/plain; charset=utf-8";
    if (path.len == 0)
        path = OV_TEXT("/");
    if (!path_is_sound(path))
        return ov_fault(request, OV_FAULT_PARAMETER,
                        "filepath must begin and end with a slash, like `/` or `/a/`");
    if (!find_item(request, &item))
        return false;
    if (!request->uploads)
        return ov_fault(request, OV_FAULT_NOTHING_SENT, NULL);
    struct ov_sql *sql = ov_request_write(request);
    return sql && ov_request_written(request, keep_all(request, sql, item, path));
}
