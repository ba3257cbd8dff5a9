/* draft/answer_tree.c: answers questions about the hierarchy of a file, and about what an import
 * would change in the framework. */
#include "base/error.h"
#include "base/unicode.h"
#include "draft/question.h"
#include "draft/reply.h"
#include "draft/compare.h"
#include "payload/diff/diff.h"
#include "vet/check_access.h"

enum {
    CYCLE_ROWS = 16, /* rows listed per cycle */
    OVERVIEW = 40,   /* levels of the overview */
    WIDEST = 4096,   /* maximum width of the overview */
    DEEPEST = 2000   /* levels listed on the path to a node */
};

static void put_cycle(const struct ov_view *view, const struct ov_cycle *cycle,
                      struct ov_json *json)
{
    const ov_node *loop = ov_check_cycles(view->check)->rows + cycle->loop;
    size_t shown = cycle->loop_count < CYCLE_ROWS ? cycle->loop_count : CYCLE_ROWS;
    ov_json_object(json, "loop");
    ov_json_number(json, "cut", (uint64_t)cycle->cut + 1);
    ov_json_number(json, "size", cycle->loop_count);
    ov_json_list(json, "rows");
    for (size_t i = 0; i < shown; i++)
        ov_json_number(json, NULL, (uint64_t)loop[i] + 1);
    ov_json_end(json);
    ov_json_end(json);
}

/* The members of a node that is a row. */
static enum ov_status put_row(struct ov_view *view, uint32_t row, struct ov_json *json,
                              struct ov_error *err)
{
    const struct ov_check_facts *facts = ov_check_facts(view->check);
    struct ov_view_row read;
    enum ov_status status = ov_view_read(view, row, &read, err);
    if (status != OV_OK)
        return status;
    ov_json_number(json, "row", (uint64_t)row + 1);
    ov_json_text(json, "id",
                 ov_utf8_cut(ov_view_column(&read, facts->id_column), OV_REPLY_MAX_CELL));
    ov_json_text(json, "name",
                 ov_utf8_cut(ov_view_column(&read, facts->name_column), OV_REPLY_MAX_CELL));
    if (view->compare)
        ov_compare_put_row(view->compare, ov_forest_id(ov_check_forest(view->check), row), json);
    return OV_OK;
}

/* The members of a node that is a parent but not a row. */
static void put_name(const struct ov_view *view, uint32_t node, struct ov_json *json)
{
    bool there;
    struct ov_text name = ov_draft_tree_name(&view->tree, node, &there);
    ov_json_text(json, there ? "there" : "missing", ov_utf8_cut(name, OV_REPLY_MAX_CELL));
    if (view->compare && there)
        ov_json_text(json, "name",
                     ov_utf8_cut(ov_compare_name(view->compare, name), OV_REPLY_MAX_CELL));
}

static enum ov_status put_node(struct ov_view *view, uint32_t node, struct ov_json *json,
                               struct ov_error *err)
{
    const struct ov_draft_tree *tree = &view->tree;
    const struct ov_cycle *cycle = ov_draft_tree_ring(tree, node);
    enum ov_status status = OV_OK;
    ov_json_object(json, NULL);
    ov_json_number(json, "node", node);
    ov_json_signed(json, "up", node == ov_draft_tree_top(tree) ? -1 : (int64_t)tree->up[node]);
    ov_json_number(json, "kids", ov_draft_tree_kids(tree, node));
    ov_json_number(json, "below", tree->below[node]);
    ov_json_number(json, "own", ov_draft_tree_own(tree, node));
    ov_json_number(json, "worst", tree->worst_below[node]);
    if (node < tree->rows)
        status = put_row(view, node, json, err);
    else if (node < tree->rows + tree->names)
        put_name(view, node, json);
    else if (cycle)
        put_cycle(view, cycle, json);
    ov_json_end(json);
    return status;
}

static bool node_of(const struct ov_question *question, uint32_t *node)
{
    *node = ov_question_number(question, "node", UINT32_MAX);
    return question->view->has_rows && *node < question->view->tree.nodes;
}

enum ov_status ov_answer_node(const struct ov_question *question, struct ov_json *json,
                              struct ov_error *err)
{
    uint32_t wanted;
    if (node_of(question, &wanted))
        return put_node(question->view, wanted, json, err);
    ov_json_null(json, NULL);
    return OV_OK;
}

enum ov_status ov_answer_children(const struct ov_question *question, struct ov_json *json,
                                  struct ov_error *err)
{
    const struct ov_draft_tree *tree = &question->view->tree;
    enum ov_status status = OV_OK;
    uint32_t of;
    ov_json_list(json, NULL);
    if (node_of(question, &of)) {
        uint32_t kids = ov_draft_tree_kids(tree, of);
        uint32_t from = ov_question_number(question, "from", kids);
        uint32_t most = ov_question_number(question, "most", OV_REPLY_MAX_ROWS);
        for (uint32_t i = from; i < kids && i - from < most && status == OV_OK; i++)
            status = put_node(question->view, tree->kids[tree->first[of] + i], json, err);
    }
    ov_json_end(json);
    return status;
}

/* The path from a node up to the one below the top, which the page reverses. If it is longer than
 * DEEPEST, only the part nearest to the top. */
