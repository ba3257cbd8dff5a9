/* page/draft_edit.h: edits of a draft: adding, undoing and redoing steps. */
#ifndef PAGE_DRAFT_EDIT_H
#define PAGE_DRAFT_EDIT_H

#include "page/draft_request.h"

/* Whether this is the name of a request about edits: `edit` (with `edits`, JSON, and `label`),
 * `undo`, `redo`, `reset`, `steps`. With `revision`, changes to another one are refused. */
bool ov_draft_edit_is(struct ov_text what);
/* Carries it out and answers with the steps: `done` and `undone`, lists of labels in the order in
 * which they were made, and `edits`, those done themselves, of each the newest ones; `count` of
 * those done; `revision`. False after a fault or a failure. */
bool ov_draft_edit(struct ov_request *request, struct ov_text what);

#endif
