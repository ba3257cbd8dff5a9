/* server/api/job_api.c: functions on existing imports and exports: status, file, log, report,
 * deletion, rollback. Jobs that the caller may not see (ov_access_scope) are reported as not
 * found. */
#include "base/error.h"
#include "server/api/job_api.h"
#include "server/api/functions.h"
#include "server/jobs/job.h"
#include "server/jobs/rollback.h"
#include "server/jobs/worker.h"

static bool no_record(struct ov_request *request, const char *table)
{
    return ov_fault(request, OV_FAULT_RECORD, "%s", table);
}

/* A job that a request is about. */
struct wanted_job {
    bool import;
    int64_t id, tenant, scope;
};

static bool find_job(struct ov_request *request, bool import, int64_t id, struct wanted_job *job)
{
    *job = (struct wanted_job){.import = import, .id = id, .scope = ov_access_scope(request)};
    return ov_access_job_tenant(request, import, id, &job->tenant);
}

/* The values of OWN. */
#define BIND_OWN(request, job)                                                                     \
    OV_BIND(OV_SQL_I((job)->id), OV_SQL_I((request)->caller.account), OV_SQL_I((job)->scope),      \
            OV_SQL_I((job)->tenant))
#define OWN " WHERE id = ?1 AND (tenant = ?4 OR ?4 = -1) AND " OV_IN_SCOPE

/* Starts a query of OWN. */
static bool begin_query(struct ov_request *request, struct ov_query *query, const char *text,
                        bool import, int64_t id)
{
    /* who can switch between tenants has jobs in any of them: -1 */
    struct wanted_job job = {
        .import = import,
        .id = id,
        .tenant = ov_access_can(request, OV_CAN_MANAGE_TENANTS) ? -1 : request->caller.tenant,
        .scope = ov_access_scope(request)};
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    ov_query_begin(query, sql, text, BIND_OWN(request, &job), &request->err);
    return true;
}

/* --- status --- */

int64_t ov_percent(struct ov_service *service, bool import, int64_t id, int64_t state, int64_t kept)
{
    if (state >= OV_STATE_DONE)
        return state == OV_STATE_ERROR ? 0 : 100;
    if (state != OV_STATE_RUNNING)
        return 0;
    (void)!ov_worker_percent(service, import, id, &kept);
    return kept;
}

bool ov_page_params(struct ov_request *request, const struct ov_value *params, int64_t *page,
                    int64_t *perpage)
{
    *page = ov_param_int(params, "page");
    *perpage = ov_param_int(params, "perpage");
    return (*page >= 0 && *page <= 1000000000 && *perpage >= 1 && *perpage <= 1000) ||
           ov_fault(request, OV_FAULT_PARAMETER,
                    "page starts at 0, and perpage must be from 1 to 1000");
}

static bool put_status(struct ov_request *request, const char *text, const char *table, int64_t id,
                       bool import, struct ov_value **result)
{
    struct ov_query query;
    int64_t state = 0, percent = 0;
    if (!begin_query(request, &query, text, import, id))
        return false;
    bool found = ov_query_next(&query);
    if (found) {
        state = ov_query_int(&query, 0);
        percent = ov_query_int(&query, 1);
    }
    if (ov_query_end(&query) != OV_OK)
        return false;
    if (!found)
        return no_record(request, table);
    struct ov_value *map = *result = ov_value_new(&request->pool, OV_VALUE_MAP);
    ov_value_put_int(&request->pool, map, "status", state);
    ov_value_put_text(&request->pool, map, "statusstr", ov_text_of(ov_state_words(state)));
    ov_value_put_int(&request->pool, map, "progress",
                     ov_percent(request->service, import, id, state, percent));
    return true;
}

bool ov_run_import_status(struct ov_request *request, const struct ov_value *params,
                          struct ov_value **result)
{
    return put_status(request, "SELECT status, percent FROM import" OWN, "import",
                      ov_param_int(params, "importid"), true, result);
}

bool ov_run_export_status(struct ov_request *request, const struct ov_value *params,
                          struct ov_value **result)
{
    return put_status(request, "SELECT status, percent FROM export" OWN, "export",
                      ov_param_int(params, "exportid"), false, result);
}

/* --- the file of an export --- */

