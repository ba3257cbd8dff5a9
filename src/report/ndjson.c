/* report/ndjson.c: a JSON object a line: each finding, with its `path` before the members of
 * schemas/report-1.json, and at the end {"summary":{…}}. */
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
        if (status != OV_OK || !finding.rule)
            return status;
        if ((status = ov_report_json_finding(&report->out, &finding, path, err)) != OV_OK)
            return status;
        ov_buf_char(&report->out, '\n');
    }
}

static void end(struct ov_report *report)
{
    ov_buf_string(&report->out, "{\"summary\":{");
    ov_report_json_totals(&report->out, &report->totals, true);
    ov_buf_string(&report->out, "}}\n");
}

const struct ov_format ov_format_ndjson = {
    .name = "ndjson", .begin = begin, .add = add, .end = end};
