/* vet/units.c: see units.h. */
#include "vet/units.h"

#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/search.h"
#include "base/unicode.h"

enum { FIRST_SLOTS = 1024, SEEN_BITS = 4 /* for each slot */, UNSETTLED_MOST = 32 };

void ov_units_deinit(struct ov_units *units)
{
    ov_buf_deinit(&units->names);
    free(units->items);
    free(units->origins);
    free(units->slots);
    free(units->seen);
    free(units->of_row);
    free(units->path);
    free(units->hashes);
    free(units->open);
    free(units->name_hashes);
    free(units->sorted_hashes);
    free(units->left);
    *units = (struct ov_units){0};
}

/* --- the tree of names --- */

static struct ov_text name_of(const struct ov_units *units, size_t index)
{
    uint64_t at = units->items[index].name_at;
    uint64_t end = index + 1 < units->count ? units->items[index + 1].name_at : units->names.len;
    return (struct ov_text){units->names.ptr + at, (size_t)(end - at)};
}

static uint64_t hash_below(const struct ov_units *units, uint32_t above, struct ov_text name)
{
    return ov_hash(name, above == OV_UNIT_NONE ? 0 : units->items[above].hash);
}

/* Where a unit belongs: a slot from `at` on, and a bit of `seen`. */
struct place_of {
    size_t at;
    uint32_t tag;
    uint64_t bit;
    uint64_t *word;
};

/* Most units are new. So that a new one need not wait for its slot, which is seldom in a cache, a
 * bit of its hash tells it, and it is put into the slot once that was fetched. */
static struct place_of place_of(const struct ov_units *units, uint64_t hash)
{
    uint64_t key = ov_hash_number(hash ^ units->hash_key);
    size_t bit = (size_t)(key >> 24) & (units->slot_count * SEEN_BITS - 1);
    return (struct place_of){.at = (size_t)key & (units->slot_count - 1),
                             .tag = (uint32_t)(key >> 32),
                             .bit = UINT64_C(1) << (bit & 63),
                             .word = &units->seen[bit >> 6]};
}

/* Puts the units that were added since into the table. */
static void settle(struct ov_units *units)
{
    for (; units->settled < units->count; units->settled++) {
        struct place_of place = place_of(units, units->items[units->settled].hash);
        while (units->slots[place.at].unit) /* all are different, but for units of their own */
            place.at = (place.at + 1) & (units->slot_count - 1);
        units->slots[place.at] = (struct ov_unit_slot){(uint32_t)units->settled, place.tag};
        *place.word |= place.bit;
    }
}

/* How many there will be if there are as many a row as so far; 0: unknown. */
static uint64_t likely_units(const struct ov_units *units)
{
    return units->expected / (units->row_count + 1) * units->count;
}

/* Twice as many slots; up to 32 times as many if that many units are likely. */
static size_t more_slots(const struct ov_units *units)
{
    size_t count = units->slot_count * 2, most = units->slot_count * 32;
    while (count < most && count / 2 < likely_units(units))
        count *= 2;
    return count;
}

static bool grow_slots(struct ov_units *units)
{
    size_t count = units->slot_count ? more_slots(units) : FIRST_SLOTS;
    if (!units->slot_count) {
        units->hash_key = ov_hash_key();
        units->count = 1; /* OV_UNIT_NONE */
    }
    struct ov_unit_slot *slots = calloc(count, sizeof *slots);
    uint64_t *seen = calloc(count * SEEN_BITS / 64, sizeof *seen);
    if (!slots || !seen) {
        free(slots);
        free(seen);
        return false;
    }
    ov_mem_use_huge_pages(slots, count * sizeof *slots);
    free(units->slots);
    free(units->seen);
    units->slots = slots;
    units->seen = seen;
    units->slot_count = count;
    units->settled = 1;
    settle(units);
    return true;
}

/* Adds a unit; hash: of its path, and of its identifier where it is a unit of its own. */
static bool add_unit(struct ov_units *units, uint32_t above, struct ov_text name, uint64_t hash,
                     uint32_t *index)
{
    if (units->count >= OV_ROWS_MAX ||
        !ov_grow_towards(&units->items, &units->capacity, units->count + 1, likely_units(units),
                         sizeof *units->items))
        return false;
    struct ov_unit *unit = &units->items[units->count];
    *unit = (struct ov_unit){
        .name_at = units->names.len, .hash = hash, .above = above, .row = OV_NODE_NONE};
    ov_buf_text(&units->names, name);
    if (units->names.failed)
        return false;
    struct place_of place = place_of(units, hash);
    *place.word |= place.bit;
    __builtin_prefetch(&units->slots[place.at], 1);
    *index = (uint32_t)units->count++;
    if (units->count * 2 >= units->slot_count)
        return grow_slots(units);
    if (units->count - units->settled == UNSETTLED_MOST)
        settle(units);
    return true;
}

