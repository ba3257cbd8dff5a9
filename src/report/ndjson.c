/* report/ndjson.c: a JSON object a line: each finding, with its `path` before the members of
 * schemas/report-1.json, {"path":…,"root_cause":{…}} where one stands out, and at the end
 * {"summary":{…}}. */
#include "report/report.h"

static void begin(struct ov_report *report)
{
    (void)report;
}

static enum ov_status add(struct ov_report *report, const char *path, struct ov_check *check,
                          const struct ov_source *source, struct ov_error *err)
{
    struct ov_finding finding;
    (void)source;
    for (;;) {
        enum ov_status status = ov_report_next(report, check, &finding, err);
        if (status != OV_OK)
            return status;
        if (!finding.rule)
            break;
        if ((status = ov_report_json_finding(report, &finding, path, err)) != OV_OK)
            return status;
        ov_buf_char(&report->out, '\n');
    }
    if (ov_check_result(check)->root_cause.len) {
        ov_buf_string(&report->out, "{\"path\":");
        ov_buf_json(&report->out, ov_text_of(path), OV_JSON_PLAIN);
        ov_buf_char(&report->out, ',');
        ov_report_json_cause(&report->out, ov_check_result(check));
        ov_buf_string(&report->out, "}\n");
    }
    return OV_OK;
}

static void end(struct ov_report *report)
{
    ov_buf_string(&report->out, "{\"summary\":{");
    ov_report_json_totals(&report->out, &report->totals, true);
    ov_buf_string(&report->out, "}}\n");
}

const struct ov_format ov_format_ndjson = {
    .name = "ndjson", .begin = begin, .add = add, .end = end};
