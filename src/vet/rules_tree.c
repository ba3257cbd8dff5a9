/* vet/rules_tree.c: what can be wrong between rows, once all are known; every rule visits the rows
 * in file order. OV402 is in suggest.c. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/dup_filter.h"
#include "base/task.h"
#include "base/unicode.h"
#include "finding/message.h"
#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/rules_cell.h"
#include "vet/rules_tree.h"
#include "vet/suggest.h"
#include "vet/when.h"

static struct ov_related related_row(const struct ov_check *check, ov_node row,
                                     enum ov_row_cell cell, enum ov_note note)
{
    return (struct ov_related){.place = ov_places_get(&check->places, row, cell),
                               .row = ov_check_file_row(check, row),
                               .note = ov_text_of(ov_note_text(note, check->options.language)),
                               .id = ov_forest_id(check->forest, row)};
}

struct ov_related ov_vet_related(const struct ov_check *check, const struct ov_item *item,
                                 size_t index)
{
    const struct ov_item_detail *detail = item->detail;
    if (!detail->loop_count)
        return detail->related[index];
    return related_row(check, detail->loop[index], OV_AT_PARENT,
                       index + 1 < detail->loop_count ? OV_N_EDGE : OV_N_EDGE_LAST);
}

/* Adds another row's cell to a finding whose detail has capacity for it. */
static void relate(const struct ov_check *check, struct ov_item *item, ov_node row,
                   enum ov_row_cell cell, enum ov_note note)
{
    struct ov_item_detail *detail = item->detail;
    detail->related[detail->related_count++] = related_row(check, row, cell, note);
}

static void relate_one(struct ov_check *check, struct ov_item *item, ov_node row,
                       enum ov_row_cell cell, enum ov_note note)
{
    item->detail = ov_list_detail(&check->list, 1);
    if (item->detail)
        relate(check, item, row, cell, note);
}

/* OV401 */
static enum ov_status duplicates(struct ov_check *check, struct ov_error *err)
{
    (void)err;
    for (ov_node row = 0; check->forest->duplicates && row < check->forest->count; row++) {
        if (!ov_forest_is(check->forest, row, OV_ROW_DUPLICATE))
            continue;
        struct ov_item *item = ov_vet_node(check, OV_R401, OV_M_DUPLICATE_ID, row, OV_AT_ID);
        if (!item)
            continue;
        item->value = item->id;
        relate_one(check, item, ov_forest_first(check->forest, row), OV_AT_ID, OV_N_FIRST_DEFINED);
    }
    return OV_OK;
}

/* OV403 */
static enum ov_status self_parents(struct ov_check *check, struct ov_error *err)
{
    (void)err;
    for (ov_node row = 0; check->forest->selfs && row < check->forest->count; row++) {
        struct ov_item *item = NULL;
        if (ov_forest_is(check->forest, row, OV_ROW_SELF))
            item = ov_vet_node(check, OV_R403, OV_M_SELF_PARENT, row, OV_AT_PARENT);
        if (item)
            item->value = item->id;
    }
    return OV_OK;
}

/* The width of at least 90% of the numeric identifiers, if some of those are zero-padded; or 0. */
static size_t usual_width(const struct ov_check *check)
{
    uint64_t numeric = 0;
    size_t width = 0;
    for (size_t w = 1; w < OV_WIDTHS; w++) {
        numeric += check->widths[w];
        if (check->widths[w] > check->widths[width])
            width = w;
    }
    bool usual = check->widths[width] * 10 >= numeric * 9 && check->padded[width];
    return width && usual ? width : 0;
}

/* What identifiers have in common, against which damage is judged. */
struct habits {
    uint64_t ids, dates; /* identifiers; of these, dates */
    bool dotted;         /* some have a point but do not end in `.0` */
    bool coded;          /* some are LETTERS-DIGITS, and no dates */
    size_t width;        /* of usual_width */
};

static bool is_coded(struct ov_text id)
{
    size_t letters = 0, digits = 0;
    while (letters < id.len && id.ptr[letters] >= 'A' && id.ptr[letters] <= 'Z')
        letters++;
    if (letters == 0 || letters == id.len || id.ptr[letters] != '-')
        return false;
    while (letters + 1 + digits < id.len && id.ptr[letters + 1 + digits] >= '0' &&
           id.ptr[letters + 1 + digits] <= '9')
        digits++;
    return digits && letters + 1 + digits == id.len;
}

