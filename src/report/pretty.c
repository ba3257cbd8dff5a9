/* report/pretty.c: findings for people at a terminal, in the style of compilers: the message, the
 * line with a caret below the cell, notes and help; then the summary and the root cause. */
#include <string.h>

#include "base/i18n.h"
#include "base/unicode.h"
#include "finding/list.h"
#include "report/excerpt.h"
#include "report/place.h"
#include "report/text.h"
#include "vet/check_access.h"

enum { SHOWN = 100, NOTES = 8 /* related places shown per finding */ };

/* ANSI sequences, all empty when colour is off. */
struct paint {
    const char *bold, *error, *warning, *info, *note, *reset;
};

static struct paint paint_of(const struct ov_report *report)
{
    static const struct paint colored = {"\033[1m",    "\033[1;31m", "\033[1;33m",
                                         "\033[1;36m", "\033[1;34m", "\033[0m"};
    static const struct paint none = {"", "", "", "", "", ""};
    return report->options.color ? colored : none;
}

static const char *severity_paint(const struct paint *paint, enum ov_severity severity)
{
    return severity == OV_ERROR     ? paint->error
           : severity == OV_WARNING ? paint->warning
                                    : paint->info;
}

static void put_word(struct ov_buf *out, const char *word, enum ov_language language,
                     const struct paint *paint)
{
    ov_buf_format(out, "  %s%s%s ", paint->note, ov_translate(language, word), paint->reset);
}

static void put_notes(struct ov_buf *out, const struct ov_vetted_file *file,
                      const struct ov_finding *finding, enum ov_language language,
                      const struct paint *paint)
{
    for (size_t i = 0; i < finding->related_count && i < NOTES; i++) {
        const struct ov_related related = ov_check_related(file->check, i);
        put_word(out, "note:", language, paint);
        ov_buf_escaped(out, ov_text_of(file->path));
        ov_put_place(out, ov_check_result(file->check), related.place);
        ov_buf_string(out, ": ");
        if (related.id.len) {
            ov_buf_char(out, '`');
            ov_buf_escaped(out, related.id);
            ov_buf_string(out, "`: ");
        }
        ov_buf_text(out, related.note);
        ov_buf_char(out, '\n');
    }
    if (finding->related_count > NOTES) {
        put_word(out, "note:", language, paint);
        ov_buf_say_count(out, language, finding->related_count - NOTES, "… and {0} more location",
                         "… and {0} more locations");
        ov_buf_char(out, '\n');
    }
}

static enum ov_status append_pretty_finding(struct ov_report *report,
                                            const struct ov_vetted_file *file,
                                            const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_buf *out = &report->out;
    struct paint paint = paint_of(report);
    (void)err;
    const char *color = severity_paint(&paint, finding->severity);
    ov_buf_string(out, paint.bold);
    ov_buf_escaped(out, ov_text_of(file->path));
    ov_put_place(out, ov_check_result(file->check), finding->place);
    ov_buf_format(out, ":%s ", paint.reset);
    ov_buf_format(out, "%s%s[%s]:%s ", color,
                  ov_translate(report->options.language, ov_severity_name(finding->severity)),
                  finding->rule->code, paint.reset);
    ov_buf_text(out, finding->message);
    ov_buf_char(out, '\n');
    if (file->source && finding->row >= 0 && !ov_check_result(file->check)->is_workbook &&
        !ov_check_choices(file->check)->redact)
        ov_report_excerpt(out, ov_check_result(file->check), finding, file->source, color,
                          paint.reset);
    if (report->options.quiet)
        return OV_OK;
    put_notes(out, file, finding, report->options.language, &paint);
    if (finding->help.len) {
        put_word(out, "help:", report->options.language, &paint);
        ov_buf_text(out, finding->help);
        ov_buf_char(out, '\n');
    }
    return OV_OK;
}

const struct ov_format ov_format_pretty = {.name = "pretty",
                                           .text = true,
                                           .max_findings = SHOWN,
                                           .put = append_pretty_finding,
                                           .close = ov_report_text_close,
                                           .end = ov_report_text_end};
