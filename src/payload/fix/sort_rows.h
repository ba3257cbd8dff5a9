/* payload/fix/sort_rows.h: rows in an order in which each stands behind its parent: a row that
 * comes before it waits, all others stay as they are. Rows in and below cycles never wait. A row
 * whose identifier an earlier one has waits for that one too, so that the earlier one stays the
 * first. */
#ifndef PAYLOAD_FIX_SORT_ROWS_H
#define PAYLOAD_FIX_SORT_ROWS_H

#include "payload/emit/pending_rows.h"

/* {0} may be given to ov_sort_rows_deinit. */
struct ov_sort_rows {
    const struct ov_check *check; /* borrowed: who is whose parent */
    uint8_t *passed;              /* owned: per row */
    struct ov_pending_rows waiting;
    struct ov_buf again; /* the text of a row that waits once more */
    bool failed;         /* no memory: rows are missing */
};

/* Of a finished check. False when there is no memory. */
OV_MUST_USE bool ov_sort_rows_init(struct ov_sort_rows *order, const struct ov_check *check);
void ov_sort_rows_deinit(struct ov_sort_rows *order);

/* Whether a row that comes now has to wait. */
bool ov_sort_rows_must_wait(const struct ov_sort_rows *order, ov_node row);
/* Keeps the text of a row that has to; false when there is no memory. */
OV_MUST_USE bool ov_sort_rows_keep(struct ov_sort_rows *order, ov_node row, struct ov_text text);
/* The row has its place. */
void ov_sort_rows_passed(struct ov_sort_rows *order, ov_node row);
/* The text of the next row that need not wait any more, which has its place now; until a row is
 * kept. False when there is none, or order->failed. */
bool ov_sort_rows_next(struct ov_sort_rows *order, struct ov_text *text);

#endif