static struct habits habits_of(const struct ov_check *check)
{
    struct habits habits = {.width = usual_width(check)};
    for (ov_node row = 0; check->id_damaged && row < check->forest->count; row++) {
        struct ov_text id = ov_forest_id(check->forest, row);
        enum ov_message message = OV_M_LOST_ZEROS;
        bool date = ov_is_date(id);
        habits.ids += id.len > 0;
        habits.dates += date;
        habits.coded |= !date && is_coded(id);
        habits.dotted |= id.len && memchr(id.ptr, '.', id.len) && !date &&
                         !(ov_is_damaged(id, &message) && message == OV_M_DAMAGED_DOT_ZERO);
    }
    return habits;
}

static bool has_lower(struct ov_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
            return true;
    return false;
}

/* Whether a damage is the file's own habit instead. */
static bool is_habit(const struct habits *habits, struct ov_text id, enum ov_message message)
{
    if (message == OV_M_DAMAGED_DATE)
        return habits->dates * 2 >= habits->ids || (habits->coded && !has_lower(id));
    return message == OV_M_DAMAGED_DOT_ZERO && habits->dotted;
}

/* Suggests the identifier with its zeros. */
static void suggest_zeros(struct ov_check *check, struct ov_item *item, struct ov_text id,
                          size_t width)
{
    char padded[OV_WIDTHS];
    memset(padded, '0', width);
    memcpy(padded + width - id.len, id.ptr, id.len);
    item->suggestion = ov_list_keep(&check->list, (struct ov_text){padded, width});
    item->n = width;
}

/* OV310: identifiers that a spreadsheet has changed. */
static enum ov_status spreadsheet_damage(struct ov_check *check, struct ov_error *err)
{
    (void)err;
    struct habits habits = habits_of(check);
    bool shorter = false;
    for (size_t w = 1; w < habits.width; w++)
        shorter |= check->widths[w] > 0;
    if (!shorter && !check->id_damaged)
        return OV_OK;
    for (ov_node row = 0; row < check->forest->count; row++) {
        struct ov_text id = ov_forest_id(check->forest, row);
        enum ov_message message = OV_M_LOST_ZEROS;
        bool short_number = id.len < habits.width && ov_text_is_digits(id);
        if (!short_number && (!ov_is_damaged(id, &message) || is_habit(&habits, id, message)))
            continue;
        struct ov_item *item =
            ov_vet_node_as(check, OV_R310, message == OV_M_DAMAGED_ERROR ? OV_ERROR : OV_WARNING,
                           message, row, OV_AT_ID);
        if (!item)
            continue;
        item->value = id;
        if (short_number)
            suggest_zeros(check, item, id, habits.width);
    }
    return OV_OK;
}

/* Finds rows that are alike in some respect. First their 32-bit hashes are compared, which rules
 * out nearly all rows of a clean file; the remaining ones are looked up in a table. */
struct alike {
    uint32_t *hashes; /* owned: per row; 0: not like any other row */
    uint32_t *slots;  /* owned: open addressing, row + 1; 0: free */
    size_t mask;
};

static bool alike_init(struct alike *alike, size_t rows)
{
    size_t bytes = (rows + 1) * sizeof *alike->hashes;
    *alike = (struct alike){.hashes = calloc(1, bytes)};
    if (alike->hashes)
        ov_mem_use_huge_pages(alike->hashes, bytes);
    return alike->hashes != NULL;
}

static void alike_deinit(struct alike *alike)
{
    free(alike->hashes);
    free(alike->slots);
}

static void alike_note(struct alike *alike, ov_node row, uint64_t hash)
{
    uint32_t upper = (uint32_t)(hash >> 32);
    alike->hashes[row] = upper ? upper : 1;
}

/* To be called once all hashes are noted: clears the hash of every row that is not like another,
 * and makes the table. False when out of memory. */
static bool alike_sort_out(struct alike *alike, size_t rows)
{
    size_t left = 0, slots = 16;
    if (!ov_dup_filter_keep(alike->hashes, rows))
        return false;
    for (size_t i = 0; i < rows; i++)
        left += alike->hashes[i] != 0;
    while (slots < left * 2)
        slots *= 2;
    alike->mask = slots - 1;
    alike->slots = calloc(slots, sizeof *alike->slots);
    return alike->slots != NULL;
}

