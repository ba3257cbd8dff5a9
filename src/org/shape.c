/* org/shape.c: see shape.h. Rows with nothing below them are peeled off, each adding its size to
 * its parent; what cannot be peeled lies on loops. Depths follow from the top down, one way up at a
 * time. */
#include "org/shape.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

enum { PEELED = UINT32_MAX };

void ov_shape_deinit(struct ov_shape *shape)
{
    free(shape->size);
    free(shape->depth);
    free(shape->loops);
    *shape = (struct ov_shape){0};
}

/* Whether a size flows from the row to its parent: any row does, the broken one's parent is none.
 */
static ov_node parent_row(const struct ov_forest *forest, ov_node row)
{
    ov_node parent = forest->parent[row];
    return ov_node_is_row(parent) ? parent : OV_NODE_NONE;
}

/* Peels; left[row] is PEELED, or above 0 for the rows on loops. */
static void peel(const struct ov_forest *forest, uint32_t *left, uint32_t *size)
{
    for (ov_node row = 0; row < forest->count; row++) {
        ov_node parent = parent_row(forest, row);
        size[row] = 1;
        if (parent != OV_NODE_NONE)
            left[parent]++;
    }
    for (ov_node start = 0; start < forest->count; start++) {
        for (ov_node row = start; row != OV_NODE_NONE && left[row] == 0;) {
            ov_node parent = parent_row(forest, row);
            left[row] = PEELED;
            if (parent != OV_NODE_NONE) {
                size[parent] += size[row];
                left[parent]--;
            }
            row = parent;
        }
    }
}

/* Lists the loops; afterwards no row is left unpeeled. */
static bool list_loops(struct ov_shape *shape, const struct ov_forest *forest, uint32_t *left)
{
    for (ov_node start = 0; start < forest->count; start++) {
        for (ov_node row = start; left[row] != PEELED; row = forest->parent[row]) {
            left[row] = PEELED;
            if (!ov_grow(&shape->loops, &shape->loops_capacity, shape->loop_rows + 1,
                         sizeof *shape->loops))
                return false;
            shape->loops[shape->loop_rows++] = row;
        }
    }
    return true;
}

void ov_shape_close_loops(struct ov_shape *shape, const struct ov_forest *forest)
{
    for (size_t begin = 0, end; begin < shape->loop_rows; begin = end) {
        uint32_t total = 0;
        end = begin;
        do
            total += shape->size[shape->loops[end]];
        while (forest->parent[shape->loops[end++]] != shape->loops[begin]);
        for (size_t i = begin; i < end; i++)
            shape->size[shape->loops[i]] = total;
    }
}

enum { UNKNOWN = 0, UNDER_LOOP = UINT32_MAX };

/* Sets the depth of a row and of all rows above it that have none yet. */
static void measure_depth(const struct ov_forest *forest, uint32_t *depth, ov_node start)
{
    uint32_t levels = 0, above = 0;
    ov_node row = start;
    for (; row != OV_NODE_NONE && depth[row] == UNKNOWN; row = ov_forest_up(forest, row))
        levels++;
    if (row != OV_NODE_NONE)
        above = depth[row];
    row = start;
    for (uint32_t level = levels; level > 0; level--) {
        depth[row] = above == UNDER_LOOP ? UNDER_LOOP : above + level;
        row = ov_forest_up(forest, row);
    }
}

void ov_shape_levels(struct ov_shape *shape, const struct ov_forest *forest, const ov_node *cyclic,
                     size_t cyclic_count)
{
    uint32_t *depth = shape->depth;
    for (ov_node row = 0; row < forest->count; row++)
        depth[row] = ov_forest_is(forest, row, OV_ROW_SELF) ? UNDER_LOOP : UNKNOWN;
    for (size_t i = 0; i < cyclic_count; i++)
        depth[cyclic[i]] = UNDER_LOOP;
    for (ov_node row = 0; row < forest->count; row++)
        measure_depth(forest, depth, row);
    for (ov_node row = 0; row < forest->count; row++) {
        bool node = !ov_forest_is(forest, row, OV_ROW_BROKEN | OV_ROW_DUPLICATE);
        if (depth[row] == UNDER_LOOP || !node)
            depth[row] = 0;
        shape->nodes += node;
        shape->roots += node && ov_forest_is(forest, row, OV_ROW_TOP);
        if (depth[row] > shape->max_depth)
            shape->max_depth = depth[row];
    }
}

enum ov_status ov_shape_init(struct ov_shape *shape, const struct ov_forest *forest,
                             struct ov_error *err)
{
    size_t count = forest->count ? forest->count : 1;
    *shape = (struct ov_shape){0};
    shape->size = malloc(count * sizeof *shape->size);
    shape->depth = calloc(count, sizeof *shape->depth); /* first: rows below not yet peeled */
    if (shape->size && shape->depth) {
        peel(forest, shape->depth, shape->size);
        if (list_loops(shape, forest, shape->depth))
            return OV_OK;
    }
    ov_shape_deinit(shape);
    return ov_fail_memory(err);
}
