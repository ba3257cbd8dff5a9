/* page/draft_request.c: see draft_request.h. */
#include "page/draft_request.h"

#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "draft/edit_steps.h"
#include "orgvet/payload.h"
#include "server/api/draft_steps.h"
#include "server/auth/access.h"
#include "server/jobs/import.h"
#include "server/store/row_json.h"
#include "vet/check_access.h"

static struct ov_draft_cache *cache_of(const struct ov_request *request)
{
    return request->service->page_state;
}

/* --- caller and draft --- */

bool ov_draft_request_may(struct ov_request *request)
{
    if (ov_access_has_function(request, OV_TEXT("tool_wp_perform_import")))
        return ov_access_need(request, OV_CAN_IMPORT);
    return ov_fault(request, OV_FAULT_ACCESS, "The token's service does not allow imports");
}

static struct ov_text param(const void *ctx, const char *name)
{
    return ov_request_param(ctx, name);
}

static bool read_reading(struct ov_draft_request *call)
{
    struct ov_request *request = call->request;
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    enum ov_status status = ov_reading_init(&call->reading, param, request, &err);
    call->reading.options.language = ov_language_of(request->language);
    call->reading.options.file_name = ov_pool_string(&request->pool, call->draft.name);
    return status == OV_OK || ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
}

bool ov_draft_request_draft(struct ov_draft_request *call)
{
    struct ov_request *request = call->request;
    if (!ov_text_number(ov_request_param(request, "item"), &call->item))
        return ov_fault(request, OV_FAULT_MISSING_PARAM, "item");
    if (!ov_draft_request_may(request) || !ov_draft_find(request, call->item, &call->draft))
        return false;
    return ov_access_tenant(request, ov_request_param(request, "tenant"), false, &call->tenant) &&
           read_reading(call);
}

/* --- view; no connection to the store is kept while a file is vetted --- */

/* Adds the identifiers of the target framework to the check. */
static enum ov_status add_existing(void *ctx, struct ov_check *check, struct ov_error *err)
{
    struct ov_draft_request *call = ctx;
    const struct ov_setting *target =
        ov_settings_get(ov_check_settings(check), OV_TEXT("target_framework"));
    if (!target || !ov_text_equal(target->value, OV_TEXT("existing")))
        return OV_OK;
    if (!call->reading.options.importer)
        return ov_fail(err, OV_E_OPTION,
                       "choose the importer before choosing an existing framework");
    struct ov_sql *sql = ov_request_read(call->request);
    enum ov_status status = sql ? ov_csv_import_target(check, sql, call->reading.options.importer,
                                                       call->tenant, &call->framework, err)
                                : OV_E_IO;
    ov_request_read_end(call->request);
    return status;
}

static enum ov_status read_items(struct ov_snapshot *snapshot, const struct ov_draft_request *call,
                                 bool flags, struct ov_error *err)
{
    struct ov_request *request = call->request;
    const struct ov_row_field fields[] = {
        {"idnumber", OV_ROW_TEXT, NULL},
        {"name", OV_ROW_TEXT, NULL},
        {"description", OV_ROW_TEXT, NULL},
        {"descriptionformat", OV_ROW_NUMBER, NULL},
        {"parent", OV_ROW_TEXT, NULL},
        {flags ? "globalmanager" : NULL, OV_ROW_FLAG, NULL}, /* without flags, the list ends here */
        {"departmentmanager", OV_ROW_FLAG, NULL},
        {0},
    };
    struct ov_query query;
    struct ov_buf line = {0};
    struct ov_json json = {.out = &line};
    struct ov_sql *sql = ov_request_read(request);
    enum ov_status status = OV_OK;
    if (!sql)
        return ov_fail(err, OV_E_IO, "cannot read the store");
    ov_query_begin_many(
        &query, sql,
        "SELECT item.idnumber, item.name, item.description, item.descriptionformat,"
        " above.idnumber, item.globalmanager, item.departmentmanager FROM item LEFT JOIN"
        " stored_item AS above ON above.id = item.parent" OV_SHARED(
            "AND above.tenant = item.tenant") " WHERE item.framework = ?1" OV_SHARED("AND item.tenant = ?2") " ORDER BY item.id",
        OV_BIND(OV_SQL_I(call->framework), OV_SQL_I(call->tenant)), err);
    while (status == OV_OK && ov_query_next(&query)) {
        status = ov_row_json(&query, fields, &json, err);
        ov_buf_char(&line, '\n');
        if (status == OV_OK)
            status = ov_snapshot_feed(snapshot, line.ptr, line.len, err);
        line.len = 0;
    }
    ov_buf_deinit(&line);
    enum ov_status ended = ov_query_end(&query);
    ov_request_read_end(request); /* what follows takes time */
    if (status == OV_OK)
        status = ended;
    return status == OV_OK ? ov_snapshot_finish(snapshot, err) : status;
}

