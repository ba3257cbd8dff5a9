/* report/report.c: see report.h and orgvet/report.h. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/shell.h"
#include "finding/list.h"

enum { LARGE = 64 * 1024 /* bytes collected before they are written */ };

static const struct ov_format *const formats[] = {&ov_format_pretty,
                                                  &ov_format_plain,
                                                  &ov_format_json,
                                                  &ov_format_ndjson,
                                                  &ov_format_sarif,
                                                  &ov_format_github,
                                                  &ov_format_github_summary,
                                                  &ov_format_gitlab,
                                                  &ov_format_junit,
                                                  &ov_format_checkstyle,
                                                  &ov_format_csv,
                                                  &ov_format_html,
                                                  &ov_format_xlsx};

size_t ov_format_count(void)
{
    return sizeof formats / sizeof *formats;
}

const struct ov_format *ov_format_at(size_t index)
{
    return formats[index];
}

const struct ov_format *ov_format_find(struct ov_text name)
{
    for (size_t i = 0; i < ov_format_count(); i++)
        if (ov_text_equal(name, ov_text_of(formats[i]->name)))
            return formats[i];
    return NULL;
}

const char *ov_format_name(const struct ov_format *format)
{
    return format->name;
}

uint64_t ov_format_max_findings(const struct ov_format *format)
{
    return format->max_findings;
}

bool ov_format_reads(const struct ov_format *format)
{
    return format->reads;
}

bool ov_format_is_of_rows(const struct ov_format *format)
{
    return format->rows_only;
}

bool ov_format_is_binary(const struct ov_format *format)
{
    return format->binary;
}

bool ov_format_is_single(const struct ov_format *format)
{
    return format->single;
}

struct ov_report *ov_report_new(const struct ov_format *format,
                                const struct ov_report_options *options, const struct ov_sink *sink,
                                struct ov_error *err)
{
    struct ov_report *report = calloc(1, sizeof *report);
    uint64_t *shown = calloc(ov_rule_count(), sizeof *shown);
    void *state = calloc(1, format->state_size + 1);
    if (!report || !shown || !state) {
        free(report);
        free(shown);
        free(state);
        ov_fail_memory(err);
        return NULL;
    }
    report->format = format;
    report->options = *options;
    report->sink = *sink;
    report->shown = shown;
    report->state = state;
    report->json.out = &report->out;
    if (format->begin)
        format->begin(report);
    return report;
}

void ov_report_free(struct ov_report *report)
{
    if (!report)
        return;
    if (report->format->deinit)
        report->format->deinit(report);
    ov_buf_deinit(&report->out);
    free(report->shown);
    free(report->state);
    free(report);
}

enum ov_status ov_report_flush(struct ov_report *report, bool all, struct ov_error *err)
{
    if (report->out.failed)
        return ov_fail_memory(err);
    if (report->out.len < LARGE && !all)
        return OV_OK;
    enum ov_status status = OV_OK;
    if (report->out.len)
        status = report->sink.write(report->sink.ctx, report->out.ptr, report->out.len, err);
    report->out.len = 0;
    return status;
}

enum ov_status ov_report_end(struct ov_report *report, struct ov_error *err)
{
    enum ov_status status = report->format->end ? report->format->end(report, err) : OV_OK;
    return status == OV_OK ? ov_report_flush(report, true, err) : status;
}

/* Whether a copy of the file's rows has the record that a finding is about. */
static bool is_of_record(const struct ov_finding *finding)
{
    ptrdiff_t rule = finding->rule - ov_rule_at(0);
    return finding->row > 0 || (finding->row < 0 && rule >= OV_R114 && rule <= OV_R116);
}

/* Whether the text formats show a finding: info only if verbose, only errors if quiet. */
static bool is_shown(const struct ov_report *report, const struct ov_finding *finding)
{
    if (report->options.beside_rows && is_of_record(finding))
        return false;
    if (!report->format->text)
        return true;
    if (report->options.quiet)
        return finding->severity == OV_ERROR;
    return finding->severity != OV_INFO || report->options.verbose;
}

/* Passes the findings of a file to the format, up to the limit per rule. */
static enum ov_status put_findings(struct ov_report *report, const struct ov_vetted_file *file,
                                   struct ov_check *check, struct ov_error *err)
{
    struct ov_finding finding;
    enum ov_status status;
    uint64_t most = report->options.max_findings;
    while ((status = ov_check_next(check, &finding)) == OV_OK && finding.rule) {
        uint64_t *shown = &report->shown[finding.rule - ov_rule_at(0)];
        if (!is_shown(report, &finding) || (most && *shown == most))
            continue;
        ++*shown;
        if (report->format->put)
            status = report->format->put(report, file, &finding, err);
        report->shown_all++;
        if (status == OV_OK)
            status = ov_report_flush(report, false, err);
        if (status != OV_OK)
            return status;
    }
    return status == OV_OK ? OV_OK : ov_fail_memory(err);
}

enum ov_status ov_report_add(struct ov_report *report, const char *path, struct ov_check *check,
                             const struct ov_source *source, struct ov_error *err)
{
    const struct ov_vetted_file file = {path, check, source};
    if (report->format->reads && !source)
        return ov_fail(err, OV_E_STATE, "the format `%s` has to read the file again",
                       report->format->name);
    memset(report->shown, 0, ov_rule_count() * sizeof *report->shown);
    report->shown_all = 0;
    const struct ov_check_result *result = ov_check_result(check);
    ov_check_rewind(check);
    if (report->format->open)
        report->format->open(report, &file);
    enum ov_status status = put_findings(report, &file, check, err);
    if (status != OV_OK)
        return status;
    if (report->format->close)
        status = report->format->close(report, &file, err);
    if (status != OV_OK)
        return status;
    report->totals.files++;
    report->totals.rows += result->rows;
    for (int s = 0; s < OV_SEVERITIES; s++)
        report->totals.severities[s] += result->severities[s];
    return ov_report_flush(report, true, err);
}

uint64_t ov_report_will_show(const struct ov_report *report, const struct ov_check *check)
{
    uint64_t most = report->options.max_findings, count = 0;
    for (size_t i = 0; i < ov_rule_count(); i++) {
        uint64_t of_rule = ov_check_count(check, i);
        count += most && of_rule > most ? most : of_rule;
    }
    return count;
}

bool ov_report_has_accept(const struct ov_vetted_file *file)
{
    struct ov_text option;
    return ov_check_accept(file->check, 0, &option);
}

void ov_report_accept(struct ov_buf *out, const struct ov_vetted_file *file)
{
    struct ov_text option;
    for (size_t i = 0; ov_check_accept(file->check, i, &option); i++) {
        ov_buf_char(out, ' ');
        ov_buf_shell(out, option);
    }
    ov_buf_char(out, ' ');
    ov_buf_shell(out, ov_text_of(file->path));
}

void ov_report_counts(struct ov_buf *out, enum ov_language language, uint64_t rows,
                      const uint64_t severities[OV_SEVERITIES])
{
    ov_buf_say_count(out, language, rows, "{0} row", "{0} rows");
    ov_buf_string(out, ", ");
    ov_buf_say_count(out, language, severities[OV_ERROR], "{0} error", "{0} errors");
    ov_buf_string(out, ", ");
    ov_buf_say_count(out, language, severities[OV_WARNING], "{0} warning", "{0} warnings");
}
