/* payload/emit/parents_first.h: the sound rows of a vetted file, read a second time, parents before
 * children. A row comes when its parent has; until then it waits (pending_rows.h). So siblings stay
 * in the order of the file, and of a file in which parents stand first nothing is kept. */
#ifndef PAYLOAD_EMIT_PARENTS_FIRST_H
#define PAYLOAD_EMIT_PARENTS_FIRST_H

#include "payload/reread/rows.h"
#include "payload/emit/importable.h"
#include "payload/emit/pending_rows.h"

/* Takes a row that can be imported. */
typedef enum ov_status ov_parents_first_fn(void *ctx, const struct ov_values *values,
                                           struct ov_error *err);
/* Takes a row that is held back, in file order. */
typedef enum ov_status ov_held_fn(void *ctx, const struct ov_record *record,
                                  enum ov_row_state state, struct ov_error *err);

struct ov_parents_first {
    struct ov_rows rows;
    uint8_t *states; /* owned: enum ov_row_state */
    struct ov_pending_rows waiting;
    ov_parents_first_fn *on_item;
    ov_held_fn *on_held; /* may be NULL */
    void *ctx;
};

/* {0} before; a finished check that was made with options.keep_for_reread and keeps all findings.
 * ov_parents_first_deinit frees. */
OV_MUST_USE enum ov_status ov_parents_first_init(struct ov_parents_first *ordered,
                                                 const struct ov_check *check,
                                                 ov_parents_first_fn *on_item, ov_held_fn *on_held,
                                                 void *ctx, struct ov_error *err);
void ov_parents_first_deinit(struct ov_parents_first *ordered);
OV_MUST_USE enum ov_status ov_parents_first_feed(struct ov_parents_first *ordered,
                                                 const void *bytes, size_t len,
                                                 struct ov_error *err);
/* OV_E_IO when the bytes are not those that were vetted. */
OV_MUST_USE enum ov_status ov_parents_first_finish(struct ov_parents_first *ordered,
                                                   struct ov_error *err);

#endif
