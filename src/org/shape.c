/* org/shape.c: see shape.h. Levels are found by going up from each row to one whose level is known;
 * a walk that meets its own steps has found a cycle. Sizes are found bottom-up, each row adding its
 * size to its parent's. */
#include "org/shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

/* Special values of depth while levels are computed, above any level. */
enum { UNKNOWN = 0 };
#define UNDER_LOOP UINT32_MAX
#define ON_THE_WAY (UINT32_MAX - 1)
#define NO_LEVEL   (UINT32_MAX - 2) /* a broken row: rows below it start at the top */

enum { AHEAD = 32 /* rows to prefetch */ };

void ov_shape_deinit(struct ov_shape *shape)
{
    free(shape->size);
    free(shape->depth);
    free(shape->loops);
    *shape = (struct ov_shape){0};
}

/* The parent row, broken or not. */
static ov_node parent_row(const struct ov_forest *forest, ov_node row)
{
    ov_node parent = forest->parent[row];
    return ov_node_is_row(parent) ? parent : OV_NODE_NONE;
}

/* Records the rows of the cycle that contains `row`; they are all ON_THE_WAY. */
static bool record_cycle(struct ov_shape *shape, const struct ov_forest *forest, ov_node row)
{
    while (shape->depth[row] == ON_THE_WAY) {
        if (!ov_grow(&shape->loops, &shape->loops_capacity, shape->loop_rows + 1,
                     sizeof *shape->loops))
            return false;
        shape->loops[shape->loop_rows++] = row;
        shape->depth[row] = UNDER_LOOP;
        row = forest->parent[row];
    }
    return true;
}

/* Finds the levels of a row and of all rows above it that have none yet. */
static bool go_up(struct ov_shape *shape, const struct ov_forest *forest, ov_node start)
{
    uint32_t *depth = shape->depth, levels = 0, above = 0;
    ov_node row = start;
    for (; row != OV_NODE_NONE && depth[row] == UNKNOWN; row = parent_row(forest, row)) {
        depth[row] = ON_THE_WAY;
        levels++;
    }
    if (row != OV_NODE_NONE && depth[row] == ON_THE_WAY && !record_cycle(shape, forest, row))
        return false;
    if (row != OV_NODE_NONE && depth[row] != NO_LEVEL)
        above = depth[row];
    for (row = start; levels > 0 && depth[row] == ON_THE_WAY; row = parent_row(forest, row))
        depth[row] = above == UNDER_LOOP ? UNDER_LOOP : above + levels--;
    return true;
}

static bool find_levels(struct ov_shape *shape, const struct ov_forest *forest)
{
    uint32_t *depth = shape->depth;
    shape->ordered = true;
    for (ov_node row = 0; row < forest->count; row++) {
        shape->ordered &= forest->parent[row] < row || !ov_node_is_row(forest->parent[row]);
        if (row + AHEAD < forest->count && ov_node_is_row(forest->parent[row + AHEAD]))
            __builtin_prefetch(&depth[forest->parent[row + AHEAD]]);
        if (depth[row] == UNKNOWN && !go_up(shape, forest, row))
            return false;
    }
    return true;
}

/* Computes the counts, and replaces the special values by 0. */
static void count_nodes(struct ov_shape *shape, const struct ov_forest *forest)
{
    shape->nodes = shape->roots = shape->max_depth = 0;
    for (ov_node row = 0; row < forest->count; row++) {
        bool node = !ov_forest_is(forest, row, OV_ROW_BROKEN | OV_ROW_DUPLICATE);
        uint32_t depth = shape->depth[row];
        if (depth >= NO_LEVEL || !node)
            depth = shape->depth[row] = 0;
        shape->nodes += node;
        shape->roots += node && ov_forest_is(forest, row, OV_ROW_TOP);
        shape->max_depth = depth > shape->max_depth ? depth : shape->max_depth;
    }
}

/* Marks what is known beforehand: a row that is its own parent is cyclic, and rows below a broken
 * row start at the top. */
static void mark_known(struct ov_shape *shape, const struct ov_forest *forest)
{
    for (ov_node row = 0; (forest->selfs || forest->brokens) && row < forest->count; row++) {
        if (ov_forest_is(forest, row, OV_ROW_SELF))
            shape->depth[row] = UNDER_LOOP;
        else if (ov_forest_is(forest, row, OV_ROW_BROKEN))
            shape->depth[row] = NO_LEVEL;
    }
}

void ov_shape_levels(struct ov_shape *shape, const struct ov_forest *forest, const ov_node *cyclic,
                     size_t cyclic_count)
{
    memset(shape->depth, 0, forest->count * sizeof *shape->depth);
    mark_known(shape, forest);
    for (size_t i = 0; i < cyclic_count; i++)
        shape->depth[cyclic[i]] = UNDER_LOOP;
    (void)find_levels(shape, forest); /* finds no cycle: all rows on one are marked */
    count_nodes(shape, forest);
}

enum ov_status ov_shape_init(struct ov_shape *shape, const struct ov_forest *forest,
                             struct ov_error *err)
{
    size_t count = forest->count ? forest->count : 1;
    *shape = (struct ov_shape){.depth = calloc(count, sizeof *shape->depth)};
    if (!shape->depth)
        return ov_fail_memory(err);
    ov_mem_use_huge_pages(shape->depth, count * sizeof *shape->depth);
    mark_known(shape, forest);
    if (!find_levels(shape, forest)) {
        ov_shape_deinit(shape);
        return ov_fail_memory(err);
    }
    count_nodes(shape, forest);
    return OV_OK;
}

/* Sizes when parents come first: from the last row to the first. */
static void add_up(const struct ov_forest *forest, uint32_t *size)
{
    for (ov_node row = 0; row < forest->count; row++)
        size[row] = 1;
    for (ov_node row = forest->count; row-- > 0;) {
        ov_node parent = parent_row(forest, row);
        if (row >= AHEAD && ov_node_is_row(forest->parent[row - AHEAD]))
            __builtin_prefetch(&size[forest->parent[row - AHEAD]], 1);
        if (parent != OV_NODE_NONE)
            size[parent] += size[row];
    }
}

#define PEELED UINT32_MAX

/* Sizes in any order: rows with nothing below them are peeled off. left[], initially zero, counts
 * the children of each row that are not peeled yet; rows on cycles never are. */
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

enum ov_status ov_shape_sizes(struct ov_shape *shape, const struct ov_forest *forest,
                              struct ov_error *err)
{
    size_t bytes = (forest->count ? forest->count : 1) * sizeof *shape->size;
    if (shape->size)
        return OV_OK;
    uint32_t *left = shape->ordered ? NULL : calloc(1, bytes), *size = malloc(bytes);
    if (!size || (!left && !shape->ordered)) {
        free(left);
        free(size);
        return ov_fail_memory(err);
    }
    ov_mem_use_huge_pages(size, bytes);
    if (shape->ordered)
        add_up(forest, size);
    else
        peel(forest, left, size);
    free(left);
    shape->size = size;
    return OV_OK;
}

void ov_shape_close_loops(struct ov_shape *shape, const struct ov_forest *forest)
{
    for (size_t begin = 0, end; shape->size && begin < shape->loop_rows; begin = end) {
        uint32_t total = 0;
        end = begin;
        do
            total += shape->size[shape->loops[end]];
        while (forest->parent[shape->loops[end++]] != shape->loops[begin]);
        for (size_t i = begin; i < end; i++)
            shape->size[shape->loops[i]] = total;
    }
}