typedef bool same_fn(void *ctx, ov_node a, ov_node b);

/* The first row that is the same as this one; if there is none, adds this one and returns
 * OV_NODE_NONE. */
static ov_node alike_meet(struct alike *alike, ov_node row, same_fn *same, void *ctx)
{
    uint32_t hash = alike->hashes[row];
    size_t at = hash & alike->mask;
    for (; alike->slots[at]; at = (at + 1) & alike->mask) {
        ov_node other = alike->slots[at] - 1;
        if (alike->hashes[other] == hash && same(ctx, other, row))
            return other;
    }
    alike->slots[at] = row + 1;
    return OV_NODE_NONE;
}

/* OV405 */

struct folds {
    const struct ov_forest *forest;
    struct ov_buf a, b;
};

static bool same_fold(void *ctx, ov_node a, ov_node b)
{
    struct folds *folds = ctx;
    ov_unicode_likeness(ov_forest_id(folds->forest, a), &folds->a);
    ov_unicode_likeness(ov_forest_id(folds->forest, b), &folds->b);
    return ov_text_equal(ov_buf_view(&folds->a), ov_buf_view(&folds->b));
}

/* folds->b contains the row's identifier, folded. */
static void report_near_duplicate(struct ov_check *check, ov_node row, ov_node other,
                                  const struct folds *folds)
{
    struct ov_item *item = ov_vet_node(check, OV_R405, OV_M_NEAR_DUPLICATE, row, OV_AT_ID);
    if (!item)
        return;
    item->value = item->id;
    relate_one(check, item, other, OV_AT_ID, OV_N_SIMILAR);
    if (!item->detail)
        return;
    ov_list_extra(&check->list, item, ov_forest_id(check->forest, other));
    /* the fingerprint is common to all rows that are alike, whatever their order */
    char hex[33];
    ov_hash_hex(ov_buf_view(&folds->b), hex);
    item->detail->group = ov_list_keep(&check->list, ov_text_of(hex));
}

static bool find_near_duplicates(struct ov_check *check, struct alike *alike, struct folds *folds)
{
    const struct ov_forest *forest = folds->forest;
    for (ov_node row = 0; row < forest->count; row++) {
        if (ov_forest_is(forest, row, OV_ROW_BROKEN | OV_ROW_DUPLICATE | OV_ROW_ANONYMOUS))
            continue;
        ov_unicode_likeness(ov_forest_id(forest, row), &folds->b);
        alike_note(alike, row, ov_hash(ov_buf_view(&folds->b), forest->hash_key));
    }
    if (!alike_sort_out(alike, forest->count))
        return false;
    for (ov_node row = 0; row < forest->count; row++) {
        ov_node other =
            alike->hashes[row] ? alike_meet(alike, row, same_fold, folds) : OV_NODE_NONE;
        if (other != OV_NODE_NONE)
            report_near_duplicate(check, row, other, folds);
    }
    return !folds->a.failed && !folds->b.failed;
}

static enum ov_status near_duplicates(struct ov_check *check, struct ov_error *err)
{
    struct alike alike;
    struct folds folds = {.forest = check->forest};
    /* ASCII identifiers in one case are alike only when equal */
    if (!(check->id_kinds & OV_BYTE_OTHER) &&
        (check->id_kinds & (OV_BYTE_UPPER | OV_BYTE_LOWER)) != (OV_BYTE_UPPER | OV_BYTE_LOWER))
        return OV_OK;
    if (ov_list_is_off(&check->list, OV_R405))
        return OV_OK;
    bool ok =
        alike_init(&alike, check->forest->count) && find_near_duplicates(check, &alike, &folds);
    ov_buf_deinit(&folds.a);
    ov_buf_deinit(&folds.b);
    alike_deinit(&alike);
    return ok ? OV_OK : ov_fail_memory(err);
}

/* The column tried as the identifier, at least three of whose values are there and all are
 * identifiers; or -1. */
