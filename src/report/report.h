/* report/report.h: what the formats share. Each format is one file and one const table. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/text.h"
#include "orgvet/report.h"

/* Sums over the files of a report. */
struct ov_totals {
    uint64_t files, rows;
    uint64_t severities[OV_SEVERITIES];
};

/* The file that is being reported. */
struct ov_vetted_file {
    const char *path;
    const struct ov_check *check;
    const struct ov_source *source; /* or NULL */
};

struct ov_report {
    const struct ov_format *format;
    struct ov_report_options options;
    struct ov_sink sink;
    struct ov_buf out; /* written to the sink when it is large, and at the end of each call */
    struct ov_totals totals;
    uint64_t *shown;         /* findings of each rule shown for the file being added */
    uint64_t shown_all;      /* and of all rules */
    enum ov_json_style json; /* of the strings in it */
    void *state; /* owned: what a format keeps, zeroed at first; format->state_size bytes */
};

/* A format. The functions append to report->out, which ov_report_flush empties now and then; any
 * but put may be NULL. */
struct ov_format {
    const char *name;
    bool text;   /* for people: --verbose and --quiet choose what is shown */
    bool reads;  /* it reads the file again: a check made with options.keep_for_reread, and a source
                  */
    bool single; /* a report is of one file */
    uint64_t max_findings;
    size_t state_size;
    void (*begin)(struct ov_report *report);
    void (*open)(struct ov_report *report, const struct ov_vetted_file *file);
    enum ov_status (*put)(struct ov_report *report, const struct ov_vetted_file *file,
                          const struct ov_finding *finding, struct ov_error *err);
    enum ov_status (*close)(struct ov_report *report, const struct ov_vetted_file *file,
                            struct ov_error *err);
    void (*end)(struct ov_report *report);
    void (*deinit)(struct ov_report *report);
};

extern const struct ov_format ov_format_pretty, ov_format_plain, ov_format_json, ov_format_ndjson,
    ov_format_sarif, ov_format_github, ov_format_github_summary, ov_format_gitlab, ov_format_junit,
    ov_format_checkstyle, ov_format_csv, ov_format_html;

/* How many findings of a file the report shows. */
uint64_t ov_report_will_show(const struct ov_report *report, const struct ov_check *check);

/* xml.c: appends a text as character data or as an attribute's value (XML 1.0, sections 2.2, 2.4):
 * what no XML text can hold becomes U+FFFD. */
void ov_buf_xml(struct ov_buf *out, struct ov_text text);

/* text.c: what pretty and plain say behind a file's findings (those kept back, the root cause) and
 * at the end (the summary). */
enum ov_status ov_report_text_close(struct ov_report *report, const struct ov_vetted_file *file,
                                    struct ov_error *err);
void ov_report_text_end(struct ov_report *report);

/* Writes the buffer to the sink when it is large (or `all`). */
OV_MUST_USE enum ov_status ov_report_flush(struct ov_report *report, bool all,
                                           struct ov_error *err);

/* Appends "5 rows, 2 errors, 1 warning". */
void ov_report_counts(struct ov_buf *out, enum ov_language language, uint64_t rows,
                      const uint64_t severities[OV_SEVERITIES]);

/* json_item.c: writes the finding as a JSON object of schemas/report-1.json, before its members
 * `path` where that is asked for. */
OV_MUST_USE enum ov_status ov_report_json_finding(struct ov_report *report,
                                                  const struct ov_vetted_file *file,
                                                  const struct ov_finding *finding, bool path,
                                                  struct ov_error *err);
/* json_item.c: appends the member `root_cause`. */
void ov_report_json_cause(struct ov_buf *out, const struct ov_check_result *result);
/* json_item.c: appends the members `files` (unless 0), `rows`, `error`, `warning`, `info`. */
void ov_report_json_totals(struct ov_buf *out, const struct ov_totals *totals, bool files);

/* excerpt.c: appends the finding's line with a caret below its cell; nothing when it cannot be
 * read. */
void ov_report_excerpt(struct ov_buf *out, const struct ov_check_result *result,
                       const struct ov_finding *finding, const struct ov_source *source,
                       const char *caret_color, const char *reset);

#endif
