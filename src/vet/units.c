/* vet/units.c: see units.h. */
#include "vet/units.h"

#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/search.h"
#include "base/unicode.h"

enum {
    FIRST_SLOTS = 1024,
    UNSETTLED_MOST = 32,
};

void ov_units_deinit(struct ov_units *units)
{
    ov_buf_deinit(&units->names);
    free(units->items);
    free(units->origins);
    free(units->slots);
    ov_key_filter_deinit(&units->seen);
    free(units->of_row);
    free(units->leaf_hashes);
    free(units->leaf_slots);
    free(units->path);
    free(units->hashes);
    free(units->open);
    free(units->name_hashes);
    free(units->sorted_hashes);
    free(units->left);
    *units = (struct ov_units){0};
}

/* --- the tree of names --- */

struct ov_text ov_units_name(const struct ov_units *units, size_t index)
{
    uint64_t at = units->items[index].name_at;
    uint64_t end = index + 1 < units->count ? units->items[index + 1].name_at : units->names.len;
    return (struct ov_text){units->names.ptr + at, (size_t)(end - at)};
}

static uint64_t hash_below(const struct ov_units *units, uint32_t above, struct ov_text name)
{
    return ov_hash(name, above == OV_UNIT_NONE ? 0 : units->items[above].hash);
}

/* Where a hash belongs in the filter and the tables: its key. */
static uint64_t key_of(const struct ov_units *units, uint64_t hash)
{
    return ov_hash_number(hash ^ units->hash_key);
}

/* Where a unit belongs: the slots from `at` on. */
struct place_of {
    size_t at;
    uint32_t tag;
};

static struct place_of place_of(const struct ov_units *units, uint64_t key)
{
    return (struct place_of){.at = ov_key_spread(key, units->slot_count), .tag = (uint32_t)key};
}

static size_t next_of(size_t at, size_t count)
{
    return at + 1 == count ? 0 : at + 1;
}

/* How many there will be if there are as many a row as so far; 0: unknown. */
static uint64_t likely(const struct ov_units *units, uint64_t count)
{
    return (uint64_t)((double)units->expected / (double)(units->row_count + 1) * (double)count);
}

/* --- the filter --- */

/* Most units are new. So that a new one need not wait for its slot, which is seldom in a cache, a
 * filter tells it, and it is put into the slot once that was fetched. */

static bool is_leaf(const struct ov_units *units, size_t row)
{
    return units->of_row[row] & OV_UNIT_LEAF;
}

/* Adds a key to the filter. */
static bool see(struct ov_units *units, uint64_t key)
{
    struct ov_key_filter *seen = &units->seen;
    if (ov_key_filter_is_full(seen)) {
        if (!ov_key_filter_grow(seen, likely(units, seen->keys)))
            return false;
        for (size_t i = 1; i < units->count; i++)
            ov_key_filter_add(seen, key_of(units, units->items[i].hash));
        for (size_t row = 0; row < units->leaf_count; row++)
            if (is_leaf(units, row))
                ov_key_filter_add(seen, key_of(units, units->leaf_hashes[row]));
    }
    ov_key_filter_add(seen, key);
    return true;
}

/* --- the table --- */

/* Puts the units that were added since into the table. */
static void settle(struct ov_units *units)
{
    for (; units->settled < units->count; units->settled++) {
        struct place_of place = place_of(units, key_of(units, units->items[units->settled].hash));
        while (units->slots[place.at].unit) /* all are different, but for units of their own */
            place.at = next_of(place.at, units->slot_count);
        units->slots[place.at] = (struct ov_unit_slot){(uint32_t)units->settled, place.tag};
    }
}

/* Whether a table with so many slots is too full for so many units. */
static bool is_full(size_t slots, uint64_t units)
{
    return units > slots / 3 * 2;
}

/* Half as many slots more; up to 32 times as many if that many units are likely. */
static size_t more_slots(const struct ov_units *units)
{
    size_t count = units->slot_count + units->slot_count / 2, most = units->slot_count * 32;
    while (count < most && is_full(count, likely(units, units->count)))
        count += count / 2;
    return count;
}