static int column_of_ids(const struct ov_check *check)
{
    const struct ov_forest *forest = check->forest;
    uint64_t empty = ov_hash((struct ov_text){"", 0}, check->hash_key);
    size_t rows = check->fit_rows < forest->count ? check->fit_rows : forest->count, slots = 16;
    while (slots < rows * 2)
        slots *= 2;
    uint64_t *ids = calloc(slots, sizeof *ids);
    int found = -1;
    for (ov_node row = 0; ids && row < rows; row++) {
        uint64_t hash = ov_hash(ov_forest_id(forest, row), check->hash_key) | 1;
        size_t at = hash & (slots - 1);
        while (ids[at] && ids[at] != hash)
            at = (at + 1) & (slots - 1);
        ids[at] = hash;
    }
    for (size_t i = 0; ids && i < check->fit_count && found < 0; i++) {
        size_t filled = 0, known = 0;
        for (size_t row = 0; row < rows; row++) {
            uint64_t hash = check->fits[i].hashes[row] | 1;
            if (check->fits[i].hashes[row] == empty)
                continue;
            filled++;
            size_t at = hash & (slots - 1);
            while (ids[at] && ids[at] != hash)
                at = (at + 1) & (slots - 1);
            known += ids[at] == hash;
        }
        if (filled >= 3 && filled < rows && known == filled)
            found = check->fits[i].column;
    }
    free(ids);
    return found;
}

/* OV211 */
static enum ov_status no_parents(struct ov_check *check, struct ov_error *err)
{
    const struct ov_forest *forest = check->forest;
    (void)err;
    if (forest->count < 2 || check->facts.marker_met || check->facts.parent_column < 0 ||
        forest->name_count > forest->existing)
        return OV_OK;
    for (ov_node row = 0; row < forest->count; row++)
        if (forest->parent[row] != OV_NODE_NONE ||
            ov_forest_is(forest, row, OV_ROW_SELF | OV_ROW_BROKEN))
            return OV_OK;
    int column = column_of_ids(check);
    int field = ov_importer_kind(check->importer, OV_FIELD_PARENT);
    struct ov_item *item = ov_vet_header(check, OV_R211, column < 0 ? OV_INFO : OV_WARNING,
                                         column < 0 ? OV_M_NO_PARENTS : OV_M_NO_PARENTS_BUT,
                                         check->facts.parent_column, field);
    if (!item)
        return OV_OK;
    item->n = forest->count;
    if (column >= 0)
        item->value = check->headers[column];
    return OV_OK;
}

/* What merged cells leave: counts of groups and their rows. */
struct groups {
    size_t count;  /* groups whose first row alone names the parent */
    size_t rows;   /* rows without a parent below such a row */
    size_t tops;   /* all rows without a parent but the first */
    size_t shared; /* rows from the first group to the last whose parent another row names, too */
    ov_node first; /* the first of `rows` */
};

/* Whether every parent is above its rows: then the groups are those of one level after another, and
 * their rows may have children. */
static bool is_downward(const struct ov_forest *forest)
{
    for (ov_node row = 0; row < forest->count; row++)
        if (ov_node_is_row(forest->parent[row]) && forest->parent[row] >= row)
            return false;
    return true;
}

static bool is_follower(const struct ov_forest *forest, const uint32_t *children, bool downward,
                        ov_node row)
{
    return row < forest->count && ov_forest_is(forest, row, OV_ROW_TOP) &&
           (downward || children[row] == 0);
}

static struct groups find_groups(const struct ov_forest *forest, const uint32_t *children)
{
    struct groups groups = {.first = OV_NODE_NONE};
    size_t shared = 0; /* since the last group */
    bool downward = is_downward(forest);
    for (ov_node row = 1; row < forest->count; row++) {
        ov_node parent = forest->parent[row], below = 0;
        groups.tops += ov_forest_is(forest, row, OV_ROW_TOP);
        shared += ov_node_is_row(parent) && children[parent] > 1;
        if (!ov_node_is_row(parent) || children[parent] != 1 || (groups.count && parent + 1 == row))
            continue;
        while (is_follower(forest, children, downward, row + 1 + below))
            below++;
        if (!below)
            continue;
        if (groups.first == OV_NODE_NONE)
            groups.first = row + 1;
        else
            groups.shared += shared;
        shared = 0;
        groups.count++;
        groups.rows += below;
    }
    return groups;
}

