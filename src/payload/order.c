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
    *order = (struct ov_order){0};
}

/* The row that must stand before this one, or OV_NODE_NONE. */
static ov_node before(const struct ov_order *order, ov_node row)
{
    const struct ov_forest *forest = order->check->forest;
    if (ov_forest_is(forest, row, OV_ROW_DUPLICATE))
        return ov_forest_first(forest, row);
    if (order->check->shape.depth[row] == 0 || !ov_node_is_row(forest->parent[row]))
        return OV_NODE_NONE;
    return forest->parent[row];
}

bool ov_order_must_wait(const struct ov_order *order, ov_node row)
{
    ov_node other = before(order, row);
    return other != OV_NODE_NONE && !order->passed[other];
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
    if (!ov_waiting_next(&order->waiting, &values))
        return false;
    *text = values.fields[0];
    ov_order_passed(order, values.node);
    return true;
}
