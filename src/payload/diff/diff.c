/* payload/diff/diff.c: computes the changes between two snapshots, matching rows by identifier.
 * Linear. */
#include "payload/diff/diff.h"

#include <stdlib.h>

#include "base/error.h"
#include "vet/check_access.h"

static const uint32_t none = OV_NO_NODE;

bool ov_diff_field_differs(const struct ov_diff *diff, size_t i, const struct ov_kept *before,
                           const struct ov_kept *after)
{
    enum ov_field_kind kind = diff->after->importer->fields[i].kind;
    return kind != OV_FIELD_NAME && kind != OV_FIELD_PARENT &&
           !ov_text_equal(before->fields[i], after->fields[i]);
}

bool ov_diff_are_flags(const struct ov_field *field, struct ov_text before, struct ov_text after)
{
    return field->kind == OV_FIELD_FLAG && ov_field_accepts(OV_FIELD_FLAG, before) &&
           ov_field_accepts(OV_FIELD_FLAG, after);
}

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

static bool alloc_arrays(struct ov_diff *diff)
{
    size_t before = diff->before->count + (size_t)1, after = diff->after->count + (size_t)1;
    diff->now = malloc(before * sizeof *diff->now);
    diff->became = malloc(before * sizeof *diff->became);
    diff->was = malloc(after * sizeof *diff->was);
    diff->been = malloc(after * sizeof *diff->been);
    diff->changes = calloc(after, 1);
    return diff->now && diff->became && diff->was && diff->been && diff->changes;
}

static void match_ids(struct ov_diff *diff)
{
    struct ov_kept kept;
    for (uint32_t row = 0; row < diff->after->count; row++)
        diff->was[row] = diff->been[row] = none;
    for (uint32_t row = 0; row < diff->before->count; row++) {
        ov_snapshot_get(diff->before, row, &kept);
        diff->now[row] = ov_snapshot_find(diff->after, kept.id);
        diff->became[row] = none;
        if (diff->now[row] != none)
            diff->was[diff->now[row]] = row;
        else
            diff->summary.removed++;
    }
    diff->summary.added = diff->after->count - (diff->before->count - diff->summary.removed);
}

/* The identifier that the parent of a row of `before` has in `after`. */
static struct ov_text parent_now(const struct ov_diff *diff, uint32_t row,
                                 const struct ov_kept *before)
{
    uint32_t parent = diff->before->parent[row];
    struct ov_kept kept;
    if (parent == none || diff->became[parent] == none)
        return before->parent;
    ov_snapshot_get(diff->after, diff->became[parent], &kept);
    return kept.id;
}

/* Added rows indexed by place, that is by name and parent. */
struct places {
    uint32_t *slots; /* owned: open addressing, some row of each place + 1; 0: free */
    uint32_t *first; /* owned: per slot, the first unmatched row of that place + 1; 0: none */
    uint32_t *next;  /* owned: per row, the next one of its place + 1; 0: none */
    size_t mask;
};

static void places_deinit(struct places *places)
{
    free(places->slots);
    free(places->first);
    free(places->next);
}

/* The slot of a place, or the free one where it belongs. */
static size_t place_slot(const struct places *places, const struct ov_diff *diff,
                         struct ov_text name, struct ov_text parent)
{
    uint64_t key = diff->after->hash_key;
    uint64_t hash = ov_hash(name, key) ^ ov_hash_number(ov_hash(parent, key));
    size_t at = hash & places->mask;
    for (; places->slots[at]; at = (at + 1) & places->mask) {
        struct ov_kept kept;
        ov_snapshot_get(diff->after, places->slots[at] - 1, &kept);
        if (ov_text_equal(name_of(diff->after, &kept), name) && ov_text_equal(kept.parent, parent))
            break;
    }
    return at;
}

