/* mapping/row_reader.h: reads records as rows of the importer's layout (layout.h): fills cells
 * down, leaves records out, and finds the names of a path. Every reading of a file has its own
 * reader, which must get all its rows, in order. */
#ifndef MAPPING_ROW_READER_H
#define MAPPING_ROW_READER_H

#include "mapping/layout.h"

/* Why a record is left out. */
enum ov_left_out { OV_LEFT_NOT, OV_LEFT_WHERE, OV_LEFT_INVALID };

/* One name of a path. */
struct ov_path_part {
    struct ov_text name; /* without white space around it */
    size_t cell;         /* the cell that has it */
    size_t offset;       /* bytes of that cell's text before it */
};

/* A record as a row; valid until the next one is read. */
struct ov_read_row {
    const struct ov_record *source; /* as it is in the file */
    struct ov_record record; /* with the same cells and places, except those that were filled down,
                                and that of the name, which is the last part of the path */
    enum ov_left_out left;
    const struct ov_path_part *parts; /* levels, path: the names from the top to this row's;
                                         outline: this row's alone */
    size_t part_count;
    bool again;    /* path: a cell that was filled down, as in the row before: the same names */
    size_t depth;  /* outline: greater for lower rows */
    int gap;       /* the cell with an empty level, or without a depth; -1: there is none */
    size_t gap_at; /* bytes of its text before that place */
};

struct ov_row_reader {
    const struct ov_layout *layout; /* borrowed */
    struct ov_buf *above;           /* owned: for each option of the layout, the cell above */
    size_t above_count;
    struct ov_cell *cells; /* owned, as are all below: the row's */
    struct ov_place *places;
    struct ov_path_part *parts;
    size_t cell_capacity, place_capacity, part_capacity;
    size_t part_count; /* of the row before, if its path was filled down; otherwise 0 */
};

/* {0} can be passed to ov_row_reader_deinit, which does not need the layout any more. False when
 * out of memory. */
OV_MUST_USE bool ov_row_reader_init(struct ov_row_reader *reader, const struct ov_layout *layout);
void ov_row_reader_deinit(struct ov_row_reader *reader);
/* Reads the next row. OV_E_OPTION when a cell of a column of dates is not one, OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_row_reader_read(struct ov_row_reader *reader,
                                              const struct ov_record *record,
                                              struct ov_read_row *row, struct ov_error *err);

/* The place of some bytes within a cell of a record as it is in the file (ov_read_row.source): its
 * own, where the cell is written otherwise (in quotes), or was filled down. */
struct ov_place ov_place_in_cell(const struct ov_record *record, size_t cell, size_t offset);

#endif