/* Reads the target framework, to compare the file with. */
static struct ov_snapshot *read_framework(void *ctx, const struct ov_importer *importer,
                                          struct ov_error *err)
{
    struct ov_draft_request *call = ctx;
    bool flags = ov_importer_field(importer, OV_TEXT("globalmanager")) >= 0;
    struct ov_snapshot *snapshot = call->framework ? ov_snapshot_of_payload(importer, err) : NULL;
    if (!snapshot || read_items(snapshot, call, flags, err) == OV_OK)
        return snapshot;
    ov_snapshot_free(snapshot);
    return NULL;
}

static enum ov_status add_step(void *edits, struct ov_text label, struct ov_text step,
                               struct ov_error *err)
{
    (void)label;
    return ov_edit_step_add(edits, step, err);
}

/* Reads the edits of the draft; NULL without an error: there are none. */
static struct ov_row_edits *read_edits(struct ov_sql *sql, const struct ov_draft *draft,
                                       struct ov_error *err)
{
    struct ov_row_edits *edits = draft->steps ? ov_row_edits_new() : NULL;
    if (draft->steps && !edits)
        ov_fail_memory(err);
    if (!edits || ov_draft_steps_read(sql, draft, false, add_step, edits, err) == OV_OK)
        return edits;
    ov_row_edits_free(edits);
    return NULL;
}

static struct ov_view *make(void *ctx, struct ov_error *err)
{
    struct ov_draft_request *call = ctx;
    struct ov_view_options *options = &call->reading.options;
    struct ov_store *store = call->request->service->store;
    struct ov_sql *sql = ov_request_read(call->request);
    options->edits = sql ? read_edits(sql, &call->draft, err) : NULL;
    if (err->status != OV_OK)
        return NULL;
    options->existing = add_existing;
    options->read_framework = read_framework;
    options->max_findings = OV_FINDINGS_KEPT;
    options->ctx = call;
    options->file = sql ? ov_content_to_file(store, sql, call->draft.content, err) : -1;
    ov_request_read_end(call->request);
    options->rows = options->file < 0 ? -1 : ov_store_scratch(store, err);
    if (options->rows >= 0)
        return ov_view_new(options, err);
    if (options->file >= 0)
        close(options->file);
    ov_row_edits_free(options->edits);
    return NULL;
}

/* Adds the state of the tenant's frameworks to the key, so that a cached view is never outdated. */
static bool put_state(const struct ov_draft_request *call, struct ov_buf *key)
{
    int64_t changes = 0;
    struct ov_sql *sql = ov_request_read(call->request);
    if (!sql || ov_frameworks_changes(sql, call->tenant, &changes, &call->request->err) != OV_OK)
        return false;
    ov_buf_format(key, " %lld", (long long)changes);
    return true;
}

static bool put_key(struct ov_draft_request *call, struct ov_buf *key)
{
    struct ov_request *request = call->request;
    ov_buf_format(key, "%lld %lld %lld %lld %s", (long long)request->caller.account,
                  (long long)call->draft.content.id,
                  call->draft.revision ? (long long)call->draft.id : 0LL,
                  (long long)call->draft.revision, ov_language_tag(call->reading.options.language));
    if (call->reading.options.settings.len && !put_state(call, key))
        return false;
    ov_buf_char(key, '\0');
    ov_buf_text(key, ov_request_param(request, "tenant"));
    ov_reading_key(param, request, key);
    ov_buf_char(key, '\0');
    ov_buf_text(key, call->draft.name);
    return !key->failed || ov_request_fail_memory(request);
}

bool ov_draft_request_take(struct ov_draft_request *call)
{
    struct ov_request *request = call->request;
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_buf key = {0};
    bool busy = false, good = ov_draft_request_draft(call) && put_key(call, &key);
    ov_request_read_end(request); /* not kept while waiting for others */
    if (good)
        call->view = ov_draft_cache_take(cache_of(request), request->caller.account,
                                         ov_buf_view(&key), make, call, &busy, &err);
    ov_buf_deinit(&key);
    if (busy)
        ov_fault(request, OV_FAULT_BUSY, NULL);
    else if (good && !call->view && request->fault == OV_FAULT_NONE)
        ov_request_report(request, OV_FAULT_PARAMETER, err.status == OV_OK ? OV_E_IO : err.status,
                          &err);
    return call->view != NULL;
}

bool ov_draft_request_give(struct ov_draft_request *call, enum ov_status status)
{
    struct ov_request *request = call->request;
    struct ov_buf *body = &request->answer.body;
    struct ov_error err = request->err;
    if (status == OV_OK && body->failed)
        status = ov_fail_memory(&err);
    ov_draft_cache_give(cache_of(request), call->view, status != OV_E_MEMORY && status != OV_E_IO);
    if (status != OV_OK) {
        request->err = (struct ov_error){.language = err.language};
        return ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
    }
    enum { LITTLE = 64 * 1024 }; /* larger answers count against the quota while being sent */
    return request->fault == OV_FAULT_NONE &&
           (body->len < LITTLE || ov_request_reserve(request, OV_QUOTA_MEMORY, body->len));
}