bool ov_run_export_file(struct ov_request *request, const struct ov_value *params,
                        struct ov_value **result)
{
    int64_t id = ov_param_int(params, "exportid"), state = 0;
    struct ov_query query;
    struct ov_text why = {0}; /* why the export failed */
    struct ov_value *file = ov_value_new(&request->pool, OV_VALUE_MAP);
    if (!begin_query(
            request, &query,
            "SELECT status, filename, finished, (SELECT size FROM content WHERE content.id ="
            " export.content" OV_SHARED(
                "AND content.tenant = export.tenant") "), message FROM export" OWN,
            false, id))
        return false;
    bool found = ov_query_next(&query);
    if (found) {
        state = ov_query_int(&query, 0);
        struct ov_text name = ov_pool_text(&request->pool, ov_query_text(&query, 1));
        why = ov_pool_text(&request->pool, ov_query_text(&query, 4));
        ov_value_put_text(&request->pool, file, "filename", name);
        ov_value_put_text(&request->pool, file, "filepath", OV_TEXT("/"));
        ov_value_put_int(&request->pool, file, "filesize", ov_query_int(&query, 3));
        ov_value_put_text(&request->pool, file, "fileurl",
                          ov_pool_format(&request->pool,
                                         "%s/webservice/pluginfile.php/1/tool_wp/export/%lld/%.*s",
                                         request->service->base_url, (long long)id, OV_FMT(name)));
        ov_value_put_int(&request->pool, file, "timemodified", ov_query_int(&query, 2));
        ov_value_put_text(&request->pool, file, "mimetype", OV_TEXT("application/zip"));
        ov_value_put_bool(&request->pool, file, "isexternalfile", false);
    }
    if (ov_query_end(&query) != OV_OK)
        return false;
    if (!found)
        return no_record(request, "export");
    if (state != OV_STATE_DONE)
        return ov_fault(request, OV_FAULT_EXPORT_NOT_READY, why.len ? "%.*s" : NULL, OV_FMT(why));
    *result = ov_value_new(&request->pool, OV_VALUE_LIST);
    ov_value_add(*result, (struct ov_text){0}, file);
    return true;
}

/* --- deletion --- */

/* The state of a job that the caller may change; a fault if not found or if it is running. The
 * caller has a write transaction. */
static bool may_touch(struct ov_request *request, struct ov_sql *sql, const struct wanted_job *job,
                      int64_t *state)
{
    bool found = false;
    if (ov_sql_number(
            sql, job->import ? "SELECT status FROM import" OWN : "SELECT status FROM export" OWN,
            BIND_OWN(request, job), state, &found, &request->err) != OV_OK)
        return false;
    if (!found)
        return no_record(request, job->import ? "import" : "export");
    return *state != OV_STATE_RUNNING || ov_fault(request, OV_FAULT_IN_PROGRESS, NULL);
}

/* What it added to frameworks stays, without its record. A worker may take it in the meantime. */
static bool delete_job(struct ov_request *request, struct ov_sql *sql, const struct wanted_job *job)
{
    int64_t state;
    struct ov_error *err = &request->err;
    if (!may_touch(request, sql, job, &state) ||
        (job->import &&
         ov_sql_run(sql,
                    "DELETE FROM import_framework WHERE import = ?1" OV_SHARED("AND tenant = ?2"),
                    OV_BIND(OV_SQL_I(job->id), OV_SQL_I(job->tenant)), err) != OV_OK) ||
        ov_sql_run(sql,
                   job->import ? "DELETE FROM import WHERE id = ?1 AND tenant = ?2 AND status = ?3"
                               : "DELETE FROM export WHERE id = ?1 AND tenant = ?2 AND status = ?3",
                   OV_BIND(OV_SQL_I(job->id), OV_SQL_I(job->tenant), OV_SQL_I(state)),
                   err) != OV_OK)
        return false;
    if (ov_sql_changes(sql) == 0)
        return ov_fault(request, OV_FAULT_IN_PROGRESS, NULL);
    return ov_content_sweep(sql, job->tenant, err) == OV_OK;
}

static bool run_delete(struct ov_request *request, bool import, int64_t id)
{
    struct wanted_job job;
    if (!find_job(request, import, id, &job))
        return false;
    struct ov_sql *sql = ov_request_write_in(request, job.tenant);
    return sql && ov_request_written(request, delete_job(request, sql, &job));
}

