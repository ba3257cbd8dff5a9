/* draft/replacements.c: see replacements.h. */
#include "draft/replacements.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/unicode.h"
#include "payload/fix/edits.h"

/* What fixes a finding in its cell: OV_FIX_KINDS if that depends on the row, or nothing does. */
static enum ov_fix_kind kind_of(const struct ov_view *view, const struct ov_item *item)
{
    enum ov_fix_kind kind = ov_edits_kind(item);
    bool no = kind == OV_FIX_ZEROS || item->row == 0 || item->row > ov_view_file_rows(view) ||
              (kind == OV_FIX_FLAG && ov_check_reads_text(view->check, item->header));
    return no ? OV_FIX_KINDS : kind;
}

/* Leading spaces may say who is below whom, but not in a list that is flat. */
static struct ov_text trim(const struct ov_view *view, uint32_t column, struct ov_text cell)
{
    return ov_check_facts(view->check)->tree ? ov_edits_trim(view->check, column, cell)
                                             : ov_unicode_trim(cell);
}

enum ov_status ov_replacement_of(struct ov_view *view, size_t item, struct ov_arena *arena,
                                 struct ov_replacement *found, struct ov_error *err)
{
    const struct ov_item *finding = &ov_check_list(view->check)->items[item];
    enum ov_fix_kind kind = kind_of(view, finding);
    struct ov_view_row row;
    *found = (struct ov_replacement){.item = item};
    if (kind == OV_FIX_KINDS)
        return OV_OK;
    enum ov_status status = ov_view_read(view, finding->row - 1, &row, err);
    if (status != OV_OK)
        return status;
    struct ov_text cell = ov_view_column(&row, (int)finding->header);
    struct ov_text wanted =
        kind == OV_FIX_SPACE ? trim(view, finding->header, cell) : finding->suggestion;
    if (ov_text_equal(wanted, cell))
        return OV_OK;
    if (!ov_arena_copy(arena, cell, &found->from) || !ov_arena_copy(arena, wanted, &found->to))
        return ov_fail_memory(err);
    found->rows = 1;
    found->hash = ov_hash(wanted, ov_hash(found->from, finding->header + UINT64_C(1)));
    return OV_OK;
}

unsigned ov_replacement_percent(const struct ov_item *item)
{
    return item->rule == OV_R402 ? ov_edits_confidence(item) : 100;
}

/* --- all --- */

static int by_hash(const void *a, const void *b)
{
    const struct ov_replacement *one = a, *other = b;
    if (one->hash != other->hash)
        return one->hash < other->hash ? -1 : 1;
    return one->item < other->item ? -1 : 1;
}

static int by_rows(const void *a, const void *b)
{
    const struct ov_replacement *one = a, *other = b;
    if (one->rows != other->rows)
        return one->rows > other->rows ? -1 : 1;
    return one->item < other->item ? -1 : 1;
}

/* Merges equal ones. */
static void merge(struct ov_replacements *all)
{
    size_t kept = 0;
    if (!all->count)
        return;
    qsort(all->items, all->count, sizeof *all->items, by_hash);
    for (size_t i = 0; i < all->count; i++) {
        if (kept && all->items[kept - 1].hash == all->items[i].hash)
            all->items[kept - 1].rows++;
        else
            all->items[kept++] = all->items[i];
    }
    all->count = kept;
    qsort(all->items, kept, sizeof *all->items, by_rows);
}

enum ov_status ov_replacements_find(struct ov_view *view, struct ov_replacements *found,
                                    struct ov_error *err)
{
    size_t count = ov_check_list(view->check)->count;
    found->items = calloc(count + 1, sizeof *found->items);
    enum ov_status status = OV_OK;
    if (!found->items)
        return ov_fail_memory(err);
    for (size_t i = 0; i < count && status == OV_OK; i++) {
        struct ov_replacement *one = &found->items[found->count];
        status = ov_replacement_of(view, i, &found->arena, one, err);
        found->count += status == OV_OK && one->rows;
    }
    if (status == OV_OK)
        merge(found);
    return status;
}

void ov_replacements_deinit(struct ov_replacements *replacements)
{
    free(replacements->items);
    ov_arena_deinit(&replacements->arena);
    *replacements = (struct ov_replacements){0};
}
