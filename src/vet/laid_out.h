/* vet/laid_out.h: what the pipeline does for a file whose layout is not the importer's
 * (mapping/layout.h). */
#ifndef VET_LAID_OUT_H
#define VET_LAID_OUT_H

#include "vet/check_internal.h"

/* To be called once the header is bound: finds the columns of the options, learns from the head of
 * the file, and binds the name to what the layout gives. OV_E_OPTION when the options contradict
 * each other or a column of dates cannot be read; OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_lay_out_header(struct ov_check *check, struct ov_error *err);
/* Finds the columns of a layout, and learns what it needs from the head of the file; with the
 * failures of ov_lay_out_header. */
OV_MUST_USE enum ov_status ov_learn_layout(struct ov_check *check, struct ov_layout *layout,
                                           struct ov_error *err);
/* To be called once the mapping is final: reports options that name columns which the file does not
 * have (OV202), and prepares reading rows. */
OV_MUST_USE enum ov_status ov_lay_out_columns(struct ov_check *check, struct ov_error *err);
/* Vets the next record that is a row, or leaves it out: *line is then other than OV_LINE_ROW. */
OV_MUST_USE enum ov_status ov_lay_out_row(struct ov_check *check, const struct ov_record *record,
                                          enum ov_line *line, struct ov_error *err);
/* To be called once all rows are in the forest: makes the missing units of paths, and sets the
 * parents. */
OV_MUST_USE enum ov_status ov_lay_out_tree(struct ov_check *check, struct ov_error *err);
void ov_laid_out_deinit(struct ov_check *check);

#endif
