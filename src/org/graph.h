/* org/graph.h: the part of the hierarchy in which an identifier can have several edges.
 *
 * Without duplicate rows every identifier has one parent, and the cycles are those that ov_shape
 * finds. A cycle that uses a duplicate's edge lies entirely among the identifiers reachable upwards
 * from duplicates' parents: these are the nodes of the graph, with all their edges and their
 * strongly connected components (Tarjan). Iterative and linear, except for sorting. */
#ifndef ORG_GRAPH_H
#define ORG_GRAPH_H

#include "org/forest.h"

#define OV_NO_LOCAL UINT32_MAX

/* An edge between local numbers, and the row that makes it. */
struct ov_edge {
    uint32_t from, to;
    ov_node row;
};

/* A duplicate row that has an edge, and the first row of its identifier. */
struct ov_pair {
    ov_node first, row;
};

/* The graph; local numbers are indexes of `nodes`. All arrays are owned. */
struct ov_graph {
    struct ov_pair *pairs; /* sorted by first, row; of the whole forest */
    size_t pair_count;
    ov_node *nodes; /* first rows, ascending */
    size_t count, nodes_capacity;
    struct ov_edge *edges; /* sorted by from, to; of equal edges only the smallest row's */
    size_t edge_count, edges_capacity;
    uint32_t *first_edge; /* count + 1 entries: index of each node's first edge */
    uint32_t *group;      /* per node: the number of its component */
    size_t group_count;
};

/* Builds the graph of a resolved forest. Uses and clears OV_ROW_MARK. OV_E_MEMORY is the only
 * failure; nothing is left to free then. */
OV_MUST_USE enum ov_status ov_graph_init(struct ov_graph *graph, struct ov_forest *forest,
                                         struct ov_error *err);
/* Frees the arrays. */
void ov_graph_deinit(struct ov_graph *graph);

/* Whether a first row is a node. */
bool ov_graph_has(const struct ov_graph *graph, ov_node node);

/* The index of the first pair of a first row; its other pairs follow. pair_count or another row's
 * pair when it has none. */
size_t ov_graph_pairs(const struct ov_graph *graph, ov_node first);

/* Sorts rows, ascending, in linear time. False when out of memory. */
OV_MUST_USE bool ov_nodes_sort(ov_node *nodes, size_t count);

#endif
