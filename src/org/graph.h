/* org/graph.h: the part of the hierarchy in which an identifier can have several edges.
 *
 * Without duplicate rows every identifier has one parent, and its cycles are the loops that
 * ov_shape finds. A cycle that uses a duplicate's edge lies wholly among the identifiers that can
 * be reached going up from duplicates' parents: those are the nodes here, with all their edges and
 * their strongly connected components (Tarjan). Iterative and linear, but for sorting. */
#ifndef ORG_GRAPH_H
#define ORG_GRAPH_H

#include "org/forest.h"

#define OV_NO_LOCAL UINT32_MAX

/* An edge between local numbers, made by a row. */
struct ov_edge {
    uint32_t from, to;
    ov_node row;
};

/* A duplicate row with an edge, and the first row of its identifier. */
struct ov_pair {
    ov_node first, row;
};

/* Local numbers count the nodes in order of their first rows. */
struct ov_graph {
    struct ov_pair *pairs; /* sorted: first, row; of the whole forest */
    size_t pair_count;
    ov_node *nodes; /* first rows, ascending */
    size_t count, nodes_capacity;
    struct ov_edge *edges; /* sorted: from, to; of equal ones the smallest row's */
    size_t edge_count, edges_capacity;
    uint32_t *first_edge; /* count + 1 of them */
    uint32_t *group;      /* per node: its component's number */
    size_t group_count;
};

/* Of a resolved forest, whose flag OV_ROW_MARK is used and left clear. */
OV_MUST_USE enum ov_status ov_graph_init(struct ov_graph *graph, struct ov_forest *forest,
                                         struct ov_error *err);
void ov_graph_deinit(struct ov_graph *graph);

/* Whether a first row is among the nodes. */
bool ov_graph_has(const struct ov_graph *graph, ov_node node);

/* The index of the first pair of a first row; pairs of the same one follow. */
size_t ov_graph_pairs(const struct ov_graph *graph, ov_node first);

/* Sorts rows, ascending, in linear time. False when there is no memory. */
OV_MUST_USE bool ov_nodes_sort(ov_node *nodes, size_t count);

#endif
