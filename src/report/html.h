/* report/html.h: parts of the HTML report. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/report.h"

enum { OV_HTML_ROWS = 200000 /* maximum number of rows in an HTML report */ };

/* html_rows.c: writes the rows of a file as JSON in a script element: all of them or, if there are
 * more than OV_HTML_ROWS, those with findings and the rows above them. */
OV_MUST_USE enum ov_status ov_html_rows(struct ov_report *report, const struct ov_vetted_file *file,
                                        struct ov_error *err);

#endif
