/* org/places.h: the places of rows' cells in 14 bytes per row: the distance of each row from the
 * previous one, and of each cell from its row. Exceptions are kept in separate lists. */
#ifndef ORG_PLACES_H
#define ORG_PLACES_H

#include <stdbool.h>

#include "orgvet/base.h"
#include "orgvet/finding.h"

/* The cells whose places are stored. */
enum ov_row_cell { OV_AT_ID, OV_AT_PARENT, OV_AT_NAME, OV_ROW_CELLS };

/* A row with an absolute position, from which steps count; every 16th row, and each that a step
 * cannot reach. */
struct ov_anchor {
    uint32_t row;
    uint64_t line, offset;
};

/* A cell that is not on its record's first line, or too far along it. */
struct ov_far_cell {
    uint32_t row;
    uint32_t cell;
    struct ov_place place;
};

/* What is stored per row. */
struct ov_row_place {
    uint16_t step; /* bytes from the start of the previous row to the start of this one */
    uint16_t delta[OV_ROW_CELLS]; /* bytes from there to the cell; UINT16_MAX: see far_cells */
    uint8_t slack[OV_ROW_CELLS];  /* delta minus the number of code points in between */
    uint8_t lines;                /* lines from the previous row to this one */
};

struct ov_places {
    struct ov_row_place *rows; /* owned */
    size_t count, capacity;
    struct ov_anchor *anchors; /* owned, ascending */
    size_t anchor_count, anchor_capacity;
    struct ov_far_cell *far_cells; /* owned, ascending by row, cell */
    size_t far_count, far_capacity;
    uint64_t expected;    /* estimated number of rows; 0: unknown */
    struct ov_place last; /* of the last row, without its column */
};

/* Adds the next row: its first byte and its cells; a missing cell has line 0. False when out of
 * memory. */
OV_MUST_USE bool ov_places_add(struct ov_places *places, const struct ov_place *start,
                               const struct ov_place cells[OV_ROW_CELLS]);

/* The same for a row that is one line of ASCII: `cells` are byte offsets from its start. */
OV_MUST_USE bool ov_places_add_plain(struct ov_places *places, const struct ov_place *start,
                                     const uint32_t cells[OV_ROW_CELLS]);

/* The place of a cell that the row has; rows from 0. */
struct ov_place ov_places_get(const struct ov_places *places, uint32_t row, enum ov_row_cell cell);

/* Frees everything; `places` is empty afterwards. */
void ov_places_deinit(struct ov_places *places);

#endif
