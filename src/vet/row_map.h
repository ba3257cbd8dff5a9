/* vet/row_map.h: which records below the header are rows. Few are not, so only those are kept: 16
 * bytes for each run of them. */
#ifndef VET_ROW_MAP_H
#define VET_ROW_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orgvet/base.h"

/* What a record below the header is that is not blank. */
enum ov_line {
    OV_LINE_ROW,      /* a row */
    OV_LINE_HEADER,   /* the header again, a ruler below it, or a second header (OV114) */
    OV_LINE_TOTAL,    /* totals, an end mark, a signature line (OV115) */
    OV_LINE_COMMENT,  /* a comment (OV116) */
    OV_LINE_LEFT,     /* left out by its first character */
    OV_LINE_UNWANTED, /* left out by the layout (mapping/layout.h) */
    OV_LINE_SAME,     /* the same unit of a path as an earlier row */
};

struct ov_row_run {
    uint64_t first; /* number of the first record: as in ov_record of a reader, from 1 */
    uint32_t count; /* of consecutive records */
    enum ov_line line;
};
struct ov_row_map {
    struct ov_row_run *runs; /* owned; ascending */
    size_t count, capacity;
};

/* Notes a record that is not a row; records in ascending order. False when out of memory. */
OV_MUST_USE bool ov_row_map_add(struct ov_row_map *map, uint64_t record, enum ov_line line);
void ov_row_map_deinit(struct ov_row_map *map);

/* A second reading of the same records. {0} is the start. */
struct ov_row_cursor {
    size_t run;    /* index of the next run */
    uint64_t less; /* records so far that are not rows */
};
/* What a record is (from 1, ascending from call to call); *row: its row, from 1, if it is one. */
enum ov_line ov_row_map_next(const struct ov_row_map *map, struct ov_row_cursor *cursor,
                             uint64_t record, uint64_t *row);

#endif
