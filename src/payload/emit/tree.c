/* payload/emit/tree.c: draws the hierarchy. The second reading of the file provides the names; then
 * every row is drawn once, below its parent, without recursion. */
#include <stdlib.h>

#include "base/error.h"
#include "payload/emit/draw.h"
#include "payload/reread/string_pack.h"
#include "vet/check_access.h"

enum { LARGE = 64 * 1024 };

struct ov_tree {
    struct ov_check *check; /* borrowed */
    struct ov_tree_options options;
    struct ov_rows rows;
    struct ov_string_pack texts; /* per row: its name, its parent's identifier */
    size_t *at;                  /* owned: per row, offset of its texts */
    uint32_t *child, *next; /* owned: per row, its first child and its next sibling + 1; 0: none */
    uint32_t *finding;      /* owned: per row, index of its first finding + 1; 0: none */
    uint8_t *seen;          /* owned: per row, whether it has been drawn or cut off */
    struct ov_canvas canvas;
    ov_node root; /* the row to start from; OV_NODE_NONE: draw all */
};

bool ov_tree_format_find(struct ov_text name, enum ov_tree_format *format)
{
    static const char *const names[] = {"text", "dot", "mermaid", "json"};
    for (int i = 0; i < 4; i++) {
        if (ov_text_equal(name, ov_text_of(names[i]))) {
            *format = (enum ov_tree_format)i;
            return true;
        }
    }
    return false;
}

static enum ov_status on_row(void *ctx, const struct ov_record *record,
                             const struct ov_values *values, struct ov_error *err)
{
    struct ov_tree *tree = ctx;
    const struct ov_importer *importer = ov_check_binding(tree->check)->importer;
    int name = ov_importer_kind(importer, OV_FIELD_NAME);
    (void)record;
    tree->at[values->node] = tree->texts.len;
    return ov_string_pack_put(&tree->texts, values->fields[name]) &&
                   ov_string_pack_put(&tree->texts, values->parent)
               ? OV_OK
               : ov_fail_memory(err);
}

/* Links the children of each row in file order. */
static void link_children(struct ov_tree *tree)
{
    const struct ov_forest *forest = ov_check_forest(tree->check);
    for (ov_node row = forest->count; row-- > 0;) {
        ov_node parent = forest->parent[row];
        if (!ov_node_is_row(parent))
            continue;
        tree->next[row] = tree->child[parent];
        tree->child[parent] = row + 1;
    }
}

static void link_findings(struct ov_tree *tree)
{
    const struct ov_list *list = ov_check_list(tree->check);
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].row != 0 && list->items[i].row != OV_NO_ROW)
            tree->finding[ov_item_node(&list->items[i])] = (uint32_t)i + 1;
}

static enum ov_status find_root(struct ov_tree *tree, struct ov_error *err)
{
    enum { NEAR = 2 };
    const struct ov_forest *forest = ov_check_forest(tree->check);
    struct ov_text wanted = tree->options.root, nearest = {0};
    unsigned best = NEAR + 1;
    tree->root = OV_NODE_NONE;
    if (wanted.len == 0)
        return OV_OK;
    for (ov_node row = 0; row < forest->count; row++) {
        struct ov_text id = ov_forest_id(forest, row);
        if (ov_text_equal(id, wanted) && !ov_forest_is(forest, row, OV_ROW_DUPLICATE)) {
            tree->root = row;
            return OV_OK;
        }
        unsigned distance = ov_text_distance(id, wanted, NEAR);
        if (id.len && distance < best) {
            nearest = id;
            best = distance;
        }
    }
    struct ov_text shown = ov_utf8_cut(wanted, OV_VALUE_MAX);
    if (nearest.len && nearest.len <= OV_VALUE_MAX)
        return ov_fail(err, OV_E_OPTION, "no row has the identifier `%.*s`; did you mean `%.*s`?",
                       OV_FMT(shown), OV_FMT(nearest));
    return ov_fail(err, OV_E_OPTION, "no row has the identifier `%.*s`", OV_FMT(shown));
}

static enum ov_status flush(struct ov_tree *tree, bool all, struct ov_error *err)
{
    struct ov_buf *out = &tree->canvas.out;
    if (out->failed)
        return ov_fail_memory(err);
    if (out->len == 0 || (out->len < LARGE && !all))
        return OV_OK;
    enum ov_status status =
        tree->options.out->write(tree->options.out->ctx, out->ptr, out->len, err);
    out->len = 0;
    return status;
}

/* The first undrawn row among the siblings from row + 1 = `from` on; 0: none. Siblings may have
 * been drawn already when the drawing started on a cycle. */
static uint32_t next_unseen(const struct ov_tree *tree, uint32_t from)
{
    while (from && tree->seen[from - 1])
        from = tree->next[from - 1];
    return from;
}

static enum ov_status draw_one(struct ov_tree *tree, ov_node row, ov_node parent, uint32_t level,
                               bool last, struct ov_error *err)
{
    const struct ov_check *check = tree->check;
    size_t at = tree->at[row];
    uint32_t deepest = tree->options.depth;
    tree->seen[row] = true;
    if (deepest && level > deepest)
        return OV_OK;
    struct ov_drawn drawn = {.node = row,
                             .parent = parent,
                             .id = ov_forest_id(ov_check_forest(check), row),
                             .level = level,
                             .below = ov_check_shape(check)->size[row] - 1,
                             .last = last,
                             .end = ov_check_list(check)->items + ov_check_list(check)->count};
    drawn.name = ov_string_pack_take(&tree->texts, &at);
    drawn.parent_id = ov_string_pack_take(&tree->texts, &at);
    drawn.cut = level == deepest && drawn.below;
    if (tree->finding[row])
        drawn.first = ov_check_list(check)->items + tree->finding[row] - 1;
    if (!ov_draw_row(&tree->canvas, &drawn))
        return ov_fail_memory(err);
    return flush(tree, false, err);
}

