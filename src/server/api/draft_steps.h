/* server/api/draft_steps.h: the edits of a draft, as steps that can be undone and redone. They are
 * kept as long as the draft, over sessions and restarts. */
#ifndef SERVER_API_DRAFT_STEPS_H
#define SERVER_API_DRAFT_STEPS_H

#include "server/api/draft.h"

/* Adds a step behind those in effect, and forgets those that were undone. edits: JSON
 * (draft/edit_steps.h), valid; label: for people. False after a fault (too many edits) or a
 * failure. */
bool ov_draft_steps_add(struct ov_request *request, const struct ov_draft *draft,
                        struct ov_text label, struct ov_text edits);
/* Undoes the last step in effect, or redoes the one after it; nothing if there is none. False after
 * a fault or a failure. */
bool ov_draft_steps_move(struct ov_request *request, const struct ov_draft *draft, bool redo);
/* Undoes all steps. False after a fault or a failure. */
bool ov_draft_steps_clear(struct ov_request *request, const struct ov_draft *draft);

/* The fault of a change to a draft that was changed by another since; returns false. */
bool ov_draft_steps_outdated(struct ov_request *request);

/* Calls on_step with each step in effect, in order; `undone`: with those that can be redone. A
 * failure of on_step ends it. */
typedef enum ov_status ov_draft_step_fn(void *ctx, struct ov_text label, struct ov_text edits,
                                        struct ov_error *err);
OV_MUST_USE enum ov_status ov_draft_steps_read(struct ov_sql *sql, const struct ov_draft *draft,
                                               bool undone, ov_draft_step_fn *on_step, void *ctx,
                                               struct ov_error *err);

#endif
