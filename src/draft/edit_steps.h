/* draft/edit_steps.h: the edits of a draft as JSON: what a page sends, and a store keeps. A step is
 * a list of edits, which are undone together:
 *
 *     [["set", ROW, COLUMN, "text"], ["replace", COLUMN, "from", "to"], ["remove", ROW],
 *      ["restore", ROW], ["keep", ROW], ["add", AFTER, ["cell", …]]]
 *
 * Rows and columns are those of orgvet/edits.h. */
#ifndef DRAFT_EDIT_STEPS_H
#define DRAFT_EDIT_STEPS_H

#include "base/text.h"
#include "orgvet/edits.h"

/* Appends a step in the one form in which it is kept: valid JSON, also where the parser is lenient.
 * OV_E_OPTION when it is not JSON. */
OV_MUST_USE enum ov_status ov_edit_step_print(struct ov_text json, struct ov_buf *out,
                                              struct ov_error *err);

/* Adds the edits of a step. OV_E_OPTION when the JSON is not a step; otherwise the failures of
 * orgvet/edits.h. */
OV_MUST_USE enum ov_status ov_edit_step_add(struct ov_row_edits *edits, struct ov_text json,
                                            struct ov_error *err);

#endif
