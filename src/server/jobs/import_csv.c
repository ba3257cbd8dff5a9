/* server/jobs/import_csv.c: one CSV file of an import: vets it with the engine of `orgvet check`,
 * and writes what was found to the import's log. See import.h; import_add.c adds its rows. */
#include "base/error.h"
#include "draft/view.h"
#include "payload/emit/importable.h"
#include "server/jobs/import.h"
#include "vet/check_access.h"

enum { LOG_LINES = 1000 /* max. findings per code in a log */ };

void ov_csv_import_deinit(struct ov_csv_import *intake)
{
    ov_check_free(intake->check);
    intake->check = NULL;
}

/* --- vetting --- */

struct feeding {
    struct ov_csv_import *intake;
    uint64_t fed; /* bytes */
};

enum ov_status ov_csv_import_progress(const struct ov_csv_import *intake, uint64_t fed, int from,
                                      int to, struct ov_error *err)
{
    if (!intake->progress || !intake->source->size)
        return OV_OK;
    double share = (double)fed / (double)intake->source->size;
    return ov_go_on(intake->progress, intake->progress_ctx, from + (int)(share * (to - from)), err);
}

static enum ov_status feed(void *ctx, const char *bytes, size_t len, bool *enough,
                           struct ov_error *err)
{
    struct feeding *feeding = ctx;
    struct ov_csv_import *intake = feeding->intake;
    (void)enough;
    feeding->fed += len;
    enum ov_status status = ov_csv_import_progress(intake, feeding->fed, 0, OV_VETTED_PERCENT, err);
    if (status != OV_OK)
        return status;
    if (intake->most_rows && ov_check_rows(intake->check) > intake->most_rows)
        return ov_fail(
            err, OV_E_LIMIT,
            "the export cannot be imported: it has too many rows to be imported at once; "
            "import its frameworks one by one");
    return ov_check_feed(intake->check, bytes, len, err);
}

enum ov_status ov_csv_import_target(struct ov_check *check, struct ov_sql *sql,
                                    const struct ov_importer *importer, int64_t tenant,
                                    int64_t *framework, struct ov_error *err)
{
    struct ov_text select = ov_check_given_setting(check, OV_TEXT("select_framework"));
    *framework = 0;
    if (!ov_text_equal(ov_check_given_setting(check, OV_TEXT("target_framework")),
                       OV_TEXT("existing")))
        return OV_OK;
    enum ov_status status = ov_framework_find(sql, select, importer->name, tenant, framework, err);
    if (status == OV_OK && !*framework)
        return ov_fail(err, OV_E_OPTION, "the framework `%.*s` no longer exists here",
                       OV_QUOTE(select));
    struct ov_query query;
    ov_query_begin_many(
        &query, sql,
        "SELECT idnumber FROM item WHERE framework = ?1 AND idnumber IS NOT NULL" OV_SHARED(
            "AND tenant = ?2"),
        OV_BIND(OV_SQL_I(*framework), OV_SQL_I(tenant)), err);
    while (status == OV_OK && ov_query_next(&query))
        status = ov_check_add_existing(check, ov_query_text(&query, 0), err);
    enum ov_status ended = ov_query_end(&query);
    return status == OV_OK ? ended : status;
}

enum ov_status ov_csv_import_vet(struct ov_csv_import *intake, struct ov_sql *sql,
                                 const struct ov_importer *importer, const char *file_name,
                                 struct ov_text settings, bool *good, struct ov_error *err)
{
    struct ov_check_options options = {.importer = importer,
                                       .file_name = file_name,
                                       .language = intake->language,
                                       .keep_for_reread = true,
                                       .max_findings = OV_FINDINGS_KEPT};
    struct feeding feeding = {.intake = intake};
    *good = false;
    intake->check = ov_check_new(&options, err);
    if (!intake->check)
        return err->status;
    ov_check_expect(intake->check, intake->source->size);
    enum ov_status status = settings.len ? ov_check_set_json(intake->check, settings, err) : OV_OK;
    if (status == OV_OK)
        status = ov_csv_import_target(intake->check, sql, importer, intake->tenant,
                                      &intake->framework, err);
    if (status == OV_OK)
        status = intake->source->read(intake->source->ctx, feed, &feeding, err);
    if (status == OV_OK)
        status = ov_check_finish(intake->check, err);
    return status == OV_OK ? ov_importable_all(intake->check, good, err) : status;
}

enum ov_status ov_csv_import_log(const struct ov_csv_import *intake, struct ov_sql *sql,
                                 const struct ov_job *work, struct ov_error *err)
{
    static const char *const levels[] = {
        [OV_INFO] = "info", [OV_WARNING] = "warning", [OV_ERROR] = "error"};
    uint32_t logged[OV_RULES] = {0};
    struct ov_check *check = intake->check;
    struct ov_finding finding;
    struct ov_buf text = {0};
    enum ov_status status;
    if (!check)
        return OV_OK;
    ov_check_rewind(check);
    while ((status = ov_check_next(check, &finding)) == OV_OK && finding.rule) {
        size_t rule = (size_t)(finding.rule - ov_rule_at(0));
        if (logged[rule] == LOG_LINES)
            continue;
        logged[rule]++;
        text.len = 0;
        ov_buf_text(&text, finding.message);
        if (finding.help.len) {
            ov_buf_string(&text, "; ");
            ov_buf_text(&text, finding.help);
        }
        struct ov_log_line line = {.level = levels[finding.severity],
                                   .code = ov_text_of(finding.rule->code),
                                   .message = ov_buf_view(&text),
                                   .line = (int64_t)finding.place.line,
                                   .column = (int64_t)finding.place.column,
                                   .row = finding.row > 0 ? finding.row : 0};
        status =
            text.failed ? ov_fail_memory(err) : ov_log_add(sql, work->tenant, work->id, &line, err);
        if (status != OV_OK)
            break;
    }
    for (size_t rule = 0; rule < OV_RULES && status == OV_OK; rule++) {
        const struct ov_rule *about = ov_rule_at(rule);
        unsigned long long more = ov_check_count(check, rule) - logged[rule];
        text.len = 0;
        ov_buf_format(&text, ov_translate(intake->language, "… and %llu more of %s"), more,
                      about->code);
        const struct ov_log_line line = {.level = levels[about->severity],
                                         .code = ov_text_of(about->code),
                                         .message = ov_buf_view(&text)};
        if (more)
            status = text.failed ? ov_fail_memory(err)
                                 : ov_log_add(sql, work->tenant, work->id, &line, err);
    }
    ov_buf_deinit(&text);
    return status;
}
