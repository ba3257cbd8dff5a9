/* vet/by_name.h: parents that are given by name (--parents name, either). The rows are a second
 * time in a forest, with their names in place of identifiers; once all are known, the parents found
 * there become those of the hierarchy. */
#ifndef VET_BY_NAME_H
#define VET_BY_NAME_H

#include "mapping/layout.h"
#include "org/forest.h"

struct ov_by_name {
    enum ov_parents parents; /* OV_PARENTS_NAME or OV_PARENTS_EITHER */
    struct ov_forest
        *forest; /* owned: keys are names; with OV_PARENTS_EITHER no row has a parent */
    /* Of each row; owned, and NULL when all names differ: */
    ov_node *next;  /* the next row of the same name; or OV_NODE_NONE */
    uint32_t *same; /* of the first of them: how many rows have it */
    /* Of each name (ov_node_is_name) of the hierarchy that several rows have, the first of them,
     * plus 1; 0: it is missing. Owned. */
    uint32_t *ambiguous;
    size_t ambiguous_count, ambiguous_capacity;
};

/* NULL when out of memory; ov_by_name_free takes NULL. */
OV_MUST_USE struct ov_by_name *ov_by_name_new(enum ov_parents parents);
void ov_by_name_free(struct ov_by_name *by_name);
/* Adds the next row; white space around the texts does not count. parent: empty: none. */
OV_MUST_USE enum ov_status ov_by_name_add(struct ov_by_name *by_name, struct ov_text name,
                                          struct ov_text parent, bool broken, struct ov_error *err);
/* Sets the parents of the hierarchy's rows, which are all there; it is not resolved yet. */
OV_MUST_USE enum ov_status ov_by_name_link(struct ov_by_name *by_name, struct ov_forest *forest,
                                           struct ov_error *err);
/* The first of several rows that have the name which a row of the hierarchy gives as its parent;
 * OV_NODE_NONE: it is not ambiguous. by_name: may be NULL. */
ov_node ov_by_name_ambiguous(const struct ov_by_name *by_name, ov_node parent);

#endif
