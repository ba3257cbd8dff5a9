/* org/places.h: where the cells of rows stand, in 14 bytes a row: how far each row begins behind
 * the one before, and each cell behind its row. What does not fit is kept in lists of its own. */
#ifndef ORG_PLACES_H
#define ORG_PLACES_H

#include <stdbool.h>

#include "orgvet/base.h"
#include "orgvet/finding.h"

/* The cells whose places are kept. */
enum ov_row_cell { OV_AT_ID, OV_AT_PARENT, OV_AT_NAME, OV_ROW_CELLS };

/* A row from which steps count on; every 16th is one, and each that a step cannot reach. */
struct ov_anchor {
    uint32_t row;
    uint64_t line, offset;
};

/* A cell that is not on its record's first line, or far along it. */
struct ov_far_cell {
    uint32_t row;
    uint32_t cell;
    struct ov_place place;
};

/* What is kept of a row. */
struct ov_row_place {
    uint16_t step;                /* bytes from the first byte of the row before to this one's */
    uint16_t delta[OV_ROW_CELLS]; /* bytes from there to the cell, or FAR */
    uint8_t slack[OV_ROW_CELLS];  /* delta less the code points between */
    uint8_t lines;                /* lines from the row before to this one */
};

struct ov_places {
    struct ov_row_place *rows; /* owned */
    size_t count, capacity;
    struct ov_anchor *anchors; /* owned */
    size_t anchor_count, anchor_capacity;
    struct ov_far_cell *far_cells; /* owned */
    size_t far_count, far_capacity;
    uint64_t expected;    /* rows there will be; a guess, 0 when there is none */
    struct ov_place last; /* the last row's; without its column */
};

/* Adds the next row: its first byte, and its cells, of which one that is not there has line 0. */
OV_MUST_USE bool ov_places_add(struct ov_places *places, const struct ov_place *start,
                               const struct ov_place cells[OV_ROW_CELLS]);

/* The same of a row of one line in ASCII: how many bytes behind its first one the cells are. */
OV_MUST_USE bool ov_places_add_plain(struct ov_places *places, const struct ov_place *start,
                                     const uint32_t cells[OV_ROW_CELLS]);

/* The place of a cell of a row that has it. */
struct ov_place ov_places_get(const struct ov_places *places, uint32_t row, enum ov_row_cell cell);

void ov_places_deinit(struct ov_places *places);

#endif