static bool places_init(struct places *places, const struct ov_diff *diff)
{
    size_t count = 16;
    while (count < diff->summary.added * 2)
        count *= 2;
    *places = (struct places){.slots = calloc(count, sizeof *places->slots),
                              .first = calloc(count, sizeof *places->first),
                              .next = calloc(diff->after->count, sizeof *places->next),
                              .mask = count - 1};
    if (!places->slots || !places->first || !places->next)
        return false;
    for (uint32_t row = diff->after->count; row-- > 0;) { /* keeps file order */
        struct ov_kept kept;
        if (diff->was[row] != none)
            continue;
        ov_snapshot_get(diff->after, row, &kept);
        size_t at = place_slot(places, diff, name_of(diff->after, &kept), kept.parent);
        places->slots[at] = row + 1;
        places->next[row] = places->first[at];
        places->first[at] = row + 1;
    }
    return true;
}

/* Removes and returns the first unmatched added row with this name and parent, or none. */
static uint32_t place_take(struct places *places, const struct ov_diff *diff, struct ov_text name,
                           struct ov_text parent)
{
    size_t at = place_slot(places, diff, name, parent);
    uint32_t found = places->first[at];
    if (!found)
        return none;
    places->first[at] = places->next[found - 1];
    return found - 1;
}

/* Matches each removed row with the added one that has the same name and parent, if any: it was
 * probably renumbered. Parents come first: their matches determine where children are searched.
 * False when out of memory. */
static bool match_places(struct ov_diff *diff)
{
    struct places places;
    if (!diff->summary.removed || !diff->summary.added)
        return true;
    bool ok = places_init(&places, diff);
    for (uint32_t i = 0; ok && i < diff->before->count; i++) {
        uint32_t row = diff->before->order[i];
        struct ov_kept kept;
        if (diff->now[row] != none)
            continue;
        ov_snapshot_get(diff->before, row, &kept);
        struct ov_text name = name_of(diff->before, &kept);
        if (name.len == 0)
            continue;
        uint32_t found = place_take(&places, diff, name, parent_now(diff, row, &kept));
        if (found == none)
            continue;
        diff->became[row] = found;
        diff->been[found] = row;
        diff->summary.renumbered++;
    }
    places_deinit(&places);
    return ok;
}

static void compare(struct ov_diff *diff)
{
    for (uint32_t row = 0; row < diff->after->count; row++) {
        struct ov_kept before, after;
        uint32_t was = diff->was[row];
        unsigned changes = 0;
        if (was == none)
            continue;
        ov_snapshot_get(diff->before, was, &before);
        ov_snapshot_get(diff->after, row, &after);
        if (before.broken || after.broken)
            continue; /* only its identifier is known */
        if (!ov_text_equal(name_of(diff->before, &before), name_of(diff->after, &after)))
            changes |= OV_CHANGE_NAME;
        if (!ov_text_equal(before.parent, after.parent) &&
            !ov_text_equal(parent_now(diff, was, &before), after.parent))
            changes |= OV_CHANGE_PARENT; /* renumbering a parent does not move its children */
        for (size_t i = 0; i < diff->after->importer->field_count; i++)
            if (ov_diff_field_differs(diff, i, &before, &after))
                changes |= OV_CHANGE_FIELDS;
        diff->changes[row] = (uint8_t)changes;
        diff->summary.renamed += (changes & OV_CHANGE_NAME) != 0;
        diff->summary.moved += (changes & OV_CHANGE_PARENT) != 0;
        diff->summary.changed += (changes & OV_CHANGE_FIELDS) != 0;
    }
    /* count rows in moved subtrees once each: parents come first in the order */
    for (uint32_t i = 0; i < diff->after->count; i++) {
        uint32_t row = diff->after->order[i], parent = diff->after->parent[row];
        enum { MOVED = 128 };
        if (diff->changes[row] & OV_CHANGE_PARENT ||
            (parent != none && diff->changes[parent] & MOVED)) {
            diff->changes[row] |= MOVED;
            diff->summary.moved_rows++;
        }
    }
}

struct ov_diff *ov_diff_new(const struct ov_snapshot *before, const struct ov_snapshot *after,
                            struct ov_error *err)
{
    struct ov_diff *diff = NULL;
    if (before->importer && after->importer && before->importer != after->importer) {
        ov_fail(err, OV_E_OPTION, "%s and %s cannot be compared",
                ov_importer_name(before->importer), ov_importer_name(after->importer));
        return NULL;
    }
    diff = calloc(1, sizeof *diff);
    if (diff) {
        diff->before = before;
        diff->after = after;
    }
    if (!diff || !alloc_arrays(diff)) {
        ov_diff_free(diff);
        ov_fail_memory(err);
        return NULL;
    }
    match_ids(diff);
    if (!match_places(diff)) {
        ov_diff_free(diff);
        ov_fail_memory(err);
        return NULL;
    }
    compare(diff);
    return diff;
}

