/* org/cycle.h: groups of rows with circular reporting lines: the strongly connected components of
 * the graph of all rows' edges, those of duplicate rows included, and a shortest cycle in each.
 * Iterative; linear, except for the search in groups of up to OV_TANGLE_MAX identifiers. */
#ifndef ORG_CYCLE_H
#define ORG_CYCLE_H

#include "org/shape.h"

enum {
    OV_TANGLE_MAX = 1000 /* identifiers; larger groups are not searched for a shortest cycle */
};

/* One group. Its rows are in ov_cycles.rows. */
struct ov_cycle {
    size_t members, member_count; /* the first rows of the group's identifiers: index and number */
    size_t loop, loop_count; /* the rows whose edges form the cycle, the smallest row first; each
                                one's parent is the identifier of the next */
    bool minimal;            /* no shorter cycle exists in the group */
    uint64_t below;          /* rows outside the group that are below it */
    uint64_t rows;    /* the members' first rows, and duplicates whose edge is inside the group */
    ov_node smallest; /* the first row of the cycle */
    ov_node cut;      /* the row of the cycle with the fewest rows below it outside the cycle; the
                         smallest of equals */
};

struct ov_cycles {
    ov_node *rows; /* owned */
    size_t row_count, row_capacity;
    struct ov_cycle *items; /* owned; sorted by smallest */
    size_t count, capacity;
};

/* Finds the groups of a resolved forest with sizes (ov_shape_sizes). Uses and clears OV_ROW_MARK.
 * OV_E_MEMORY is the only failure; *cycles is then empty. */
OV_MUST_USE enum ov_status ov_cycles_find(struct ov_cycles *cycles, struct ov_forest *forest,
                                          const struct ov_shape *shape, struct ov_error *err);
/* Copies the members of all groups into one array, which the caller frees; NULL when there are
 * none. */
OV_MUST_USE enum ov_status ov_cycles_members(const struct ov_cycles *cycles, ov_node **members,
                                             size_t *count, struct ov_error *err);
void ov_cycles_deinit(struct ov_cycles *cycles);

#endif
