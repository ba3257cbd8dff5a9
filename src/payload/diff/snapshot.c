/* payload/diff/snapshot.c: see snapshot.h. */
#include "payload/diff/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "payload/reread/payload_reader.h"
#include "payload/emit/importable.h"
#include "vet/check_access.h"

void ov_snapshot_get(const struct ov_snapshot *snapshot, uint32_t row, struct ov_kept *kept)
{
    size_t at = snapshot->at[row];
    kept->broken = snapshot->broken[row];
    kept->id = ov_string_pack_take(&snapshot->texts, &at);
    kept->parent = ov_string_pack_take(&snapshot->texts, &at);
    for (size_t i = 0; i < snapshot->importer->field_count; i++)
        kept->fields[i] = ov_string_pack_take(&snapshot->texts, &at);
}

static struct ov_text id_of(const struct ov_snapshot *snapshot, uint32_t row)
{
    size_t at = snapshot->at[row];
    return ov_string_pack_take(&snapshot->texts, &at);
}

/* The slot of an identifier, or the free one where it belongs. */
static size_t slot_of(const struct ov_snapshot *snapshot, struct ov_text id)
{
    size_t at = ov_hash(id, snapshot->hash_key) & snapshot->mask;
    while (snapshot->slots[at] && !ov_text_equal(id_of(snapshot, snapshot->slots[at] - 1), id))
        at = (at + 1) & snapshot->mask;
    return at;
}

uint32_t ov_snapshot_find(const struct ov_snapshot *snapshot, struct ov_text id)
{
    if (!snapshot->slots || id.len == 0)
        return OV_NO_NODE;
    uint32_t found = snapshot->slots[slot_of(snapshot, id)];
    return found ? found - 1 : OV_NO_NODE;
}

static bool grow_slots(struct ov_snapshot *snapshot)
{
    size_t count = snapshot->slots ? (snapshot->mask + 1) * 2 : 1024;
    if (snapshot->slots && snapshot->count < count / 4)
        return true;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(snapshot->slots);
    snapshot->slots = slots;
    snapshot->mask = count - 1;
    for (uint32_t row = 0; row < snapshot->count; row++)
        slots[slot_of(snapshot, id_of(snapshot, row))] = row + 1;
    return true;
}

/* Adds a copy of a row, or counts it as left out if it has no identifier or a duplicate one.
 * OV_E_LIMIT when there are too many rows, or OV_E_MEMORY. */
static enum ov_status add_row(struct ov_snapshot *snapshot, const struct ov_kept *kept,
                              struct ov_error *err)
{
    if (kept->id.len == 0 || ov_snapshot_find(snapshot, kept->id) != OV_NO_NODE) {
        snapshot->unnamed++;
        return OV_OK;
    }
    if (snapshot->count == OV_ROWS_MAX)
        return ov_fail(err, OV_E_LIMIT, "more than %d rows", OV_ROWS_MAX);
    if (!grow_slots(snapshot) ||
        !ov_grow(&snapshot->at, &snapshot->capacity, snapshot->count + (size_t)1,
                 sizeof *snapshot->at) ||
        !ov_grow(&snapshot->broken, &snapshot->broken_capacity, snapshot->count + (size_t)1, 1))
        return ov_fail_memory(err);
    snapshot->broken[snapshot->count] = kept->broken;
    snapshot->at[snapshot->count] = snapshot->texts.len;
    bool ok = ov_string_pack_put(&snapshot->texts, kept->id) &&
              ov_string_pack_put(&snapshot->texts, kept->parent);
    for (size_t i = 0; ok && i < snapshot->importer->field_count; i++)
        ok = ov_string_pack_put(&snapshot->texts, kept->fields[i]);
    if (!ok)
        return ov_fail_memory(err);
    snapshot->count++;
    snapshot->slots[slot_of(snapshot, kept->id)] = snapshot->count;
    return OV_OK;
}

static enum ov_status on_row(void *ctx, const struct ov_record *record,
                             const struct ov_values *values, struct ov_error *err)
{
    struct ov_snapshot *snapshot = ctx;
    struct ov_kept kept = {.id = values->id, .parent = values->parent};
    (void)record;
    kept.broken = ov_forest_is(ov_check_forest(snapshot->check), values->node, OV_ROW_BROKEN);
    if (ov_forest_is(ov_check_forest(snapshot->check), values->node, OV_ROW_SELF) &&
        !ov_forest_is(ov_check_forest(snapshot->check), values->node, OV_ROW_DUPLICATE))
        kept.parent = values->id; /* it is not a top-level row, although it has no parent node */
    for (size_t i = 0; i < snapshot->importer->field_count; i++) {
        kept.fields[i] = values->fields[i];
        if (snapshot->importer->fields[i].kind == OV_FIELD_FLAG && kept.fields[i].len == 0)
            kept.fields[i] = OV_TEXT("0");
    }
    return add_row(snapshot, &kept, err);
}

static enum ov_status on_item(void *ctx, const struct ov_kept *kept, struct ov_error *err)
{
    return add_row(ctx, kept, err);
}