static bool is_unit(const struct ov_units *units, size_t index, uint64_t hash, uint32_t above,
                    struct ov_text name)
{
    const struct ov_unit *unit = &units->items[index];
    return unit->hash == hash && unit->above == above && ov_text_equal(name_of(units, index), name);
}

/* The unit with this name below another; OV_UNIT_NONE: there is none. */
static uint32_t find_unit(const struct ov_units *units, uint32_t above, struct ov_text name,
                          uint64_t hash)
{
    struct place_of place = place_of(units, hash);
    if (!(*place.word & place.bit))
        return OV_UNIT_NONE;
    const struct ov_unit_slot *slot = &units->slots[place.at];
    while (slot->unit) {
        if (slot->tag == place.tag && is_unit(units, slot->unit, hash, above, name))
            return slot->unit;
        place.at = (place.at + 1) & (units->slot_count - 1);
        slot = &units->slots[place.at];
    }
    for (size_t i = units->settled; i < units->count; i++)
        if (is_unit(units, i, hash, above, name))
            return (uint32_t)i;
    return OV_UNIT_NONE;
}

/* The unit with this name, whose path has this hash, below another; it is added if there is none.
 */
static bool unit_below(struct ov_units *units, uint32_t above, struct ov_text name, uint64_t hash,
                       uint32_t *index)
{
    *index = find_unit(units, above, name, hash);
    return *index || add_unit(units, above, name, hash, index);
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
    if (!units->slot_count && !grow_slots(units))
        return false;
    if (layout->parents == OV_PARENTS_OUTLINE || (row->again && units->path_count))
        return true;
    while (common < row->part_count && common < units->path_count &&
           ov_text_equal(name_of(units, units->path[common]), row->parts[common].name))
        common++;
    if (!ov_grow(&units->hashes, &units->hash_capacity, row->part_count, sizeof *units->hashes) ||
        !ov_grow(&units->path, &units->path_capacity, row->part_count, sizeof *units->path))
        return false;
    uint64_t hash = common ? units->items[units->path[common - 1]].hash : 0;
    for (size_t i = common; i < row->part_count; i++)
        units->hashes[i] = hash = ov_hash(row->parts[i].name, hash);
    units->path_count = common;
    struct place_of last = place_of(units, hash);
    __builtin_prefetch(last.word, 1);
    __builtin_prefetch(&units->slots[last.at], 1);
    return true;
}

/* The unit of a path, of which path_count units are known from the row before. */
static bool find_by_path(struct ov_units *units, const struct ov_read_row *row, uint32_t *unit)
{
    *unit = units->path_count ? units->path[units->path_count - 1] : OV_UNIT_NONE;
    for (size_t i = units->path_count; i < row->part_count; i++) {
        const struct ov_path_part *part = &row->parts[i];
        if (i > 0 && !note_origin(units, *unit, row, part - 1))
            return false;
        if (!unit_below(units, *unit, part->name, units->hashes[i], unit))
            return false;
        units->path[i] = *unit;
    }
    units->path_count = row->part_count;
    return true;
}

/* A name of its own that is not the end of the path is that of a unit below it. */
static bool find_by_name(struct ov_units *units, const struct ov_layout *layout,
                         const struct ov_read_row *row, uint32_t *unit)
{
    size_t column = (size_t)layout->name_column;
    if (!layout->own_names || column >= row->record.kept)
        return true;
    struct ov_text name = ov_unicode_trim(row->record.cells[column].text);
    const struct ov_path_part *end = row->part_count ? &row->parts[row->part_count - 1] : NULL;
    if (name.len == 0 || (end && ov_text_equal(name, end->name)))
        return true;
    return (!end || note_origin(units, *unit, row, end)) &&
           unit_below(units, *unit, name, hash_below(units, *unit, name), unit);
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
                       : unit_below(units, above, name, hash, unit);
    if (!fine ||
        !ov_grow(&units->open, &units->open_capacity, units->open_count + 1, sizeof *units->open))
        return false;
    units->open[units->open_count++] = (struct ov_outline_row){row->depth, *unit};
    return true;
}

