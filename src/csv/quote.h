/* csv/quote.h: writes cells (RFC 4180). */
#ifndef CSV_QUOTE_H
#define CSV_QUOTE_H

#include "base/text.h"

/* Appends a cell, quoted if necessary: when it contains a delimiter, quote, CR or LF. */
void ov_buf_csv(struct ov_buf *out, struct ov_text cell, char delimiter);
/* Appends a cell in quotes, necessary or not. */
void ov_buf_csv_quoted(struct ov_buf *out, struct ov_text cell);

#endif
