/* payload/emit/parents_first.h: the importable rows of a vetted file, read a second time, parents
 * before children. A row is passed on once its parent has been; until then it is kept
 * (pending_rows.h). So siblings keep the order of the file, and if all parents come first in the
 * file, no row is kept. */
#ifndef PAYLOAD_EMIT_PARENTS_FIRST_H
#define PAYLOAD_EMIT_PARENTS_FIRST_H

#include "payload/reread/rows.h"
#include "payload/emit/importable.h"
#include "payload/emit/pending_rows.h"

/* Receives a row that can be imported. A failure stops the reading. */
typedef enum ov_status ov_parents_first_fn(void *ctx, const struct ov_values *values,
                                           struct ov_error *err);
/* Receives a row that is held back, in file order. */
typedef enum ov_status ov_held_fn(void *ctx, const struct ov_record *record,
                                  enum ov_row_state state, struct ov_error *err);

/* {0} may be passed to ov_parents_first_deinit. */
struct ov_parents_first {
    struct ov_rows rows;
    uint8_t *states;                /* owned: per row, enum ov_row_state */
    struct ov_pending_rows waiting; /* rows whose parents have not been passed on */
    ov_parents_first_fn *on_item;
    ov_held_fn *on_held; /* may be NULL */
    void *ctx;
};

/* Prepares the reading of the file of a finished check made with options.keep_for_reread that keeps
 * all findings (else OV_E_STATE). `check` is borrowed. ov_parents_first_deinit frees, also after a
 * failure. */
OV_MUST_USE enum ov_status ov_parents_first_init(struct ov_parents_first *ordered,
                                                 const struct ov_check *check,
                                                 ov_parents_first_fn *on_item, ov_held_fn *on_held,
                                                 void *ctx, struct ov_error *err);
void ov_parents_first_deinit(struct ov_parents_first *ordered);
/* Feeds the next bytes of the file; fails as ov_rows_feed does. */
OV_MUST_USE enum ov_status ov_parents_first_feed(struct ov_parents_first *ordered,
                                                 const void *bytes, size_t len,
                                                 struct ov_error *err);
/* Finishes the reading. OV_E_IO when the bytes are not those that were vetted. */
OV_MUST_USE enum ov_status ov_parents_first_finish(struct ov_parents_first *ordered,
                                                   struct ov_error *err);

#endif
