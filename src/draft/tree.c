/* draft/tree.c: see tree.h. Linear in the number of nodes, without recursion. */
#include "draft/tree.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/search.h"
#include "vet/check_access.h"

enum { WORST = OV_ERROR + 1 }; /* severities count from 1, 0 is none */

static bool alloc_arrays(struct ov_draft_tree *tree)
{
    size_t nodes = tree->nodes;
    tree->up = calloc(nodes, sizeof *tree->up);
    tree->first = calloc(nodes + 2, sizeof *tree->first);
    tree->kids = malloc(nodes * sizeof *tree->kids);
    tree->below = calloc(nodes, sizeof *tree->below);
    tree->worst = calloc((size_t)tree->rows + 1, 1);
    tree->worst_below = calloc(nodes, 1);
    return tree->up && tree->first && tree->kids && tree->below && tree->worst && tree->worst_below;
}

static void number_name(struct ov_draft_tree *tree, uint32_t *numbers, uint32_t name)
{
    if (numbers[name])
        return;
    tree->name[tree->names] = name;
    numbers[name] = ++tree->names;
}

/* Numbers the names that rows have as parents, and those in the framework that are not rows, in the
 * order in which they occur. The caller frees *numbers; false when out of memory. */
static bool number_names(struct ov_draft_tree *tree, bool of_framework, uint32_t **numbers)
{
    const struct ov_forest *forest = ov_check_forest(tree->check);
    *numbers = calloc((size_t)forest->name_count + 1, sizeof **numbers);
    tree->name = calloc((size_t)forest->name_count + 1, sizeof *tree->name);
    if (!*numbers || !tree->name)
        return false;
    for (ov_node row = 0; row < forest->count && row < tree->rows; row++) {
        ov_node parent = forest->parent[row];
        if (ov_node_is_name(parent))
            number_name(tree, *numbers, parent - OV_NODE_NAME);
    }
    for (uint32_t name = 0; of_framework && name < forest->existing; name++)
        if (!ov_node_is_row(forest->names[name].node))
            number_name(tree, *numbers, name);
    return true;
}

static void find_worst(struct ov_draft_tree *tree)
{
    const struct ov_list *list = ov_check_list(tree->check);
    for (size_t i = 0; i < list->count; i++) {
        const struct ov_item *item = &list->items[i];
        if (item->row == 0 || item->row == OV_NO_ROW || item->row > tree->rows)
            continue;
        uint8_t *worst = &tree->worst[item->row - 1];
        if (item->severity + 1 > *worst)
            *worst = (uint8_t)(item->severity + 1);
    }
}

static void find_up(struct ov_draft_tree *tree, const uint32_t *numbers)
{
    const struct ov_check *check = tree->check;
    const struct ov_forest *forest = ov_check_forest(check);
    uint32_t top = ov_draft_tree_top(tree);
    for (uint32_t node = 0; node < tree->nodes; node++)
        tree->up[node] = top;
    for (ov_node row = 0; row < forest->count && row < tree->rows; row++) {
        ov_node up = ov_forest_up(forest, row);
        if (up != OV_NODE_NONE)
            tree->up[row] = up;
        else if (ov_node_is_name(forest->parent[row]))
            tree->up[row] = tree->rows + numbers[forest->parent[row] - OV_NODE_NAME] - 1;
    }
    for (size_t i = 0; i < ov_check_cycles(check)->count; i++) {
        const struct ov_cycle *cycle = &ov_check_cycles(check)->items[i];
        for (size_t j = 0; j < cycle->loop_count; j++)
            tree->up[ov_check_cycles(check)->rows[cycle->loop + j]] =
                tree->rows + tree->names + (uint32_t)i;
    }
}

/* Places the framework's items that are not rows below their parents in the framework; false when
 * out of memory. */
