/* server/jobs/import.c: imports a file of the store into its framework. See import.h. */
#include "server/jobs/import.h"

#include <stdio.h>
#include <time.h>

#include "base/error.h"
#include "orgvet/report.h"
#include "server/store/fair_lock.h"
#include "vet/check_access.h"

enum { REPORTED = 100 /* max. findings per code in a report */ };

/* A content of the store, as source of a CSV file. */
struct stored {
    struct ov_sql *sql; /* read connection */
    struct ov_content content;
};

static enum ov_status read_stored(void *ctx, ov_content_fn *take, void *take_ctx,
                                  struct ov_error *err)
{
    const struct stored *stored = ctx;
    return ov_content_read(stored->sql, stored->content, take, take_ctx, err);
}

/* The JSON report of `orgvet check`. */
static enum ov_status make_report(const struct ov_job *work, const struct ov_csv_import *intake,
                                  struct ov_buf *out, struct ov_error *err)
{
    struct ov_report_options options = {.max_findings = REPORTED, .language = work->language};
    struct ov_sink sink = {ov_buf_take, out};
    char path[300];
    if (!intake->check || !ov_check_facts(intake->check)->finished)
        return OV_OK;
    snprintf(path, sizeof path, "%.*s", OV_FMT(ov_utf8_cut(work->filename, sizeof path - 1)));
    struct ov_report *report = ov_report_new(ov_format_find(OV_TEXT("json")), &options, &sink, err);
    enum ov_status status =
        report ? ov_report_add(report, path, intake->check, NULL, err) : OV_E_MEMORY;
    if (status == OV_OK)
        status = ov_report_end(report, err);
    ov_report_free(report);
    return status;
}

static enum ov_status finish_import(struct ov_sql *sql, const struct ov_job *work,
                                    enum ov_state state, struct ov_text report, uint64_t rows,
                                    struct ov_error *err)
{
    return ov_sql_run(sql,
                      "UPDATE import SET status = ?2, report = ?3, rows = ?4, finished = ?5"
                      " WHERE id = ?1 AND tenant = ?6",
                      OV_BIND(OV_SQL_I(work->id), OV_SQL_I(state), OV_SQL_T(report), OV_SQL_I(rows),
                              OV_SQL_I(time(NULL)), OV_SQL_I(work->tenant)),
                      err);
}

static enum ov_status log_refusal(struct ov_sql *sql, const struct ov_job *work,
                                  const struct ov_csv_import *intake,
                                  const struct ov_conflicts *conflicts, const char *message,
                                  struct ov_error *err)
{
    enum ov_status status = intake ? ov_csv_import_log(intake, sql, work, err) : OV_OK;
    for (size_t i = 0; conflicts && i < conflicts->count && status == OV_OK; i++)
        status = ov_log_add(sql, work->tenant, work->id, &conflicts->lines[i], err);
    if (status == OV_OK && conflicts && conflicts->total > conflicts->count) {
        char more[80];
        snprintf(more, sizeof more, ov_translate(work->language, "… and %llu more like these"),
                 (unsigned long long)(conflicts->total - conflicts->count));
        struct ov_log_line line = {.level = "error", .message = ov_text_of(more)};
        status = ov_log_add(sql, work->tenant, work->id, &line, err);
    }
    struct ov_log_line line = {.level = "error",
                               .message = ov_text_of(ov_translate(work->language, message))};
    return status == OV_OK ? ov_log_add(sql, work->tenant, work->id, &line, err) : status;
}

enum ov_status ov_import_refuse(struct ov_store *store, const struct ov_job *work,
                                const struct ov_csv_import *intake,
                                const struct ov_conflicts *conflicts, const char *message,
                                struct ov_error *err)
{
    struct ov_buf report = {0};
    bool there = false;
    enum ov_status status = intake ? make_report(work, intake, &report, err) : OV_OK;
    struct ov_sql *sql = status == OV_OK ? ov_store_write(store, work->tenant, err) : NULL;
    if (sql) {
        status = ov_job_hold(sql, work, &there, err);
        if (status == OV_OK && there)
            status = log_refusal(sql, work, intake, conflicts, message, err);
        if (status == OV_OK && there)
            status = finish_import(sql, work, OV_STATE_ERROR, ov_buf_view(&report), 0, err);
        status = ov_store_write_end(store, sql, status, err);
    } else if (status == OV_OK) {
        status = OV_E_IO;
    }
    ov_buf_deinit(&report);
    return status;
}

/* --- slices --- */

enum {
    SLICE_MS = 150, /* the longest other writers wait */
    PIECE = 4000,   /* rows deleted in one transaction */
};

