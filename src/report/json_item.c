/* report/json_item.c: one finding as a JSON object, see schemas/report-1.json. Streamed, because a
 * circular reporting line may have a million rows. */
#include "base/error.h"
#include "report/json.h"
#include "report/place.h"

static enum ov_status put_members(struct ov_report *report, const struct ov_check *check,
                                  const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_json *json = &report->json;
    if (!finding->is_loop)
        return OV_OK;
    ov_json_list(json, "members");
    for (size_t i = 0; i < finding->related_count; i++) {
        ov_json_text(json, NULL, ov_check_member(check, i));
        enum ov_status status = ov_report_flush(report, false, err);
        if (status != OV_OK)
            return status;
    }
    ov_json_end(json);
    ov_json_bool(json, "minimal", finding->minimal);
    return OV_OK;
}

static enum ov_status put_related(struct ov_report *report, const struct ov_check *check,
                                  const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_json *json = &report->json;
    if (finding->related_count == 0)
        return OV_OK;
    ov_json_list(json, "related");
    for (size_t i = 0; i < finding->related_count; i++) {
        const struct ov_related related = ov_check_related(check, i);
        ov_json_object(json, NULL);
        ov_json_put_place(json, ov_check_result(check), related.place, related.row);
        ov_json_nonempty(json, "id", related.id);
        ov_json_nonempty(json, "message", related.note);
        ov_json_end(json);
        enum ov_status status = ov_report_flush(report, false, err);
        if (status != OV_OK)
            return status;
    }
    ov_json_end(json);
    return OV_OK;
}

enum ov_status ov_report_json_finding(struct ov_report *report, const struct ov_vetted_file *file,
                                      const struct ov_finding *finding, bool path,
                                      struct ov_error *err)
{
    struct ov_json *json = &report->json;
    ov_json_object(json, NULL);
    if (path)
        ov_json_string(json, "path", file->path);
    ov_json_string(json, "code", finding->rule->code);
    ov_json_string(json, "name", finding->rule->name);
    ov_json_string(json, "severity", ov_severity_name(finding->severity));
    ov_json_put_place(json, ov_check_result(file->check), finding->place, finding->row);
    ov_json_text(json, "message", finding->message);
    ov_json_nonempty(json, "help", finding->help);
    ov_json_nonempty(json, "field", finding->field);
    if (finding->has_header)
        ov_json_text(json, "header", finding->header);
    ov_json_nonempty(json, "value", finding->value);
    ov_json_nonempty(json, "id", finding->id);
    ov_json_nonempty(json, "suggestion", finding->suggestion);
    if (finding->affected >= 0)
        ov_json_signed(json, "affected", finding->affected);
    ov_json_string(json, "fingerprint", finding->fingerprint);
    enum ov_status status = put_members(report, file->check, finding, err);
    if (status == OV_OK)
        status = put_related(report, file->check, finding, err);
    ov_json_end(json);
    return status == OV_OK && report->out.failed ? ov_fail_memory(err) : status;
}

void ov_report_json_cause(struct ov_json *json, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_text option;
    ov_json_object(json, "root_cause");
    ov_json_text(json, "message", result->root_cause);
    ov_json_number(json, "clears", result->root_cause_clears);
    if (result->root_cause_line)
        ov_json_number(json, "line", result->root_cause_line);
    if (ov_check_cause_option(check, 0, &option)) {
        ov_json_list(json, "options");
        for (size_t i = 0; ov_check_cause_option(check, i, &option); i++)
            ov_json_text(json, NULL, option);
        ov_json_end(json);
    }
    ov_json_end(json);
}

void ov_report_json_totals(struct ov_json *json, const struct ov_totals *totals, bool files)
{
    ov_json_object(json, "summary");
    if (files) {
        ov_json_number(json, "files", totals->files);
        ov_json_number(json, "rows", totals->rows);
    }
    ov_json_number(json, "error", totals->severities[OV_ERROR]);
    ov_json_number(json, "warning", totals->severities[OV_WARNING]);
    ov_json_number(json, "info", totals->severities[OV_INFO]);
    ov_json_end(json);
}
