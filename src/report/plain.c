/* report/plain.c: one line a finding, as compilers print them, for pipes and editors; then the
 * summary. */
#include "base/text.h"
#include "finding/list.h"
#include "report/report.h"

enum { SHOWN = 100 };

static void begin(struct ov_report *report)
{
    (void)report;
}

static void put_finding(struct ov_buf *out, const char *path, const struct ov_finding *finding)
{
    ov_buf_escaped(out, ov_text_of(path));
    ov_buf_format(out, ":%llu:%llu: %s[%s]: ", (unsigned long long)finding->place.line,
                  (unsigned long long)finding->place.column, ov_severity_name(finding->severity),
                  finding->rule->code);
    ov_buf_text(out, finding->message);
    if (finding->help.len) {
        ov_buf_string(out, "; ");
        ov_buf_text(out, finding->help);
    }
    ov_buf_char(out, '\n');
}

static enum ov_status add(struct ov_report *report, const char *path, struct ov_check *check,
                          const struct ov_source *source, struct ov_error *err)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_finding finding;
    (void)source;
    for (;;) {
        enum ov_status status = ov_report_next(report, check, &finding, err);
        if (status != OV_OK)
            return status;
        if (!finding.rule)
            break;
        put_finding(&report->out, path, &finding);
    }
    ov_report_hidden(report, path, check);
    if (result->root_cause.len && !report->options.quiet) {
        ov_buf_escaped(&report->out, ov_text_of(path));
        ov_buf_string(&report->out, ": root cause: ");
        ov_buf_text(&report->out, result->root_cause);
        ov_buf_char(&report->out, '\n');
    }
    return OV_OK;
}

static void end(struct ov_report *report)
{
    if (report->options.quiet || report->totals.files == 0)
        return;
    ov_report_summary(&report->out, &report->totals);
    ov_buf_char(&report->out, '\n');
}

const struct ov_format ov_format_plain = {
    .name = "plain", .text = true, .max_findings = SHOWN, .begin = begin, .add = add, .end = end};
