/* report/excerpt.h: the line of a finding, read again from the file. */
#ifndef REPORT_EXCERPT_H
#define REPORT_EXCERPT_H

#include "base/text.h"
#include "orgvet/check.h"

/* Appends the line of the finding with a caret below its cell; nothing if the line cannot be read.
 * Strings are ANSI sequences, empty for no colour. Running out of memory sets out->failed. */
void ov_report_excerpt(struct ov_buf *out, const struct ov_check_result *result,
                       const struct ov_finding *finding, const struct ov_source *source,
                       const char *caret_color, const char *reset);

#endif