enum ov_status ov_answer_way(const struct ov_question *question, struct ov_json *json,
                             struct ov_error *err)
{
    const struct ov_draft_tree *tree = &question->view->tree;
    uint32_t node, depth = 0;
    (void)err;
    ov_json_list(json, NULL);
    if (node_of(question, &node)) {
        for (uint32_t at = node; at != ov_draft_tree_top(tree); at = tree->up[at])
            depth++;
        for (uint32_t at = node; depth > 0; at = tree->up[at], depth--) {
            if (depth > DEEPEST)
                continue;
            ov_json_object(json, NULL);
            ov_json_number(json, "node", at);
            ov_json_number(json, "index", ov_draft_tree_index(tree, at));
            ov_json_end(json);
        }
    }
    ov_json_end(json);
    return OV_OK;
}

/* The name of a row; without one, its identifier. */
static enum ov_status label_of(void *ctx, uint32_t row, struct ov_text *label, struct ov_error *err)
{
    struct ov_view *view = ctx;
    struct ov_view_row read;
    enum ov_status status = ov_view_read(view, row, &read, err);
    if (status == OV_OK)
        *label = ov_view_column(&read, ov_check_facts(view->check)->name_column);
    if (status == OV_OK && !label->len)
        *label = ov_forest_id(ov_check_forest(view->check), row);
    return status;
}

enum ov_status ov_answer_overview(const struct ov_question *question, struct ov_json *json,
                                  struct ov_error *err)
{
    uint32_t width = ov_question_number(question, "width", WIDEST);
    if (question->view->has_rows && width)
        return ov_draft_tree_overview(&question->view->tree, width, OVERVIEW, label_of,
                                      question->view, json, err);
    ov_json_list(json, NULL);
    ov_json_end(json);
    return OV_OK;
}

/* The changes to the framework that the file is imported into. */
enum ov_status ov_answer_changes(const struct ov_question *question, struct ov_json *json,
                                 struct ov_error *err)
{
    if (question->view->compare)
        return ov_compare_put(question->view->compare, question->file_name, question->language,
                              json, err);
    ov_json_null(json, NULL);
    return OV_OK;
}

/* Whether a text contains another, folded one; case is ignored. */
static bool contains(struct ov_text text, struct ov_text folded, struct ov_buf *scratch)
{
    scratch->len = 0;
    ov_unicode_fold_to_search(text, scratch);
    return ov_text_contains_nocase(ov_buf_view(scratch), folded);
}

/* What the framework has and the file does not, and whose identifier or name contains a text. */
enum ov_status ov_answer_elsewhere(const struct ov_question *question, struct ov_json *json,
                                   struct ov_error *err)
{
    enum { FOUND = 20 };
    const struct ov_compare *compare = question->view->compare;
    struct ov_buf wanted = {0}, scratch = {0};
    unsigned found = 0;
    ov_unicode_fold_to_search(ov_question_param(question, "text"), &wanted);
    ov_json_list(json, NULL);
    for (uint32_t row = 0; compare && row < compare->before->count && found < FOUND; row++) {
        struct ov_kept kept;
        if (compare->diff->now[row] != OV_NO_NODE)
            continue;
        ov_snapshot_get(compare->before, row, &kept);
        struct ov_text name =
            kept.fields[ov_importer_kind(compare->before->importer, OV_FIELD_NAME)];
        if (!contains(kept.id, ov_buf_view(&wanted), &scratch) &&
            !contains(name, ov_buf_view(&wanted), &scratch))
            continue;
        ov_json_object(json, NULL);
        ov_json_text(json, "id", ov_utf8_cut(kept.id, OV_REPLY_MAX_CELL));
        ov_json_text(json, "name", ov_utf8_cut(name, OV_REPLY_MAX_CELL));
        ov_json_end(json);
        found++;
    }
    ov_json_end(json);
    bool failed = wanted.failed || scratch.failed;
    ov_buf_deinit(&wanted);
    ov_buf_deinit(&scratch);
    return failed ? ov_fail_memory(err) : OV_OK;
}

enum { GONE = OV_CHANGED + 1 /* another kind of change: not in the file */ };

/* Whether a node is added, moved, renamed, changed, or not in the file. */
static bool is_changed(const struct ov_view *view, uint32_t node, int what)
{
    const struct ov_draft_tree *tree = &view->tree;
    bool there = false;
    if (what < GONE)
        return node < tree->rows &&
               ov_compare_is(view->compare, ov_forest_id(ov_check_forest(view->check), node),
                             (enum ov_changed)what);
    if (node >= tree->rows && node < tree->rows + tree->names)
        ov_draft_tree_name(tree, node, &there);
    return there;
}

/* The nodes that have changed in a given way. */
enum ov_status ov_answer_changed(const struct ov_question *question, struct ov_json *json,
                                 struct ov_error *err)
{
    static const char *const words[] = {[OV_ADDED] = "added",
                                        [OV_MOVED] = "moved",
                                        [OV_RENAMED] = "renamed",
                                        [OV_CHANGED] = "changed",
                                        [GONE] = "removed"};
    struct ov_text kind = ov_question_param(question, "kind");
    const struct ov_view *view = question->view;
    int what = 0;
    uint32_t found = 0;
    (void)err;
    while (what <= GONE && !ov_text_equal(kind, ov_text_of(words[what])))
        what++;
    ov_json_list(json, NULL);
    for (uint32_t node = 0; view->compare && what <= GONE && node < view->tree.nodes; node++)
        if (found < OV_REPLY_MAX_FOUND && is_changed(view, node, what)) {
            ov_json_number(json, NULL, node);
            found++;
        }
    ov_json_end(json);
    return OV_OK;
}
