/* report/github.c: output for GitHub Actions. `github` writes workflow commands, which become
 * annotations: only ten errors and ten warnings per step are shown, so these are the ones that keep
 * most rows from importing; then the summary as text. `github-summary` is the job summary in
 * Markdown: the counts, and a table of findings up to the size limit. */
#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "finding/list.h"
#include "report/report.h"
#include "report/text.h"

enum {
    SHOWN = 10,                /* annotations per level */
    SUMMARY_MAX = 1000 * 1000, /* bytes; the limit of a job summary is 1 MiB */
};

/* An annotation, ready to write. */
struct annotation {
    int64_t affected;
    struct ov_buf text;
};

struct annotations {
    struct annotation items[2][SHOWN]; /* errors, warnings: most affected rows first */
    size_t counts[2];
};

/* Escapes for the runner: data, or also a property. */
static void put_escaped(struct ov_buf *out, struct ov_text given, bool property)
{
    struct ov_buf plain = {0};
    ov_buf_escaped_whole(&plain, given); /* a path may contain anything */
    struct ov_text text = ov_buf_view(&plain);
    out->failed |= plain.failed;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            ov_buf_format(out, "%%%02X", (unsigned)c);
        else
            ov_buf_char(out, c);
    }
    ov_buf_deinit(&plain);
}

static void put_annotation(struct ov_buf *out, const struct ov_vetted_file *file,
                           const struct ov_finding *finding)
{
    ov_buf_format(out, "::%s file=", ov_severity_name(finding->severity));
    put_escaped(out, ov_text_of(file->path), true);
    ov_buf_format(out, ",line=%llu,col=%llu,title=%s %s::", (unsigned long long)finding->place.line,
                  (unsigned long long)finding->place.column, finding->rule->code,
                  finding->rule->name);
    put_escaped(out, finding->message, false);
    if (finding->help.len) {
        ov_buf_string(out, "; ");
        put_escaped(out, finding->help, false);
    }
    ov_buf_char(out, '\n');
}

static enum ov_status insert_annotation(struct ov_report *report, const struct ov_vetted_file *file,
                                        const struct ov_finding *finding, struct ov_error *err)
{
    struct annotations *all = report->state;
    if (finding->severity == OV_INFO)
        return OV_OK;
    size_t list = finding->severity == OV_ERROR ? 0 : 1, at = all->counts[list];
    struct annotation *items = all->items[list];
    while (at > 0 && items[at - 1].affected < finding->affected)
        at--;
    if (at == SHOWN)
        return OV_OK;
    struct annotation last = items[SHOWN - 1]; /* reuse the buffer of the one that drops out */
    if (all->counts[list] < SHOWN)
        last = items[all->counts[list]++];
    memmove(&items[at + 1], &items[at], (all->counts[list] - 1 - at) * sizeof *items);
    items[at] = (struct annotation){finding->affected, last.text};
    items[at].text.len = 0;
    put_annotation(&items[at].text, file, finding);
    return items[at].text.failed ? ov_fail_memory(err) : OV_OK;
}

static enum ov_status end_annotations(struct ov_report *report, struct ov_error *err)
{
    const struct annotations *all = report->state;
    for (size_t list = 0; list < 2; list++)
        for (size_t i = 0; i < all->counts[list]; i++)
            ov_buf_text(&report->out, ov_buf_view(&all->items[list][i].text));
    return ov_report_text_end(report, err);
}

static void deinit(struct ov_report *report)
{
    struct annotations *all = report->state;
    for (size_t list = 0; list < 2; list++)
        for (size_t i = 0; i < SHOWN; i++)
            ov_buf_deinit(&all->items[list][i].text);
}

const struct ov_format ov_format_github = {.name = "github",
                                           .state_size = sizeof(struct annotations),
                                           .put = insert_annotation,
                                           .close = ov_report_text_close,
                                           .end = end_annotations,
                                           .deinit = deinit};

/* The job summary. */

struct summary {
    uint64_t bytes, missing;
    bool table;
};

/* Appends a cell of a Markdown table, with markup escaped. */
static void put_cell(struct ov_buf *out, struct ov_text text)
{
    ov_buf_string(out, "| ");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '<')
            ov_buf_string(out, "&lt;");
        else if (c == '&')
            ov_buf_string(out, "&amp;");
        else if (c == '\n' || c == '\r')
            ov_buf_char(out, ' ');
        else if (c && strchr("|*_[]~@#\\", c))
            ov_buf_format(out, "\\%c", c);
        else
            ov_buf_char(out, c);
    }
    ov_buf_char(out, ' ');
}

static void begin_summary(struct ov_report *report)
{
    ov_buf_string(&report->out, "## orgvet\n\n");
}

static enum ov_status put_row(struct ov_report *report, const struct ov_vetted_file *file,
                              const struct ov_finding *finding, struct ov_error *err)
{
    struct summary *summary = report->state;
    struct ov_buf *out = &report->out;
    size_t before = out->len;
    (void)err;
    if (summary->bytes > SUMMARY_MAX) {
        summary->missing++;
        return OV_OK;
    }
    if (!summary->table)
        ov_buf_string(out, "| | file | line | column | finding | rows affected |\n"
                           "|---|---|---|---|---|---|\n");
    summary->table = true;
    put_cell(out, ov_text_of(ov_severity_name(finding->severity)));
    put_cell(out, ov_text_of(file->path));
    ov_buf_format(out, "| %llu | %llu | %s %s: ", (unsigned long long)finding->place.line,
                  (unsigned long long)finding->place.column, finding->rule->code,
                  finding->rule->name);
    size_t cell = out->len;
    put_cell(out, finding->message);
    if (!out->failed) /* join it to the cell started above: remove "| " */
        memmove(out->ptr + cell, out->ptr + cell + 2, out->len - cell - 2);
    out->len -= out->failed ? 0 : 2;
    if (finding->affected >= 0)
        ov_buf_format(out, "| %lld |\n", (long long)finding->affected);
    else
        ov_buf_string(out, "| |\n");
    summary->bytes += out->len - before;
    return OV_OK;
}

static enum ov_status end_summary(struct ov_report *report, struct ov_error *err)
{
    const struct summary *summary = report->state;
    struct ov_buf *out = &report->out;
    if (summary->missing) {
        ov_buf_char(out, '\n');
        ov_buf_number(out, summary->missing);
        ov_buf_string(out, " more findings have no room here\n");
    }
    if (summary->table)
        ov_buf_char(out, '\n');
    return ov_report_text_end(report, err);
}

const struct ov_format ov_format_github_summary = {.name = "github-summary",
                                                   .state_size = sizeof(struct summary),
                                                   .begin = begin_summary,
                                                   .put = put_row,
                                                   .end = end_summary};
