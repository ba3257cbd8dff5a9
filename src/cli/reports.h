/* cli/reports.h: the reports of --format and --output. */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "cli/args.h"
#include "cli/input.h"
#include "cli/output.h"

/* One report and where it goes. */
struct cli_report {
    struct ov_report *report; /* owned */
    struct cli_output output;
};
enum { CLI_REPORTS = 32 /* most reports of a run */ };
/* The reports of a run, and what they require of each check. */
struct cli_reports {
    const struct cli_args *args; /* borrowed */
    size_t files;                /* how many files and sheets are vetted */
    struct cli_report items[CLI_REPORTS];
    size_t count;
    bool reread, keep_copy; /* files are read again: as a whole, or for excerpts */
    bool of_rows; /* standard output gets a copy of the rows: the rest goes to standard error */
    uint64_t max_kept; /* most findings per rule that any report shows; 0: all */
    bool broken_pipe;  /* the reader of a report closed it; set by cli_reports_close */
};
/* Opens the reports of --format and --output for as many files and sheets of workbooks; *reports
 * must be {0} and borrows args. False after a message. The caller calls cli_reports_close in either
 * case. */
bool cli_reports_open(struct cli_reports *reports, const struct cli_args *args, size_t files);
/* Adds a vetted file to each report; false after a message, or when a pipe is broken. */
bool cli_reports_add(struct cli_reports *reports, const struct cli_input *input,
                     struct ov_check *check);
/* Finishes the reports; keep: whether the files are to appear. False after a message, or when a
 * pipe is broken. */
bool cli_reports_close(struct cli_reports *reports, bool keep);

#endif
