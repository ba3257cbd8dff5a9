/* draft/answer.h: what a view came to, as JSON for the page. */
#ifndef DRAFT_ANSWER_H
#define DRAFT_ANSWER_H

#include "orgvet/fix.h"
#include "draft/view.h"

/* Appends all that the steps of an import tell about the file: how it was read, its columns and
 * fields with samples, counts, what speaks of the file as a whole, what can be mended. */
OV_MUST_USE enum ov_status ov_answer_put(struct ov_view *view, struct ov_text name,
                                         struct ov_buf *out, struct ov_error *err);
/* Appends the findings from one index of the list to before another, a comma between; at most
 * twenty of their other places, and a hundred findings. */
OV_MUST_USE enum ov_status ov_answer_findings(struct ov_view *view, size_t first, size_t end,
                                              struct ov_buf *out, struct ov_error *err);
/* What a kind of mending is called there: `space`, `parent` … */
const char *ov_answer_fix_name(enum ov_fix_kind kind);
/* Appends an object of the numbers above 0 of each kind. */
void ov_answer_fixes(const uint64_t numbers[OV_FIX_KINDS], struct ov_buf *out);

#endif
