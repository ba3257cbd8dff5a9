/* draft/corrected.h: the file of a view as it was corrected: its own lines and columns with the
 * edits applied. */
#ifndef DRAFT_CORRECTED_H
#define DRAFT_CORRECTED_H

#include "draft/view.h"

/* Writes it as CSV, for people: in UTF-8 with its mark, with the delimiter of the file (of a
 * workbook: the comma), and CRLF. The failures of the reader and of the sink. */
OV_MUST_USE enum ov_status ov_corrected_csv(const struct ov_view *view, const struct ov_sink *out,
                                            struct ov_error *err);
/* The same as a workbook (.xlsx) with one sheet. */
OV_MUST_USE enum ov_status ov_corrected_workbook(const struct ov_view *view,
                                                 const struct ov_sink *out, struct ov_error *err);

#endif
