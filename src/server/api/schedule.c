/* server/api/schedule.c: tool_wp_perform_import and tool_wp_perform_export: validates the settings
 * of a job and schedules it (PROTOCOL.md, Import and Export). */
#include <stdlib.h>
#include <time.h>

#include "csv/foreign.h"
#include "base/error.h"
#include "base/json.h"
#include "server/api/draft.h"
#include "server/api/functions.h"
#include "server/jobs/job.h"
#include "server/jobs/worker.h"
#include "vet/check_access.h"
#include "vet/dry_run.h"

/* The file to import. */
struct source {
    struct ov_content content;
    struct ov_text filename;
    bool zip;
    int64_t target; /* the existing framework it is added to; 0: a new one */
};

/* The exporters of Moodle Workplace, in its order. Only one of them is implemented. */
static const char *const exporters[] = {
    "tool_certification\\tool_wp\\exporter\\certifications",
    "tool_dynamicrule\\tool_wp\\exporter\\rules",
    "tool_organisation\\tool_wp\\exporter\\jobs",
    "tool_organisation\\tool_wp\\exporter\\orgstructure",
    "tool_program\\tool_wp\\exporter\\programs",
    "tool_reportbuilder\\tool_wp\\exporter\\customreports",
    "tool_tenant\\tool_wp\\exporter\\tenants",
    "tool_wp\\tool_wp\\exporter\\certificates",
    "tool_wp\\tool_wp\\exporter\\cohorts",
    "tool_wp\\tool_wp\\exporter\\coursecategories",
    "tool_wp\\tool_wp\\exporter\\courses",
    "tool_wp\\tool_wp\\exporter\\site",
    "tool_wp\\tool_wp\\exporter\\users",
};
enum { EXPORTERS = sizeof exporters / sizeof *exporters };

static bool detail(struct ov_request *request, const struct ov_buf *text)
{
    return ov_fault(request, OV_FAULT_PARAMETER, "%.*s", OV_FMT(ov_buf_view(text)));
}

/* The settings in the request as a JSON object, from either shape. */
static struct ov_text settings_json(struct ov_request *request, const struct ov_value *params)
{
    const struct ov_value *given = ov_value_get(params, OV_TEXT("settings"));
    if (!given)
        return (struct ov_text){0};
    request->answer.settings_shape = given->kind == OV_VALUE_MAP ? "list" : "object";
    if (given->kind == OV_VALUE_TEXT)
        return given->text;
    struct ov_buf out = {0};
    struct ov_json writer = {.out = &out};
    ov_json_object(&writer, NULL);
    for (const struct ov_value *one = given->first; one; one = one->next)
        ov_buf_json(ov_json_begin_value(&writer, one->name), one->text, OV_JSON_PLAIN);
    ov_json_end(&writer);
    request->pool.failed |= out.failed;
    struct ov_text json = ov_pool_text(&request->pool, ov_buf_view(&out));
    ov_buf_deinit(&out);
    return json;
}

static struct ov_value *scheduled(struct ov_request *request, int64_t id, struct ov_text settings)
{
    struct ov_value *map = ov_value_new(&request->pool, OV_VALUE_MAP);
    ov_value_put_int(&request->pool, map, "id", id);
    ov_value_put_text(&request->pool, map, "settings", settings);
    return map;
}

/* --- source of the file --- */

static bool source_of_export(struct ov_request *request, int64_t id, struct source *source)
{
    int64_t scope = ov_access_scope(request), tenant;
    if (!ov_access_job_tenant(request, false, id, &tenant))
        return false;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    struct ov_query query;
    ov_query_begin(&query, sql,
                   "SELECT content, filename FROM export WHERE id = ?1 AND tenant = ?5"
                   " AND " OV_IN_SCOPE " AND status = ?4",
                   OV_BIND(OV_SQL_I(id), OV_SQL_I(request->caller.account), OV_SQL_I(scope),
                           OV_SQL_I(OV_STATE_DONE), OV_SQL_I(tenant)),
                   &request->err);
    bool found = ov_query_next(&query);
    if (found)
        *source =
            (struct source){.content = {tenant, ov_query_int(&query, 0)},
                            .filename = ov_pool_text(&request->pool, ov_query_text(&query, 1)),
                            .zip = true};
    if (ov_query_end(&query) != OV_OK)
        return false;
    return found || ov_fault(request, OV_FAULT_PARAMETER,
                             "Export not found or not ready: exportid=%lld", (long long)id);
}

/* The bytes of a content of the store. */
struct bytes {
    struct ov_sql *sql;
    struct ov_content content;
    struct ov_error *err;
};