static enum ov_status start_reading(struct ov_snapshot *snapshot, struct ov_error *err)
{
    snapshot->hash_key = ov_hash_key();
    if (!snapshot->check) {
        snapshot->items = ov_payload_reader_new(&snapshot->importer, on_item, snapshot, err);
        return snapshot->items ? OV_OK : OV_E_MEMORY;
    }
    if (!ov_check_facts(snapshot->check)->bound ||
        ov_importable_file_error(snapshot->check, OV_R301))
        return ov_fail(err, OV_E_OPTION,
                       "cannot compare: the columns are invalid; run `orgvet check` to see why");
    snapshot->importer = ov_check_binding(snapshot->check)->importer;
    return ov_rows_init(&snapshot->rows, snapshot->check, on_row, snapshot, err);
}

static struct ov_snapshot *new_snapshot(const struct ov_check *check,
                                        const struct ov_importer *importer, struct ov_error *err)
{
    struct ov_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot) {
        ov_fail_memory(err);
        return NULL;
    }
    snapshot->check = check;
    snapshot->importer = importer;
    if (start_reading(snapshot, err) != OV_OK) {
        ov_snapshot_free(snapshot);
        return NULL;
    }
    return snapshot;
}

struct ov_snapshot *ov_snapshot_new(const struct ov_check *check, struct ov_error *err)
{
    return new_snapshot(check, NULL, err);
}

struct ov_snapshot *ov_snapshot_of_payload(const struct ov_importer *importer, struct ov_error *err)
{
    return new_snapshot(NULL, importer, err);
}

void ov_snapshot_free(struct ov_snapshot *snapshot)
{
    if (!snapshot)
        return;
    ov_rows_deinit(&snapshot->rows);
    ov_payload_reader_free(snapshot->items);
    ov_string_pack_deinit(&snapshot->texts);
    free(snapshot->at);
    free(snapshot->broken);
    free(snapshot->slots);
    free(snapshot->parent);
    free(snapshot->size);
    free(snapshot->order);
    free(snapshot);
}

enum ov_status ov_snapshot_feed(struct ov_snapshot *snapshot, const void *bytes, size_t len,
                                struct ov_error *err)
{
    return snapshot->items ? ov_payload_reader_feed(snapshot->items, bytes, len, err)
                           : ov_rows_feed(&snapshot->rows, bytes, len, err);
}

uint64_t ov_snapshot_size(const struct ov_snapshot *snapshot)
{
    return snapshot->texts.capacity + snapshot->mask * sizeof *snapshot->slots +
           snapshot->capacity * (sizeof *snapshot->at + 3 * sizeof(uint32_t));
}

uint64_t ov_snapshot_rows(const struct ov_snapshot *snapshot)
{
    return snapshot->count;
}

uint64_t ov_snapshot_left_out(const struct ov_snapshot *snapshot)
{
    return snapshot->unnamed;
}

/* Resolves parents, orders the rows and sums up sizes: leaves are removed repeatedly and fill the
 * order from its end. */
static enum ov_status link_rows(struct ov_snapshot *snapshot, struct ov_error *err)
{
    uint32_t count = snapshot->count;
    uint32_t *children = calloc((size_t)count + 1, sizeof *children);
    snapshot->parent = calloc((size_t)count + 1, sizeof *snapshot->parent);
    snapshot->size = calloc((size_t)count + 1, sizeof *snapshot->size);
    snapshot->order = calloc((size_t)count + 1, sizeof *snapshot->order);
    if (!children || !snapshot->parent || !snapshot->size || !snapshot->order) {
        free(children);
        return ov_fail_memory(err);
    }
    for (uint32_t row = 0; row < count; row++) {
        struct ov_kept kept;
        ov_snapshot_get(snapshot, row, &kept);
        snapshot->parent[row] = ov_snapshot_find(snapshot, kept.parent);
        if (snapshot->parent[row] == row)
            snapshot->parent[row] = OV_NO_NODE;
        snapshot->size[row] = 1;
        if (snapshot->parent[row] != OV_NO_NODE)
            children[snapshot->parent[row]]++;
    }
    const uint32_t peeled = UINT32_MAX;
    uint32_t at = count; /* removed rows fill the order from its end: leaves last */
    for (uint32_t start = count; start-- > 0;) {
        for (uint32_t row = start; row != OV_NO_NODE && children[row] == 0;) {
            uint32_t parent = snapshot->parent[row];
            children[row] = peeled;
            snapshot->order[--at] = row;
            if (parent != OV_NO_NODE) {
                snapshot->size[parent] += snapshot->size[row];
                children[parent]--;
            }
            row = parent;
        }
    }
    for (uint32_t row = count; row-- > 0;) /* rows on cycles come first */
        if (children[row] != peeled)
            snapshot->order[--at] = row;
    free(children);
    return OV_OK;
}

enum ov_status ov_snapshot_finish(struct ov_snapshot *snapshot, struct ov_error *err)
{
    enum ov_status status = snapshot->items ? ov_payload_reader_finish(snapshot->items, err)
                                            : ov_rows_finish(&snapshot->rows, err);
    if (status == OV_OK && snapshot->count == 0 && snapshot->unnamed)
        status = ov_fail(err, OV_E_OPTION, "cannot compare: no row has an identifier");
    return status == OV_OK ? link_rows(snapshot, err) : status;
}