static bool place_framework_items(struct ov_draft_tree *tree, const uint32_t *numbers,
                                  const struct ov_snapshot *framework)
{
    const struct ov_forest *forest = ov_check_forest(tree->check);
    uint32_t *node_of = malloc(((size_t)framework->count + 1) * sizeof *node_of);
    if (!node_of)
        return false;
    for (uint32_t item = 0; item < framework->count; item++)
        node_of[item] = ov_draft_tree_top(tree);
    for (uint32_t name = 0; name < forest->existing; name++) {
        ov_node row = forest->names[name].node;
        uint32_t item = ov_snapshot_find(framework, ov_forest_name(forest, OV_NODE_NAME + name));
        if (item != OV_NO_NODE)
            node_of[item] = ov_node_is_row(row) ? row : tree->rows + numbers[name] - 1;
    }
    for (uint32_t item = 0; item < framework->count; item++) {
        uint32_t node = node_of[item], above = framework->parent[item];
        if (node >= tree->rows && node != ov_draft_tree_top(tree) && above != OV_NO_NODE)
            tree->up[node] = node_of[above];
    }
    free(node_of);
    return true;
}

/* Cuts cycles that are left (rows outside the shortest cycle of their group) by moving one row of
 * each to the top. `seen`: zero for every node on entry. */
static void break_cycles(struct ov_draft_tree *tree, uint8_t *seen)
{
    enum { ON_THE_WAY = 1, DONE };
    uint32_t *up = tree->up, top = ov_draft_tree_top(tree);
    seen[top] = DONE;
    for (uint32_t start = 0; start < top; start++) {
        uint32_t node = start;
        for (; !seen[node]; node = up[node])
            seen[node] = ON_THE_WAY;
        uint32_t end = node;
        bool is_cycle = seen[end] == ON_THE_WAY;
        for (node = start; seen[node] == ON_THE_WAY; node = up[node])
            seen[node] = DONE;
        if (is_cycle)
            up[end] = top;
    }
}

static void link_kids(struct ov_draft_tree *tree)
{
    uint32_t *first = tree->first, top = ov_draft_tree_top(tree);
    for (uint32_t node = 0; node < top; node++)
        first[tree->up[node] + 2]++;
    for (uint32_t i = 1; i < tree->nodes + 2; i++)
        first[i] += first[i - 1];
    for (uint32_t node = 0; node < top; node++)
        tree->kids[first[tree->up[node] + 1]++] = node;
}

/* Orders the nodes, parents before children. order: capacity for all nodes. */
static void put_in_order(const struct ov_draft_tree *tree, uint32_t *order)
{
    uint32_t size = 1;
    order[0] = ov_draft_tree_top(tree);
    for (uint32_t i = 0; i < size; i++)
        for (uint32_t k = tree->first[order[i]]; k < tree->first[order[i] + 1]; k++)
            order[size++] = tree->kids[k];
}

static void sum_up(struct ov_draft_tree *tree, const uint32_t *order)
{
    memcpy(tree->worst_below, tree->worst, tree->rows);
    for (uint32_t i = 0; i < tree->names; i++) {
        bool there;
        ov_draft_tree_name(tree, tree->rows + i, &there);
        tree->worst_below[tree->rows + i] = there ? 0 : WORST;
    }
    for (uint32_t i = tree->nodes - 1; i > 0; i--) {
        uint32_t node = order[i], up = tree->up[node];
        tree->below[up] += tree->below[node] + (node < tree->rows);
        if (tree->worst_below[node] > tree->worst_below[up])
            tree->worst_below[up] = tree->worst_below[node];
    }
}

