/* orgvet/report.h: findings as text, in several formats. A report is streamed: begin, each file as
 * soon as its check has finished, end. */
#ifndef ORGVET_REPORT_H
#define ORGVET_REPORT_H

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Options of a report. {0} is the default. */
struct ov_report_options {
    bool color;                /* pretty: ANSI colours */
    bool verbose;              /* pretty, plain: also findings of severity info */
    bool quiet;                /* pretty, plain: only errors, no notes, no summary */
    bool several;              /* pretty, plain: a summary for each file */
    enum ov_language language; /* of texts that are not part of a finding */
    bool beside_rows;          /* only what a report of rows leaves out (ov_format_is_of_rows) */
    uint64_t max_findings;     /* limit of findings shown per code; 0: all */
};

/* One format; a const table inside the library. */
struct ov_format;

/* Finds a format by name: "pretty", "plain"; "json", "ndjson" (schemas/report-1.json); "sarif"
 * (SARIF 2.1.0), "github" (workflow commands) and "github-summary" (its job summary, in Markdown),
 * "gitlab" (Code Quality), "junit", "checkstyle"; "csv": the file with its findings in two extra
 * columns; "html": a self-contained page for the browser; "xlsx": a workbook (ECMA-376) with the
 * files' rows, the cells with findings coloured. NULL when there is none. */
OV_API const struct ov_format *ov_format_find(struct ov_text name);
/* The formats; index < ov_format_count(). */
OV_API size_t ov_format_count(void);
OV_API const struct ov_format *ov_format_at(size_t index);
OV_API const char *ov_format_name(const struct ov_format *format); /* static */
/* Its default limit of findings shown per code; 0: all. */
OV_API uint64_t ov_format_max_findings(const struct ov_format *format);

/* Whether it reads the vetted file again: ov_report_add then needs a source and a check made with
 * `keep_for_reread`. */
OV_API bool ov_format_reads(const struct ov_format *format);

/* Whether its reports can contain only one file: "csv". */
OV_API bool ov_format_is_single(const struct ov_format *format);

/* Whether its reports leave out what is about a file, its header or a blank record, since they are
 * copies of the file's rows: "csv". */
OV_API bool ov_format_is_of_rows(const struct ov_format *format);

/* Whether its reports are no text: "xlsx". */
OV_API bool ov_format_is_binary(const struct ov_format *format);

struct ov_report;

/* A report that writes to the sink, which is copied; its ctx is borrowed. NULL on failure.
 * ov_report_free takes NULL. */
OV_API OV_MUST_USE struct ov_report *ov_report_new(const struct ov_format *format,
                                                   const struct ov_report_options *options,
                                                   const struct ov_sink *sink,
                                                   struct ov_error *err);
OV_API void ov_report_free(struct ov_report *report);

/* Adds a file. The check is finished; its findings are read from the first one. `source` may be
 * NULL unless ov_format_reads (OV_E_STATE). */
OV_API OV_MUST_USE enum ov_status ov_report_add(struct ov_report *report, const char *path,
                                                struct ov_check *check,
                                                const struct ov_source *source,
                                                struct ov_error *err);

/* Finishes the report, including the summary. */
OV_API OV_MUST_USE enum ov_status ov_report_end(struct ov_report *report, struct ov_error *err);

/* Writes one record as a line of JSON: an array of its cells. With `places` an object with `line`,
 * `byte_offset`, `row` (null for a blank record), `cells` of `column`, `byte_offset` and `text`,
 * and `error` when its quotes are malformed. */
OV_API OV_MUST_USE enum ov_status ov_record_write(const struct ov_record *record, bool places,
                                                  const struct ov_sink *sink, struct ov_error *err);
/* Writes the cells of one record as a line of CSV (RFC 4180, in UTF-8, with commas and LF). */
OV_API OV_MUST_USE enum ov_status ov_record_write_csv(const struct ov_record *record,
                                                      const struct ov_sink *sink,
                                                      struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
