/* report/text.c: what the formats for people share: the lines behind a file's findings, and the
 * last. */
#include "finding/list.h"
#include "report/report.h"

/* Says for each code how many findings --max-findings has kept back. */
static void put_hidden(struct ov_report *report, const char *path, const struct ov_check *check)
{
    uint64_t most = report->options.max_findings;
    for (size_t i = 0; most && i < ov_rule_count(); i++) {
        uint64_t count = ov_check_count(check, i);
        if (report->shown[i] != most || count <= most)
            continue;
        ov_buf_escaped(&report->out, ov_text_of(path));
        ov_buf_string(&report->out, ": ");
        ov_buf_number(&report->out, count - most);
        ov_buf_format(&report->out, " more of %s are not shown (`--max-findings 0` shows all)\n",
                      ov_rule_at(i)->code);
    }
}

/* Appends "5 rows, 2 errors, 1 warning". */
static void put_counts(struct ov_buf *out, uint64_t rows, const uint64_t severities[OV_SEVERITIES])
{
    ov_report_count(out, rows, "row");
    ov_buf_string(out, ", ");
    ov_report_count(out, severities[OV_ERROR], "error");
    ov_buf_string(out, ", ");
    ov_report_count(out, severities[OV_WARNING], "warning");
}

enum ov_status ov_report_text_close(struct ov_report *report, const struct ov_vetted_file *file,
                                    struct ov_error *err)
{
    const struct ov_check_result *result = ov_check_result(file->check);
    (void)err;
    if (report->options.quiet)
        return OV_OK;
    put_hidden(report, file->path, file->check);
    if (result->root_cause.len) {
        ov_buf_escaped(&report->out, ov_text_of(file->path));
        ov_buf_string(&report->out, ": root cause: ");
        ov_buf_text(&report->out, result->root_cause);
        ov_buf_char(&report->out, '\n');
    }
    if (report->options.several) {
        ov_buf_escaped(&report->out, ov_text_of(file->path));
        ov_buf_string(&report->out, ": ");
        put_counts(&report->out, result->rows, result->severities);
        ov_buf_char(&report->out, '\n');
    }
    return OV_OK;
}

void ov_report_text_end(struct ov_report *report)
{
    struct ov_buf *out = &report->out;
    const struct ov_totals *totals = &report->totals;
    if (report->options.quiet || totals->files == 0)
        return;
    put_counts(out, totals->rows, totals->severities);
    ov_buf_string(out, " in ");
    ov_report_count(out, totals->files, "file");
    ov_buf_char(out, '\n');
}