bool ov_run_delete_import(struct ov_request *request, const struct ov_value *params,
                          struct ov_value **result)
{
    *result = NULL;
    return run_delete(request, true, ov_param_int(params, "id"));
}

bool ov_run_delete_export(struct ov_request *request, const struct ov_value *params,
                          struct ov_value **result)
{
    *result = NULL;
    return run_delete(request, false, ov_param_int(params, "id"));
}

/* --- log and report --- */

static void put_or_null(struct ov_request *request, struct ov_value *map, const char *name,
                        const struct ov_query *query, int column)
{
    if (ov_query_is_null(query, column))
        ov_value_add(map, ov_text_of(name), ov_value_new(&request->pool, OV_VALUE_NULL));
    else
        ov_value_put_int(&request->pool, map, name, ov_query_int(query, column));
}

/* Filter and page of log entries. */
struct wanted {
    int64_t tenant, id, severity, page, perpage, after;
};

/* Sets *next to the id of the last entry if there are more. */
static bool put_entries(struct ov_request *request, const struct wanted *wanted,
                        struct ov_value *entries, int64_t *next)
{
    struct ov_query query;
    int64_t count = 0, last = 0;
    ov_query_begin(
        &query, ov_request_read(request),
        "SELECT id, level, code, line, col, row, message, created FROM import_log"
        " WHERE import = ?1 AND id > ?5 AND (level = 'error' OR (level = 'warning' AND"
        " ?2 < 2) OR ?2 < 1)" OV_SHARED("AND tenant = ?6") " ORDER BY id LIMIT ?3 OFFSET ?4",
        OV_BIND(OV_SQL_I(wanted->id), OV_SQL_I(wanted->severity), OV_SQL_I(wanted->perpage + 1),
                OV_SQL_I(wanted->page * wanted->perpage), OV_SQL_I(wanted->after),
                OV_SQL_I(wanted->tenant)),
        &request->err);
    while (ov_query_next(&query)) {
        if (count++ == wanted->perpage) {
            *next = last;
            continue;
        }
        last = ov_query_int(&query, 0);
        struct ov_value *entry = ov_value_new(&request->pool, OV_VALUE_MAP);
        struct ov_values_pool *pool = &request->pool;
        ov_value_put_int(pool, entry, "id", ov_query_int(&query, 0));
        ov_value_put_text(pool, entry, "level", ov_pool_text(pool, ov_query_text(&query, 1)));
        ov_value_put_text(pool, entry, "code", ov_pool_text(pool, ov_query_text(&query, 2)));
        put_or_null(request, entry, "line", &query, 3);
        put_or_null(request, entry, "column", &query, 4);
        put_or_null(request, entry, "row", &query, 5);
        ov_value_put_text(pool, entry, "message", ov_pool_text(pool, ov_query_text(&query, 6)));
        ov_value_put_int(pool, entry, "timecreated", ov_query_int(&query, 7));
        ov_value_add(entries, (struct ov_text){0}, entry);
    }
    return ov_query_end(&query) == OV_OK;
}

/* Whether the caller can see the import; *ended: its log is complete. Sets its tenant. */
static bool is_there(struct ov_request *request, struct wanted *wanted, bool *ended)
{
    struct ov_query query;
    if (!begin_query(request, &query, "SELECT status, tenant FROM import" OWN, true, wanted->id))
        return false;
    bool found = ov_query_next(&query);
    *ended = found && ov_query_int(&query, 0) >= OV_STATE_DONE;
    wanted->tenant = found ? ov_query_int(&query, 1) : 0;
    if (ov_query_end(&query) != OV_OK)
        return false;
    return found || no_record(request, "import");
}

