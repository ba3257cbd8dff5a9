/* payload/order.h: rows in an order in which each stands behind its parent: a row that comes before
 * it waits, all others stay as they are. Rows in and below cycles never wait. A row whose
 * identifier an earlier one has waits for that one too, so that the earlier one stays the first. */
#ifndef PAYLOAD_ORDER_H
#define PAYLOAD_ORDER_H

#include "payload/waiting.h"

/* {0} may be given to ov_order_deinit. */
struct ov_order {
    const struct ov_check *check; /* borrowed: who is whose parent */
    uint8_t *passed;              /* owned: per row */
    struct ov_waiting waiting;
    struct ov_buf again; /* the text of a row that waits once more */
    bool failed;         /* no memory: rows are missing */
};

/* Of a finished check. False when there is no memory. */
OV_MUST_USE bool ov_order_init(struct ov_order *order, const struct ov_check *check);
void ov_order_deinit(struct ov_order *order);

/* Whether a row that comes now has to wait. */
bool ov_order_must_wait(const struct ov_order *order, ov_node row);
/* Keeps the text of a row that has to; false when there is no memory. */
OV_MUST_USE bool ov_order_keep(struct ov_order *order, ov_node row, struct ov_text text);
/* The row has its place. */
void ov_order_passed(struct ov_order *order, ov_node row);
/* The text of the next row that need not wait any more, which has its place now; until a row is
 * kept. False when there is none, or order->failed. */
bool ov_order_next(struct ov_order *order, struct ov_text *text);

#endif
