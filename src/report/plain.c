/* report/plain.c: one line per finding, in the style of compilers, for pipes and editors; then the
 * summary. */
#include "base/unicode.h"
#include "finding/list.h"
#include "report/place.h"
#include "report/text.h"

enum { SHOWN = 100 };

static enum ov_status append_plain_finding(struct ov_report *report,
                                           const struct ov_vetted_file *file,
                                           const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_buf *out = &report->out;
    (void)err;
    ov_buf_escaped(out, ov_text_of(file->path));
    ov_put_place(out, ov_check_result(file->check), finding->place);
    ov_buf_format(out, ": %s[%s]: ", ov_severity_name(finding->severity), finding->rule->code);
    ov_buf_text(out, finding->message);
    if (finding->help.len) {
        ov_buf_string(out, "; ");
        ov_buf_text(out, finding->help);
    }
    ov_buf_char(out, '\n');
    return OV_OK;
}

const struct ov_format ov_format_plain = {.name = "plain",
                                          .text = true,
                                          .max_findings = SHOWN,
                                          .put = append_plain_finding,
                                          .close = ov_report_text_close,
                                          .end = ov_report_text_end};
