/* org/cycle.c: see cycle.h.
 *
 * Without duplicates every identifier has one edge and the groups are the loops that ov_shape
 * found. With them, a group that uses a duplicate's edge lies wholly among the rows that can be
 * reached going up from the duplicates' parents: only those go through Tarjan's algorithm. */
#include "org/cycle.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

enum { NO_LOCAL = UINT32_MAX };

/* An edge between local numbers, made by a row. */
struct edge {
    uint32_t from, to;
    ov_node row;
};

/* The part of the graph that duplicates' edges can reach. Local numbers count its identifiers in
 * order of their first rows. */
struct graph {
    ov_node *nodes; /* first rows, ascending */
    size_t count, nodes_capacity;
    struct edge *edges; /* sorted: from, to, row */
    size_t edge_count, edges_capacity;
    uint32_t *first_edge; /* count + 1 of them */
    uint32_t *group;      /* per node: its component's number */
    size_t group_count;
};

static void graph_deinit(struct graph *graph)
{
    free(graph->nodes);
    free(graph->edges);
    free(graph->first_edge);
    free(graph->group);
}

void ov_cycles_deinit(struct ov_cycles *cycles)
{
    free(cycles->rows);
    free(cycles->items);
    *cycles = (struct ov_cycles){0};
}

static int by_node(const void *a, const void *b)
{
    ov_node x = *(const ov_node *)a, y = *(const ov_node *)b;
    return (x > y) - (x < y);
}

