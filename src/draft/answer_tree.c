/* draft/answer_tree.c: questions about the hierarchy of a file, and what of it would change in a
 * framework. */
#include "draft/question.h"
#include "draft/reply.h"
#include "draft/compare.h"

enum {
    RING = 16,     /* rows of a ring that are told; its cut is among them */
    OVERVIEW = 40, /* levels of the whole at once */
    WIDEST = 4096, /* parts of it */
    DEEPEST = 2000 /* levels to a node that are told */
};

static void put_ring(const struct ov_view *look, const struct ov_cycle *ring, struct ov_buf *out)
{
    const ov_node *loop = look->check->cycles.rows + ring->loop;
    size_t told = ring->loop_count < RING ? ring->loop_count : RING;
    ov_buf_format(out, ",\"loop\":{\"cut\":%lu,\"size\":%zu,\"rows\":[",
                  (unsigned long)ring->cut + 1, ring->loop_count);
    for (size_t i = 0; i < told; i++)
        ov_buf_format(out, "%s%lu", i ? "," : "", (unsigned long)loop[i] + 1);
    ov_buf_string(out, "]}");
}

static enum ov_status put_node(struct ov_view *look, uint32_t node, struct ov_buf *out,
                               struct ov_error *err)
{
    const struct ov_draft_tree *branches = &look->branches;
    const struct ov_cycle *ring = ov_draft_tree_ring(branches, node);
    struct ov_view_row read;
    ov_buf_format(out, "{\"node\":%lu,\"up\":%ld,\"kids\":%lu,\"below\":%lu,\"worst\":%u",
                  (unsigned long)node,
                  node == ov_draft_tree_top(branches) ? -1L : (long)branches->up[node],
                  (unsigned long)ov_draft_tree_kids(branches, node),
                  (unsigned long)branches->below[node], (unsigned)branches->worst_below[node]);
    if (node < branches->rows) {
        enum ov_status status = ov_view_read(look, node, &read, err);
        if (status != OV_OK)
            return status;
        ov_buf_format(out, ",\"row\":%lu,\"id\":", (unsigned long)node + 1);
        ov_buf_json(out,
                    ov_utf8_cut(ov_view_column(&read, look->check->id_column), OV_REPLY_MAX_CELL),
                    OV_JSON_PLAIN);
        ov_buf_string(out, ",\"name\":");
        ov_buf_json(out,
                    ov_utf8_cut(ov_view_column(&read, look->check->name_column), OV_REPLY_MAX_CELL),
                    OV_JSON_PLAIN);
        if (look->compare)
            ov_compare_put_row(look->compare, ov_forest_id(look->check->forest, node), out);
    } else if (node < branches->rows + branches->names) {
        bool there;
        struct ov_text name = ov_draft_tree_name(branches, node, &there);
        ov_buf_string(out, there ? ",\"there\":" : ",\"missing\":");
        ov_buf_json(out, ov_utf8_cut(name, OV_REPLY_MAX_CELL), OV_JSON_PLAIN);
        if (look->compare && there) {
            ov_buf_string(out, ",\"name\":");
            ov_buf_json(out, ov_utf8_cut(ov_compare_name(look->compare, name), OV_REPLY_MAX_CELL),
                        OV_JSON_PLAIN);
        }
    } else if (ring) {
        put_ring(look, ring, out);
    }
    ov_buf_char(out, '}');
    return OV_OK;
}

static bool node_of(const struct ov_question *question, uint32_t *node)
{
    *node = ov_question_number(question, "node", UINT32_MAX);
    return question->view->has_rows && *node < question->view->branches.nodes;
}

enum ov_status ov_answer_node(const struct ov_question *question, struct ov_buf *out,
                              struct ov_error *err)
{
    uint32_t wanted;
    if (node_of(question, &wanted))
        return put_node(question->view, wanted, out, err);
    ov_buf_string(out, "null");
    return OV_OK;
}