static size_t read_at(void *ctx, uint64_t offset, char *buf, size_t len)
{
    const struct bytes *bytes = ctx;
    size_t read = 0;
    long got = 1;
    for (; read < len && got > 0; read += got > 0 ? (size_t)got : 0)
        got = ov_content_read_at(bytes->sql, bytes->content, offset + read, buf + read, len - read,
                                 bytes->err);
    return read;
}

static void count_sheet(void *ctx, struct ov_text name, bool visible)
{
    (void)name;
    (void)visible;
    ++*(size_t *)ctx;
}

/* *zip: whether the bytes are the zip of an export, and not a workbook, which is a zip, too. False
 * after a failure. */
static bool find_zip(struct bytes *bytes, bool *zip)
{
    const struct ov_source source = {read_at, bytes};
    char head[8];
    uint64_t size = 0;
    size_t sheets = 0, len = read_at(bytes, 0, head, sizeof head);
    *zip = ov_is_zip((struct ov_text){head, len});
    if (*zip && (ov_content_size(bytes->sql, bytes->content, &size, bytes->err) != OV_OK ||
                 ov_workbook_sheets(&source, size, 0, count_sheet, &sheets, bytes->err) != OV_OK))
        return false;
    *zip &= sheets == 0;
    return bytes->err->status == OV_OK;
}

static bool source_of_draft(struct ov_request *request, int64_t item, struct source *source)
{
    struct ov_draft draft;
    if (!ov_draft_find(request, item, &draft))
        return false;
    struct bytes bytes = {ov_request_read(request), draft.content, &request->err};
    *source = (struct source){.content = draft.content, .filename = draft.name};
    return bytes.sql && find_zip(&bytes, &source->zip);
}

static bool find_source(struct ov_request *request, const struct ov_value *params,
                        struct source *source)
{
    int64_t exportid = ov_param_int(params, "exportid"), item = ov_param_int(params, "file");
    if ((exportid != 0) == (item != 0))
        return ov_fault(request, OV_FAULT_PARAMETER,
                        "Either exportid or file must be given, but not both");
    return exportid ? source_of_export(request, exportid, source)
                    : source_of_draft(request, item, source);
}

/* --- importing a CSV file --- */

static enum ov_status feed(void *ctx, const char *bytes, size_t len, bool *enough,
                           struct ov_error *err)
{
    enum ov_status status = ov_check_feed(ctx, bytes, len, err);
    *enough = ov_check_has_settings(ctx);
    return status;
}

/* *id: the existing framework in the settings; 0: none. A fault if it does not exist. */
static bool find_framework(struct ov_request *request, const struct ov_check *check, int64_t tenant,
                           int64_t *id)
{
    const struct ov_setting *target =
        ov_settings_get(ov_check_settings(check), OV_TEXT("target_framework"));
    const struct ov_setting *select =
        ov_settings_get(ov_check_settings(check), OV_TEXT("select_framework"));
    *id = 0;
    struct ov_sql *sql = ov_request_read(request);
    if (!target || !ov_text_equal(target->value, OV_TEXT("existing")))
        return true;
    if (!sql || ov_framework_find(sql, select->value, ov_check_importer(check)->name, tenant, id,
                                  &request->err) != OV_OK)
        return false;
    return *id || ov_fault(request, OV_FAULT_PARAMETER,
                           "Import settings validation failed: framework `%.*s` of %s not found; "
                           "select_framework must be its id or idnumber",
                           OV_QUOTE(select->value), ov_check_importer(check)->name);
}

/* Validates the settings against the file's header; *settings: those in effect. */
static bool csv_settings(struct ov_request *request, struct source *source,
                         const struct ov_importer **importer, struct ov_text given, int64_t tenant,
                         struct ov_text *settings)
{
    struct ov_check_options options = {
        .importer = *importer, .settings_only = true, .importer_required = true};
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_buf text = {0};
    bool refused = true, good = false;
    struct ov_check *check = ov_check_new(&options, &request->err);
    struct ov_sql *sql = ov_request_read(request);
    enum ov_status status = check && sql ? OV_OK : OV_E_MEMORY;
    if (status == OV_OK && given.len)
        status = ov_check_set_json(check, given, &err);
    if (status == OV_OK)
        status = ov_content_read(sql, source->content, feed, check, &err);
    if (status == OV_OK)
        status = ov_check_finish(check, &err);
    if (status == OV_OK)
        status = ov_dry_run_answer(check, &text, &refused, &err);
    if (status != OV_OK)
        ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
    else if (refused)
        detail(request, &text);
    else
        good = find_framework(request, check, tenant, &source->target);
    if (good) {
        *importer = ov_check_importer(check);
        *settings = ov_pool_text(&request->pool, ov_buf_view(&text));
    }
    ov_buf_deinit(&text);
    ov_check_free(check);
    return good;
}

