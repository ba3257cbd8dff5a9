/* org/places.c: see places.h. */
#include "org/places.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/search.h"

enum { FAR = UINT16_MAX, ANCHOR_ROWS = 16 };

static_assert(sizeof(struct ov_row_place) == 12, "with the anchors as much as places.h says");

void ov_places_deinit(struct ov_places *places)
{
    free(places->rows);
    free(places->anchors);
    free(places->far_cells);
    *places = (struct ov_places){0};
}

/* Appends the next row, without its cells. NULL when out of memory. */
static struct ov_row_place *add_start(struct ov_places *places, const struct ov_place *start)
{
    uint64_t step = start->byte_offset - places->last.byte_offset;
    uint64_t lines = start->line - places->last.line;
    uint32_t row = (uint32_t)places->count;
    if (!ov_grow_towards(&places->rows, &places->capacity, places->count + 1, places->expected,
                         sizeof *places->rows))
        return NULL;
    if (row % ANCHOR_ROWS == 0 || step > UINT16_MAX || lines > UINT8_MAX) {
        if (!ov_grow(&places->anchors, &places->anchor_capacity, places->anchor_count + 1,
                     sizeof *places->anchors))
            return NULL;
        places->anchors[places->anchor_count++] =
            (struct ov_anchor){row, start->line, start->byte_offset};
    }
    places->last.line = start->line;
    places->last.byte_offset = start->byte_offset;
    places->rows[places->count] =
        (struct ov_row_place){.step = (uint16_t)step, .lines = (uint8_t)lines};
    return &places->rows[places->count++];
}

static bool add_far_cell(struct ov_places *places, struct ov_row_place *row, int cell,
                         struct ov_place place)
{
    row->delta[cell] = FAR;
    if (!ov_grow(&places->far_cells, &places->far_capacity, places->far_count + 1,
                 sizeof *places->far_cells))
        return false;
    places->far_cells[places->far_count++] =
        (struct ov_far_cell){(uint32_t)(row - places->rows), (uint32_t)cell, place};
    return true;
}

bool ov_places_add(struct ov_places *places, const struct ov_place *start,
                   const struct ov_place cells[OV_ROW_CELLS])
{
    struct ov_row_place *row = add_start(places, start);
    for (int cell = 0; row && cell < OV_ROW_CELLS; cell++) {
        struct ov_place place = cells[cell];
        uint64_t delta = place.byte_offset - start->byte_offset;
        uint64_t slack = delta - (place.column - 1);
        if (place.line == start->line && delta < FAR && slack <= UINT8_MAX) {
            row->delta[cell] = (uint16_t)delta;
            row->slack[cell] = (uint8_t)slack;
        } else if (place.line && !add_far_cell(places, row, cell, place)) {
            return false;
        }
    }
    return row != NULL;
}

bool ov_places_add_plain(struct ov_places *places, const struct ov_place *start,
                         const uint32_t cells[OV_ROW_CELLS])
{
    struct ov_row_place *row = add_start(places, start);
    for (int cell = 0; row && cell < OV_ROW_CELLS; cell++) {
        struct ov_place place = {start->line, cells[cell] + UINT64_C(1),
                                 start->byte_offset + cells[cell]};
        if (cells[cell] < FAR)
            row->delta[cell] = (uint16_t)cells[cell];
        else if (!add_far_cell(places, row, cell, place))
            return false;
    }
    return row != NULL;
}

static bool is_cell_before(const void *far_cells, size_t index, const void *wanted)
{
    const struct ov_far_cell *cell = (const struct ov_far_cell *)far_cells + index, *key = wanted;
    return cell->row < key->row || (cell->row == key->row && cell->cell < key->cell);
}

static struct ov_place far_place(const struct ov_places *places, uint32_t row,
                                 enum ov_row_cell cell)
{
    struct ov_far_cell wanted = {.row = row, .cell = (uint32_t)cell};
    return places
        ->far_cells[ov_lower_bound(places->far_cells, 0, places->far_count, &wanted,
                                   is_cell_before)]
        .place;
}

static bool is_anchor_at_or_before(const void *anchors, size_t index, const void *row)
{
    return ((const struct ov_anchor *)anchors)[index].row <= *(const uint32_t *)row;
}

/* The last anchor at or before the row. */
static const struct ov_anchor *anchor_of(const struct ov_places *places, uint32_t row)
{
    /* the regular anchor of its group is at this index or later, mostly right here */
    size_t low = row / ANCHOR_ROWS, high = places->anchor_count;
    if (low + 1 == high || places->anchors[low + 1].row > row)
        return &places->anchors[low];
    return &places->anchors[ov_lower_bound(places->anchors, low + 1, high, &row,
                                           is_anchor_at_or_before) -
                            1];
}

struct ov_place ov_places_get(const struct ov_places *places, uint32_t row, enum ov_row_cell cell)
{
    const struct ov_row_place *kept = &places->rows[row];
    if (kept->delta[cell] == FAR)
        return far_place(places, row, cell);
    const struct ov_anchor *anchor = anchor_of(places, row);
    struct ov_place place = {.line = anchor->line,
                             .column = (uint64_t)kept->delta[cell] - kept->slack[cell] + 1,
                             .byte_offset = anchor->offset + kept->delta[cell]};
    for (uint32_t i = anchor->row + 1; i <= row; i++) {
        place.line += places->rows[i].lines;
        place.byte_offset += places->rows[i].step;
    }
    return place;
}
