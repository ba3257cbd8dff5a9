/* payload/fix/verify.c: see verify.h. */
#include "payload/fix/verify.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "vet/check_access.h"
#include "vet/rules_cell.h"
#include "vet/rules_tree.h"

/* A finding by what identifies it: row, column and rule. */
struct mark {
    uint32_t row, header;
    uint32_t rule;
    uint32_t item; /* index in the list */
};

static int by_finding(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->header != y->header)
        return x->header < y->header ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

/* The findings of a check, sorted by by_finding. The caller frees them; NULL when out of memory. */
static struct mark *marks_of(const struct ov_check *check)
{
    const struct ov_list *list = ov_check_list(check);
    struct mark *marks = calloc(list->count + 1, sizeof *marks);
    if (!marks)
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        marks[i] = (struct mark){list->items[i].row, list->items[i].header, list->items[i].rule,
                                 (uint32_t)i};
    if (list->count)
        qsort(marks, list->count, sizeof *marks, by_finding);
    return marks;
}

/* The comparison in progress. */
struct judgement {
    const struct ov_check *was, *is;
    struct ov_edits *edits; /* borrowed */
    size_t undone;          /* edits turned off so far */
    bool gentle;            /* of a cycle one parent is undone, otherwise all */
    bool all;               /* all edits that can be are off */
    bool hopeless;          /* something is worse that no edit has caused */
};

static size_t undo(struct judgement *judgement, ov_node row, int column, unsigned why)
{
    if (!ov_node_is_row(row) || column < 0)
        return 0;
    size_t undone = ov_edits_undo(judgement->edits, row + 1, (uint32_t)column, why);
    judgement->undone += undone;
    return undone;
}

/* Undoes the edits of a row's identifier and parent. */
static size_t undo_identity(struct judgement *judgement, ov_node row, unsigned why)
{
    return undo(judgement, row, ov_check_facts(judgement->was)->id_column, why) +
           undo(judgement, row, ov_check_facts(judgement->was)->parent_column, why);
}

/* Undoes the edits of the nearest row above that has any. */
static size_t undo_above(struct judgement *judgement, ov_node row, unsigned why)
{
    const struct ov_forest *forest = ov_check_forest(judgement->is);
    if (ov_check_shape(judgement->is)->depth[row] == 0)
        return 0;
    for (row = forest->parent[row]; ov_node_is_row(row); row = forest->parent[row]) {
        size_t undone = undo_identity(judgement, row, why);
        if (undone)
            return undone;
    }
    return 0;
}

static size_t undo_related(struct judgement *judgement, const struct ov_item *item, unsigned why)
{
    size_t undone = 0, count = item->detail ? item->detail->related_count : 0;
    if (item->detail && item->detail->loop)
        count = item->detail->loop_count;
    for (size_t i = 0; i < count; i++) {
        int64_t row = ov_vet_related(judgement->is, item, i).row;
        if (row <= 0)
            continue;
        undone += undo_identity(judgement, (ov_node)(row - 1), why);
        if (item->rule == OV_R408)
            undone += undo(judgement, (ov_node)(row - 1),
                           ov_check_facts(judgement->was)->name_column, why);
    }
    return undone;
}

/* Undoes changed parents on a new cycle: all of them or, if gentle, the one whose row has the
 * smallest identifier, so that the choice does not depend on the order of rows. */
static size_t undo_in_cycle(struct judgement *judgement, const struct ov_item *item, unsigned why)
{
    const struct ov_forest *forest = ov_check_forest(judgement->is);
    uint32_t column = (uint32_t)ov_check_facts(judgement->was)->parent_column;
    ov_node cut = OV_NODE_NONE;
    size_t undone = 0;
    for (size_t i = 0; item->detail && i < item->detail->loop_count; i++) {
        ov_node row = item->detail->loop[i];
        if (!judgement->gentle)
            undone += undo(judgement, row, (int)column, why);
        else if (ov_edits_can_undo(judgement->edits, row + 1, column) &&
                 (cut == OV_NODE_NONE ||
                  ov_text_compare(ov_forest_id(forest, row), ov_forest_id(forest, cut)) < 0))
            cut = row;
    }
    return undone + (cut == OV_NODE_NONE ? 0 : undo(judgement, cut, (int)column, why));
}

/* Undoes the parents of rows that became top-level rows by an edit. */
static size_t undo_tops(struct judgement *judgement, unsigned why)
{
    const struct ov_forest *was = ov_check_forest(judgement->was),
                           *is = ov_check_forest(judgement->is);
    size_t undone = 0;
    for (ov_node row = 0; row < is->count; row++)
        if (ov_forest_is(is, row, OV_ROW_TOP) && !ov_forest_is(was, row, OV_ROW_TOP))
            undone += undo(judgement, row, ov_check_facts(judgement->was)->parent_column, why);
    return undone;
}

static size_t undo_all(struct judgement *judgement, unsigned why)
{
    size_t undone = ov_edits_undo_all(judgement->edits, why);
    judgement->undone += undone;
    judgement->all = undone > 0;
    return undone;
}

/* Undoes the cause of a new finding: the edit of its cell, else the nearest edits that may have
 * caused it, else all. */