/* Finds an importer by name or exact class; NULL if it is to be detected, or for a zip. */
static bool find_importer(struct ov_request *request, struct ov_text name, bool zip,
                          const struct ov_importer **importer)
{
    *importer = NULL;
    if (zip && (name.len == 0 || ov_text_equal(name, OV_STRUCTURE_IMPORTER)))
        return true;
    if (!zip)
        *importer = ov_importer_find(name);
    if (*importer || (!zip && name.len == 0))
        return true;
    if (zip)
        return ov_fault(request, OV_FAULT_PARAMETER,
                        "Could not find importer '%.*s'\nChoose from: %s", OV_QUOTE(name),
                        OV_STRUCTURE_IMPORTER.ptr);
    struct ov_buf text = {0};
    ov_dry_run_unknown(ov_utf8_cut(name, 200), &text);
    detail(request, &text);
    ov_buf_deinit(&text);
    return false;
}

static bool structure_settings(struct ov_request *request, struct ov_text given,
                               struct ov_text *settings)
{
    struct ov_export_settings parsed;
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_buf text = {0};
    enum ov_status status = ov_zip_import_settings(&request->pool, given, &parsed, &err);
    if (status != OV_OK)
        return ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
    ov_export_settings_json(&text, "import_instances", &parsed);
    *settings = ov_pool_text(&request->pool, ov_buf_view(&text));
    ov_buf_deinit(&text);
    return true;
}

/* The language of the job's messages: that of the user who schedules it. */
static struct ov_sql_value language_of(const struct ov_request *request)
{
    return OV_SQL_T(ov_text_of(ov_language_tag(ov_language_of(request->language))));
}

/* Notes that the tenant has work waiting, and tells the workers; *number: jobs of a tenant are
 * ordered by it, independent of the clock. A fault if the tenant has been removed at this moment.
 */
static bool stand_in_line(struct ov_request *request, struct ov_sql *sql, int64_t tenant,
                          int64_t *number)
{
    int64_t one;
    bool there = tenant == 0;
    struct ov_error *err = &request->err;
    enum ov_status status = there ? OV_OK
                                  : ov_sql_number(sql, "SELECT 1 FROM tenant WHERE id = ?1",
                                                  OV_BIND(OV_SQL_I(tenant)), &one, &there, err);
    if (status == OV_OK && !there)
        return ov_fault(request, OV_FAULT_PARAMETER,
                        "Tenant not found, or you may not switch to it");
    if (status == OV_OK)
        status = ov_counter_add(sql, tenant, "work", 1, number, err);
    if (status == OV_OK)
        status = ov_sql_run(sql,
                            "INSERT INTO queue (tenant, waiting, served) VALUES (?1, 1, 0)"
                            " ON CONFLICT (tenant) DO UPDATE SET waiting = 1 WHERE queue.waiting ="
                            " 0",
                            OV_BIND(OV_SQL_I(tenant)), err);
    /* those that find work look for more; telling is for the first, as it makes commits wait */
    if (status == OV_OK && ov_sql_changes(sql) > 0)
        status = ov_sql_notify(sql, err);
    return status == OV_OK;
}

static bool schedule_import(struct ov_request *request, struct source *source,
                            struct ov_text importer, struct ov_text given, int64_t tenant,
                            int64_t *id)
{
    int64_t number;
    struct ov_sql *sql = ov_request_write_in(request, tenant);
    if (!sql)
        return false;
    bool good =
        ov_content_move(sql, tenant, &source->content, &request->err) == OV_OK &&
        stand_in_line(request, sql, tenant, &number) &&
        ov_sql_number(
            sql,
            "INSERT INTO import (account, tenant, importer, settings, filename, content,"
            " status, created, language, sequence, target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
            " ?9, ?10, ?11) RETURNING id",
            OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(tenant), OV_SQL_T(importer),
                    OV_SQL_T(given), OV_SQL_T(source->filename), OV_SQL_I(source->content.id),
                    OV_SQL_I(OV_STATE_SCHEDULED), OV_SQL_I(time(NULL)), language_of(request),
                    OV_SQL_I(number), OV_SQL_I(source->target)),
            id, NULL, &request->err) == OV_OK;
    if (!ov_request_written(request, good))
        return false;
    ov_worker_wake(request->service);
    return true;
}

