/* page/draft_edit.h: edits of a draft: adding, undoing and redoing steps. */
#ifndef PAGE_DRAFT_EDIT_H
#define PAGE_DRAFT_EDIT_H

#include "page/draft_request.h"

/* Whether this is the name of a request about edits: `edit` (with `edits`, JSON, and `label`),
 * `undo`, `redo`, `reset`, `steps`. */
bool ov_draft_edit_is(struct ov_text what);
/* Carries it out and answers with the steps: `done` and `undone`, lists of labels in the order in
 * which they were made; `count` of those done; and `edits`, the steps themselves, as long as they
 * are not too many. False after a fault or a failure. */
bool ov_draft_edit(struct ov_request *request, struct ov_text what);

#endif