static enum ov_status slice_begin(struct ov_slice *slice, struct ov_error *err)
{
    bool there = false;
    slice->sql = ov_store_write(slice->store, slice->work->tenant, err);
    slice->until = ov_now_ms() + SLICE_MS;
    if (!slice->sql)
        return OV_E_IO;
    enum ov_status status = ov_job_hold(slice->sql, slice->work, &there, err);
    return status == OV_OK && !there ? ov_fail(err, OV_E_STATE, "the import is no longer running")
                                     : status;
}

static enum ov_status slice_end(struct ov_slice *slice, enum ov_status status, struct ov_error *err)
{
    struct ov_sql *sql = slice->sql;
    if (!sql)
        return status;
    slice->sql = NULL;
    return ov_store_write_end(slice->store, sql, status, err);
}

enum ov_status ov_slice_next(struct ov_slice *slice, struct ov_error *err)
{
    if (ov_now_ms() < slice->until)
        return OV_OK;
    enum ov_status status = slice_end(slice, OV_OK, err);
    if (status == OV_OK)
        status = ov_go_on(slice->progress, slice->progress_ctx, -1, err);
    return status == OV_OK ? slice_begin(slice, err) : status;
}

/* The last hidden range of an import, or (0) of any of the tenant that is not running: its items
 * can be children of others, but others are not below them. import 0: none. */
static enum ov_status find_hidden(struct ov_sql *sql, int64_t tenant, int64_t import,
                                  struct ov_range *hidden, struct ov_error *err)
{
    struct ov_query query;
    *hidden = (struct ov_range){.tenant = tenant};
    ov_query_begin(&query, sql,
                   "SELECT import, framework, first, last, made FROM hidden WHERE (import = ?1 OR"
                   " (?1 = 0 AND NOT EXISTS (SELECT 1 FROM import WHERE import.id = hidden.import"
                   " AND import.tenant = hidden.tenant AND import.status = ?2)))"
                   " AND tenant = ?3 ORDER BY first DESC LIMIT 1",
                   OV_BIND(OV_SQL_I(import), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(tenant)), err);
    if (ov_query_next(&query))
        *hidden = (struct ov_range){tenant,
                                    ov_query_int(&query, 0),
                                    ov_query_int(&query, 1),
                                    ov_query_int(&query, 2),
                                    ov_query_int(&query, 3),
                                    ov_query_int(&query, 4) != 0};
    return ov_query_end(&query);
}

/* Deletes the last rows of a range, children before parents; with the first row, the range
 * itself. */
static enum ov_status sweep_items(struct ov_sql *sql, const struct ov_range *hidden,
                                  struct ov_error *err)
{
    int64_t from = hidden->last - hidden->first < PIECE ? hidden->first : hidden->last - PIECE + 1;
    const struct ov_sql_value of[] = {OV_SQL_I(hidden->import), OV_SQL_I(hidden->framework),
                                      OV_SQL_I(hidden->tenant), OV_SQL_I(from - 1)};
    enum ov_status status = ov_sql_run(
        sql, "DELETE FROM stored_item WHERE id BETWEEN ?1 AND ?2" OV_SHARED("AND tenant = ?3"),
        OV_BIND(OV_SQL_I(from), OV_SQL_I(hidden->last), OV_SQL_I(hidden->tenant)), err);
    if (status == OV_OK && from > hidden->first)
        return ov_sql_run(sql,
                          "UPDATE hidden SET last = ?4 WHERE import = ?1 AND framework = ?2 AND"
                          " tenant = ?3",
                          of, 4, err);
    if (status == OV_OK)
        status = ov_sql_run(
            sql,
            "DELETE FROM import_framework WHERE import = ?1 AND framework = ?2" OV_SHARED(
                "AND tenant = ?3"),
            of, 3, err);
    if (status == OV_OK && hidden->made)
        status = ov_sql_run(sql, "DELETE FROM stored_framework WHERE id = ?2 AND tenant = ?3", of,
                            3, err);
    return status == OV_OK
               ? ov_sql_run(sql,
                            "DELETE FROM hidden WHERE import = ?1 AND framework = ?2 AND"
                            " tenant = ?3",
                            of, 3, err)
               : status;
}

/* Of an import that the caller runs (work), or of any of a tenant (NULL). */
static enum ov_status sweep_piece(struct ov_sql *sql, int64_t tenant, const struct ov_job *work,
                                  bool *more, struct ov_error *err)
{
    struct ov_range hidden;
    enum ov_status status = find_hidden(sql, tenant, work ? work->id : 0, &hidden, err);
    *more = true;
    if (status == OV_OK && hidden.import)
        return sweep_items(sql, &hidden, err);
    if (status == OV_OK && work)
        status = ov_sql_run(sql,
                            "DELETE FROM import_log WHERE import = ?1 AND id IN (SELECT id FROM"
                            " import_log WHERE import = ?1" OV_SHARED(
                                "AND tenant = ?3") " LIMIT ?2)" OV_SHARED("AND tenant = ?3"),
                            OV_BIND(OV_SQL_I(work->id), OV_SQL_I(PIECE), OV_SQL_I(tenant)), err);
    *more = status == OV_OK && work && ov_sql_changes(sql) > 0;
    return status;
}

