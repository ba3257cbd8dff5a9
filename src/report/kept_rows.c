/* report/kept_rows.c: see kept_rows.h. */
#include "report/kept_rows.h"

#include <stdlib.h>

bool ov_is_kept(const struct ov_kept_rows *kept, ov_node row)
{
    return !kept->bits || kept->bits[row / 8] >> row % 8 & 1;
}

/* Keeps a row and the rows above it; stops at a kept row, so a cycle ends too. Rows of a user
 * upload are not in the forest. */
static void keep(struct ov_kept_rows *kept, ov_node row)
{
    const struct ov_forest *forest = ov_check_forest(kept->check);
    while (row != OV_NODE_NONE && kept->left && !ov_is_kept(kept, row)) {
        kept->bits[row / 8] |= (unsigned char)(1 << row % 8);
        kept->left--;
        row = row < forest->count ? ov_forest_up(forest, row) : OV_NODE_NONE;
    }
}

bool ov_kept_rows_init(struct ov_kept_rows *kept, const struct ov_check *check, uint64_t most)
{
    *kept = (struct ov_kept_rows){.check = check, .left = most};
    if (ov_check_rows(check) <= most)
        return true;
    kept->bits = calloc((size_t)ov_check_rows(check) / 8 + 1, 1);
    if (!kept->bits)
        return false;
    for (size_t i = 0; i < ov_check_list(check)->count; i++) {
        uint32_t row = ov_check_list(check)->items[i].row;
        if (row != 0 && row != OV_NO_ROW && row <= ov_check_rows(check))
            keep(kept, row - 1);
    }
    return true;
}

void ov_kept_rows_deinit(struct ov_kept_rows *kept)
{
    free(kept->bits);
    *kept = (struct ov_kept_rows){0};
}