/* OV212 */
static enum ov_status merged_cells(struct ov_check *check, struct ov_error *err)
{
    const struct ov_forest *forest = check->forest;
    if (forest->count < 6 || check->shape.roots < 4 || check->facts.parent_column < 0 ||
        ov_list_is_off(&check->list, OV_R212))
        return OV_OK;
    uint32_t *children = calloc(forest->count, sizeof *children);
    if (!children)
        return ov_fail_memory(err);
    for (ov_node row = 0; row < forest->count; row++)
        if (ov_node_is_row(forest->parent[row]))
            children[forest->parent[row]]++;
    struct groups groups = find_groups(forest, children);
    free(children);
    if (groups.count < 3 || groups.rows * 10 < groups.tops * 9 || groups.shared > groups.count / 4)
        return OV_OK;
    struct ov_item *item =
        ov_vet_node(check, OV_R212, OV_M_MERGED_CELLS, groups.first, OV_AT_PARENT);
    if (item)
        item->n = groups.rows;
    return OV_OK;
}

/* OV411 */
static void report_ambiguous(struct ov_check *check, ov_node row, ov_node first)
{
    enum { SHOWN = 8 };
    const struct ov_by_name *by_name = check->by_name;
    struct ov_item *item = ov_vet_node(check, OV_R411, OV_M_AMBIGUOUS_PARENT, row, OV_AT_PARENT);
    if (!item)
        return;
    item->value = ov_forest_name(check->forest, check->forest->parent[row]);
    item->n = by_name->same[first];
    item->detail = ov_list_detail(&check->list, item->n < SHOWN ? (size_t)item->n : SHOWN);
    if (!item->detail)
        return;
    for (ov_node same = first; same != OV_NODE_NONE && item->detail->related_count < SHOWN;
         same = by_name->next[same])
        relate(check, item, same, OV_AT_NAME, OV_N_SAME_NAME);
}

static enum ov_status ambiguous_parents(struct ov_check *check, struct ov_error *err)
{
    (void)err;
    for (ov_node row = 0; check->by_name && row < check->forest->count; row++) {
        ov_node first = ov_by_name_ambiguous(check->by_name, check->forest->parent[row]);
        if (first != OV_NODE_NONE)
            report_ambiguous(check, row, first);
    }
    return OV_OK;
}

/* OV412; the rows were found before the parents were resolved. */
static enum ov_status marker_is_id(struct ov_check *check, struct ov_error *err)
{
    (void)err;
    for (size_t i = 0; i < check->marker_count; i++) {
        struct ov_item *item = NULL;
        if (check->marker_uses[i].count && ov_node_is_row(check->marker_uses[i].row))
            item =
                ov_vet_node(check, OV_R412, OV_M_MARKER_IS_ID, check->marker_uses[i].row, OV_AT_ID);
        if (!item)
            continue;
        item->value = check->markers[i];
        item->n = check->marker_uses[i].count;
    }
    return OV_OK;
}

/* OV408: names are compared by 64-bit hashes, since keeping them would cost memory for every row;
 * two different names are mistaken for equal once in 2^64. The hashes have no key because they are
 * part of fingerprints. */

static bool same_sibling(void *ctx, ov_node a, ov_node b)
{
    const struct ov_check *check = ctx;
    return check->forest->parent[a] == check->forest->parent[b] &&
           check->names[a] == check->names[b];
}

/* The fingerprint is common to all siblings with this name, whatever their order: it is made from
 * their parent and their name. */
static bool note_siblings(struct ov_check *check, ov_node row, struct ov_item *item)
{
    ov_node parent = check->forest->parent[row];
    unsigned char name[8];
    char hex[33];
    for (int i = 0; i < 8; i++)
        name[i] = (unsigned char)(check->names[row] >> 8 * i);
    struct ov_digest *digest = ov_digest_new();
    if (!digest)
        return false;
    if (ov_node_is_row(parent))
        ov_digest_add(digest, ov_forest_id(check->forest, parent));
    else if (ov_node_is_name(parent))
        ov_digest_add(digest, ov_forest_name(check->forest, parent));
    ov_digest_add(digest, (struct ov_text){(const char *)name, sizeof name});
    ov_digest_hex(digest, hex);
    ov_digest_free(digest);
    item->detail->group = ov_list_keep(&check->list, ov_text_of(hex));
    return true;
}

