/* report/text.h: what the formats for people share. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/report.h"

/* What pretty and plain print after a file's findings (numbers of hidden ones, the root
 * cause) and at the end (the summary). */
enum ov_status ov_report_text_close(struct ov_report *report, const struct ov_vetted_file *file,
                                    struct ov_error *err);
enum ov_status ov_report_text_end(struct ov_report *report, struct ov_error *err);

#endif
