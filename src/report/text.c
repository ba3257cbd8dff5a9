/* report/text.c: see text.h. */
#include "report/text.h"

#include "base/i18n.h"
#include "base/unicode.h"
#include "finding/list.h"

/* Prints the file and, of a workbook, the sheet. */
static void put_file(struct ov_report *report, const struct ov_vetted_file *file)
{
    const struct ov_check_result *result = ov_check_result(file->check);
    ov_buf_escaped(&report->out, ov_text_of(file->path));
    if (!result->is_workbook)
        return;
    ov_buf_char(&report->out, ':');
    ov_buf_escaped(&report->out, result->sheet);
}

/* Prints for each code how many findings --max-findings has hidden. */
static void put_hidden(struct ov_report *report, const struct ov_vetted_file *file)
{
    uint64_t most = report->options.max_findings;
    enum ov_language language = report->options.language;
    for (size_t i = 0; most && i < ov_rule_count(); i++) {
        uint64_t count = ov_check_count(file->check, i);
        if (report->shown[i] != most || count <= most)
            continue;
        put_file(report, file);
        ov_buf_string(&report->out, ": ");
        struct ov_buf more = {0};
        ov_buf_number_in(&more, count - most, language);
        ov_buf_say(&report->out, language,
                   "{0} more of {1} not shown (`--max-findings 0` shows all)\n",
                   OV_OTHERS(ov_buf_view(&more), ov_text_of(ov_rule_at(i)->code)));
        report->out.failed |= more.failed;
        ov_buf_deinit(&more);
    }
}

/* Prints the command that accepts the proposed columns. */
static void put_accept(struct ov_report *report, const struct ov_vetted_file *file)
{
    struct ov_buf *out = &report->out;
    if (!ov_report_has_accept(file))
        return;
    put_file(report, file);
    ov_buf_string(
        out, ov_translate(report->options.language, ": to accept these columns: orgvet check"));
    ov_report_accept(out, file);
    ov_buf_char(out, '\n');
}

enum ov_status ov_report_text_close(struct ov_report *report, const struct ov_vetted_file *file,
                                    struct ov_error *err)
{
    const struct ov_check_result *result = ov_check_result(file->check);
    (void)err;
    if (report->options.quiet)
        return OV_OK;
    put_hidden(report, file);
    if (result->root_cause.len) {
        put_file(report, file);
        ov_buf_string(&report->out, ov_translate(report->options.language, ": root cause: "));
        ov_buf_text(&report->out, result->root_cause);
        ov_buf_char(&report->out, '\n');
    }
    put_accept(report, file);
    if (report->options.several) {
        put_file(report, file);
        ov_buf_string(&report->out, ": ");
        ov_report_counts(&report->out, report->options.language, result->rows, result->severities);
        ov_buf_char(&report->out, '\n');
    }
    return OV_OK;
}

enum ov_status ov_report_text_end(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    struct ov_buf *out = &report->out;
    const struct ov_totals *totals = &report->totals;
    if (report->options.quiet || report->options.beside_rows || totals->files == 0)
        return OV_OK;
    ov_report_counts(out, report->options.language, totals->rows, totals->severities);
    ov_buf_say_count(out, report->options.language, totals->files, " in {0} file", " in {0} files");
    ov_buf_char(out, '\n');
    return OV_OK;
}
