/* org/cycle.h: groups of rows that are each other's parents: the strongly connected components of
 * the graph of all rows' edges, those of duplicate rows too, and a shortest loop in each.
 * Iterative; linear but for the search in tangles of up to OV_TANGLE_MAX identifiers. */
#ifndef ORG_CYCLE_H
#define ORG_CYCLE_H

#include "org/shape.h"

enum { OV_TANGLE_MAX = 1000 /* identifiers of a group in which a shortest loop is searched */ };

/* One group. Its rows lie in ov_cycles.rows. */
struct ov_cycle {
    size_t members, member_count; /* first rows of the group's identifiers */
    size_t loop, loop_count;      /* rows whose edges make the loop, the smallest row first; each
                                     one's parent is the identifier of the next */
    bool minimal;                 /* no shorter loop is in the group */
    uint64_t below;               /* rows outside the group that hang below it */
    uint64_t rows;                /* the members' first rows, and duplicates with an edge inside */
    ov_node smallest;             /* the first of the loop */
    ov_node cut;                  /* of the loop: the row with the fewest rows below it outside the
                                     loop; the smallest of equals */
};

struct ov_cycles {
    ov_node *rows; /* owned */
    size_t row_count, row_capacity;
    struct ov_cycle *items; /* owned; by their loops' smallest rows */
    size_t count, capacity;
};

OV_MUST_USE enum ov_status ov_cycles_find(struct ov_cycles *cycles, struct ov_forest *forest,
                                          const struct ov_shape *shape, struct ov_error *err);
/* The members of all groups in one array, which the caller frees; NULL when there are none. */
OV_MUST_USE enum ov_status ov_cycles_members(const struct ov_cycles *cycles, ov_node **members,
                                             size_t *count, struct ov_error *err);
void ov_cycles_deinit(struct ov_cycles *cycles);

#endif