static bool grow_slots(struct ov_units *units)
{
    size_t count = units->slot_count ? more_slots(units) : FIRST_SLOTS;
    struct ov_unit_slot *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    ov_mem_use_huge_pages(slots, count * sizeof *slots);
    free(units->slots);
    units->slots = slots;
    units->slot_count = count;
    units->settled = 1;
    settle(units);
    return true;
}

/* To be called before anything else. */
static bool start(struct ov_units *units)
{
    if (units->slot_count)
        return true;
    units->hash_key = ov_hash_key();
    units->count = 1; /* OV_UNIT_NONE */
    return ov_key_filter_grow(&units->seen, 0) && grow_slots(units);
}

/* Adds a unit; hash: of its path, and of its identifier where it is a unit of its own. */
static bool add_unit(struct ov_units *units, uint32_t above, struct ov_text name, uint64_t hash,
                     uint32_t *index)
{
    uint64_t key = key_of(units, hash);
    if (units->count >= OV_ROWS_MAX ||
        !ov_grow_towards(&units->items, &units->capacity, units->count + 1,
                         likely(units, units->count), sizeof *units->items))
        return false;
    struct ov_unit *unit = &units->items[units->count];
    *unit = (struct ov_unit){
        .name_at = units->names.len, .hash = hash, .above = above, .row = OV_NODE_NONE};
    ov_buf_text(&units->names, name);
    if (units->names.failed || !see(units, key))
        return false;
    __builtin_prefetch(&units->slots[place_of(units, key).at], 1);
    *index = (uint32_t)units->count++;
    if (is_full(units->slot_count, units->count))
        return grow_slots(units);
    if (units->count - units->settled == UNSETTLED_MOST)
        settle(units);
    return true;
}

static bool is_unit(const struct ov_units *units, size_t index, uint64_t hash, uint32_t above,
                    struct ov_text name)
{
    const struct ov_unit *unit = &units->items[index];
    return unit->hash == hash && unit->above == above &&
           ov_text_equal(ov_units_name(units, index), name);
}

/* The unit with this name below another; OV_UNIT_NONE: there is none. */
static uint32_t find_unit(const struct ov_units *units, uint32_t above, struct ov_text name,
                          uint64_t hash)
{
    struct place_of place = place_of(units, key_of(units, hash));
    const struct ov_unit_slot *slot = &units->slots[place.at];
    while (slot->unit) {
        if (slot->tag == place.tag && is_unit(units, slot->unit, hash, above, name))
            return slot->unit;
        place.at = next_of(place.at, units->slot_count);
        slot = &units->slots[place.at];
    }
    for (size_t i = units->settled; i < units->count; i++)
        if (is_unit(units, i, hash, above, name))
            return (uint32_t)i;
    return OV_UNIT_NONE;
}

/* --- leaves --- */

/* A leaf is known by the 64-bit hash of its path and the unit above it: two are mistaken for the
 * same once in 2^64, as are the names of siblings. Where a later row or part of a path may be a
 * leaf, a unit is added for it; whether it is the leaf's is looked up once all rows were read, or
 * at once for a row without an identifier, which may be the same. */

static bool put_leaves(struct ov_units *units)
{
    size_t count = units->leaf_count * 2;
    units->leaf_slots = calloc(count, sizeof *units->leaf_slots);
    if (!units->leaf_slots)
        return false;
    units->leaf_slot_count = count;
    for (size_t row = 0; row < units->leaf_count; row++) {
        if (!is_leaf(units, row))
            continue;
        size_t at = ov_key_spread(key_of(units, units->leaf_hashes[row]), count);
        while (units->leaf_slots[at])
            at = next_of(at, count);
        units->leaf_slots[at] = (uint32_t)row + 1;
    }
    return true;
}

/* Makes a leaf a row of the unit that it is. */
static void join_leaf(struct ov_units *units, ov_node row, uint32_t unit)
{
    units->of_row[row] = unit;
    if (row < units->items[unit].row) /* OV_NODE_NONE is greater */
        units->items[unit].row = row;
}

