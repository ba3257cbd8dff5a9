/* payload/order.c: see order.h. */
#include "payload/order.h"

#include <stdlib.h>

bool ov_order_init(struct ov_order *order, const struct ov_check *check)
{
    *order = (struct ov_order){.check = check, .waiting.fields = 1};
    order->passed = calloc(check->forest->count + (size_t)1, 1);
    return order->passed != NULL;
}

void ov_order_deinit(struct ov_order *order)
{
    free(order->passed);
    ov_waiting_deinit(&order->waiting);
    ov_buf_deinit(&order->again);
    *order = (struct ov_order){0};
}

/* A row that must come before this one and has not, or OV_NODE_NONE: of a later row of an
 * identifier the first, and its parent. Nothing waits for such a later row, so none waits for ever.
 */
static ov_node before(const struct ov_order *order, ov_node row)
{
    const struct ov_forest *forest = order->check->forest;
    bool duplicate = ov_forest_is(forest, row, OV_ROW_DUPLICATE);
    if (duplicate && !order->passed[ov_forest_first(forest, row)])
        return ov_forest_first(forest, row);
    ov_node parent = forest->parent[row];
    if (!ov_node_is_row(parent) || (!duplicate && order->check->shape.depth[row] == 0) ||
        order->passed[parent])
        return OV_NODE_NONE;
    return parent;
}

bool ov_order_must_wait(const struct ov_order *order, ov_node row)
{
    return before(order, row) != OV_NODE_NONE;
}

bool ov_order_keep(struct ov_order *order, ov_node row, struct ov_text text)
{
    struct ov_values values = {.node = row, .fields = {text}};
    return ov_waiting_add(&order->waiting, &values, before(order, row),
                          order->check->forest->count);
}

void ov_order_passed(struct ov_order *order, ov_node row)
{
    order->passed[row] = 1;
    ov_waiting_release(&order->waiting, row);
}

bool ov_order_next(struct ov_order *order, struct ov_text *text)
{
    struct ov_values values;
    while (ov_waiting_next(&order->waiting, &values)) {
        if (!ov_order_must_wait(order, values.node)) {
            *text = values.fields[0];
            ov_order_passed(order, values.node);
            return true;
        }
        /* a copy: the texts may move when one is added */
        order->again.len = 0;
        ov_buf_text(&order->again, values.fields[0]);
        order->failed |=
            order->again.failed || !ov_order_keep(order, values.node, ov_buf_view(&order->again));
    }
    return false;
}
