/* org/cycle.c: see cycle.h. The groups are the cycles of first rows that ov_shape found, and the
 * components of the graph made by duplicates' edges (graph.h). */
#include "org/cycle.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "org/graph.h"

void ov_cycles_deinit(struct ov_cycles *cycles)
{
    free(cycles->rows);
    free(cycles->items);
    *cycles = (struct ov_cycles){0};
}

/* The group being processed: its nodes as local numbers, and scratch space for searches. */
struct group {
    const struct ov_graph *graph;
    const uint32_t *nodes;
    size_t count;
    uint32_t number;
    uint32_t
        *came_by; /* per node of the graph: the edge by which the search reached it; OV_NO_LOCAL */
    uint32_t *queue;
    uint32_t *loop; /* edges of the best cycle so far */
    size_t loop_count;
};

static bool inside(const struct group *group, uint32_t edge)
{
    return group->graph->group[group->graph->edges[edge].to] == group->number;
}

/* Breadth-first search from a node back to itself; keeps the cycle if it is shorter than the best
 * one. */
static void shortest_from(struct group *group, uint32_t start)
{
    const struct ov_graph *graph = group->graph;
    size_t head = 0, tail = 0;
    uint32_t last = OV_NO_LOCAL;
    for (size_t i = 0; i < group->count; i++)
        group->came_by[group->nodes[i]] = OV_NO_LOCAL;
    group->queue[tail++] = start;
    while (head < tail && last == OV_NO_LOCAL) {
        uint32_t node = group->queue[head++];
        for (uint32_t e = graph->first_edge[node]; e < graph->first_edge[node + 1]; e++) {
            uint32_t to = graph->edges[e].to;
            if (!inside(group, e))
                continue;
            if (to == start) {
                last = e;
                break;
            }
            if (group->came_by[to] == OV_NO_LOCAL) {
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

/* Finds some cycle: follows first edges inside the group until a node repeats. */
static void find_any_cycle(struct group *group)
{
    const struct ov_graph *graph = group->graph;
    uint32_t node = group->nodes[0];
    size_t walked = 0;
    for (size_t i = 0; i < group->count; i++)
        group->came_by[group->nodes[i]] = OV_NO_LOCAL;
    while (group->came_by[node] == OV_NO_LOCAL) { /* here: the node's position on the path */
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

/* Rows outside the group that are below the first row `node`. */
static uint64_t innocent_below(const struct ov_shape *shape, const uint64_t *inside_below,
                               size_t at, ov_node node)
{
    return shape->size[node] - 1 - inside_below[at];
}

/* Rotates the rows of a cycle so that the smallest one is first. */
static void rotate(ov_node *rows, size_t count)
{
    size_t least = 0;
    for (size_t i = 1; i < count; i++)
        if (rows[i] < rows[least])
            least = i;
    /* rotate in place by three reversals */
    for (int part = 0; part < 3; part++) {
        size_t low = part == 1 ? least : 0, high = part == 0 ? least : count;
        while (low + 1 < high) {
            ov_node kept = rows[low];
            rows[low++] = rows[--high];
            rows[high] = kept;
        }
    }
}

/* Per row of the forest, used while the groups are weighed. */
struct members {
    uint32_t *at;  /* its index among the members of the group being weighed; OV_NO_LOCAL */
    bool *on_loop; /* it is on a cycle of first rows */
};

static uint32_t member_at(const struct members *known, ov_node node)
{
    return node == OV_NODE_NONE ? OV_NO_LOCAL : known->at[node];
}

/* Counts the group's rows and the rows below it, and chooses the cheapest cut. */
static bool weigh(struct ov_cycles *cycles, struct ov_cycle *cycle, const struct ov_forest *forest,
                  const struct ov_shape *shape, const struct members *known,
                  const struct ov_graph *graph)
{
    const ov_node *members = cycles->rows + cycle->members;
    const ov_node *loop = cycles->rows + cycle->loop;
    size_t n = cycle->member_count;
    uint64_t *own = calloc(n, sizeof *own); /* rows of the group counted in each member's size */
    if (!own)
        return false;
    for (size_t i = 0; i < n; i++)
        known->at[members[i]] = (uint32_t)i;
    for (size_t i = 0; i < n; i++) {
        uint32_t at = member_at(known, ov_forest_up(forest, members[i]));
        /* its size is included in its parent's, except on a cycle of first rows */
        if (at != OV_NO_LOCAL && !known->on_loop[members[i]])
            own[at] += shape->size[members[i]];
        cycle->rows++;
        for (size_t k = ov_graph_pairs(graph, members[i]);
             k < graph->pair_count && graph->pairs[k].first == members[i]; k++) {
            at = member_at(known, ov_forest_up(forest, graph->pairs[k].row));
            if (at == OV_NO_LOCAL)
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
        uint64_t below = 0; /* nothing is below a duplicate */
        if (first == loop[i])
            below = innocent_below(shape, own, member_at(known, first), first);
        if (below < least || (below == least && loop[i] < cycle->cut)) {
            least = below;
            cycle->cut = loop[i];
        }
    }
    for (size_t i = 0; i < n; i++)
        known->at[members[i]] = OV_NO_LOCAL;
    free(own);
    return true;
}

/* Adds a group: `members` are first rows, `loop` the rows of its cycle. NULL when out of memory. */
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
    if (!ov_nodes_sort(cycles->rows + start, member_count))
        return NULL;
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
    const struct ov_graph *graph = group->graph;
    bool minimal = true;
    group->loop_count = 0;
    if (group->count <= OV_TANGLE_MAX && !is_simple(group)) {
        for (size_t i = 0; i < group->count && group->loop_count != 2; i++)
            shortest_from(group, group->nodes[i]);
    } else {
        minimal = is_simple(group);
        find_any_cycle(group);
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

/* Adds the components with more than one identifier. */
static bool add_groups(struct ov_cycles *cycles, const struct ov_graph *graph)
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
    /* now first[g + 1] is the start of group g */
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

/* Adds the cycles of first rows that no duplicate's edge can reach. */
static bool add_plain_cycles(struct ov_cycles *cycles, const struct ov_forest *forest,
                             const struct ov_shape *shape, const struct ov_graph *graph)
{
    for (size_t begin = 0, end; begin < shape->loop_rows; begin = end) {
        end = begin + 1;
        while (forest->parent[shape->loops[end - 1]] != shape->loops[begin])
            end++;
        if (!ov_graph_has(graph, shape->loops[begin]) &&
            !add_cycle(cycles, shape->loops + begin, end - begin, shape->loops + begin,
                       end - begin))
            return false;
    }
    return true;
}

/* Weighs every group. */
static bool weigh_all(struct ov_cycles *cycles, const struct ov_forest *forest,
                      const struct ov_shape *shape, const struct ov_graph *graph)
{
    if (cycles->count == 0)
        return true;
    struct members known = {.at = malloc(forest->count * sizeof *known.at),
                            .on_loop = calloc(forest->count, sizeof *known.on_loop)};
    bool ok = known.at && known.on_loop;
    if (ok)
        memset(known.at, 0xFF, forest->count * sizeof *known.at); /* OV_NO_LOCAL */
    for (size_t i = 0; ok && i < shape->loop_rows; i++)
        known.on_loop[shape->loops[i]] = true;
    for (size_t i = 0; ok && i < cycles->count; i++)
        ok = weigh(cycles, &cycles->items[i], forest, shape, &known, graph);
    free(known.at);
    free(known.on_loop);
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

enum ov_status ov_cycles_find(struct ov_cycles *cycles, struct ov_forest *forest,
                              const struct ov_shape *shape, struct ov_error *err)
{
    struct ov_graph graph;
    *cycles = (struct ov_cycles){0};
    enum ov_status status = ov_graph_init(&graph, forest, err);
    if (status != OV_OK)
        return status;
    bool ok = (graph.count == 0 || add_groups(cycles, &graph)) &&
              add_plain_cycles(cycles, forest, shape, &graph) &&
              weigh_all(cycles, forest, shape, &graph);
    if (cycles->count)
        qsort(cycles->items, cycles->count, sizeof *cycles->items, by_smallest);
    ov_graph_deinit(&graph);
    if (ok)
        return OV_OK;
    ov_cycles_deinit(cycles);
    return ov_fail_memory(err);
}