/* Joins the leaf that is this unit, if there is one; no more will come. */
static bool join_leaf_of(struct ov_units *units, uint32_t index)
{
    const struct ov_unit *unit = &units->items[index];
    units->leaves_ended = true;
    if (units->leaf_count == 0)
        return true;
    if (!units->leaf_slots && !put_leaves(units))
        return false;
    size_t count = units->leaf_slot_count;
    size_t at = ov_key_spread(key_of(units, unit->hash), count);
    for (; units->leaf_slots[at]; at = next_of(at, count)) {
        ov_node row = units->leaf_slots[at] - 1;
        if (units->of_row[row] == (unit->above | OV_UNIT_LEAF) &&
            units->leaf_hashes[row] == unit->hash)
            join_leaf(units, row, index);
    }
    return true;
}

/* Joins the leaves that turned out to be units. */
static void join_leaves(struct ov_units *units)
{
    units->leaves_ended = true;
    settle(units);
    for (size_t row = 0; row < units->leaf_count && units->leaves_met; row++) {
        if (!is_leaf(units, row))
            continue;
        uint64_t hash = units->leaf_hashes[row];
        struct place_of place = place_of(units, key_of(units, hash));
        for (; units->slots[place.at].unit; place.at = next_of(place.at, units->slot_count)) {
            uint32_t index = units->slots[place.at].unit;
            const struct ov_unit *unit = &units->items[index];
            if (unit->hash != hash || unit->above != (units->of_row[row] & ~OV_UNIT_LEAF))
                continue;
            join_leaf(units, (ov_node)row, index);
            break;
        }
    }
}

/* What a unit is looked for as. A parent is usually known, a row is not. */
enum unit_use {
    AS_PARENT,
    AS_ROW,
    AS_LEAF, /* a row that may be a leaf */
};

/* The unit with this name, whose path has this hash, below another; it is added if there is none,
 * or becomes a leaf if it may. */
static bool unit_below(struct ov_units *units, uint32_t above, struct ov_text name, uint64_t hash,
                       enum unit_use use, uint32_t *index)
{
    bool known = use == AS_PARENT || ov_key_filter_may_have(&units->seen, key_of(units, hash));
    *index = known ? find_unit(units, above, name, hash) : OV_UNIT_NONE;
    if (*index != OV_UNIT_NONE)
        return true;
    if (!known && use == AS_LEAF && !units->leaves_ended) {
        *index = above | OV_UNIT_LEAF;
        units->leaf_hash = hash;
        return see(units, key_of(units, hash));
    }
    units->leaves_met |=
        units->leaf_count && ov_key_filter_may_have(&units->seen, key_of(units, hash));
    return add_unit(units, above, name, hash, index);
}

/* --- rows --- */

/* Notes that a row is below a unit, which it names in this part. */
static bool note_origin(struct ov_units *units, uint32_t unit, const struct ov_read_row *row,
                        const struct ov_path_part *part)
{
    if (units->items[unit].origin || units->items[unit].row != OV_NODE_NONE)
        return true;
    size_t count = units->origin_count ? units->origin_count : 1;
    if (!ov_grow(&units->origins, &units->origin_capacity, count + 1, sizeof *units->origins))
        return false;
    units->origins[count] =
        (struct ov_unit_origin){ov_place_in_cell(row->source, part->cell, part->offset),
                                (uint32_t)part->cell, (uint32_t)row->record.row};
    units->items[unit].origin = (uint32_t)count;
    units->origin_count = count + 1;
    return true;
}

bool ov_units_begin(struct ov_units *units, const struct ov_layout *layout,
                    const struct ov_read_row *row)
{
    size_t common = 0;
    if (!start(units))
        return false;
    if (layout->parents == OV_PARENTS_OUTLINE || (row->again && units->path_count))
        return true;
    while (common < row->part_count && common < units->path_count &&
           ov_text_equal(ov_units_name(units, units->path[common]), row->parts[common].name))
        common++;
    if (!ov_grow(&units->hashes, &units->hash_capacity, row->part_count, sizeof *units->hashes) ||
        !ov_grow(&units->path, &units->path_capacity, row->part_count, sizeof *units->path))
        return false;
    uint64_t hash = common ? units->items[units->path[common - 1]].hash : 0;
    for (size_t i = common; i < row->part_count; i++)
        units->hashes[i] = hash = ov_hash(row->parts[i].name, hash);
    units->path_count = common;
    uint64_t key = key_of(units, hash);
    __builtin_prefetch(ov_key_filter_word(&units->seen, key), 1);
    if (units->leaves_ended)
        __builtin_prefetch(&units->slots[place_of(units, key).at], 1);
    return true;
}

