/* report/html.h: the parts of the HTML report. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/report.h"

enum { OV_HTML_ROWS = 200000 /* most rows that an HTML report holds */ };

/* html_rows.c: writes the rows of a file as JSON in a script element: all, or, of more than
 * OV_HTML_ROWS, those that have findings with the rows above them. */
OV_MUST_USE enum ov_status ov_html_rows(struct ov_report *report, const struct ov_vetted_file *file,
                                        struct ov_error *err);

#endif