bool ov_run_import_log(struct ov_request *request, const struct ov_value *params,
                       struct ov_value **result)
{
    static const char *const levels[] = {"info", "warning", "error"};
    struct wanted wanted = {.id = ov_param_int(params, "importid"),
                            .after = ov_param_int(params, "after")};
    int64_t total = 0, next = 0;
    bool ended = false;
    struct ov_text level = ov_param_text(params, "level");
    while (wanted.severity < 3 && !ov_text_equal(level, ov_text_of(levels[wanted.severity])))
        wanted.severity++;
    if (wanted.severity == 3)
        return ov_fault(request, OV_FAULT_PARAMETER,
                        "level can be info, warning or error, not `%.*s`", OV_QUOTE(level));
    if (!ov_page_params(request, params, &wanted.page, &wanted.perpage) ||
        !is_there(request, &wanted, &ended))
        return false;
    if (wanted.after && wanted.page)
        return ov_fault(request, OV_FAULT_PARAMETER,
                        "`after` replaces `page`: the two cannot be combined");
    /* counting on each call would make reading a long log quadratic */
    if (ended && !wanted.after &&
        ov_sql_number(
            ov_request_read(request),
            "SELECT count(*) FROM import_log WHERE import = ?1 AND (level = 'error' OR"
            " (level = 'warning' AND ?2 < 2) OR ?2 < 1)" OV_SHARED("AND tenant = ?3"),
            OV_BIND(OV_SQL_I(wanted.id), OV_SQL_I(wanted.severity), OV_SQL_I(wanted.tenant)),
            &total, NULL, &request->err) != OV_OK)
        return false;
    struct ov_value *map = *result = ov_value_new(&request->pool, OV_VALUE_MAP);
    struct ov_value *entries = ov_value_new(&request->pool, OV_VALUE_LIST);
    if (ended && !put_entries(request, &wanted, entries, &next))
        return false;
    if (wanted.after)
        ov_value_add(map, OV_TEXT("total"), ov_value_new(&request->pool, OV_VALUE_NULL));
    else
        ov_value_put_int(&request->pool, map, "total", total);
    ov_value_put_int(&request->pool, map, "page", wanted.page);
    ov_value_put_int(&request->pool, map, "perpage", wanted.perpage);
    ov_value_put_int(&request->pool, map, "next", next);
    ov_value_add(map, OV_TEXT("entries"), entries);
    return true;
}

bool ov_run_import_report(struct ov_request *request, const struct ov_value *params,
                          struct ov_value **result)
{
    int64_t id = ov_param_int(params, "importid");
    struct ov_query query;
    struct ov_value *map = *result = ov_value_new(&request->pool, OV_VALUE_MAP);
    ov_value_put_int(&request->pool, map, "importid", id);
    if (!begin_query(request, &query, "SELECT report FROM import" OWN, true, id))
        return false;
    bool found = ov_query_next(&query);
    struct ov_text report = found ? ov_query_text(&query, 0) : (struct ov_text){0};
    if (report.len)
        ov_value_put_text(&request->pool, map, "report", ov_pool_text(&request->pool, report));
    else
        ov_value_add(map, OV_TEXT("report"), ov_value_new(&request->pool, OV_VALUE_NULL));
    if (ov_query_end(&query) != OV_OK)
        return false;
    return found || no_record(request, "import");
}

/* --- rollback --- */

static bool roll_back(struct ov_request *request, struct ov_sql *sql, const struct wanted_job *job,
                      struct ov_rollback *rollback)
{
    int64_t state;
    struct ov_error why = OV_ERROR_LIKE(&request->err);
    if (!may_touch(request, sql, job, &state))
        return false;
    enum ov_status status = ov_import_roll_back(sql, state, rollback, &why);
    return ov_request_report(request, OV_FAULT_DEPENDED_ON, status, &why);
}

bool ov_run_rollback_import(struct ov_request *request, const struct ov_value *params,
                            struct ov_value **result)
{
    struct wanted_job job;
    if (!find_job(request, true, ov_param_int(params, "importid"), &job))
        return false;
    struct ov_rollback rollback = {.tenant = job.tenant,
                                   .import = job.id,
                                   .username = request->caller.username,
                                   .language = ov_language_of(request->language)};
    struct ov_sql *sql = ov_request_write_in(request, job.tenant);
    if (!sql || !ov_request_written(request, roll_back(request, sql, &job, &rollback)))
        return false;
    ov_worker_wake(request->service);
    struct ov_value *map = *result = ov_value_new(&request->pool, OV_VALUE_MAP);
    ov_value_put_int(&request->pool, map, "importid", rollback.import);
    ov_value_put_int(&request->pool, map, "removed", rollback.items);
    ov_value_put_int(&request->pool, map, "frameworks", rollback.frameworks);
    return true;
}