/* The unit of a path, of which path_count units are known from the row before. */
static bool find_by_path(struct ov_units *units, const struct ov_read_row *row, enum unit_use use,
                         uint32_t *unit)
{
    *unit = units->path_count ? units->path[units->path_count - 1] : OV_UNIT_NONE;
    for (size_t i = units->path_count; i < row->part_count; i++) {
        const struct ov_path_part *part = &row->parts[i];
        if (i > 0 && !note_origin(units, *unit, row, part - 1))
            return false;
        if (!unit_below(units, *unit, part->name, units->hashes[i],
                        i + 1 < row->part_count ? AS_PARENT : use, unit))
            return false;
        if (*unit & OV_UNIT_LEAF)
            return true;
        units->path[i] = *unit;
        units->path_count = i + 1;
    }
    return true;
}

/* The name of its own that a row has, if that is not the end of the path: that of a unit below it.
 * Empty: none. */
static struct ov_text own_name(const struct ov_layout *layout, const struct ov_read_row *row)
{
    size_t column = (size_t)layout->name_column;
    if (!layout->own_names || column >= row->record.kept)
        return (struct ov_text){0};
    struct ov_text name = ov_unicode_trim(row->record.cells[column].text);
    bool ends = row->part_count && ov_text_equal(name, row->parts[row->part_count - 1].name);
    if (ends)
        name.len = 0;
    return name;
}

static bool find_by_names(struct ov_units *units, const struct ov_layout *layout,
                          const struct ov_read_row *row, enum unit_use use, uint32_t *unit)
{
    struct ov_text own = own_name(layout, row);
    if (!find_by_path(units, row, own.len ? AS_PARENT : use, unit))
        return false;
    if (own.len == 0)
        return true;
    return (row->part_count == 0 ||
            note_origin(units, *unit, row, &row->parts[row->part_count - 1])) &&
           unit_below(units, *unit, own, hash_below(units, *unit, own), use, unit);
}

/* A row of an outline is below the last one that is less deep. One with an identifier is a unit of
 * its own, whatever its name. */
static bool find_by_depth(struct ov_units *units, const struct ov_read_row *row, struct ov_text id,
                          uint32_t *unit)
{
    *unit = OV_UNIT_NONE;
    if (row->part_count == 0 || row->gap >= 0)
        return true;
    while (units->open_count && units->open[units->open_count - 1].depth >= row->depth)
        units->open_count--;
    uint32_t above = units->open_count ? units->open[units->open_count - 1].unit : OV_UNIT_NONE;
    struct ov_text name = row->parts[0].name;
    uint64_t hash = hash_below(units, above, name);
    units->own |= id.len > 0;
    bool fine = id.len ? add_unit(units, above, name, ov_hash(id, hash), unit)
                       : unit_below(units, above, name, hash, AS_ROW, unit);
    if (!fine ||
        !ov_grow(&units->open, &units->open_capacity, units->open_count + 1, sizeof *units->open))
        return false;
    units->open[units->open_count++] = (struct ov_outline_row){row->depth, *unit};
    return true;
}

bool ov_units_find(struct ov_units *units, const struct ov_layout *layout,
                   const struct ov_read_row *row, struct ov_text id, bool leaf, uint32_t *unit,
                   bool *same)
{
    bool fine = layout->parents == OV_PARENTS_OUTLINE
                    ? find_by_depth(units, row, id, unit)
                    : find_by_names(units, layout, row, leaf ? AS_LEAF : AS_ROW, unit);
    *same = false;
    if (!fine || id.len || *unit == OV_UNIT_NONE)
        return fine;
    if (units->items[*unit].row == OV_NODE_NONE && !join_leaf_of(units, *unit))
        return false;
    *same = units->items[*unit].row != OV_NODE_NONE;
    return true;
}

void ov_units_skip(struct ov_units *units)
{
    units->path_count = 0;
}