void ov_diff_free(struct ov_diff *diff)
{
    if (!diff)
        return;
    free(diff->now);
    free(diff->became);
    free(diff->was);
    free(diff->been);
    free(diff->changes);
    free(diff);
}

struct ov_diff_summary ov_diff_summary(const struct ov_diff *diff)
{
    return diff->summary;
}

bool ov_diff_format_find(struct ov_text name, enum ov_diff_format *format)
{
    static const char *const names[] = {"text", "json", "markdown"};
    for (int i = 0; i < 3; i++) {
        if (ov_text_equal(name, ov_text_of(names[i]))) {
            *format = (enum ov_diff_format)i;
            return true;
        }
    }
    return false;
}

void ov_diff_flush(struct ov_diff_out *out, bool all)
{
    enum { LARGE = 64 * 1024 };
    if (out->status == OV_OK && out->buf.failed)
        out->status = ov_fail_memory(out->err);
    if (out->status == OV_OK && out->buf.len && (all || out->buf.len >= LARGE))
        out->status = out->sink->write(out->sink->ctx, out->buf.ptr, out->buf.len, out->err);
    if (all || out->buf.len >= LARGE)
        out->buf.len = 0;
}

enum ov_status ov_diff_write(const struct ov_diff *diff, enum ov_diff_format format,
                             enum ov_language language, struct ov_text before, struct ov_text after,
                             const struct ov_sink *sink, struct ov_error *err)
{
    struct ov_diff_out out = {.diff = diff, .sink = sink, .language = language, .err = err};
    out.json.out = &out.buf;
    switch (format) {
    case OV_DIFF_TEXT: ov_diff_text(&out, before, after); break;
    case OV_DIFF_JSON: ov_diff_json(&out, before, after); break;
    case OV_DIFF_MARKDOWN: ov_diff_markdown(&out, before, after); break;
    }
    ov_diff_flush(&out, true);
    ov_buf_deinit(&out.buf);
    return out.status;
}

static struct ov_text word_of(enum ov_budget_kind kind)
{
    return kind == OV_BUDGET_REMOVED ? OV_TEXT("removed")
           : kind == OV_BUDGET_MOVED ? OV_TEXT("moved")
                                     : OV_TEXT("renamed");
}

bool ov_diff_is_over(const struct ov_diff *diff, const struct ov_budget *budget, uint64_t *count,
                     uint64_t *limit)
{
    const struct ov_diff_summary *summary = &diff->summary;
    *count = budget->kind == OV_BUDGET_REMOVED ? summary->removed
             : budget->kind == OV_BUDGET_MOVED ? summary->moved
                                               : summary->renamed;
    double most = budget->percent ? budget->most / 100 * diff->before->count : budget->most;
    *limit = most < (double)OV_ROWS_MAX ? (uint64_t)most : OV_ROWS_MAX;
    return *count > *limit;
}

enum ov_status ov_check_add_budget(struct ov_check *check, const struct ov_diff *diff,
                                   const struct ov_budget *budget, struct ov_text before,
                                   struct ov_error *err)
{
    static const enum ov_message messages[] = {[OV_BUDGET_REMOVED] = OV_M_OVER_REMOVED,
                                               [OV_BUDGET_MOVED] = OV_M_OVER_MOVED,
                                               [OV_BUDGET_RENAMED] = OV_M_OVER_RENAMED};
    uint64_t count, limit;
    if (!ov_check_facts(check)->finished)
        return ov_fail(err, OV_E_STATE, "changes can only be counted after the check is finished");
    return ov_diff_is_over(diff, budget, &count, &limit)
               ? ov_check_add_finding(check, OV_R501, messages[budget->kind], count, limit,
                                      word_of(budget->kind), before, err)
               : OV_OK;
}
