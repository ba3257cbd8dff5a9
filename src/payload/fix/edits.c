/* payload/fix/edits.c: see edits.h. */
#include "payload/fix/edits.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/search.h"
#include "base/unicode.h"
#include "vet/check_access.h"

void ov_edits_deinit(struct ov_edits *edits)
{
    free(edits->items);
    ov_arena_deinit(&edits->arena);
    *edits = (struct ov_edits){0};
}

unsigned ov_edits_confidence(const struct ov_item *item)
{
    enum { ALIKE = 95, DIGITS = 50 };
    struct ov_text value = item->value, meant = item->suggestion;
    unsigned percent = ALIKE, edits = item->message == OV_M_MISSING_ONE   ? 1
                                      : item->message == OV_M_MISSING_TWO ? 2
                                                                          : 0;
    if (edits) {
        size_t a = ov_utf8_count(value), b = ov_utf8_count(meant), longer = a > b ? a : b;
        percent = longer > edits ? (unsigned)(100 * (longer - edits) / longer) : 0;
        if (percent > DIGITS && ov_text_same_but_digits(value, meant))
            percent = DIGITS;
    }
    return item->m > 1 ? percent / (unsigned)item->m : percent;
}

static int by_cell(const void *a, const void *b)
{
    const struct ov_edit *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->fresh - y->fresh;
}

/* Sorts fresh edits into the list; if an equal one exists already, that one is turned on instead.
 * Returns how many were turned on. */
static size_t merge_fresh(struct ov_edits *edits)
{
    size_t kept = 0, turned_on = 0;
    if (edits->count)
        qsort(edits->items, edits->count, sizeof *edits->items, by_cell);
    for (size_t i = 0; i < edits->count; i++) {
        struct ov_edit *edit = &edits->items[i];
        struct ov_edit *last = kept ? &edits->items[kept - 1] : NULL;
        turned_on += edit->fresh;
        if (edit->fresh && last && last->row == edit->row && last->column == edit->column &&
            last->kind == edit->kind) {
            turned_on -= last->on;
            if (!last->on)
                last->to = edit->to;
            last->on = true;
            continue;
        }
        edit->fresh = false;
        edits->items[kept++] = *edit;
    }
    edits->count = kept;
    return turned_on;
}

/* Arguments of ov_edits_propose. */
struct proposal {
    struct ov_edits *edits;
    const struct ov_check *check, *original;
    unsigned kinds;
    const struct ov_fix_options *options;
    bool no_distance; /* parents found by edit distance are left alone */
};

static bool append_edit(const struct proposal *proposal, const struct ov_edit *edit)
{
    struct ov_edits *edits = proposal->edits;
    if (!ov_grow(&edits->items, &edits->capacity, edits->count + 1, sizeof *edits->items))
        return false;
    struct ov_edit *added = &edits->items[edits->count];
    *added = *edit;
    added->on = added->fresh = true;
    if (edit->row) /* not a heading, whose place is the same */
        added->place = ov_check_place(proposal->original, edit->row, edit->column, edit->place);
    if (!ov_arena_copy(&edits->arena, edit->value, &added->value) ||
        !ov_arena_copy(&edits->arena, edit->to, &added->to))
        return false;
    edits->count++;
    return true;
}

enum ov_fix_kind ov_edits_kind(const struct ov_item *item)
{
    if (item->row == OV_NO_ROW || item->header == OV_NO_COLUMN)
        return OV_FIX_KINDS;
    switch (item->message) {
    case OV_M_SPACE:
    case OV_M_HEADING_SPACE: return OV_FIX_SPACE;
    case OV_M_INVISIBLE:
    case OV_M_INVISIBLE_ID: return OV_FIX_INVISIBLE;
    case OV_M_HEADING_CHARACTER: return item->suggestion.len ? OV_FIX_INVISIBLE : OV_FIX_KINDS;
    case OV_M_BAD_FLAG_NEAR: return OV_FIX_FLAG;
    case OV_M_LOST_ZEROS: return OV_FIX_ZEROS;
    default: break;
    }
    return item->rule == OV_R402 && item->suggestion.len ? OV_FIX_PARENT : OV_FIX_KINDS;
}

/* Whether a suggestion was found by edit distance. */
static bool is_by_distance(const struct ov_item *item)
{
    return item->rule == OV_R402 &&
           (item->message == OV_M_MISSING_ONE || item->message == OV_M_MISSING_TWO);
}

/* Whether edit distance would change the parents of more than one row in ten: these are no typing
 * errors. */
static bool changes_too_many(const struct ov_check *check)
{
    uint64_t count = 0;
    for (size_t i = 0; i < ov_check_list(check)->count; i++)
        count += is_by_distance(&ov_check_list(check)->items[i]);
    return count > 1 && count * 10 > ov_check_rows(check);
}

bool ov_edits_keep_indent(const struct ov_check *check, uint32_t column)
{
    const struct ov_check_facts *facts = ov_check_facts(check);
    return facts->parent_column < 0 && (int)column == facts->name_column &&
           !ov_layout_is_path(ov_check_layout(check));
}

/* The indentation of names stays in a file without a parent column, where it may say which row is
 * above. */
struct ov_text ov_edits_trim(const struct ov_check *check, uint32_t column, struct ov_text text)
{
    struct ov_text inner = ov_unicode_trim(text);
    if (!ov_edits_keep_indent(check, column))
        return inner;
    return (struct ov_text){text.ptr, (size_t)(inner.ptr - text.ptr) + inner.len};
}

/* Whether removing the white space around a value would change nothing but its indentation. */
static bool is_indentation(const struct ov_check *check, const struct ov_item *item)
{
    struct ov_text inner = ov_unicode_trim(item->value);
    return item->row && ov_edits_keep_indent(check, item->header) && inner.len &&
           inner.ptr + inner.len == item->value.ptr + item->value.len;
}