static bool find_sibling_names(struct ov_check *check, struct alike *alike)
{
    const struct ov_forest *forest = check->forest;
    for (ov_node row = 0; row < forest->count; row++) {
        ov_node parent = forest->parent[row];
        if (check->names[row] == 0 || ov_forest_is_missing(forest, parent) ||
            ov_forest_is(forest, row, OV_ROW_BROKEN | OV_ROW_DUPLICATE | OV_ROW_SELF))
            continue;
        alike_note(alike, row, ov_hash_number(check->names[row] ^ ov_hash_number(parent)));
    }
    if (!alike_sort_out(alike, forest->count))
        return false;
    for (ov_node row = 0; row < forest->count; row++) {
        ov_node other =
            alike->hashes[row] ? alike_meet(alike, row, same_sibling, check) : OV_NODE_NONE;
        struct ov_item *item = NULL;
        if (other != OV_NODE_NONE)
            item = ov_vet_node(check, OV_R408, OV_M_SIBLING_NAME, row, OV_AT_NAME);
        if (!item)
            continue;
        relate_one(check, item, other, OV_AT_NAME, OV_N_SIBLING);
        if (item->detail && !note_siblings(check, row, item))
            return false;
    }
    return true;
}

static enum ov_status sibling_names(struct ov_check *check, struct ov_error *err)
{
    struct alike alike;
    if (check->facts.name_column < 0 || !check->facts.tree || ov_list_is_off(&check->list, OV_R408))
        return OV_OK;
    bool ok = alike_init(&alike, check->forest->count) && find_sibling_names(check, &alike);
    alike_deinit(&alike);
    return ok ? OV_OK : ov_fail_memory(err);
}

/* OV404 */

static int by_text(const void *a, const void *b)
{
    return ov_text_compare(*(const struct ov_text *)a, *(const struct ov_text *)b);
}

/* The identifiers of these rows, sorted; the texts are borrowed. The caller frees the array; NULL
 * when out of memory. */
static struct ov_text *sorted_ids(const struct ov_check *check, const ov_node *rows, size_t count)
{
    struct ov_text *ids = malloc(count * sizeof *ids);
    for (size_t i = 0; ids && i < count; i++)
        ids[i] = ov_forest_id(check->forest, rows[i]);
    if (ids)
        qsort(ids, count, sizeof *ids, by_text);
    return ids;
}

/* Stores in the finding a digest of all identifiers of the group, in sorted order. */
static bool digest(struct ov_check *check, const struct ov_cycle *cycle, struct ov_item *item)
{
    const ov_node *rows = check->cycles.rows + cycle->members;
    size_t count = cycle->member_count, in_order = 1; /* true of many files, and saves sorting */
    while (in_order < count && ov_text_compare(ov_forest_id(check->forest, rows[in_order - 1]),
                                               ov_forest_id(check->forest, rows[in_order])) <= 0)
        in_order++;
    struct ov_text *sorted = in_order < count ? sorted_ids(check, rows, count) : NULL;
    struct ov_digest *all = ov_digest_new();
    bool ok = all && (sorted || in_order == count);
    for (size_t i = 0; ok && i < count; i++) {
        ov_digest_add(all, sorted ? sorted[i] : ov_forest_id(check->forest, rows[i]));
        ov_digest_add(all, (struct ov_text){"", 1});
    }
    if (ok) {
        char hex[33];
        ov_digest_hex(all, hex);
        item->detail->group = ov_list_keep(&check->list, ov_text_of(hex));
    }
    ov_digest_free(all);
    free(sorted);
    return ok;
}

static bool report_cycle(struct ov_check *check, const struct ov_cycle *cycle)
{
    const ov_node *loop = check->cycles.rows + cycle->loop;
    struct ov_item *item = ov_vet_node(check, OV_R404, cycle->below ? OV_M_CYCLE_BELOW : OV_M_CYCLE,
                                       loop[0], OV_AT_PARENT);
    if (!item)
        return true;
    item->detail = ov_list_detail(&check->list, 0);
    if (!item->detail)
        return false;
    item->detail->loop = loop;
    item->detail->loop_count = cycle->loop_count;
    item->detail->minimal = cycle->minimal;
    item->detail->affected = cycle->rows + cycle->below;
    item->detail->cut_line = ov_places_get(&check->places, cycle->cut, OV_AT_PARENT).line;
    item->value = ov_forest_id(check->forest, loop[cycle->loop_count > 1 ? 1 : 0]);
    item->n = cycle->member_count;
    item->m = cycle->below;
    return digest(check, cycle, item);
}

