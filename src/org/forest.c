/* org/forest.c: see forest.h. */
#include "org/forest.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"

enum { FAR_DELTA = UINT16_MAX, FIRST_SLOTS = 1024 };

void ov_forest_init(struct ov_forest *forest)
{
    *forest = (struct ov_forest){.hash_key = ov_hash_key()};
}

void ov_forest_deinit(struct ov_forest *forest)
{
    free(forest->key);
    free(forest->parent);
    free(forest->flags);
    free(forest->line);
    free(forest->offset);
    for (int cell = 0; cell < OV_ROW_CELLS; cell++) {
        free(forest->delta[cell]);
        free(forest->slack[cell]);
    }
    free(forest->name_hash);
    free(forest->far_cells);
    free(forest->epochs);
    free(forest->names);
    free(forest->slots);
    ov_keys_deinit(&forest->keys);
    *forest = (struct ov_forest){0};
}

/* Makes room for one more row in every array. */
static bool grow_rows(struct ov_forest *forest)
{
    if (forest->count < forest->capacity)
        return true;
    const struct {
        void *array;
        size_t size;
    } columns[] = {
        {&forest->key, sizeof *forest->key},
        {&forest->parent, sizeof *forest->parent},
        {&forest->flags, sizeof *forest->flags},
        {&forest->line, sizeof *forest->line},
        {&forest->offset, sizeof *forest->offset},
        {&forest->delta[0], sizeof **forest->delta},
        {&forest->delta[1], sizeof **forest->delta},
        {&forest->delta[2], sizeof **forest->delta},
        {&forest->slack[0], sizeof **forest->slack},
        {&forest->slack[1], sizeof **forest->slack},
        {&forest->slack[2], sizeof **forest->slack},
        {&forest->name_hash, sizeof *forest->name_hash},
    };
    size_t capacity = forest->capacity;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        capacity = forest->capacity;
        if (!ov_grow(columns[i].array, &capacity, (size_t)forest->count + 1, columns[i].size))
            return false;
    }
    forest->capacity = capacity;
    return true;
}

static uint32_t key_of(const struct ov_forest *forest, ov_node node)
{
    return ov_node_is_row(node) ? forest->key[node] : forest->names[node - OV_NODE_NAME].key;
}

/* The slot that holds a node with this text, or the free one where it belongs. */
static uint32_t *find_slot(const struct ov_forest *forest, struct ov_text text)
{
    size_t mask = forest->slot_count - 1;
    size_t at = ov_hash(text, forest->hash_key) & mask;
    while (forest->slots[at]) {
        uint32_t key = key_of(forest, forest->slots[at] - 1);
        if (ov_text_equal(ov_keys_get(&forest->keys, key), text))
            break;
        at = (at + 1) & mask;
    }
    return &forest->slots[at];
}

/* Puts a node that is not there yet into a table that has room. */
static void refill(struct ov_forest *forest, ov_node node)
{
    size_t mask = forest->slot_count - 1;
    struct ov_text text = ov_keys_get(&forest->keys, key_of(forest, node));
    size_t at = ov_hash(text, forest->hash_key) & mask;
    while (forest->slots[at])
        at = (at + 1) & mask;
    forest->slots[at] = node + 1;
}

/* Whether the row stands for its identifier in the table. */
static bool owns_slot(const struct ov_forest *forest, ov_node row)
{
    return !ov_forest_is(forest, row, OV_ROW_DUPLICATE | OV_ROW_FORWARD | OV_ROW_ANONYMOUS);
}

/* Makes room for two more identifiers: at most three quarters of the slots are used. */
static bool grow_slots(struct ov_forest *forest)
{
    if ((forest->slot_used + 2) * 4 <= forest->slot_count * 3)
        return true;
    size_t count = forest->slot_count ? forest->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(forest->slots);
    forest->slots = slots;
    forest->slot_count = count;
    for (ov_node row = 0; row < forest->count; row++)
        if (owns_slot(forest, row))
            refill(forest, row);
    for (uint32_t i = 0; i < forest->name_count; i++)
        if (!ov_node_is_row(forest->names[i].node))
            refill(forest, OV_NODE_NAME + i);
    return true;
}

static enum ov_status add_name(struct ov_forest *forest, struct ov_text text, ov_node node,
                               uint32_t *slot, struct ov_error *err)
{
    if (forest->name_count == OV_ROWS_MAX - 2)
        return ov_fail(err, OV_E_LIMIT, "more than %d different parents", OV_ROWS_MAX - 2);
    if (!ov_grow(&forest->names, &forest->name_capacity, (size_t)forest->name_count + 1,
                 sizeof *forest->names))
        return ov_fail_memory(err);
    struct ov_name *name = &forest->names[forest->name_count];
    enum ov_status status = ov_keys_put(&forest->keys, text, &name->key, err);
    if (status != OV_OK)
        return status;
    name->node = node;
    *slot = OV_NODE_NAME + forest->name_count++ + 1;
    forest->slot_used++;
    return OV_OK;
}