enum ov_status ov_draft_tree_init(struct ov_draft_tree *tree, const struct ov_check *check,
                                  const struct ov_snapshot *framework, struct ov_error *err)
{
    uint32_t *numbers = NULL, *order = NULL;
    tree->check = check;
    tree->rows = (uint32_t)ov_check_rows(check);
    bool ok = number_names(tree, framework != NULL, &numbers);
    tree->nodes = tree->rows + tree->names + (uint32_t)ov_check_cycles(check)->count + 1;
    ok = ok && alloc_arrays(tree);
    if (ok) {
        find_worst(tree);
        find_up(tree, numbers);
        ok = !framework || place_framework_items(tree, numbers, framework);
    }
    if (ok) {
        break_cycles(tree, tree->worst_below);
        memset(tree->worst_below, 0, tree->nodes);
        link_kids(tree);
        order = malloc(tree->nodes * sizeof *order);
    }
    free(numbers);
    if (!order)
        return ov_fail_memory(err);
    put_in_order(tree, order);
    sum_up(tree, order);
    free(order);
    return OV_OK;
}

void ov_draft_tree_deinit(struct ov_draft_tree *tree)
{
    free(tree->name);
    free(tree->up);
    free(tree->first);
    free(tree->kids);
    free(tree->below);
    free(tree->worst);
    free(tree->worst_below);
    *tree = (struct ov_draft_tree){0};
}

uint64_t ov_draft_tree_size(const struct ov_draft_tree *tree)
{
    return (uint64_t)tree->nodes * (4 * sizeof(uint32_t) + 1) + tree->rows +
           (uint64_t)tree->names * sizeof(uint32_t);
}

static bool is_before(const void *kids, size_t index, const void *node)
{
    return ((const uint32_t *)kids)[index] < *(const uint32_t *)node;
}

uint32_t ov_draft_tree_index(const struct ov_draft_tree *tree, uint32_t node)
{
    const uint32_t *first = &tree->first[tree->up[node]]; /* siblings are in ascending order */
    return (uint32_t)ov_lower_bound(tree->kids, first[0], first[1], &node, is_before) - first[0];
}

const struct ov_cycle *ov_draft_tree_ring(const struct ov_draft_tree *tree, uint32_t node)
{
    uint32_t before = tree->rows + tree->names;
    return node >= before && node < ov_draft_tree_top(tree)
               ? &ov_check_cycles(tree->check)->items[node - before]
               : NULL;
}

struct ov_text ov_draft_tree_name(const struct ov_draft_tree *tree, uint32_t node, bool *there)
{
    const struct ov_forest *forest = ov_check_forest(tree->check);
    const ov_node name = OV_NODE_NAME + tree->name[node - tree->rows];
    *there = !ov_forest_is_missing(forest, name);
    return ov_forest_name(forest, name);
}

uint8_t ov_draft_tree_own(const struct ov_draft_tree *tree, uint32_t node)
{
    if (node < tree->rows)
        return ov_draft_tree_ring(tree, tree->up[node]) ? WORST : tree->worst[node];
    bool there = node == ov_draft_tree_top(tree);
    if (node < tree->rows + tree->names)
        ov_draft_tree_name(tree, node, &there);
    return there ? 0 : WORST;
}

/* --- the overview --- */

enum {
    LABELLED = 48, /* minimum width of a piece that gets a label */
    LABEL = 60     /* bytes of a label */
};

/* A piece of a level. */
struct piece {
    double from, to;
    uint32_t node;
    uint8_t own, worst;
};

/* Where an overview goes, and who labels its rows. */
struct overview {
    const struct ov_draft_tree *tree;
    ov_label_fn *label_of;
    void *ctx;
    struct ov_json *json;
};

static enum ov_status put_piece(const struct overview *overview, const struct piece *piece,
                                struct ov_error *err)
{
    const struct ov_draft_tree *tree = overview->tree;
    struct ov_json *json = overview->json;
    bool there, is_row = piece->node < tree->rows;
    enum ov_status status = OV_OK;
    ov_json_list(json, NULL);
    ov_buf_format(ov_json_begin_value(json, (struct ov_text){0}), "%.2f", piece->from);
    ov_buf_format(ov_json_begin_value(json, (struct ov_text){0}), "%.2f", piece->to);
    ov_json_number(json, NULL, piece->own);
    ov_json_number(json, NULL, piece->worst);
    ov_json_number(json, NULL, piece->node);
    if (piece->to - piece->from >= (double)LABELLED && piece->node < tree->rows + tree->names) {
        struct ov_text label = {0};
        if (is_row)
            status = overview->label_of(overview->ctx, piece->node, &label, err);
        else
            label = ov_draft_tree_name(tree, piece->node, &there);
        ov_json_text(json, NULL, ov_utf8_cut(label, LABEL));
        ov_json_number(json, NULL, tree->below[piece->node]);
    }
    ov_json_end(json);
    return status;
}