enum ov_status ov_answer_children(const struct ov_question *question, struct ov_buf *out,
                                  struct ov_error *err)
{
    const struct ov_draft_tree *branches = &question->view->branches;
    enum ov_status status = OV_OK;
    uint32_t of;
    ov_buf_char(out, '[');
    if (node_of(question, &of)) {
        uint32_t kids = ov_draft_tree_kids(branches, of);
        uint32_t from = ov_question_number(question, "from", kids);
        uint32_t most = ov_question_number(question, "most", OV_REPLY_MAX_ROWS);
        for (uint32_t i = from; i < kids && i - from < most && status == OV_OK; i++) {
            ov_buf_string(out, i > from ? "," : "");
            status = put_node(question->view, branches->kids[branches->first[of] + i], out, err);
        }
    }
    ov_buf_char(out, ']');
    return status;
}

/* From a node up to the one below the top, which the page turns round; of those that are deeper,
 * the way to as deep as is told. */
enum ov_status ov_answer_way(const struct ov_question *question, struct ov_buf *out,
                             struct ov_error *err)
{
    const struct ov_draft_tree *branches = &question->view->branches;
    uint32_t node, depth = 0;
    bool any = false;
    (void)err;
    ov_buf_char(out, '[');
    if (node_of(question, &node)) {
        for (uint32_t at = node; at != ov_draft_tree_top(branches); at = branches->up[at])
            depth++;
        for (uint32_t at = node; depth > 0; at = branches->up[at], depth--) {
            if (depth > DEEPEST)
                continue;
            ov_buf_format(out, "%s{\"node\":%lu,\"index\":%lu}", any ? "," : "", (unsigned long)at,
                          (unsigned long)ov_draft_tree_index(branches, at));
            any = true;
        }
    }
    ov_buf_char(out, ']');
    return OV_OK;
}

enum ov_status ov_answer_overview(const struct ov_question *question, struct ov_buf *out,
                                  struct ov_error *err)
{
    uint32_t width = ov_question_number(question, "width", WIDEST);
    if (question->view->has_rows && width)
        return ov_draft_tree_overview(&question->view->branches, width, OVERVIEW, out, err);
    ov_buf_string(out, "[]");
    return OV_OK;
}

/* The file beside the framework that it is imported into. */
enum ov_status ov_answer_changes(const struct ov_question *question, struct ov_buf *out,
                                 struct ov_error *err)
{
    if (question->view->compare)
        return ov_compare_put(question->view->compare, question->file_name, question->language, out,
                              err);
    ov_buf_string(out, "null");
    return OV_OK;
}

enum { GONE = OV_CHANGED + 1 /* a kind of change: not in the file */ };

/* Whether a node is of those that are added, moved, renamed, changed, or not in the file. */
static bool is_changed(const struct ov_view *look, uint32_t node, int what)
{
    const struct ov_draft_tree *branches = &look->branches;
    bool there = false;
    if (what < GONE)
        return node < branches->rows &&
               ov_compare_is(look->compare, ov_forest_id(look->check->forest, node),
                             (enum ov_changed)what);
    if (node >= branches->rows && node < branches->rows + branches->names)
        ov_draft_tree_name(branches, node, &there);
    return there;
}

/* The nodes that have changed in some way. */
enum ov_status ov_answer_changed(const struct ov_question *question, struct ov_buf *out,
                                 struct ov_error *err)
{
    static const char *const words[] = {[OV_ADDED] = "added",
                                        [OV_MOVED] = "moved",
                                        [OV_RENAMED] = "renamed",
                                        [OV_CHANGED] = "changed",
                                        [GONE] = "removed"};
    struct ov_text kind = ov_question_param(question, "kind");
    const struct ov_view *look = question->view;
    int what = 0;
    uint32_t found = 0;
    (void)err;
    while (what <= GONE && !ov_text_equal(kind, ov_text_of(words[what])))
        what++;
    ov_buf_char(out, '[');
    for (uint32_t node = 0; look->compare && what <= GONE && node < look->branches.nodes; node++)
        if (found < OV_REPLY_MAX_FOUND && is_changed(look, node, what))
            ov_buf_format(out, "%s%lu", found++ ? "," : "", (unsigned long)node);
    ov_buf_char(out, ']');
    return OV_OK;
}
