/* report/ndjson.c: one JSON object per line: each finding, with `path` before the members of
 * schemas/report-1.json; {"path":…,"root_cause":{…}} if there is one; and at the end
 * {"summary":{…}}. */
#include "report/json.h"

static enum ov_status append_ndjson_finding(struct ov_report *report,
                                            const struct ov_vetted_file *file,
                                            const struct ov_finding *finding, struct ov_error *err)
{
    enum ov_status status = ov_report_json_finding(report, file, finding, true, err);
    ov_buf_char(&report->out, '\n');
    return status;
}

static enum ov_status close_ndjson(struct ov_report *report, const struct ov_vetted_file *file,
                                   struct ov_error *err)
{
    (void)err;
    if (ov_check_result(file->check)->root_cause.len == 0)
        return OV_OK;
    ov_json_object(&report->json, NULL);
    ov_json_string(&report->json, "path", file->path);
    ov_report_json_cause(&report->json, file->check);
    ov_json_end(&report->json);
    ov_buf_char(&report->out, '\n');
    return OV_OK;
}

static enum ov_status end_ndjson(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    ov_json_object(&report->json, NULL);
    ov_report_json_totals(&report->json, &report->totals, true);
    ov_json_end(&report->json);
    ov_buf_char(&report->out, '\n');
    return OV_OK;
}

const struct ov_format ov_format_ndjson = {
    .name = "ndjson", .put = append_ndjson_finding, .close = close_ndjson, .end = end_ndjson};