bool ov_units_add_row(struct ov_units *units, ov_node row, uint32_t unit)
{
    if (!ov_grow_towards(&units->of_row, &units->row_capacity, (size_t)row + 1, units->expected,
                         sizeof *units->of_row))
        return false;
    while (units->row_count <= row)
        units->of_row[units->row_count++] = OV_UNIT_NONE;
    units->of_row[row] = unit;
    if (unit & OV_UNIT_LEAF) {
        if (!ov_grow_towards(&units->leaf_hashes, &units->leaf_capacity, (size_t)row + 1,
                             units->expected, sizeof *units->leaf_hashes))
            return false;
        units->leaf_hashes[row] = units->leaf_hash;
        units->leaf_count = (size_t)row + 1;
    } else if (unit && units->items[unit].row == OV_NODE_NONE) {
        units->items[unit].row = row;
    }
    return true;
}

/* --- made units --- */

bool ov_units_leave(struct ov_units *units, uint32_t unit, enum ov_left_out why, uint64_t line)
{
    if (unit == OV_UNIT_NONE || units->items[unit].left)
        return true;
    if (!ov_grow(&units->left, &units->left_capacity, units->left_count + 1, sizeof *units->left))
        return false;
    units->left[units->left_count++] = (struct ov_left_unit){why, line};
    units->items[unit].left = (uint32_t)units->left_count & OV_ROWS_MAX;
    return true;
}

static bool is_left(const struct ov_unit *unit)
{
    return unit->left && unit->row == OV_NODE_NONE;
}

/* What is above a unit that was left out is not wanted because of it. */
static void want(struct ov_units *units, uint32_t unit)
{
    while (unit != OV_UNIT_NONE && !units->items[unit].wanted) {
        units->items[unit].wanted = 1;
        unit = is_left(&units->items[unit]) ? OV_UNIT_NONE : units->items[unit].above;
    }
}

bool ov_units_finish(struct ov_units *units)
{
    join_leaves(units);
    for (size_t row = 0; row < units->row_count; row++)
        want(units, units->of_row[row] & ~OV_UNIT_LEAF);
    if (!units->own)
        return true;
    units->name_hashes = malloc(units->count * sizeof *units->name_hashes);
    if (!units->name_hashes)
        return false;
    units->sorted_hashes = malloc(units->count * sizeof *units->sorted_hashes);
    if (!units->sorted_hashes)
        return false;
    units->name_hashes[0] = 0;
    for (size_t i = 1; i < units->count; i++) /* what is above a unit was added before it */
        units->name_hashes[i] =
            ov_hash(ov_units_name(units, i), units->name_hashes[units->items[i].above]);
    memcpy(units->sorted_hashes, units->name_hashes, units->count * sizeof *units->sorted_hashes);
    qsort(units->sorted_hashes, units->count, sizeof *units->sorted_hashes, ov_by_number);
    return true;
}

uint32_t ov_units_next_missing(const struct ov_units *units, uint32_t unit)
{
    for (uint32_t i = unit ? unit : 1; i < units->count; i++)
        if (units->items[i].wanted && units->items[i].row == OV_NODE_NONE &&
            !is_left(&units->items[i]))
            return i;
    return 0;
}

const struct ov_unit_origin *ov_units_origin(const struct ov_units *units, uint32_t unit)
{
    assert(units->items[unit].origin);
    return &units->origins[units->items[unit].origin];
}

bool ov_made_record_set(struct ov_made_record *made, const struct ov_units *units, uint32_t unit,
                        size_t columns, int name_column)
{
    struct ov_place place = ov_units_origin(units, unit)->place;
    if (!made->cells)
        made->cells = calloc(columns + 1, sizeof *made->cells);
    if (!made->places)
        made->places = calloc(columns + 1, sizeof *made->places);
    if (!made->cells || !made->places)
        return false;
    made->cells[name_column].text = ov_units_name(units, unit);
    for (size_t i = 0; i <= columns; i++)
        made->places[i] = place;
    made->record = (struct ov_record){.place = place,
                                      .cells = made->cells,
                                      .kept = columns,
                                      .count = columns,
                                      .places = made->places};
    return true;
}

void ov_made_record_deinit(struct ov_made_record *made)
{
    free(made->cells);
    free(made->places);
    *made = (struct ov_made_record){0};
}
