/* draft/csv_line.h: writes cells of CSV (RFC 4180). */
#ifndef DRAFT_CSV_LINE_H
#define DRAFT_CSV_LINE_H

#include "base/text.h"

/* Appends a cell, in quotes where they are needed; `behind`: a delimiter comes first. Out of
 * memory: out->failed. */
void ov_csv_put_cell(struct ov_buf *out, struct ov_text text, char delimiter, bool behind);

#endif
