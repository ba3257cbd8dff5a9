/* org/shape.h: levels, loops and sizes of a resolved forest. Iterative and linear. */
#ifndef ORG_SHAPE_H
#define ORG_SHAPE_H

#include "org/forest.h"

struct ov_shape {
    uint32_t *depth; /* per row: its level, 1 for one without a known parent; 0 for rows in or below
                        a cycle, broken rows and duplicates */
    uint32_t *size;  /* per row: itself and all rows below it; of a row on a loop of first rows,
                        until ov_shape_close_loops, without the others of the loop and what is below
                        them; NULL before ov_shape_sizes */
    uint64_t nodes;  /* distinct identifiers that sound rows have, and rows without one */
    uint64_t roots;  /* of the nodes: without a parent cell, or with a root marker */
    uint32_t max_depth;
    bool ordered;   /* every parent stands before its children */
    ov_node *loops; /* the rows on loops of first rows: each loop in one piece, rows going up */
    size_t loop_rows, loops_capacity;
};

/* Loops, levels and counts. A row that is its own parent counts as a cycle. */
OV_MUST_USE enum ov_status ov_shape_init(struct ov_shape *shape, const struct ov_forest *forest,
                                         struct ov_error *err);

/* Levels and counts again, when more rows than those on the loops are in cycles: `cyclic` are the
 * first rows of all identifiers in them. */
void ov_shape_levels(struct ov_shape *shape, const struct ov_forest *forest, const ov_node *cyclic,
                     size_t cyclic_count);

/* Sizes, unless they are there. */
OV_MUST_USE enum ov_status ov_shape_sizes(struct ov_shape *shape, const struct ov_forest *forest,
                                          struct ov_error *err);

/* From now on the size of a row on a loop counts all that is on the loop and below it. Nothing
 * before ov_shape_sizes. */
void ov_shape_close_loops(struct ov_shape *shape, const struct ov_forest *forest);

void ov_shape_deinit(struct ov_shape *shape);

#endif