bool ov_units_find(struct ov_units *units, const struct ov_layout *layout,
                   const struct ov_read_row *row, struct ov_text id, uint32_t *unit, bool *same)
{
    bool fine = layout->parents == OV_PARENTS_OUTLINE
                    ? find_by_depth(units, row, id, unit)
                    : find_by_path(units, row, unit) && find_by_name(units, layout, row, unit);
    *same = fine && *unit && !id.len && units->items[*unit].row != OV_NODE_NONE;
    return fine;
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
    if (unit && units->items[unit].row == OV_NODE_NONE)
        units->items[unit].row = row;
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
    for (size_t row = 0; row < units->row_count; row++)
        want(units, units->of_row[row]);
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
            ov_hash(name_of(units, i), units->name_hashes[units->items[i].above]);
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
    made->cells[name_column].text = name_of(units, unit);
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

/* --- identifiers --- */

enum { ID_MOST = 100 /* code points */, HASH_DIGITS = 16 };
#define SEPARATOR OV_TEXT(" > ")

/* Whether a text ends like an identifier that was told apart. */
static bool ends_in_hash(struct ov_text text)
{
    if (text.len <= HASH_DIGITS || text.ptr[text.len - HASH_DIGITS - 1] != '~')
        return false;
    for (size_t i = text.len - HASH_DIGITS; i < text.len; i++)
        if (!strchr("0123456789abcdef", text.ptr[i]))
            return false;
    return true;
}

/* Appends the path, of at most some names; false when its names cannot be told from it. */
static bool put_path(const struct ov_units *units, uint32_t unit, struct ov_buf *out)
{
    uint32_t path[ID_MOST] = {0};
    size_t count = 0;
    for (; unit != OV_UNIT_NONE && count < ID_MOST; unit = units->items[unit].above)
        path[count++] = unit;
    bool plain = unit == OV_UNIT_NONE;
    for (size_t i = count; i-- > 0;) {
        struct ov_text name = ov_utf8_cut(name_of(units, path[i]), (ID_MOST + 1) * 4);
        if (ov_utf8_count(ov_buf_view(out)) > ID_MOST)
            return false; /* only its beginning is needed */
        if (out->len)
            ov_buf_text(out, SEPARATOR);
        ov_buf_text(out, name);
        plain &= memchr(name.ptr, '>', name.len) == NULL;
    }
    return plain;
}

/* Replaces the path by as much of it as fits, and a hash of all of it. */
static void tell_apart(uint64_t hash, struct ov_buf *id)
{
    size_t at = 0;
    for (size_t codes = 0; at < id->len && codes < ID_MOST - HASH_DIGITS - 1; codes++) {
        uint32_t code;
        at += ov_utf8_next(id->ptr + at, id->ptr + id->len, &code);
    }
    id->len = at;
    ov_buf_format(id, "~%016llx", (unsigned long long)hash);
}

void ov_make_id(struct ov_buf *buf, const struct ov_forest *forest, bool plain, uint64_t hash)
{
    struct ov_text text = ov_buf_view(buf);
    if (!plain || ends_in_hash(text) || ov_utf8_count(text) > ID_MOST ||
        ov_node_is_row(ov_forest_find(forest, text)))
        tell_apart(hash, buf);
}

static bool is_before(const void *hashes, size_t index, const void *hash)
{
    return ((const uint64_t *)hashes)[index] < *(const uint64_t *)hash;
}

/* Whether another unit has the same path of names. */
static bool is_shared(const struct ov_units *units, uint32_t unit)
{
    if (!units->sorted_hashes)
        return false;
    uint64_t hash = units->name_hashes[unit];
    size_t at = ov_lower_bound(units->sorted_hashes, 0, units->count, &hash, is_before);
    return at + 1 < units->count && units->sorted_hashes[at + 1] == hash;
}

bool ov_units_put_id(const struct ov_units *units, const struct ov_forest *forest, uint32_t unit,
                     struct ov_buf *buf)
{
    buf->len = 0;
    bool plain = put_path(units, unit, buf) && !is_shared(units, unit);
    ov_make_id(buf, forest, plain, units->items[unit].hash);
    return !buf->failed;
}

static enum ov_status identify(const struct ov_units *units, struct ov_forest *forest, ov_node row,
                               struct ov_buf *id, struct ov_error *err)
{
    if (!ov_units_put_id(units, forest, units->of_row[row], id))
        return ov_fail_memory(err);
    return ov_forest_identify(forest, row, ov_buf_view(id), err);
}

enum ov_status ov_units_link(const struct ov_units *units, struct ov_forest *forest,
                             struct ov_error *err)
{
    struct ov_buf id = {0};
    enum ov_status status = OV_OK;
    for (ov_node row = 0; row < units->row_count && status == OV_OK; row++) {
        uint32_t unit = units->of_row[row];
        if (unit == OV_UNIT_NONE || ov_forest_is(forest, row, OV_ROW_BROKEN))
            continue;
        uint32_t above = units->items[unit].above;
        if (above != OV_UNIT_NONE)
            ov_forest_set_parent(forest, row, units->items[above].row);
        if (ov_forest_is(forest, row, OV_ROW_ANONYMOUS))
            status = identify(units, forest, row, &id, err);
    }
    ov_buf_deinit(&id);
    return status;
}
