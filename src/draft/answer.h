/* draft/answer.h: writes the results of a view as JSON for the page. */
#ifndef DRAFT_ANSWER_H
#define DRAFT_ANSWER_H

#include "draft/view.h"

/* Writes a JSON object with everything that the steps of an import show about the file: how it was
 * read, its columns and fields with samples, counts, findings about the file as a whole.
 * name: the file's name. Fails with the failures of ov_view_read, OV_E_MEMORY, or
 * OV_E_STATE. */
OV_MUST_USE enum ov_status ov_answer_put(struct ov_view *view, struct ov_text name,
                                         struct ov_json *json, struct ov_error *err);
/* Writes the findings at indices first to end - 1 of the check's list as elements of a list: at
 * most a hundred, each with at most twenty related places. */
OV_MUST_USE enum ov_status ov_answer_findings(struct ov_view *view, size_t first, size_t end,
                                              struct ov_json *json, struct ov_error *err);

#endif