/* The tenant of something hidden of an import that is not running; *found. */
static enum ov_status find_tenant(struct ov_store *store, int64_t *tenant, bool *found,
                                  struct ov_error *err)
{
    return ov_store_number(
        store,
        "SELECT tenant FROM hidden WHERE NOT EXISTS (SELECT 1 FROM import WHERE import.id ="
        " hidden.import AND import.tenant = hidden.tenant AND import.status = ?1) LIMIT 1",
        OV_BIND(OV_SQL_I(OV_STATE_RUNNING)), tenant, found, err);
}

enum ov_status ov_import_sweep(struct ov_store *store, const struct ov_job *work,
                               ov_progress_fn *progress, void *ctx, struct ov_error *err)
{
    int64_t tenant = work ? work->tenant : 0;
    enum ov_status status = OV_OK;
    for (bool more = true, held = true; more && status == OV_OK;) {
        if ((status = ov_go_on(progress, ctx, -1, err)) != OV_OK)
            return status;
        if (!work) {
            status = find_tenant(store, &tenant, &more, err);
            if (status != OV_OK || !more)
                return status;
        }
        struct ov_sql *sql = ov_store_write(store, tenant, err);
        if (!sql)
            return OV_E_IO;
        if (work)
            status = ov_job_hold(sql, work, &held, err);
        if (status == OV_OK)
            status = held ? sweep_piece(sql, tenant, work, &more, err)
                          : ov_fail(err, OV_E_STATE, "the import is no longer running");
        status = ov_store_write_end(store, sql, status, err);
        more |= !work; /* there may be another tenant's */
    }
    return status;
}

/* --- adding --- */

/* Whether items of an import that was rolled back are still hidden in an existing framework that is
 * a target. */
static enum ov_status is_dirty(const struct ov_slice *slice, const struct ov_csv_import *first,
                               bool *dirty, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    int64_t one;
    *dirty = false;
    for (const struct ov_csv_import *at = first; at && !*dirty && status == OV_OK; at = at->next)
        if (at->framework)
            status = ov_sql_number(
                slice->sql, "SELECT 1 FROM hidden WHERE framework = ?1 AND tenant = ?2",
                OV_BIND(OV_SQL_I(at->framework), OV_SQL_I(slice->work->tenant)), &one, dirty, err);
    return status;
}

static enum ov_status begin_clean(struct ov_slice *slice, const struct ov_csv_import *first,
                                  struct ov_error *err)
{
    bool dirty = false;
    enum ov_status status = slice_begin(slice, err);
    if (status == OV_OK)
        status = is_dirty(slice, first, &dirty, err);
    if (status != OV_OK || !dirty)
        return status;
    status = slice_end(slice, OV_OK, err);
    if (status == OV_OK)
        status = ov_import_sweep(slice->store, NULL, slice->progress, slice->progress_ctx, err);
    if (status == OV_OK)
        status = slice_begin(slice, err);
    if (status == OV_OK)
        status = is_dirty(slice, first, &dirty, err);
    return status == OV_OK && dirty
               ? ov_fail(err, OV_E_IO, "changes to the framework are being undone")
               : status;
}

/* Makes the added rows visible, as the last step. */
static enum ov_status reveal(const struct ov_slice *slice, struct ov_error *err)
{
    enum ov_status status =
        ov_sql_run(slice->sql, "DELETE FROM hidden WHERE import = ?1 AND tenant = ?2",
                   OV_BIND(OV_SQL_I(slice->work->id), OV_SQL_I(slice->work->tenant)), err);
    return status == OV_OK ? ov_frameworks_changed(slice->sql, slice->work->tenant, err) : status;
}

static enum ov_status add_all(struct ov_slice *slice, const struct ov_job *work,
                              struct ov_csv_import *first, struct ov_text report,
                              struct ov_conflicts *conflicts, struct ov_error *err)
{
    uint64_t rows = 0;
    enum ov_status status = begin_clean(slice, first, err);
    for (struct ov_csv_import *intake = first; intake && status == OV_OK; intake = intake->next) {
        status = ov_csv_import_log(intake, slice->sql, work, err);
        if (status == OV_OK)
            status = ov_csv_import_add(intake, slice, conflicts, err);
        rows += intake->rows;
    }
    if (status == OV_OK && !first) {
        struct ov_log_line line = {
            .level = "info",
            .message = ov_text_of(ov_translate(work->language, "there was nothing to import"))};
        status = ov_log_add(slice->sql, work->tenant, work->id, &line, err);
    }
    if (status != OV_OK || conflicts->total)
        return status;
    status = reveal(slice, err);
    return status == OV_OK ? finish_import(slice->sql, work, OV_STATE_DONE, report, rows, err)
                           : status;
}