static int by_edge(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Whether a row's edge counts: it has a sound parent and an identifier to be referred to by. */
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

/* Pairs (first row, duplicate row) of the duplicates whose edges count, sorted. */
struct pair {
    ov_node first, row;
};

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool list_duplicates(const struct ov_forest *forest, struct pair **pairs, size_t *count)
{
    size_t capacity = 0;
    *pairs = NULL;
    *count = 0;
    for (ov_node row = 0; row < forest->count; row++) {
        if (!ov_forest_is(forest, row, OV_ROW_DUPLICATE) || !has_edge(forest, row))
            continue;
        if (!ov_grow(pairs, &capacity, *count + 1, sizeof **pairs))
            return false;
        (*pairs)[(*count)++] = (struct pair){ov_forest_first(forest, row), row};
    }
    if (*count)
        qsort(*pairs, *count, sizeof **pairs, by_pair);
    return true;
}

/* The index of the first pair of a first row. */
static size_t pairs_of(const struct pair *pairs, size_t count, ov_node first)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairs[middle].first < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Reaches an identifier: marks it and adds it to the graph, once. */
static bool reach(struct graph *graph, struct ov_forest *forest, ov_node node)
{
    if (node == OV_NODE_NONE || ov_forest_is(forest, node, OV_ROW_MARK))
        return true;
    forest->flags[node] |= OV_ROW_MARK;
    return push(&graph->nodes, &graph->count, &graph->nodes_capacity, node);
}

/* Collects the identifiers that can be reached going up from duplicates' parents. */
static bool collect_nodes(struct graph *graph, struct ov_forest *forest, const struct pair *pairs,
                          size_t pair_count)
{
    for (size_t i = 0; i < pair_count; i++)
        if (!reach(graph, forest, ov_forest_up(forest, pairs[i].row)))
            return false;
    for (size_t done = 0; done < graph->count; done++) { /* graph->nodes is also the queue */
        ov_node node = graph->nodes[done];
        if (has_edge(forest, node) && !reach(graph, forest, ov_forest_up(forest, node)))
            return false;
        if (!ov_forest_is(forest, node, OV_ROW_REPEATED))
            continue;
        for (size_t i = pairs_of(pairs, pair_count, node); i < pair_count && pairs[i].first == node;
             i++)
            if (!reach(graph, forest, ov_forest_up(forest, pairs[i].row)))
                return false;
    }
    if (graph->count)
        qsort(graph->nodes, graph->count, sizeof *graph->nodes, by_node);
    return true;
}

static uint32_t local_of(const struct graph *graph, ov_node node)
{
    const ov_node *found =
        bsearch(&node, graph->nodes, graph->count, sizeof *graph->nodes, by_node);
    return found ? (uint32_t)(found - graph->nodes) : NO_LOCAL;
}

static bool add_edge(struct graph *graph, const struct ov_forest *forest, uint32_t from,
                     ov_node row)
{
    uint32_t to = local_of(graph, ov_forest_up(forest, row));
    if (to == NO_LOCAL || to == from)
        return true;
    if (!ov_grow(&graph->edges, &graph->edges_capacity, graph->edge_count + 1,
                 sizeof *graph->edges))
        return false;
    graph->edges[graph->edge_count++] = (struct edge){from, to, row};
    return true;
}

/* Collects the edges; of equal ones the smallest row's is kept. */
static bool collect_edges(struct graph *graph, const struct ov_forest *forest,
                          const struct pair *pairs, size_t pair_count)
{
    for (uint32_t i = 0; i < graph->count; i++) {
        ov_node node = graph->nodes[i];
        if (has_edge(forest, node) && !add_edge(graph, forest, i, node))
            return false;
        for (size_t k = pairs_of(pairs, pair_count, node); k < pair_count && pairs[k].first == node;
             k++)
            if (!add_edge(graph, forest, i, pairs[k].row))
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

/* Tarjan's strongly connected components, with a stack of our own. */
struct tarjan {
    uint32_t *index, *low, *next; /* per node; index 0 = not visited */
    uint32_t *stack, *path;       /* nodes not yet in a component; the way down */
    uint32_t stacked, depth, counter;
};

static void visit(struct tarjan *tarjan, const struct graph *graph, uint32_t node)
{
    tarjan->index[node] = tarjan->low[node] = ++tarjan->counter;
    tarjan->next[node] = graph->first_edge[node];
    tarjan->stack[tarjan->stacked++] = node;
    tarjan->path[tarjan->depth++] = node;
}

static void leave(struct tarjan *tarjan, struct graph *graph, uint32_t node)
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

static void search(struct tarjan *tarjan, struct graph *graph, uint32_t start)
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
        else if (graph->group[to] == NO_LOCAL && tarjan->index[to] < tarjan->low[node])
            tarjan->low[node] = tarjan->index[to];
    }
}

static bool find_groups(struct graph *graph)
{
    size_t n = graph->count;
    uint32_t *memory = calloc(n * 5, sizeof *memory);
    graph->group = malloc(n * sizeof *graph->group);
    if (!memory || !graph->group) {
        free(memory);
        return false;
    }
    memset(graph->group, 0xFF, n * sizeof *graph->group); /* NO_LOCAL */
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

/* A group being looked at: its nodes as local numbers, and room for searches. */
struct group {
    const struct graph *graph;
    const uint32_t *nodes;
    size_t count;
    uint32_t number;
    uint32_t *came_by; /* per node of the graph: the edge by which the search came; NO_LOCAL */
    uint32_t *queue;
    uint32_t *loop; /* edges of the best loop so far */
    size_t loop_count;
};

static bool inside(const struct group *group, uint32_t edge)
{
    return group->graph->group[group->graph->edges[edge].to] == group->number;
}

/* Breadth first from one node back to itself; keeps the loop if it is shorter than the best. */
static void shortest_from(struct group *group, uint32_t start)
{
    const struct graph *graph = group->graph;
    size_t head = 0, tail = 0;
    uint32_t last = NO_LOCAL;
    for (size_t i = 0; i < group->count; i++)
        group->came_by[group->nodes[i]] = NO_LOCAL;
    group->queue[tail++] = start;
    while (head < tail && last == NO_LOCAL) {
        uint32_t node = group->queue[head++];
        for (uint32_t e = graph->first_edge[node]; e < graph->first_edge[node + 1]; e++) {
            uint32_t to = graph->edges[e].to;
            if (!inside(group, e))
                continue;
            if (to == start) {
                last = e;
                break;
            }
            if (group->came_by[to] == NO_LOCAL) {
                group->came_by[to] = e;
                group->queue[tail++] = to;
            }
        }
    }
    size_t length = 1;
    for (uint32_t e = last; graph->edges[e].from != start; length++)
        e = group->came_by[graph->edges[e].from];
    if (group->loop_count && length >= group->loop_count)
        return;
    group->loop_count = length;
    for (uint32_t e = last; length > 0; e = group->came_by[graph->edges[e].from])
        group->loop[--length] = e;
}

/* Any loop: follow first edges inside the group until an identifier comes again. */
static void any_loop(struct group *group)
{
    const struct graph *graph = group->graph;
    uint32_t node = group->nodes[0];
    size_t walked = 0;
    for (size_t i = 0; i < group->count; i++)
        group->came_by[group->nodes[i]] = NO_LOCAL;
    while (group->came_by[node] == NO_LOCAL) { /* here: its position in the walk */
        uint32_t e = graph->first_edge[node];
        while (!inside(group, e))
            e++;
        group->came_by[node] = (uint32_t)walked;
        group->queue[walked++] = e;
        node = graph->edges[e].to;
    }
    size_t from = group->came_by[node];
    group->loop_count = walked - from;
    memcpy(group->loop, group->queue + from, group->loop_count * sizeof *group->loop);
}

static bool is_simple(const struct group *group)
{
    size_t edges = 0;
    for (size_t i = 0; i < group->count; i++) {
        uint32_t node = group->nodes[i];
        for (uint32_t e = group->graph->first_edge[node]; e < group->graph->first_edge[node + 1];
             e++)
            edges += inside(group, e);
    }
    return edges == group->count;
}

/* Rows outside the group below the first row `node`. */
static uint64_t innocent_below(const struct ov_shape *shape, const uint64_t *inside_below,
                               size_t at, ov_node node)
{
    return shape->size[node] - 1 - inside_below[at];
}

/* Turns edges' rows into a loop that begins with its smallest row. */
static void rotate(ov_node *rows, size_t count)
{
    size_t least = 0;
    for (size_t i = 1; i < count; i++)
        if (rows[i] < rows[least])
            least = i;
    /* three reversals rotate in place */
    for (int part = 0; part < 3; part++) {
        size_t low = part == 1 ? least : 0, high = part == 0 ? least : count;
        while (low + 1 < high) {
            ov_node kept = rows[low];
            rows[low++] = rows[--high];
            rows[high] = kept;
        }
    }
}

/* The position of a first row among the sorted members, or NO_LOCAL. */
static uint32_t member_at(const ov_node *members, size_t count, ov_node node)
{
    const ov_node *found = bsearch(&node, members, count, sizeof *members, by_node);
    return found ? (uint32_t)(found - members) : NO_LOCAL;
}

/* Whether the size of a first row has been added to its parent's: it does not lie on a loop of
 * first rows. */
static bool was_peeled(const struct ov_shape *shape, const ov_node *loop_rows, ov_node node)
{
    return member_at(loop_rows, shape->loop_rows, node) == NO_LOCAL;
}

/* Counts the group's rows and what hangs below, and chooses the cheapest cut. */
static bool weigh(struct ov_cycles *cycles, struct ov_cycle *cycle, const struct ov_forest *forest,
                  const struct ov_shape *shape, const ov_node *loop_rows, const struct pair *pairs,
                  size_t pair_count)
{
    const ov_node *members = cycles->rows + cycle->members;
    const ov_node *loop = cycles->rows + cycle->loop;
    size_t n = cycle->member_count;
    uint64_t *own = calloc(n, sizeof *own); /* rows of the group inside each member's size */
    if (!own)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t at = member_at(members, n, ov_forest_up(forest, members[i]));
        if (at != NO_LOCAL && was_peeled(shape, loop_rows, members[i]))
            own[at] += shape->size[members[i]];
        cycle->rows++;
        for (size_t k = pairs_of(pairs, pair_count, members[i]);
             k < pair_count && pairs[k].first == members[i]; k++) {
            at = member_at(members, n, ov_forest_up(forest, pairs[k].row));
            if (at == NO_LOCAL)
                continue;
            own[at]++;
            cycle->rows++;
        }
    }
    for (size_t i = 0; i < n; i++)
        cycle->below += innocent_below(shape, own, i, members[i]);
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < cycle->loop_count; i++) {
        ov_node first = ov_forest_first(forest, loop[i]);
        uint64_t below = 0; /* nothing hangs below a duplicate */
        if (first == loop[i])
            below = innocent_below(shape, own, member_at(members, n, first), first);
        if (below < least || (below == least && loop[i] < cycle->cut)) {
            least = below;
            cycle->cut = loop[i];
        }
    }
    free(own);
    return true;
}