/* Draws a row and all rows below it. */
static enum ov_status draw_from(struct ov_tree *tree, ov_node top, struct ov_error *err)
{
    const ov_node *parents = ov_check_forest(tree->check)->parent;
    enum ov_status status = draw_one(tree, top, OV_NODE_NONE, 1, true, err);
    uint32_t level = 1;
    ov_node row = top;
    while (status == OV_OK) {
        uint32_t next = next_unseen(tree, tree->child[row]);
        if (next) {
            level++;
        } else { /* the next sibling of the nearest row above it that has one */
            while (row != top && !(next = next_unseen(tree, tree->next[row]))) {
                row = parents[row];
                level--;
            }
            if (row == top)
                break;
        }
        row = next - 1;
        status = draw_one(tree, row, parents[row], level, !next_unseen(tree, tree->next[row]), err);
    }
    return status;
}

/* For a row without a top-level row above it: the first row on the cycle above it. */
static ov_node cycle_above(struct ov_tree *tree, ov_node row)
{
    enum { ON_THE_WAY = 2 };
    const ov_node *parents = ov_check_forest(tree->check)->parent;
    ov_node smallest, start = row, at;
    for (; tree->seen[row] != ON_THE_WAY; row = parents[row])
        tree->seen[row] = ON_THE_WAY;
    smallest = row;
    for (at = parents[row]; at != row; at = parents[at])
        smallest = at < smallest ? at : smallest;
    for (at = start; tree->seen[at] == ON_THE_WAY; at = parents[at])
        tree->seen[at] = false;
    return smallest;
}

static enum ov_status draw_all(struct ov_tree *tree, struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(tree->check);
    enum ov_status status = OV_OK;
    if (tree->root != OV_NODE_NONE)
        return draw_from(tree, tree->root, err);
    for (ov_node row = 0; status == OV_OK && row < forest->count; row++)
        if (!ov_node_is_row(forest->parent[row]))
            status = draw_from(tree, row, err);
    for (ov_node row = 0; status == OV_OK && row < forest->count; row++)
        if (!tree->seen[row])
            status = draw_from(tree, cycle_above(tree, row), err);
    return status;
}

static bool alloc_arrays(struct ov_tree *tree)
{
    size_t rows = ov_check_forest(tree->check)->count + (size_t)1;
    tree->at = calloc(rows, sizeof *tree->at);
    tree->child = calloc(rows, sizeof *tree->child);
    tree->next = calloc(rows, sizeof *tree->next);
    tree->finding = calloc(rows, sizeof *tree->finding);
    tree->seen = calloc(rows, 1);
    return tree->at && tree->child && tree->next && tree->finding && tree->seen;
}

static enum ov_status prepare(struct ov_tree *tree, struct ov_error *err)
{
    if (!ov_check_facts(tree->check)->finished || ov_check_list(tree->check)->cut)
        return ov_fail(err, OV_E_STATE, "a tree needs a finished check with all its findings");
    if (!ov_check_facts(tree->check)->bound)
        return ov_fail(err, OV_E_OPTION, "no hierarchy: the columns could not be read");
    enum ov_status status = ov_rows_init(&tree->rows, tree->check, on_row, tree, err);
    if (status == OV_OK)
        status = ov_check_find_sizes(tree->check, err);
    if (status == OV_OK && !alloc_arrays(tree))
        status = ov_fail_memory(err);
    if (status == OV_OK)
        status = find_root(tree, err);
    if (status != OV_OK)
        return status;
    link_children(tree);
    link_findings(tree);
    return OV_OK;
}

struct ov_tree *ov_tree_new(struct ov_check *check, const struct ov_tree_options *options,
                            struct ov_error *err)
{
    struct ov_tree *tree = calloc(1, sizeof *tree);
    if (!tree) {
        ov_fail_memory(err);
        return NULL;
    }
    tree->check = check;
    tree->options = *options;
    tree->canvas = (struct ov_canvas){.check = check, .options = &tree->options};
    if (prepare(tree, err) != OV_OK) {
        ov_tree_free(tree);
        return NULL;
    }
    return tree;
}

void ov_tree_free(struct ov_tree *tree)
{
    if (!tree)
        return;
    ov_rows_deinit(&tree->rows);
    ov_string_pack_deinit(&tree->texts);
    free(tree->at);
    free(tree->child);
    free(tree->next);
    free(tree->finding);
    free(tree->seen);
    free(tree->canvas.open);
    ov_buf_deinit(&tree->canvas.out);
    free(tree);
}

enum ov_status ov_tree_feed(struct ov_tree *tree, const void *bytes, size_t len,
                            struct ov_error *err)
{
    return ov_rows_feed(&tree->rows, bytes, len, err);
}

enum ov_status ov_tree_finish(struct ov_tree *tree, struct ov_error *err)
{
    enum ov_status status = ov_rows_finish(&tree->rows, err);
    if (status != OV_OK)
        return status;
    ov_draw_begin(&tree->canvas);
    status = draw_all(tree, err);
    if (status != OV_OK)
        return status;
    ov_draw_end(&tree->canvas);
    return flush(tree, true, err);
}
