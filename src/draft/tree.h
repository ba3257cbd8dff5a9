/* draft/tree.h: a vetted file's hierarchy as the page shows it: every row somewhere once,
 * whatever is wrong with it. Nodes are numbers: first the rows, from 0; then a node for each parent
 * that no row is; then one for each ring of parents, whose rows stand below it; last the top. */
#ifndef DRAFT_TREE_H
#define DRAFT_TREE_H

#include "payload/diff/snapshot.h"
#include "vet/check_access.h"

/* {0} before ov_draft_tree_init; owns all its arrays. */
struct ov_draft_tree {
    const struct ov_check *check; /* borrowed */
    uint32_t rows, names, nodes;  /* numbers of them; the rest of the nodes but one are rings */
    uint32_t *name;               /* per node of a parent: its index among the forest's names */
    uint32_t *up;                 /* per node: the one above; of the top itself */
    uint32_t *first, *kids; /* per node: where its children begin in kids; nodes + 1 of them */
    uint32_t *below;        /* per node: rows below it */
    uint8_t *worst;         /* per row: of its own findings, as ov_draft_tree_worst tells it */
    uint8_t *worst_below;   /* per node: of it and all below it */
};

/* With a framework that is imported into, each of its items that no row is has a node too, below
 * the one that it is below there. */
OV_MUST_USE enum ov_status ov_draft_tree_init(struct ov_draft_tree *tree,
                                              const struct ov_check *check,
                                              const struct ov_snapshot *framework,
                                              struct ov_error *err);
void ov_draft_tree_deinit(struct ov_draft_tree *tree);
/* Bytes that it takes. */
uint64_t ov_draft_tree_size(const struct ov_draft_tree *tree);

static inline uint32_t ov_draft_tree_top(const struct ov_draft_tree *tree)
{
    return tree->nodes - 1;
}
static inline uint32_t ov_draft_tree_kids(const struct ov_draft_tree *tree, uint32_t node)
{
    return tree->first[node + 1] - tree->first[node];
}
/* Where a node stands among its siblings. */
uint32_t ov_draft_tree_index(const struct ov_draft_tree *tree, uint32_t node);
/* The ring that a node is; NULL: it is none. */
const struct ov_cycle *ov_draft_tree_ring(const struct ov_draft_tree *tree, uint32_t node);
/* The text of a node that is a parent which no row is. */
struct ov_text ov_draft_tree_name(const struct ov_draft_tree *tree, uint32_t node, bool *there);

/* Appends the whole at once, as JSON: a list for each level, of pieces [from, to, worst, node], in
 * parts of `width`, and behind it the identifier (of a row, or a parent that no row is) where there
 * is room for it; what is narrower than one is drawn together, with the worst of all. At most so
 * many levels. */
OV_MUST_USE enum ov_status ov_draft_tree_overview(const struct ov_draft_tree *tree, unsigned width,
                                                  unsigned levels, struct ov_buf *out,
                                                  struct ov_error *err);

#endif
