/* org/graph.c: see graph.h. */
#include "org/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/search.h"

void ov_graph_deinit(struct ov_graph *graph)
{
    free(graph->pairs);
    free(graph->nodes);
    free(graph->edges);
    free(graph->first_edge);
    free(graph->group);
}

static int node_order(const void *a, const void *b)
{
    ov_node x = *(const ov_node *)a, y = *(const ov_node *)b;
    return (x > y) - (x < y);
}

bool ov_nodes_sort(ov_node *nodes, size_t count)
{
    enum { BITS = 11, BUCKETS = 1 << BITS }; /* three passes */
    if (count < BUCKETS) {
        if (count)
            qsort(nodes, count, sizeof *nodes, node_order);
        return true;
    }
    ov_node *other = malloc(count * sizeof *other), *from = nodes, *to = other;
    if (!other)
        return false;
    for (unsigned shift = 0; shift < 32; shift += BITS) {
        size_t starts[BUCKETS + 1] = {0};
        for (size_t i = 0; i < count; i++)
            starts[(from[i] >> shift & (BUCKETS - 1)) + 1]++;
        for (size_t i = 1; i < BUCKETS; i++)
            starts[i] += starts[i - 1];
        for (size_t i = 0; i < count; i++)
            to[starts[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
        ov_node *swapped = from;
        from = to;
        to = swapped;
    }
    memcpy(nodes, other, count * sizeof *nodes); /* an odd number of passes */
    free(other);
    return true;
}

static int by_edge(const void *a, const void *b)
{
    const struct ov_edge *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Whether a row's edge counts: it has an intact parent, and an identifier to refer to it. */
static bool has_edge(const struct ov_forest *forest, ov_node row)
{
    return !ov_forest_is(forest, row, OV_ROW_ANONYMOUS) &&
           ov_forest_up(forest, row) != OV_NODE_NONE;
}

static bool push(ov_node **nodes, size_t *count, size_t *capacity, ov_node node)
{
    if (!ov_grow(nodes, capacity, *count + 1, sizeof **nodes))
        return false;
    (*nodes)[(*count)++] = node;
    return true;
}

static int by_pair(const void *a, const void *b)
{
    const struct ov_pair *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool list_duplicates(struct ov_graph *graph, const struct ov_forest *forest)
{
    size_t capacity = 0;
    for (ov_node row = 0; row < forest->count; row++) {
        if (!ov_forest_is(forest, row, OV_ROW_DUPLICATE) || !has_edge(forest, row))
            continue;
        if (!ov_grow(&graph->pairs, &capacity, graph->pair_count + 1, sizeof *graph->pairs))
            return false;
        graph->pairs[graph->pair_count++] = (struct ov_pair){ov_forest_first(forest, row), row};
    }
    if (graph->pair_count)
        qsort(graph->pairs, graph->pair_count, sizeof *graph->pairs, by_pair);
    return true;
}

static bool is_pair_before(const void *pairs, size_t index, const void *first)
{
    return ((const struct ov_pair *)pairs)[index].first < *(const ov_node *)first;
}

size_t ov_graph_pairs(const struct ov_graph *graph, ov_node first)
{
    return ov_lower_bound(graph->pairs, 0, graph->pair_count, &first, is_pair_before);
}

/* Marks an identifier and adds it to the graph, once. */
static bool reach(struct ov_graph *graph, struct ov_forest *forest, ov_node node)
{
    if (node == OV_NODE_NONE || ov_forest_is(forest, node, OV_ROW_MARK))
        return true;
    forest->flags[node] |= OV_ROW_MARK;
    return push(&graph->nodes, &graph->count, &graph->nodes_capacity, node);
}

/* Collects the identifiers reachable upwards from duplicates' parents. */
static bool collect_nodes(struct ov_graph *graph, struct ov_forest *forest)
{
    for (size_t i = 0; i < graph->pair_count; i++)
        if (!reach(graph, forest, ov_forest_up(forest, graph->pairs[i].row)))
            return false;
    for (size_t done = 0; done < graph->count; done++) { /* graph->nodes doubles as the queue */
        ov_node node = graph->nodes[done];
        if (has_edge(forest, node) && !reach(graph, forest, ov_forest_up(forest, node)))
            return false;
        if (!ov_forest_is(forest, node, OV_ROW_REPEATED))
            continue;
        for (size_t i = ov_graph_pairs(graph, node);
             i < graph->pair_count && graph->pairs[i].first == node; i++)
            if (!reach(graph, forest, ov_forest_up(forest, graph->pairs[i].row)))
                return false;
    }
    return ov_nodes_sort(graph->nodes, graph->count);
}

static uint32_t local_of(const struct ov_graph *graph, ov_node node)
{
    if (graph->count == 0)
        return OV_NO_LOCAL;
    const ov_node *found =
        bsearch(&node, graph->nodes, graph->count, sizeof *graph->nodes, node_order);
    return found ? (uint32_t)(found - graph->nodes) : OV_NO_LOCAL;
}

static bool add_edge(struct ov_graph *graph, const struct ov_forest *forest, uint32_t from,
                     ov_node row)
{
    uint32_t to = local_of(graph, ov_forest_up(forest, row));
    if (to == OV_NO_LOCAL || to == from)
        return true;
    if (!ov_grow(&graph->edges, &graph->edges_capacity, graph->edge_count + 1,
                 sizeof *graph->edges))
        return false;
    graph->edges[graph->edge_count++] = (struct ov_edge){from, to, row};
    return true;
}

/* Collects the edges; of equal ones only the smallest row's is kept. */
static bool collect_edges(struct ov_graph *graph, const struct ov_forest *forest)
{
    for (uint32_t i = 0; i < graph->count; i++) {
        ov_node node = graph->nodes[i];
        if (has_edge(forest, node) && !add_edge(graph, forest, i, node))
            return false;
        for (size_t k = ov_graph_pairs(graph, node);
             k < graph->pair_count && graph->pairs[k].first == node; k++)
            if (!add_edge(graph, forest, i, graph->pairs[k].row))
                return false;
    }
    if (graph->edge_count)
        qsort(graph->edges, graph->edge_count, sizeof *graph->edges, by_edge);
    size_t kept = 0;
    for (size_t i = 0; i < graph->edge_count; i++)
        if (kept == 0 || graph->edges[kept - 1].from != graph->edges[i].from ||
            graph->edges[kept - 1].to != graph->edges[i].to)
            graph->edges[kept++] = graph->edges[i];
    graph->edge_count = kept;
    graph->first_edge = calloc(graph->count + 1, sizeof *graph->first_edge);
    if (!graph->first_edge)
        return false;
    for (size_t i = 0; i < kept; i++)
        graph->first_edge[graph->edges[i].from + 1]++;
    for (size_t i = 0; i < graph->count; i++)
        graph->first_edge[i + 1] += graph->first_edge[i];
    return true;
}

/* Tarjan's strongly connected components, with an explicit stack. */
struct tarjan {
    uint32_t *index, *low, *next; /* per node; index 0 = not visited */
    uint32_t *stack, *path;       /* nodes not yet in a component; the current path */
    uint32_t stacked, depth, counter;
};

static void visit(struct tarjan *tarjan, const struct ov_graph *graph, uint32_t node)
{
    tarjan->index[node] = tarjan->low[node] = ++tarjan->counter;
    tarjan->next[node] = graph->first_edge[node];
    tarjan->stack[tarjan->stacked++] = node;
    tarjan->path[tarjan->depth++] = node;
}

static void leave(struct tarjan *tarjan, struct ov_graph *graph, uint32_t node)
{
    tarjan->depth--;
    if (tarjan->depth) {
        uint32_t before = tarjan->path[tarjan->depth - 1];
        if (tarjan->low[node] < tarjan->low[before])
            tarjan->low[before] = tarjan->low[node];
    }
    if (tarjan->low[node] != tarjan->index[node])
        return;
    uint32_t member;
    do {
        member = tarjan->stack[--tarjan->stacked];
        graph->group[member] = (uint32_t)graph->group_count;
    } while (member != node);
    graph->group_count++;
}

static void search(struct tarjan *tarjan, struct ov_graph *graph, uint32_t start)
{
    visit(tarjan, graph, start);
    while (tarjan->depth) {
        uint32_t node = tarjan->path[tarjan->depth - 1];
        if (tarjan->next[node] == graph->first_edge[node + 1]) {
            leave(tarjan, graph, node);
            continue;
        }
        uint32_t to = graph->edges[tarjan->next[node]++].to;
        if (tarjan->index[to] == 0)
            visit(tarjan, graph, to);
        else if (graph->group[to] == OV_NO_LOCAL && tarjan->index[to] < tarjan->low[node])
            tarjan->low[node] = tarjan->index[to];
    }
}

static bool find_groups(struct ov_graph *graph)
{
    size_t n = graph->count;
    uint32_t *memory = calloc(n * 5, sizeof *memory);
    graph->group = malloc(n * sizeof *graph->group);
    if (!memory || !graph->group) {
        free(memory);
        return false;
    }
    memset(graph->group, 0xFF, n * sizeof *graph->group); /* OV_NO_LOCAL */
    struct tarjan tarjan = {.index = memory,
                            .low = memory + n,
                            .next = memory + 2 * n,
                            .stack = memory + 3 * n,
                            .path = memory + 4 * n};
    for (uint32_t node = 0; node < n; node++)
        if (tarjan.index[node] == 0)
            search(&tarjan, graph, node);
    free(memory);
    return true;
}

enum ov_status ov_graph_init(struct ov_graph *graph, struct ov_forest *forest, struct ov_error *err)
{
    *graph = (struct ov_graph){0};
    bool ok = list_duplicates(graph, forest) && collect_nodes(graph, forest);
    if (ok && graph->count)
        ok = collect_edges(graph, forest) && find_groups(graph);
    for (size_t i = 0; i < graph->count; i++)
        forest->flags[graph->nodes[i]] &= (uint8_t)~OV_ROW_MARK;
    if (ok)
        return OV_OK;
    ov_graph_deinit(graph);
    return ov_fail_memory(err);
}

bool ov_graph_has(const struct ov_graph *graph, ov_node node)
{
    return local_of(graph, node) != OV_NO_LOCAL;
}
