/* org/shape.h: levels, cycles and sizes of a resolved forest. Iterative and linear. */
#ifndef ORG_SHAPE_H
#define ORG_SHAPE_H

#include "org/forest.h"

struct ov_shape {
    uint32_t *depth; /* per row: its level, 1 without a known parent; 0 for rows in or below a
                        cycle, broken rows and duplicates */
    uint32_t *size;  /* per row: the row and all rows below it. On a cycle of first rows it excludes
                        the other rows of the cycle and the rows below those, until
                        ov_shape_close_loops. NULL before ov_shape_sizes */
    uint64_t nodes;  /* distinct identifiers of intact rows, plus intact rows without one */
    uint64_t roots;  /* of the nodes: parent cell missing, empty or a root marker */
    uint32_t max_depth; /* the highest level */
    bool ordered;       /* every parent precedes its children */
    ov_node
        *loops; /* the rows on cycles of first rows: each cycle contiguous, from child to parent */
    size_t loop_rows, loops_capacity;
};

/* Finds cycles and levels, and counts. A row that is its own parent counts as a cycle. OV_E_MEMORY
 * is the only failure. */
OV_MUST_USE enum ov_status ov_shape_init(struct ov_shape *shape, const struct ov_forest *forest,
                                         struct ov_error *err);

/* Recomputes levels and counts when more rows than those on the cycles of first rows are cyclic:
 * `cyclic` are the first rows of all identifiers in cycles. */
void ov_shape_levels(struct ov_shape *shape, const struct ov_forest *forest, const ov_node *cyclic,
                     size_t cyclic_count);

/* Computes the sizes, once. OV_E_MEMORY is the only failure. */
OV_MUST_USE enum ov_status ov_shape_sizes(struct ov_shape *shape, const struct ov_forest *forest,
                                          struct ov_error *err);

/* Makes the size of each row on a cycle of first rows include all rows on that cycle and below it.
 * Does nothing before ov_shape_sizes. */
void ov_shape_close_loops(struct ov_shape *shape, const struct ov_forest *forest);

void ov_shape_deinit(struct ov_shape *shape);

#endif
