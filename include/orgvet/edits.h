/* orgvet/edits.h: changes to a file that take effect while it is read: everything that reads the
 * file with ov_read_options.edits finds the cells and rows as they were edited, at their old
 * places. The file itself stays as it is.
 *
 * Rows are named by the physical line on which they start (of a workbook: the row of the sheet),
 * from 1; rows that were added by minus their number, from -1. Columns count from 0. Edits take
 * effect in the order in which they were added: a later one finds what the earlier ones left. */
#ifndef ORGVET_EDITS_H
#define ORGVET_EDITS_H

#include <stdbool.h>

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_row_edits;

/* No edits; NULL when out of memory. ov_row_edits_free takes NULL. */
OV_API OV_MUST_USE struct ov_row_edits *ov_row_edits_new(void);
OV_API void ov_row_edits_free(struct ov_row_edits *edits);

/* All of these copy their texts. They fail with OV_E_MEMORY, and with OV_E_LIMIT beyond a million
 * edits or added rows, or a column beyond the 100,000th. */

/* Sets a cell of a row. A row with fewer cells gets empty ones before it; a cell beyond those of
 * the header and of the row is not made. */
OV_API OV_MUST_USE enum ov_status ov_row_edits_set(struct ov_row_edits *edits, int64_t row,
                                                   uint32_t column, struct ov_text text,
                                                   struct ov_error *err);
/* Sets all cells of a column, the heading aside, that are `from`, byte for byte. */
OV_API OV_MUST_USE enum ov_status ov_row_edits_replace(struct ov_row_edits *edits, uint32_t column,
                                                       struct ov_text from, struct ov_text to,
                                                       struct ov_error *err);
/* Removes a row, or any other line. */
OV_API OV_MUST_USE enum ov_status ov_row_edits_remove(struct ov_row_edits *edits, int64_t row,
                                                      struct ov_error *err);
/* Undoes the removal of a row. */
OV_API OV_MUST_USE enum ov_status ov_row_edits_restore(struct ov_row_edits *edits, int64_t row,
                                                       struct ov_error *err);
/* Makes a line a row, whatever it looks like (OV114, OV115, OV116). */
OV_API OV_MUST_USE enum ov_status ov_row_edits_keep(struct ov_row_edits *edits, int64_t row,
                                                    struct ov_error *err);
/* Adds a row below the one that starts on a line (0: below the header); rows that are added below
 * the same line come in the order in which they were added. Its number is that of the added rows.
 */
OV_API OV_MUST_USE enum ov_status ov_row_edits_add(struct ov_row_edits *edits, uint64_t after,
                                                   const struct ov_text *cells, size_t count,
                                                   struct ov_error *err);

/* Numbers of edits, and of added rows. */
OV_API size_t ov_row_edits_count(const struct ov_row_edits *edits);
OV_API size_t ov_row_edits_added(const struct ov_row_edits *edits);

#ifdef __cplusplus
}
#endif
#endif