/* Adds a group: `members` are sorted first rows, `loop` the rows of its loop. */
static struct ov_cycle *add_cycle(struct ov_cycles *cycles, const ov_node *members,
                                  size_t member_count, const ov_node *loop, size_t loop_count)
{
    size_t start = cycles->row_count;
    if (!ov_grow(&cycles->items, &cycles->capacity, cycles->count + 1, sizeof *cycles->items) ||
        !ov_grow(&cycles->rows, &cycles->row_capacity, start + member_count + loop_count,
                 sizeof *cycles->rows))
        return NULL;
    memcpy(cycles->rows + start, members, member_count * sizeof *members);
    memcpy(cycles->rows + start + member_count, loop, loop_count * sizeof *loop);
    qsort(cycles->rows + start, member_count, sizeof *members, by_node);
    rotate(cycles->rows + start + member_count, loop_count);
    cycles->row_count = start + member_count + loop_count;
    struct ov_cycle *cycle = &cycles->items[cycles->count++];
    *cycle = (struct ov_cycle){.members = start,
                               .member_count = member_count,
                               .loop = start + member_count,
                               .loop_count = loop_count,
                               .minimal = true,
                               .smallest = cycles->rows[start + member_count]};
    return cycle;
}

/* Adds the group of a strongly connected component. */
static bool add_group(struct ov_cycles *cycles, struct group *group)
{
    const struct graph *graph = group->graph;
    bool minimal = true;
    group->loop_count = 0;
    if (group->count <= OV_TANGLE_MAX && !is_simple(group)) {
        for (size_t i = 0; i < group->count && group->loop_count != 2; i++)
            shortest_from(group, group->nodes[i]);
    } else {
        minimal = is_simple(group);
        any_loop(group);
    }
    ov_node *rows = malloc((group->count + group->loop_count) * sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < group->count; i++)
        rows[i] = graph->nodes[group->nodes[i]];
    for (size_t i = 0; i < group->loop_count; i++)
        rows[group->count + i] = graph->edges[group->loop[i]].row;
    struct ov_cycle *cycle =
        add_cycle(cycles, rows, group->count, rows + group->count, group->loop_count);
    free(rows);
    if (cycle)
        cycle->minimal = minimal;
    return cycle != NULL;
}