static enum ov_status cycles(struct ov_check *check, struct ov_error *err)
{
    struct ov_cycles *found = &check->cycles;
    ov_node *cyclic = NULL;
    size_t cyclic_count = 0;
    if (!check->shape.loop_rows && !check->forest->duplicates)
        return OV_OK;
    enum ov_status status = ov_shape_sizes(&check->shape, check->forest, err);
    if (status == OV_OK)
        status = ov_cycles_find(found, check->forest, &check->shape, err);
    for (size_t i = 0; status == OV_OK && i < found->count; i++)
        if (!report_cycle(check, &found->items[i]))
            status = ov_fail_memory(err);
    if (status == OV_OK)
        status = ov_cycles_members(found, &cyclic, &cyclic_count, err);
    if (cyclic_count)
        ov_shape_levels(&check->shape, check->forest, cyclic, cyclic_count);
    free(cyclic);
    return status;
}

/* OV406: for the rows one level beyond the limit. */
static enum ov_status too_deep(struct ov_check *check, struct ov_error *err)
{
    (void)err;
    uint32_t limit = check->options.max_depth;
    if (check->shape.max_depth <= limit)
        return OV_OK;
    for (ov_node row = 0; row < check->forest->count; row++) {
        if (check->shape.depth[row] != limit + 1)
            continue;
        bool named = !ov_forest_is(check->forest, row, OV_ROW_ANONYMOUS);
        struct ov_item *item =
            ov_vet_node(check, OV_R406, named ? OV_M_TOO_DEEP : OV_M_ROW_TOO_DEEP, row, OV_AT_ID);
        if (!item)
            continue;
        item->value = item->id;
        item->n = limit + 1;
        item->m = limit;
    }
    return OV_OK;
}

/* OV407, listing the first top-level rows. */
static enum ov_status several_roots(struct ov_check *check, struct ov_error *err)
{
    (void)err;
    enum { SHOWN = 5 };
    if (check->shape.roots < 2)
        return OV_OK;
    struct ov_item *item = ov_vet_file(check, OV_R407, OV_M_SEVERAL_ROOTS);
    if (!item || !(item->detail = ov_list_detail(&check->list, SHOWN)))
        return OV_OK;
    item->n = check->shape.roots;
    for (ov_node row = 0; item->detail->related_count < SHOWN && row < check->forest->count; row++)
        if (ov_forest_is(check->forest, row, OV_ROW_TOP) &&
            !ov_forest_is(check->forest, row, OV_ROW_BROKEN | OV_ROW_DUPLICATE))
            relate(check, item, row, OV_AT_ID, OV_N_TOP_ROW);
    return OV_OK;
}

/* Levels and cycles are computed while another thread searches for rows that are alike: neither
 * changes the forest. */
struct find_shape {
    struct ov_check *check;
    enum ov_status status;
};

static void find_shape(void *ctx)
{
    struct find_shape *find = ctx;
    find->status = ov_shape_init(&find->check->shape, find->check->forest, NULL);
}

static const struct {
    unsigned when;
    enum ov_status (*run)(struct ov_check *check, struct ov_error *err);
} node_rules[] = {
#define OV_RULE_NODE(number, name, severity, when, function, summary) {when, function},
#include "finding/rules.def"
};

/* Runs the rules that need levels and cycles, or those that do not. */
static enum ov_status run_rules(struct ov_check *check, unsigned shape, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < sizeof node_rules / sizeof *node_rules && status == OV_OK; i++)
        if ((node_rules[i].when & OV_WHEN_SHAPE) == shape &&
            (check->facts.tree || !(node_rules[i].when & OV_WHEN_TREE)))
            status = node_rules[i].run(check, err);
    return status;
}

enum ov_status ov_rules_tree(struct ov_check *check, struct ov_error *err)
{
    struct find_shape find = {.check = check};
    struct ov_task task;
    ov_forest_resolve(check->forest);
    bool apart = check->options.threads > 1 && check->forest->count >= OV_THREAD_ROWS;
    ov_task_start(&task, find_shape, &find, apart);
    enum ov_status status = run_rules(check, 0, err);
    ov_task_wait(&task);
    if (status == OV_OK && find.status != OV_OK)
        status = ov_fail_memory(err);
    if (status == OV_OK)
        status = run_rules(check, OV_WHEN_SHAPE, err);
    /* findings.c reports how many rows an error prevents from being imported */
    if (status == OV_OK && ov_list_total(&check->list, OV_ERROR))
        status = ov_shape_sizes(&check->shape, check->forest, err);
    if (status == OV_OK)
        ov_shape_close_loops(&check->shape, check->forest);
    return status;
}