/* Interns the identifier of the row at index `row`. */
static enum ov_status add_id(struct ov_forest *forest, ov_node row, const struct ov_row *added,
                             ov_node *first, struct ov_error *err)
{
    uint32_t *slot = find_slot(forest, added->id);
    if (*slot == 0) {
        enum ov_status status = ov_keys_put(&forest->keys, added->id, &forest->key[row], err);
        if (status == OV_OK) {
            *slot = row + 1;
            forest->slot_used++;
        }
        return status;
    }
    ov_node there = *slot - 1;
    if (ov_node_is_name(there)) {
        forest->key[row] = forest->names[there - OV_NODE_NAME].key;
        forest->names[there - OV_NODE_NAME].node = row;
        *slot = row + 1;
    } else if (added->broken) { /* known already */
        forest->flags[row] |= OV_ROW_FORWARD;
        forest->key[row] = there;
    } else if (ov_forest_is(forest, there, OV_ROW_BROKEN)) { /* the sound row takes its place */
        forest->key[row] = forest->key[there];
        forest->flags[there] |= OV_ROW_FORWARD;
        forest->key[there] = row;
        *slot = row + 1;
    } else {
        forest->flags[row] |= OV_ROW_DUPLICATE;
        forest->flags[there] |= OV_ROW_REPEATED;
        forest->key[row] = there;
        *first = there;
    }
    return OV_OK;
}

static enum ov_status add_parent(struct ov_forest *forest, ov_node row, const struct ov_row *added,
                                 struct ov_error *err)
{
    if (added->parent.len == 0) {
        forest->flags[row] |= OV_ROW_TOP;
        return OV_OK;
    }
    if (ov_text_equal(added->parent, added->id)) {
        forest->flags[row] |= OV_ROW_SELF;
        if (ov_forest_is(forest, row, OV_ROW_DUPLICATE)) /* it hangs on the first row */
            forest->parent[row] = forest->key[row];
        return OV_OK;
    }
    uint32_t *slot = find_slot(forest, added->parent);
    if (*slot == 0) {
        enum ov_status status = add_name(forest, added->parent, OV_NODE_NONE, slot, err);
        if (status != OV_OK)
            return status;
    }
    forest->parent[row] = *slot - 1;
    return OV_OK;
}

static bool keep_place(struct ov_forest *forest, ov_node row, const struct ov_row *added, int cell)
{
    const struct ov_place *place = &added->cells[cell], *start = &added->start;
    uint64_t delta = place->byte_offset - start->byte_offset;
    forest->delta[cell][row] = 0;
    forest->slack[cell][row] = 0;
    if (place->line == 0)
        return true;
    if (place->line == start->line && delta < FAR_DELTA &&
        delta - (place->column - 1) <= UINT8_MAX) {
        forest->delta[cell][row] = (uint16_t)delta;
        forest->slack[cell][row] = (uint8_t)(delta - (place->column - 1));
        return true;
    }
    if (!ov_grow(&forest->far_cells, &forest->far_capacity, forest->far_count + 1,
                 sizeof *forest->far_cells))
        return false;
    forest->far_cells[forest->far_count++] = (struct ov_far_cell){row, (uint32_t)cell, *place};
    forest->delta[cell][row] = FAR_DELTA;
    return true;
}

static bool keep_start(struct ov_forest *forest, ov_node row, struct ov_place start)
{
    const uint64_t high = ~(uint64_t)UINT32_MAX;
    const struct ov_epoch *last =
        forest->epoch_count ? &forest->epochs[forest->epoch_count - 1] : NULL;
    struct ov_epoch epoch = {row, start.line & high, start.byte_offset & high};
    forest->line[row] = (uint32_t)start.line;
    forest->offset[row] = (uint32_t)start.byte_offset;
    if (last && last->line_high == epoch.line_high && last->offset_high == epoch.offset_high)
        return true;
    if (!ov_grow(&forest->epochs, &forest->epoch_capacity, forest->epoch_count + 1,
                 sizeof *forest->epochs))
        return false;
    forest->epochs[forest->epoch_count++] = epoch;
    return true;
}