/* Adds the components of more than one identifier. */
static bool add_groups(struct ov_cycles *cycles, const struct graph *graph)
{
    size_t n = graph->count;
    uint32_t *memory = malloc((n * 4 + graph->group_count + 1) * sizeof *memory);
    if (!memory)
        return false;
    uint32_t *order = memory, *first = memory + 4 * n;
    memset(first, 0, (graph->group_count + 1) * sizeof *first);
    for (size_t i = 0; i < n; i++)
        first[graph->group[i] + 1]++;
    for (size_t g = 0; g < graph->group_count; g++)
        first[g + 1] += first[g];
    for (size_t i = n; i-- > 0;) /* counting sort by group, nodes ascending */
        order[--first[graph->group[i] + 1]] = (uint32_t)i;
    /* now first[g + 1] is where group g begins */
    bool ok = true;
    for (size_t g = 0; ok && g < graph->group_count; g++) {
        size_t begin = first[g + 1], end = g + 1 < graph->group_count ? first[g + 2] : n;
        struct group group = {.graph = graph,
                              .nodes = order + begin,
                              .count = end - begin,
                              .number = (uint32_t)g,
                              .came_by = memory + n,
                              .queue = memory + 2 * n,
                              .loop = memory + 3 * n};
        if (group.count > 1)
            ok = add_group(cycles, &group);
    }
    free(memory);
    return ok;
}

