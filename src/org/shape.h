/* org/shape.h: sizes and depths of a resolved forest. Iterative and linear. */
#ifndef ORG_SHAPE_H
#define ORG_SHAPE_H

#include "org/forest.h"

struct ov_shape {
    uint32_t
        *size; /* per row: itself and all rows below it; of a row on a loop of first rows, until
                  ov_shape_close_loops, without the others of the loop and what is below them */
    uint32_t *depth; /* per row: its level, 1 for one without a known parent; 0 for rows in or below
                        a cycle, broken rows and duplicates */
    uint64_t nodes;  /* distinct identifiers that sound rows have, and rows without one */
    uint64_t roots;  /* of the nodes: without a parent cell, or with a root marker */
    uint32_t max_depth;
    ov_node *loops; /* the rows on loops of first rows: each loop in one piece, rows going up */
    size_t loop_rows, loops_capacity;
};

/* Sizes and loops; the rest is zero until ov_shape_levels. */
OV_MUST_USE enum ov_status ov_shape_init(struct ov_shape *shape, const struct ov_forest *forest,
                                         struct ov_error *err);

/* From now on the size of a row on a loop counts all that is on the loop and below it. */
void ov_shape_close_loops(struct ov_shape *shape, const struct ov_forest *forest);

/* Levels and counts. `cyclic` are the first rows of all identifiers in cycles; a row that is its
 * own parent counts as one too. */
void ov_shape_levels(struct ov_shape *shape, const struct ov_forest *forest, const ov_node *cyclic,
                     size_t cyclic_count);

void ov_shape_deinit(struct ov_shape *shape);

#endif