/* The nodes of one level from left to right, and where they start, in rows. */
struct level {
    uint32_t *nodes;
    double *begin;
    uint32_t count;
};

static enum ov_status put_level(const struct overview *overview, const struct level *level,
                                double scale, struct ov_error *err)
{
    const struct ov_draft_tree *tree = overview->tree;
    struct piece last = {0};
    bool open = false;
    enum ov_status status = OV_OK;
    ov_json_list(overview->json, NULL);
    for (uint32_t i = 0; i < level->count && status == OV_OK; i++) {
        uint32_t node = level->nodes[i], size = tree->below[node] + (node < tree->rows);
        if (size == 0) /* only in the framework */
            continue;
        struct piece piece = {level->begin[i] * scale, (level->begin[i] + size) * scale, node,
                              ov_draft_tree_own(tree, node), tree->worst_below[node]};
        if (open && piece.to - last.from < 1 && piece.from - last.to < 1) {
            last.to = piece.to;
            if (piece.own > last.own || (piece.own == last.own && piece.worst > last.worst))
                last.node = piece.node;
            last.own = piece.own > last.own ? piece.own : last.own;
            last.worst = piece.worst > last.worst ? piece.worst : last.worst;
            continue;
        }
        if (open)
            status = put_piece(overview, &last, err);
        last = piece;
        open = true;
    }
    if (open && status == OV_OK)
        status = put_piece(overview, &last, err);
    ov_json_end(overview->json);
    return status;
}

static void descend(const struct ov_draft_tree *tree, const struct level *level, struct level *next)
{
    next->count = 0;
    for (uint32_t i = 0; i < level->count; i++) {
        double at = level->begin[i];
        for (uint32_t k = tree->first[level->nodes[i]]; k < tree->first[level->nodes[i] + 1]; k++) {
            uint32_t kid = tree->kids[k];
            next->nodes[next->count] = kid;
            next->begin[next->count++] = at;
            at += tree->below[kid] + (kid < tree->rows);
        }
    }
}

enum ov_status ov_draft_tree_overview(const struct ov_draft_tree *tree, unsigned width,
                                      unsigned levels, ov_label_fn *label_of, void *ctx,
                                      struct ov_json *json, struct ov_error *err)
{
    const struct overview overview = {tree, label_of, ctx, json};
    uint32_t top = ov_draft_tree_top(tree), all = tree->below[top];
    double scale = (double)width / (all ? all : 1);
    struct level level[2] = {{0}};
    enum ov_status status = OV_OK;
    bool ok = true;
    for (int i = 0; i < 2; i++) {
        level[i].nodes = calloc(tree->nodes, sizeof *level[i].nodes);
        level[i].begin = calloc(tree->nodes, sizeof *level[i].begin);
        ok = ok && level[i].nodes && level[i].begin;
    }
    if (ok) {
        level[0].count = 1;
        level[0].nodes[0] = top;
        level[0].begin[0] = 0;
        ov_json_list(json, NULL);
        for (unsigned depth = 0; depth < levels && status == OV_OK; depth++) {
            struct level *next = &level[(depth + 1) % 2];
            descend(tree, &level[depth % 2], next);
            if (next->count == 0)
                break;
            status = put_level(&overview, next, scale, err);
        }
        ov_json_end(json);
    }
    for (int i = 0; i < 2; i++) {
        free(level[i].nodes);
        free(level[i].begin);
    }
    return ok ? status : ov_fail_memory(err);
}