bool ov_run_perform_import(struct ov_request *request, const struct ov_value *params,
                           struct ov_value **result)
{
    struct source source = {0};
    const struct ov_importer *importer;
    struct ov_text given = settings_json(request, params), settings = {0};
    int64_t tenant, id = 0;
    if (!find_source(request, params, &source) ||
        !ov_access_tenant(request, ov_param_text(params, "tenant"),
                          ov_param_int(params, "notenant") != 0, &tenant) ||
        !find_importer(request, ov_param_text(params, "importer"), source.zip, &importer))
        return false;
    if (source.zip ? !structure_settings(request, given, &settings)
                   : !csv_settings(request, &source, &importer, given, tenant, &settings))
        return false;
    struct ov_text class =
        source.zip ? OV_STRUCTURE_IMPORTER : ov_text_of(ov_importer_class(importer));
    if (!ov_param_int(params, "dryrun") &&
        !schedule_import(request, &source, class, given, tenant, &id))
        return false;
    *result = scheduled(request, id, settings);
    return true;
}

/* --- exporting --- */

static bool find_exporter(struct ov_request *request, struct ov_text name)
{
    struct ov_buf text = {0};
    bool known = false;
    if (ov_text_equal(name, OV_STRUCTURE_EXPORTER))
        return true;
    for (size_t i = 0; i < EXPORTERS; i++)
        known |= ov_text_equal(name, ov_text_of(exporters[i]));
    struct ov_text quoted = ov_utf8_cut(name, 200);
    if (known)
        ov_buf_format(&text, "The exporter '%.*s' is not available here\nChoose from: %s",
                      OV_FMT(quoted), OV_STRUCTURE_EXPORTER.ptr);
    else
        ov_buf_format(&text, "Could not find exporter '%.*s'\nChoose from: ", OV_FMT(quoted));
    for (size_t i = 0; i < EXPORTERS && !known; i++)
        ov_buf_format(&text, "%s%s", i ? ", " : "", exporters[i]);
    request->pool.failed |= text.failed;
    detail(request, &text);
    ov_buf_deinit(&text);
    return false;
}

/* Whether all frameworks named in the settings exist. */
static bool frameworks_exist(struct ov_request *request, const struct ov_export_settings *settings,
                             int64_t tenant)
{
    struct ov_sql *sql = ov_request_read(request);
    for (size_t i = 0; i < settings->framework_count; i++) {
        int64_t id = 0;
        if (!sql)
            return false;
        if (settings->positions && ov_framework_find(sql, settings->frameworks[i], "positions",
                                                     tenant, &id, &request->err) != OV_OK)
            return false;
        if (!id && settings->departments &&
            ov_framework_find(sql, settings->frameworks[i], "departments", tenant, &id,
                              &request->err) != OV_OK)
            return false;
        if (!id)
            return ov_fault(
                request, OV_FAULT_PARAMETER,
                "Export settings validation failed: framework `%.*s` not found; select_frameworks "
                "must be a list of ids or idnumbers",
                OV_QUOTE(settings->frameworks[i]));
    }
    return true;
}

bool ov_run_perform_export(struct ov_request *request, const struct ov_value *params,
                           struct ov_value **result)
{
    struct ov_export_settings parsed;
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_text given = settings_json(request, params),
                   exporter = ov_param_text(params, "exporter");
    int64_t tenant, id = 0;
    if (!find_exporter(request, exporter) ||
        !ov_access_tenant(request, ov_param_text(params, "tenant"),
                          ov_param_int(params, "notenant") != 0, &tenant))
        return false;
    enum ov_status status = ov_export_settings(&request->pool, given, &parsed, &err);
    if (status != OV_OK)
        return ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
    if (!frameworks_exist(request, &parsed, tenant))
        return false;
    struct ov_buf text = {0};
    ov_export_settings_json(&text, "export_instances", &parsed);
    request->pool.failed |= text.failed;
    struct ov_text settings = ov_pool_text(&request->pool, ov_buf_view(&text));
    ov_buf_deinit(&text);
    if (!ov_param_int(params, "dryrun")) {
        int64_t number;
        struct ov_sql *sql = ov_request_write_in(request, tenant);
        if (!sql)
            return false;
        bool good =
            stand_in_line(request, sql, tenant, &number) &&
            ov_sql_number(
                sql,
                "INSERT INTO export (account, tenant, exporter, settings, status,"
                " created, language, sequence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
                OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(tenant), OV_SQL_T(exporter),
                        OV_SQL_T(settings), OV_SQL_I(OV_STATE_SCHEDULED), OV_SQL_I(time(NULL)),
                        language_of(request), OV_SQL_I(number)),
                &id, NULL, &request->err) == OV_OK;
        if (!ov_request_written(request, good))
            return false;
        ov_worker_wake(request->service);
    }
    *result = scheduled(request, id, settings);
    return true;
}