enum ov_status ov_forest_add(struct ov_forest *forest, const struct ov_row *added, ov_node *first,
                             struct ov_error *err)
{
    enum ov_status status = OV_OK;
    *first = OV_NODE_NONE;
    if (forest->count == OV_ROWS_MAX)
        return ov_fail(err, OV_E_LIMIT, "more than %d rows", OV_ROWS_MAX);
    if (!grow_rows(forest) || !grow_slots(forest))
        return ov_fail_memory(err);
    ov_node row = forest->count;
    forest->key[row] = 0;
    forest->parent[row] = OV_NODE_NONE;
    forest->flags[row] = added->broken ? OV_ROW_BROKEN : 0;
    forest->name_hash[row] = added->name_hash;
    if (!keep_start(forest, row, added->start))
        return ov_fail_memory(err);
    for (int cell = 0; cell < OV_ROW_CELLS; cell++)
        if (!keep_place(forest, row, added, cell))
            return ov_fail_memory(err);
    if (added->id.len)
        status = add_id(forest, row, added, first, err);
    else
        forest->flags[row] |= OV_ROW_ANONYMOUS;
    if (status == OV_OK && !added->broken)
        status = add_parent(forest, row, added, err);
    if (status == OV_OK)
        forest->count++;
    return status;
}

enum ov_status ov_forest_add_existing(struct ov_forest *forest, struct ov_text id,
                                      struct ov_error *err)
{
    if (!grow_slots(forest))
        return ov_fail_memory(err);
    uint32_t *slot = find_slot(forest, id);
    return *slot ? OV_OK : add_name(forest, id, OV_NODE_EXISTING, slot, err);
}

/* The row that a row's identifier is known by now. */
static ov_node follow(const struct ov_forest *forest, ov_node row)
{
    while (ov_node_is_row(row) && ov_forest_is(forest, row, OV_ROW_FORWARD))
        row = forest->key[row];
    return row;
}

void ov_forest_resolve(struct ov_forest *forest)
{
    for (ov_node row = 0; row < forest->count; row++) {
        ov_node parent = forest->parent[row];
        if (ov_node_is_name(parent)) {
            ov_node node = forest->names[parent - OV_NODE_NAME].node;
            if (ov_node_is_row(node))
                parent = node;
        }
        forest->parent[row] = ov_node_is_row(parent) ? follow(forest, parent) : parent;
    }
    free(forest->slots);
    forest->slots = NULL;
    forest->slot_count = forest->slot_used = 0;
    forest->resolved = true;
}

ov_node ov_forest_first(const struct ov_forest *forest, ov_node row)
{
    return ov_forest_is(forest, row, OV_ROW_DUPLICATE) ? forest->key[row] : row;
}

struct ov_text ov_forest_id(const struct ov_forest *forest, ov_node row)
{
    row = follow(forest, ov_forest_first(forest, row));
    if (ov_forest_is(forest, row, OV_ROW_ANONYMOUS))
        return (struct ov_text){0};
    return ov_keys_get(&forest->keys, forest->key[row]);
}

struct ov_text ov_forest_name(const struct ov_forest *forest, ov_node name)
{
    return ov_keys_get(&forest->keys, forest->names[name - OV_NODE_NAME].key);
}

ov_node ov_forest_up(const struct ov_forest *forest, ov_node row)
{
    ov_node parent = forest->parent[row];
    if (!ov_node_is_row(parent) || ov_forest_is(forest, parent, OV_ROW_BROKEN))
        return OV_NODE_NONE;
    return parent;
}

static struct ov_epoch epoch_of(const struct ov_forest *forest, ov_node row)
{
    size_t at = forest->epoch_count - 1;
    while (at > 0 && forest->epochs[at].row > row)
        at--;
    return forest->epochs[at];
}

static struct ov_place far_place(const struct ov_forest *forest, ov_node row, enum ov_row_cell cell)
{
    size_t low = 0, high = forest->far_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ov_far_cell *far_cell = &forest->far_cells[middle];
        if (far_cell->row < row || (far_cell->row == row && far_cell->cell < (uint32_t)cell))
            low = middle + 1;
        else
            high = middle;
    }
    return forest->far_cells[low].place;
}

struct ov_place ov_forest_place(const struct ov_forest *forest, ov_node row, enum ov_row_cell cell)
{
    uint16_t delta = forest->delta[cell][row];
    if (delta == FAR_DELTA)
        return far_place(forest, row, cell);
    struct ov_epoch epoch = epoch_of(forest, row);
    return (struct ov_place){
        .line = epoch.line_high | forest->line[row],
        .column = (uint64_t)delta - forest->slack[cell][row] + 1,
        .byte_offset = (epoch.offset_high | forest->offset[row]) + delta,
    };
}
