/* org/places.c: see places.h. */
#include "org/places.h"

#include <stdlib.h>

#include "base/mem.h"

enum { FAR = UINT16_MAX, ANCHOR_ROWS = 64 };

void ov_places_deinit(struct ov_places *places)
{
    free(places->step);
    free(places->lines);
    for (int cell = 0; cell < OV_ROW_CELLS; cell++) {
        free(places->delta[cell]);
        free(places->slack[cell]);
    }
    free(places->anchors);
    free(places->far_cells);
    *places = (struct ov_places){0};
}

/* Makes room for one more row in every array. */
static bool grow(struct ov_places *places)
{
    size_t want = (size_t)places->count + 1, capacity = places->capacity, grown = capacity;
    bool ok = true;
    if (want <= capacity)
        return true;
    ok = ov_grow(&places->step, &grown, want, sizeof *places->step);
    grown = capacity;
    ok = ok && ov_grow(&places->lines, &grown, want, sizeof *places->lines);
    for (int cell = 0; ok && cell < OV_ROW_CELLS; cell++) {
        grown = capacity;
        ok = ov_grow(&places->delta[cell], &grown, want, sizeof *places->delta[cell]);
        grown = capacity;
        ok = ok && ov_grow(&places->slack[cell], &grown, want, sizeof *places->slack[cell]);
    }
    if (ok)
        places->capacity = grown;
    return ok;
}

static bool add_start(struct ov_places *places, struct ov_place start)
{
    uint32_t row = places->count;
    uint64_t step = start.byte_offset - places->last.byte_offset;
    uint64_t lines = start.line - places->last.line;
    places->last = start;
    places->step[row] = (uint16_t)step;
    places->lines[row] = (uint8_t)lines;
    if (row % ANCHOR_ROWS && step <= UINT16_MAX && lines <= UINT8_MAX)
        return true;
    if (!ov_grow(&places->anchors, &places->anchor_capacity, places->anchor_count + 1,
                 sizeof *places->anchors))
        return false;
    places->anchors[places->anchor_count++] =
        (struct ov_anchor){row, start.line, start.byte_offset};
    return true;
}

static bool add_cell(struct ov_places *places, struct ov_place start, int cell,
                     struct ov_place place)
{
    uint32_t row = places->count;
    uint64_t delta = place.byte_offset - start.byte_offset;
    uint64_t slack = delta - (place.column - 1);
    if (place.line == start.line && delta < FAR && slack <= UINT8_MAX) {
        places->delta[cell][row] = (uint16_t)delta;
        places->slack[cell][row] = (uint8_t)slack;
        return true;
    }
    places->delta[cell][row] = FAR;
    places->slack[cell][row] = 0;
    if (place.line == 0) /* there is no such cell */
        return true;
    if (!ov_grow(&places->far_cells, &places->far_capacity, places->far_count + 1,
                 sizeof *places->far_cells))
        return false;
    places->far_cells[places->far_count++] = (struct ov_far_cell){row, (uint32_t)cell, place};
    return true;
}

bool ov_places_add(struct ov_places *places, struct ov_place start,
                   const struct ov_place cells[OV_ROW_CELLS])
{
    if (!grow(places) || !add_start(places, start))
        return false;
    for (int cell = 0; cell < OV_ROW_CELLS; cell++)
        if (!add_cell(places, start, cell, cells[cell]))
            return false;
    places->count++;
    return true;
}

static struct ov_place far_place(const struct ov_places *places, uint32_t row,
                                 enum ov_row_cell cell)
{
    size_t low = 0, high = places->far_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ov_far_cell *far_cell = &places->far_cells[middle];
        if (far_cell->row < row || (far_cell->row == row && far_cell->cell < (uint32_t)cell))
            low = middle + 1;
        else
            high = middle;
    }
    return places->far_cells[low].place;
}

/* The last anchor that is not behind the row. */
static const struct ov_anchor *anchor_of(const struct ov_places *places, uint32_t row)
{
    size_t low = 0, high = places->anchor_count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (places->anchors[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return &places->anchors[low];
}

struct ov_place ov_places_get(const struct ov_places *places, uint32_t row, enum ov_row_cell cell)
{
    uint16_t delta = places->delta[cell][row];
    if (delta == FAR)
        return far_place(places, row, cell);
    const struct ov_anchor *anchor = anchor_of(places, row);
    struct ov_place place = {.line = anchor->line,
                             .column = (uint64_t)delta - places->slack[cell][row] + 1,
                             .byte_offset = anchor->offset + delta};
    for (uint32_t i = anchor->row + 1; i <= row; i++) {
        place.line += places->lines[i];
        place.byte_offset += places->step[i];
    }
    return place;
}
