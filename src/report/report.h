/* report/report.h: what the formats share. Each format is one file with one const table. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/json.h"
#include "orgvet/report.h"

/* Totals over the files of a report. */
struct ov_totals {
    uint64_t files, rows;
    uint64_t severities[OV_SEVERITIES]; /* exact numbers of findings */
};

/* The file being reported. Everything is borrowed. */
struct ov_vetted_file {
    const char *path;               /* as given, for people */
    const struct ov_check *check;   /* finished */
    const struct ov_source *source; /* may be NULL */
};

struct ov_report {
    const struct ov_format *format; /* static */
    struct ov_report_options options;
    struct ov_sink sink; /* the copy; ctx is borrowed */
    struct ov_buf out;   /* flushed to the sink when large, and at the end of each call */
    struct ov_totals totals;
    uint64_t *shown;     /* owned: per rule, findings shown of the current file */
    uint64_t shown_all;  /* the same for all rules together */
    struct ov_json json; /* writes to out, for formats that are JSON or contain it */
    void *state; /* owned: the format's own data, initially zero; format->state_size bytes */
};

/* A format. The functions append to report->out, which ov_report_flush empties from time to time;
 * all may be NULL. */
struct ov_format {
    const char *name;      /* for --format; static */
    bool text;             /* for people: --verbose and --quiet select what is shown */
    bool reads;            /* reads the file again: needs a source and a check made with
                              options.keep_for_reread */
    bool single;           /* a report contains one file only */
    bool rows_only;        /* has no place for what is about the file or its header */
    bool binary;           /* is no text */
    uint64_t max_findings; /* default limit of findings shown per code; 0: none */
    size_t state_size;     /* bytes */
    /* Called in this order: begin once; open, put for each finding, close per file; end once. */
    void (*begin)(struct ov_report *report);
    void (*open)(struct ov_report *report, const struct ov_vetted_file *file);
    enum ov_status (*put)(struct ov_report *report, const struct ov_vetted_file *file,
                          const struct ov_finding *finding, struct ov_error *err);
    enum ov_status (*close)(struct ov_report *report, const struct ov_vetted_file *file,
                            struct ov_error *err);
    enum ov_status (*end)(struct ov_report *report, struct ov_error *err);
    void (*deinit)(struct ov_report *report);
};

extern const struct ov_format ov_format_pretty, ov_format_plain, ov_format_json, ov_format_ndjson,
    ov_format_sarif, ov_format_github, ov_format_github_summary, ov_format_gitlab, ov_format_junit,
    ov_format_checkstyle, ov_format_csv, ov_format_html, ov_format_xlsx;

/* The number of findings of a file that the report will show. */
uint64_t ov_report_will_show(const struct ov_report *report, const struct ov_check *check);

/* Writes the buffer to the sink if it is large, or in any case if `all`. OV_E_MEMORY when the
 * buffer has failed, or the sink's failure. */
OV_MUST_USE enum ov_status ov_report_flush(struct ov_report *report, bool all,
                                           struct ov_error *err);

/* Whether columns were proposed that options of `orgvet check` accept. */
bool ov_report_has_accept(const struct ov_vetted_file *file);
/* Appends those options and the path of the file, quoted for a shell, each after a space. */
void ov_report_accept(struct ov_buf *out, const struct ov_vetted_file *file);

/* Appends "5 rows, 2 errors, 1 warning". */
void ov_report_counts(struct ov_buf *out, enum ov_language language, uint64_t rows,
                      const uint64_t severities[OV_SEVERITIES]);

#endif