enum ov_status ov_import_add(struct ov_store *store, const struct ov_job *work,
                             struct ov_csv_import *first, struct ov_text report,
                             ov_progress_fn *progress, void *ctx, bool *good, struct ov_error *err)
{
    struct ov_conflicts conflicts = {0};
    struct ov_slice slice = {
        .store = store, .work = work, .progress = progress, .progress_ctx = ctx};
    struct ov_error own = {.language = work->language};
    enum ov_status status =
        slice_end(&slice, add_all(&slice, work, first, report, &conflicts, &own), &own);
    *good = status == OV_OK && conflicts.total == 0;
    if (status == OV_E_OPTION || (status == OV_OK && conflicts.total)) {
        status = ov_import_sweep(store, work, progress, ctx, err);
        if (status == OV_OK)
            status = ov_import_refuse(
                store, work, first, &conflicts,
                conflicts.total
                    ? OV_N_(
                          "nothing was imported: some idnumbers of the file already exist in the framework")
                    : own.message,
                err);
    } else if (status != OV_OK) {
        ov_fail(err, status, "%s", own.message);
    }
    ov_conflicts_deinit(&conflicts);
    return status;
}

static enum ov_status report_and_add(struct ov_store *store, const struct ov_job *work,
                                     struct ov_csv_import *intake, bool *good, struct ov_error *err)
{
    struct ov_buf report = {0};
    enum ov_status status = make_report(work, intake, &report, err);
    if (status == OV_OK)
        status = ov_import_add(store, work, intake, ov_buf_view(&report), intake->progress,
                               intake->progress_ctx, good, err);
    ov_buf_deinit(&report);
    return status;
}

static enum ov_status run_csv(struct ov_store *store, const struct ov_job *work, struct ov_sql *sql,
                              ov_progress_fn *progress, void *ctx, bool *good, struct ov_error *err)
{
    struct stored stored = {sql, work->content};
    struct ov_csv_source source = {.read = read_stored, .ctx = &stored};
    struct ov_csv_import intake = {.source = &source,
                                   .name = ov_framework_name(work->filename),
                                   .tenant = work->tenant,
                                   .language = work->language,
                                   .progress = progress,
                                   .progress_ctx = ctx};
    struct ov_error own = {.language = work->language};
    char file_name[300];
    snprintf(file_name, sizeof file_name, "%.*s", OV_FMT(ov_utf8_cut(work->filename, 299)));
    const struct ov_importer *importer = ov_importer_find(work->kind);
    enum ov_status status = ov_content_size(sql, work->content, &source.size, &own);
    if (status == OV_OK)
        status = ov_csv_import_vet(&intake, sql, importer, file_name, work->settings, good, &own);
    if (status == OV_E_OPTION || status == OV_E_PATTERN || status == OV_E_LIMIT)
        status = ov_import_refuse(store, work, &intake, NULL, own.message, err);
    else if (status != OV_OK)
        ov_fail(err, status, "%s", own.message);
    else if (*good)
        status = report_and_add(store, work, &intake, good, err);
    else
        status = ov_import_refuse(store, work, &intake, NULL,
                                  OV_N_("nothing was imported: the file has errors"), err);
    ov_csv_import_deinit(&intake);
    return status;
}

enum ov_status ov_import_run(struct ov_store *store, const struct ov_job *work,
                             ov_progress_fn *progress, void *ctx, bool *good, struct ov_error *err)
{
    *good = false;
    enum ov_status status = work->attempt > 1 /* what an aborted one has left */
                                ? ov_import_sweep(store, work, progress, ctx, err)
                                : OV_OK;
    if (status != OV_OK)
        return status;
    struct ov_sql *sql = ov_store_read(store, err);
    if (!sql)
        return OV_E_IO;
    bool zip = ov_text_equal(work->kind, OV_STRUCTURE_IMPORTER);
    int fd = zip ? ov_content_to_file(store, sql, work->content, err) : -1;
    if (!zip)
        status = run_csv(store, work, sql, progress, ctx, good, err);
    ov_store_read_end(store, sql);
    if (zip)
        status = fd < 0 ? OV_E_IO : ov_zip_import_run(store, work, fd, progress, ctx, good, err);
    return status;
}