/* Adds the loops of first rows that no duplicate's edge can reach. */
static bool add_plain_loops(struct ov_cycles *cycles, const struct ov_forest *forest,
                            const struct ov_shape *shape)
{
    for (size_t begin = 0, end; begin < shape->loop_rows; begin = end) {
        end = begin + 1;
        while (forest->parent[shape->loops[end - 1]] != shape->loops[begin])
            end++;
        if (!ov_forest_is(forest, shape->loops[begin], OV_ROW_MARK) &&
            !add_cycle(cycles, shape->loops + begin, end - begin, shape->loops + begin,
                       end - begin))
            return false;
    }
    return true;
}

/* Weighs every group. */
static bool weigh_all(struct ov_cycles *cycles, const struct ov_forest *forest,
                      const struct ov_shape *shape, const struct pair *pairs, size_t pair_count)
{
    ov_node *loop_rows = malloc((shape->loop_rows + 1) * sizeof *loop_rows);
    if (!loop_rows)
        return false;
    if (shape->loop_rows) {
        memcpy(loop_rows, shape->loops, shape->loop_rows * sizeof *loop_rows);
        qsort(loop_rows, shape->loop_rows, sizeof *loop_rows, by_node);
    }
    bool ok = true;
    for (size_t i = 0; ok && i < cycles->count; i++)
        ok = weigh(cycles, &cycles->items[i], forest, shape, loop_rows, pairs, pair_count);
    free(loop_rows);
    return ok;
}

static int by_smallest(const void *a, const void *b)
{
    const struct ov_cycle *x = a, *y = b;
    return (x->smallest > y->smallest) - (x->smallest < y->smallest);
}

enum ov_status ov_cycles_members(const struct ov_cycles *cycles, ov_node **members, size_t *count,
                                 struct ov_error *err)
{
    size_t total = 0;
    *members = NULL;
    for (size_t i = 0; i < cycles->count; i++)
        total += cycles->items[i].member_count;
    *count = 0;
    if (total == 0)
        return OV_OK;
    *members = malloc(total * sizeof **members);
    if (!*members)
        return ov_fail_memory(err);
    for (size_t i = 0; i < cycles->count; i++) {
        const struct ov_cycle *cycle = &cycles->items[i];
        memcpy(*members + *count, cycles->rows + cycle->members,
               cycle->member_count * sizeof **members);
        *count += cycle->member_count;
    }
    return OV_OK;
}

static void unmark(struct ov_forest *forest, const struct graph *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        forest->flags[graph->nodes[i]] &= (uint8_t)~OV_ROW_MARK;
}

enum ov_status ov_cycles_find(struct ov_cycles *cycles, struct ov_forest *forest,
                              const struct ov_shape *shape, struct ov_error *err)
{
    struct graph graph = {0};
    struct pair *pairs = NULL;
    size_t pair_count = 0;
    *cycles = (struct ov_cycles){0};
    bool ok = list_duplicates(forest, &pairs, &pair_count);
    if (ok && pair_count) {
        ok = collect_nodes(&graph, forest, pairs, pair_count);
        if (ok && graph.count)
            ok = collect_edges(&graph, forest, pairs, pair_count) && find_groups(&graph) &&
                 add_groups(cycles, &graph);
    }
    ok = ok && add_plain_loops(cycles, forest, shape);
    unmark(forest, &graph);
    ok = ok && weigh_all(cycles, forest, shape, pairs, pair_count);
    if (cycles->count)
        qsort(cycles->items, cycles->count, sizeof *cycles->items, by_smallest);
    graph_deinit(&graph);
    free(pairs);
    if (ok)
        return OV_OK;
    ov_cycles_deinit(cycles);
    return ov_fail_memory(err);
}
