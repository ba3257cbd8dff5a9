/* draft/tree.h: a vetted file's hierarchy as the page shows it: every row occurs exactly once,
 * whatever is wrong with it. Nodes are numbered: first the rows, from 0; then one node per parent
 * that is not a row of the file; then one per cycle, which is shown as the parent of the rows on
 * it; last the top, which is the root of all. */
#ifndef DRAFT_TREE_H
#define DRAFT_TREE_H

#include "base/json.h"
#include "payload/diff/snapshot.h"
#include "vet/check_access.h"

/* {0} before ov_draft_tree_init. Owns all its arrays. */
struct ov_draft_tree {
    const struct ov_check *check; /* borrowed */
    uint32_t rows, names, nodes;  /* counts; nodes: all, including the cycles and the top */
    uint32_t *name;         /* per parent that is not a row: its index among the forest's names */
    uint32_t *up;           /* per node: its parent; the top's is itself */
    uint32_t *first, *kids; /* first: per node, index of its first child in kids, nodes + 1 entries;
                               kids: the children of all nodes, in ascending order per node */
    uint32_t *below;        /* per node: rows below it */
    uint8_t *worst;         /* per row: worst severity of its own findings + 1; 0: none */
    uint8_t *worst_below;   /* per node: the same, of itself and all nodes below it */
};

/* Builds the tree of a finished check, whose cycles have been found; `check` is borrowed. With the
 * framework that is imported into (or NULL), each of its items that is not a row gets a node too,
 * below its parent in the framework. Fails with OV_E_MEMORY only. ov_draft_tree_deinit frees, also
 * after a failure. */
OV_MUST_USE enum ov_status ov_draft_tree_init(struct ov_draft_tree *tree,
                                              const struct ov_check *check,
                                              const struct ov_snapshot *framework,
                                              struct ov_error *err);
void ov_draft_tree_deinit(struct ov_draft_tree *tree);
/* Memory in use, in bytes. */
uint64_t ov_draft_tree_size(const struct ov_draft_tree *tree);

/* The top node. */
static inline uint32_t ov_draft_tree_top(const struct ov_draft_tree *tree)
{
    return tree->nodes - 1;
}
/* The number of children of a node. */
static inline uint32_t ov_draft_tree_kids(const struct ov_draft_tree *tree, uint32_t node)
{
    return tree->first[node + 1] - tree->first[node];
}
/* The worst severity of a node itself, as in `worst`: of a row its findings; a parent that does not
 * exist, a cycle and its rows are errors. */
uint8_t ov_draft_tree_own(const struct ov_draft_tree *tree, uint32_t node);
/* The index of a node among its siblings, from 0; not for the top. */
uint32_t ov_draft_tree_index(const struct ov_draft_tree *tree, uint32_t node);
/* The cycle that a node represents, borrowed from the check; NULL for other nodes. */
const struct ov_cycle *ov_draft_tree_ring(const struct ov_draft_tree *tree, uint32_t node);
/* The identifier of a node that is a parent but not a row; borrowed. *there: it exists in the
 * framework. */
struct ov_text ov_draft_tree_name(const struct ov_draft_tree *tree, uint32_t node, bool *there);

/* Gives the label of a row; borrowed until the next call. A failure ends what asked for it. */
typedef enum ov_status ov_label_fn(void *ctx, uint32_t row, struct ov_text *label,
                                   struct ov_error *err);
/* Writes an overview as JSON: a list per level (at most `levels`) of pieces [from, to, own,
 * worst, node], own: of itself, worst: with all below it, with positions in units of which the
 * whole is `width` wide, followed by the label of a row, or the identifier of a parent, and the
 * number of rows below if the piece is wide enough. Adjacent nodes narrower than one unit are
 * merged into a piece with the worst severities of them. Fails with OV_E_MEMORY, or as label_of
 * does. */
OV_MUST_USE enum ov_status ov_draft_tree_overview(const struct ov_draft_tree *tree, unsigned width,
                                                  unsigned levels, ov_label_fn *label_of, void *ctx,
                                                  struct ov_json *json, struct ov_error *err);

#endif
