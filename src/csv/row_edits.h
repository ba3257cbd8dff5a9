/* csv/row_edits.h: the edits of orgvet/edits.h, as the reader applies them. */
#ifndef CSV_ROW_EDITS_H
#define CSV_ROW_EDITS_H

#include "orgvet/edits.h"
#include "orgvet/records.h"

/* Applies edits to the records of one reading. */
struct ov_editor;

/* Prepares edits for reading; to be called once all were added. OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_row_edits_close(struct ov_row_edits *edits, struct ov_error *err);

/* Memory in use, in bytes. */
size_t ov_row_edits_size(const struct ov_row_edits *edits);

/* NULL when out of memory. edits (closed) and ctx are borrowed. ov_editor_free takes NULL. */
OV_MUST_USE struct ov_editor *ov_editor_new(const struct ov_row_edits *edits,
                                            ov_record_fn *on_record, void *ctx);
void ov_editor_free(struct ov_editor *editor);
/* An ov_record_fn whose ctx is the editor: passes on the record as it was edited, unless it was
 * removed, and the rows that were added below it. */
enum ov_status ov_editor_edit(void *editor, const struct ov_record *record, struct ov_error *err);
/* To be called after the last record: passes on the added rows whose line never came. */
OV_MUST_USE enum ov_status ov_editor_finish(struct ov_editor *editor, struct ov_error *err);

#endif