static bool propose_one(const struct proposal *proposal, const struct ov_item *item)
{
    enum ov_fix_kind kind = ov_edits_kind(item);
    if (kind == OV_FIX_KINDS || !(proposal->kinds & 1u << kind) ||
        (kind == OV_FIX_SPACE && is_indentation(proposal->check, item)) ||
        (proposal->options->row && item->row != proposal->options->row) ||
        (kind == OV_FIX_PARENT && ov_edits_confidence(item) < proposal->options->confidence) ||
        (is_by_distance(item) && proposal->no_distance) ||
        (kind == OV_FIX_FLAG && ov_check_reads_text(proposal->check, item->header)))
        return true;
    struct ov_edit edit = {.row = item->row,
                           .column = item->header,
                           .kind = (uint8_t)kind,
                           .place = item->place,
                           .value = item->value};
    if (kind != OV_FIX_SPACE)
        edit.to = item->suggestion;
    return append_edit(proposal, &edit);
}

/* Proposes the same edit for the parent cells that name an identifier whose zeros are restored. */
static bool propose_zeros_of_children(const struct proposal *proposal, size_t first)
{
    const struct ov_edits *edits = proposal->edits;
    const struct ov_forest *forest = ov_check_forest(proposal->check);
    size_t end = edits->count;
    if (!(proposal->kinds & 1u << OV_FIX_ZEROS) || end == first ||
        !ov_check_facts(proposal->check)->tree)
        return true;
    size_t *edit_of_row =
        calloc(forest->count, sizeof *edit_of_row); /* index + 1 of a row's edit */
    bool ok = edit_of_row != NULL;
    for (size_t i = first; ok && i < end; i++)
        if (edits->items[i].kind == OV_FIX_ZEROS)
            edit_of_row[edits->items[i].row - 1] = i + 1;
    for (ov_node row = 0; ok && row < forest->count; row++) {
        ov_node parent = forest->parent[row];
        size_t index = ov_node_is_row(parent) ? edit_of_row[parent] : 0;
        if (!index)
            continue;
        struct ov_edit edit = edits->items[index - 1];
        edit.row = row + 1;
        edit.column = (uint32_t)ov_check_facts(proposal->check)->parent_column;
        ok = append_edit(proposal, &edit);
    }
    free(edit_of_row);
    return ok;
}

enum ov_status ov_edits_propose(struct ov_edits *edits, const struct ov_check *check,
                                const struct ov_check *original, unsigned kinds,
                                const struct ov_fix_options *options, size_t *count,
                                struct ov_error *err)
{
    const struct proposal proposal = {edits, check,   original,
                                      kinds, options, changes_too_many(check)};
    size_t first = edits->count;
    for (size_t i = 0; i < ov_check_list(check)->count; i++)
        if (!propose_one(&proposal, &ov_check_list(check)->items[i]))
            return ov_fail_memory(err);
    if (!propose_zeros_of_children(&proposal, first))
        return ov_fail_memory(err);
    *count = merge_fresh(edits);
    return OV_OK;
}

static bool is_before(const void *edits, size_t index, const void *row)
{
    return ((const struct ov_edit *)edits)[index].row < *(const uint32_t *)row;
}

size_t ov_edits_find(const struct ov_edits *edits, uint32_t row)
{
    return ov_lower_bound(edits->items, 0, edits->count, &row, is_before);
}

/* Turns an edit off; if it is off already, its reason remains. */
static void turn_off(struct ov_edit *edit, unsigned why)
{
    if (edit->on)
        edit->why = (uint8_t)why;
    edit->on = false;
}

void ov_edits_try(struct ov_edits *edits)
{
    for (size_t i = 0; i < edits->count; i++)
        edits->items[i].tried = edits->items[i].on;
}

size_t ov_edits_undo(struct ov_edits *edits, uint32_t row, uint32_t column, unsigned why)
{
    size_t undone = 0;
    for (size_t i = ov_edits_find(edits, row); i < edits->count && edits->items[i].row == row;
         i++) {
        struct ov_edit *edit = &edits->items[i];
        if (!edit->tried || edit->kept || (column != OV_NO_COLUMN && edit->column != column))
            continue;
        turn_off(edit, why);
        undone++;
    }
    return undone;
}

void ov_edits_undo_columns(struct ov_edits *edits, uint32_t a, uint32_t b, unsigned why)
{
    for (size_t i = 0; i < edits->count; i++)
        if (!edits->items[i].kept && (edits->items[i].column == a || edits->items[i].column == b))
            turn_off(&edits->items[i], why);
}

bool ov_edits_can_undo(const struct ov_edits *edits, uint32_t row, uint32_t column)
{
    for (size_t i = ov_edits_find(edits, row); i < edits->count && edits->items[i].row == row; i++)
        if (edits->items[i].column == column && edits->items[i].tried && !edits->items[i].kept)
            return true;
    return false;
}

size_t ov_edits_undo_all(struct ov_edits *edits, unsigned why)
{
    size_t undone = 0;
    for (size_t i = 0; i < edits->count; i++) {
        struct ov_edit *edit = &edits->items[i];
        if (!edit->tried || edit->kept)
            continue;
        turn_off(edit, why);
        undone++;
    }
    return undone;
}

void ov_edits_keep(struct ov_edits *edits)
{
    for (size_t i = 0; i < edits->count; i++)
        edits->items[i].kept |= edits->items[i].on;
}

uint64_t ov_edits_count(const struct ov_edits *edits, enum ov_fix_kind kind, bool on)
{
    uint64_t count = 0;
    for (size_t i = 0; i < edits->count; i++)
        count += edits->items[i].kind == kind && edits->items[i].on == on;
    return count;
}