static void undo_cause(struct judgement *judgement, const struct ov_item *item)
{
    unsigned why = item->rule;
    bool of_row = item->row > 0 && item->row != OV_NO_ROW;
    ov_node row = of_row ? item->row - 1 : OV_NODE_NONE;
    if (item->rule == OV_R404 && undo_in_cycle(judgement, item, why))
        return;
    if (of_row) {
        if ((item->header != OV_NO_COLUMN && undo(judgement, row, (int)item->header, why)) ||
            undo_identity(judgement, row, why))
            return;
        if (item->rule == OV_R402 &&
            undo_identity(judgement, ov_check_forest(judgement->was)->parent[row], why))
            return;
    }
    if (item->rule == OV_R407   ? undo_tops(judgement, why)
        : item->rule == OV_R406 ? undo_above(judgement, row, why)
                                : undo_related(judgement, item, why))
        return;
    if (!undo_all(judgement, why))
        judgement->hopeless = true;
}

static enum ov_status undo_new_findings(struct judgement *judgement, struct ov_error *err)
{
    const struct ov_list *was = ov_check_list(judgement->was), *is = ov_check_list(judgement->is);
    struct mark *old = marks_of(judgement->was), *now = marks_of(judgement->is);
    if (!old || !now) {
        free(old);
        free(now);
        return ov_fail_memory(err);
    }
    for (size_t i = 0, k = 0; k < is->count; k++) {
        while (i < was->count && by_finding(&old[i], &now[k]) < 0)
            i++;
        if (i < was->count && by_finding(&old[i], &now[k]) == 0)
            i++;
        else if (!judgement->all)
            undo_cause(judgement, &is->items[now[k].item]);
    }
    free(old);
    free(now);
    return OV_OK;
}

/* Undoes edits that gave a row another parent, unless its old one was missing. */
static void undo_new_parents(struct judgement *judgement)
{
    const struct ov_forest *was = ov_check_forest(judgement->was),
                           *is = ov_check_forest(judgement->is);
    for (ov_node row = 0; row < is->count && !judgement->all; row++) {
        ov_node old = was->parent[row], now = is->parent[row];
        if (old == now || ov_forest_is_missing(was, old) ||
            ov_forest_is(was, row, OV_ROW_BROKEN)) /* its parent was not read before */
            continue;
        if (ov_node_is_name(old) && ov_node_is_name(now) &&
            ov_text_equal(ov_forest_name(was, old), ov_forest_name(is, now)))
            continue;
        if (!undo(judgement, row, ov_check_facts(judgement->was)->parent_column, OV_NO_RULE) &&
            !undo_identity(judgement, old, OV_NO_RULE) &&
            !undo_identity(judgement, now, OV_NO_RULE) && !undo_all(judgement, OV_NO_RULE))
            judgement->hopeless = true;
    }
}

/* Whether two headings are the same but for what a fix removes. */
static bool same_heading(struct ov_text a, struct ov_text b)
{
    struct ov_buf x = {0}, y = {0};
    ov_buf_visible(&x, ov_unicode_trim(a));
    ov_buf_visible(&y, ov_unicode_trim(b));
    bool same = !x.failed && !y.failed &&
                ov_text_equal(ov_unicode_trim(ov_buf_view(&x)), ov_unicode_trim(ov_buf_view(&y)));
    ov_buf_deinit(&x);
    ov_buf_deinit(&y);
    return same;
}

static bool same_header(const struct ov_check *was, const struct ov_check *is)
{
    size_t count = ov_check_facts(is)->header_count; /* empty headings at the end may be gone */
    bool same = count >= ov_check_used_columns(was) && count <= ov_check_facts(was)->header_count &&
                ov_check_facts(is)->bound && ov_check_facts(was)->tree == ov_check_facts(is)->tree;
    for (size_t i = 0; same && i < count; i++)
        same = same_heading(ov_check_headers(was)[i], ov_check_headers(is)[i]);
    return same;
}

enum ov_status ov_verify_fix(const struct ov_check *was, const struct ov_check *is,
                             struct ov_edits *edits, bool gentle, enum ov_verdict *verdict,
                             struct ov_error *err)
{
    struct judgement judgement = {.was = was, .is = is, .edits = edits, .gentle = gentle};
    enum ov_status status = OV_OK;
    if (ov_check_rows(was) != ov_check_rows(is) || !same_header(was, is)) {
        judgement.hopeless = true;
    } else {
        undo_new_parents(&judgement);
        status = undo_new_findings(&judgement, err);
    }
    *verdict = judgement.undone ? OV_UNDONE : judgement.hopeless ? OV_HOPELESS : OV_BETTER;
    return status;
}

bool ov_verify_sorted(const struct ov_check *was, const struct ov_check *is)
{
    bool same = ov_check_rows(was) == ov_check_rows(is) && same_header(was, is);
    for (size_t rule = 0; same && rule < OV_RULES; rule++)
        same = ov_list_count(ov_check_list(was), (enum ov_rule_index)rule) ==
               ov_list_count(ov_check_list(is), (enum ov_rule_index)rule);
    return same;
}
