/* payload/fix/sort_rows.h: moves rows after their parents: a row that comes before its parent is
 * kept back until the parent has been passed on; the order is otherwise unchanged. Rows on or below
 * cycles are not kept back. A row with a duplicate identifier also waits for the first row with it,
 * so that the first one stays first. */
#ifndef PAYLOAD_FIX_SORT_ROWS_H
#define PAYLOAD_FIX_SORT_ROWS_H

#include "payload/emit/pending_rows.h"

/* {0} may be passed to ov_sort_rows_deinit. */
struct ov_sort_rows {
    const struct ov_check *check;   /* borrowed: its hierarchy is used */
    uint8_t *passed;                /* owned: per row, whether it has been passed on */
    struct ov_pending_rows waiting; /* their texts are kept as field 0 */
    struct ov_buf again;            /* the text of a row that has to wait again */
    bool failed;                    /* out of memory: rows are missing */
};

/* Prepares sorting by the hierarchy of a finished check. False when out of memory.
 * ov_sort_rows_deinit frees, also after a failure. */
OV_MUST_USE bool ov_sort_rows_init(struct ov_sort_rows *order, const struct ov_check *check);
void ov_sort_rows_deinit(struct ov_sort_rows *order);

/* Whether the next row (from 0) has to wait. */
bool ov_sort_rows_must_wait(const struct ov_sort_rows *order, ov_node row);
/* Keeps a copy of the text of a row that has to wait; false when out of memory. */
OV_MUST_USE bool ov_sort_rows_keep(struct ov_sort_rows *order, ov_node row, struct ov_text text);
/* The row has been passed on: rows that wait for it may become ready. */
void ov_sort_rows_passed(struct ov_sort_rows *order, ov_node row);
/* Removes the next row that need not wait any longer, marks it as passed on and returns its text,
 * borrowed until a row is kept. False when there is none, or when out of memory (order->failed). */
bool ov_sort_rows_next(struct ov_sort_rows *order, struct ov_text *text);

#endif
