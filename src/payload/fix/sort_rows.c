/* payload/fix/sort_rows.c: see sort_rows.h. */
#include "payload/fix/sort_rows.h"
#include "vet/check_access.h"

#include <stdlib.h>

bool ov_sort_rows_init(struct ov_sort_rows *order, const struct ov_check *check)
{
    *order = (struct ov_sort_rows){.check = check, .waiting.fields = 1};
    order->passed = calloc(ov_check_forest(check)->count + (size_t)1, 1);
    return order->passed != NULL;
}

void ov_sort_rows_deinit(struct ov_sort_rows *order)
{
    free(order->passed);
    ov_pending_rows_deinit(&order->waiting);
    ov_buf_deinit(&order->again);
    *order = (struct ov_sort_rows){0};
}

/* A row that must come before this one and has not been passed on: its parent or, for a duplicate
 * identifier, the first row with it and then the parent; or OV_NODE_NONE. No row waits for a
 * duplicate, so waiting always ends. */
static ov_node blocking_row(const struct ov_sort_rows *order, ov_node row)
{
    const struct ov_forest *forest = ov_check_forest(order->check);
    bool duplicate = ov_forest_is(forest, row, OV_ROW_DUPLICATE);
    if (duplicate && !order->passed[ov_forest_first(forest, row)])
        return ov_forest_first(forest, row);
    ov_node parent = forest->parent[row];
    if (!ov_node_is_row(parent) || (!duplicate && ov_check_shape(order->check)->depth[row] == 0) ||
        order->passed[parent])
        return OV_NODE_NONE;
    return parent;
}

bool ov_sort_rows_must_wait(const struct ov_sort_rows *order, ov_node row)
{
    return blocking_row(order, row) != OV_NODE_NONE;
}

bool ov_sort_rows_keep(struct ov_sort_rows *order, ov_node row, struct ov_text text)
{
    struct ov_values values = {.node = row, .fields = {text}};
    return ov_pending_rows_add(&order->waiting, &values, blocking_row(order, row),
                               ov_check_forest(order->check)->count);
}

void ov_sort_rows_passed(struct ov_sort_rows *order, ov_node row)
{
    order->passed[row] = 1;
    ov_pending_rows_release(&order->waiting, row);
}

bool ov_sort_rows_next(struct ov_sort_rows *order, struct ov_text *text)
{
    struct ov_values values;
    while (ov_pending_rows_next(&order->waiting, &values)) {
        if (!ov_sort_rows_must_wait(order, values.node)) {
            *text = values.fields[0];
            ov_sort_rows_passed(order, values.node);
            return true;
        }
        /* copied, since adding a text may move the others */
        order->again.len = 0;
        ov_buf_text(&order->again, values.fields[0]);
        order->failed |= order->again.failed ||
                         !ov_sort_rows_keep(order, values.node, ov_buf_view(&order->again));
    }
    return false;
}
