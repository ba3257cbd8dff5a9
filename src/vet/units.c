/* vet/units.c: see units.h. */
#include "vet/units.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/search.h"
#include "base/unicode.h"

enum { FIRST_SLOTS = 1024 };

void ov_units_deinit(struct ov_units *units)
{
    ov_arena_deinit(&units->arena);
    free(units->items);
    free(units->slots);
    free(units->of_row);
    free(units->path);
    free(units->open);
    free(units->name_hashes);
    free(units->sorted_hashes);
    free(units->left);
    *units = (struct ov_units){0};
}

/* --- the tree of names --- */

static uint64_t hash_below(const struct ov_units *units, uint32_t above, struct ov_text name)
{
    return ov_hash(name, above == OV_UNIT_NONE ? 0 : units->items[above].hash);
}

/* The slot of the unit with this name below another, or the free one where it belongs. */
static struct ov_unit_slot *find_slot(const struct ov_units *units, uint64_t hash, uint32_t above,
                                      struct ov_text name)
{
    uint64_t key = ov_hash_number(hash ^ units->hash_key);
    size_t at = key & (units->slot_count - 1);
    for (; units->slots[at].unit; at = (at + 1) & (units->slot_count - 1)) {
        const struct ov_unit_slot *slot = &units->slots[at];
        const struct ov_unit *unit = &units->items[slot->unit];
        if (slot->tag == key >> 32 && unit->hash == hash && unit->above == above &&
            ov_text_equal(unit->name, name))
            break;
    }
    return &units->slots[at];
}

/* The unit with this name below another; OV_UNIT_NONE: there is none. */
static uint32_t find_unit(const struct ov_units *units, uint64_t hash, uint32_t above,
                          struct ov_text name)
{
    return units->slot_count ? find_slot(units, hash, above, name)->unit : OV_UNIT_NONE;
}

static bool grow_slots(struct ov_units *units)
{
    size_t count = units->slot_count ? units->slot_count * 2 : FIRST_SLOTS;
    if (!units->slot_count)
        units->hash_key = ov_hash_key();
    struct ov_unit_slot *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(units->slots);
    units->slots = slots;
    units->slot_count = count;
    for (uint32_t i = 1; i < units->count; i++) {
        uint64_t key = ov_hash_number(units->items[i].hash ^ units->hash_key);
        size_t at = key & (count - 1);
        while (slots[at].unit) /* all are different, but for units of their own */
            at = (at + 1) & (count - 1);
        slots[at] = (struct ov_unit_slot){i, (uint32_t)(key >> 32)};
    }
    return true;
}

/* The cell that first names a unit. */
struct origin {
    struct ov_place place;
    uint32_t cell;
    uint32_t row; /* from 1 */
};

/* Adds a unit; hash: of its path, and of its identifier where it is a unit of its own. */
static bool add_unit(struct ov_units *units, uint32_t above, struct ov_text name, uint64_t hash,
                     struct origin origin, uint32_t *index)
{
    if (units->count == 0)
        units->count = 1; /* OV_UNIT_NONE */
    if (units->count >= OV_ROWS_MAX ||
        !ov_grow(&units->items, &units->capacity, units->count + 1, sizeof *units->items) ||
        (units->count * 2 >= units->slot_count && !grow_slots(units)))
        return false;
    struct ov_unit *unit = &units->items[units->count];
    *unit = (struct ov_unit){.above = above,
                             .row = OV_NODE_NONE,
                             .place = origin.place,
                             .cell = origin.cell,
                             .named_in = origin.row,
                             .hash = hash};
    if (!ov_arena_copy(&units->arena, name, &unit->name))
        return false;
    *index = (uint32_t)units->count++;
    uint64_t key = ov_hash_number(hash ^ units->hash_key);
    struct ov_unit_slot *slot = find_slot(units, hash, above, unit->name);
    *slot = (struct ov_unit_slot){*index, (uint32_t)(key >> 32)};
    return true;
}

/* The unit with this name below another; it is added if there is none. */
static bool unit_below(struct ov_units *units, uint32_t above, struct ov_text name,
                       struct origin origin, uint32_t *index)
{
    uint64_t hash = hash_below(units, above, name);
    *index = find_unit(units, hash, above, name);
    return *index || add_unit(units, above, name, hash, origin, index);
}

/* --- rows --- */

static struct origin origin_of(const struct ov_read_row *row, const struct ov_path_part *part)
{
    return (struct origin){ov_place_in_cell(&row->source, part->cell, part->offset),
                           (uint32_t)part->cell, (uint32_t)row->record.row};
}

/* The unit of a path: what it has in common with that of the row before need not be searched. */
static bool find_by_path(struct ov_units *units, const struct ov_read_row *row, uint32_t *unit)
{
    if (!ov_grow(&units->path, &units->path_capacity, row->part_count + 1, sizeof *units->path))
        return false;
    bool common = true;
    *unit = OV_UNIT_NONE;
    if (row->again && units->path_count) {
        *unit = units->path[units->path_count - 1];
        return true;
    }
    for (size_t i = 0; i < row->part_count; i++) {
        const struct ov_path_part *part = &row->parts[i];
        common = common && i < units->path_count &&
                 ov_text_equal(units->items[units->path[i]].name, part->name);
        if (!common) {
            uint32_t index;
            uint64_t hash = hash_below(units, *unit, part->name);
            index = find_unit(units, hash, *unit, part->name);
            if (!index && !add_unit(units, *unit, part->name, hash, origin_of(row, part), &index))
                return false;
            units->path[i] = index;
        }
        *unit = units->path[i];
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
    if (name.len == 0 ||
        (row->part_count && ov_text_equal(name, row->parts[row->part_count - 1].name)))
        return true;
    struct origin origin = {ov_cell_place(&row->record, column), (uint32_t)column,
                            (uint32_t)row->record.row};
    return unit_below(units, *unit, name, origin, unit);
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
    struct origin origin = origin_of(row, &row->parts[0]);
    uint64_t hash = hash_below(units, above, name);
    units->own |= id.len > 0;
    bool fine = id.len ? add_unit(units, above, name, ov_hash(id, hash), origin, unit)
                       : unit_below(units, above, name, origin, unit);
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

bool ov_units_add_row(struct ov_units *units, ov_node row, uint32_t unit)
{
    if (!ov_grow(&units->of_row, &units->row_capacity, (size_t)row + 1, sizeof *units->of_row))
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
    units->items[unit].left = (uint32_t)units->left_count;
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
        units->items[unit].wanted = true;
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
            ov_hash(units->items[i].name, units->name_hashes[units->items[i].above]);
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

bool ov_made_record_set(struct ov_made_record *made, const struct ov_units *units, uint32_t unit,
                        size_t columns, int name_column)
{
    const struct ov_unit *from = &units->items[unit];
    if (!made->cells)
        made->cells = calloc(columns + 1, sizeof *made->cells);
    if (!made->places)
        made->places = calloc(columns + 1, sizeof *made->places);
    if (!made->cells || !made->places)
        return false;
    made->cells[name_column].text = from->name;
    for (size_t i = 0; i <= columns; i++)
        made->places[i] = from->place;
    made->record = (struct ov_record){.place = from->place,
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
        struct ov_text name = ov_utf8_cut(units->items[path[i]].name, (ID_MOST + 1) * 4);
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
