/* book/sheet_rows.h: turns the cells of a sheet into records, row by row: fills merged areas, pads
 * rows to the width of the header, and adds blank records for rows that the file leaves out. */
#ifndef BOOK_SHEET_ROWS_H
#define BOOK_SHEET_ROWS_H

#include "base/text.h"
#include "orgvet/records.h"

enum {
    OV_SHEET_LINES = 1048576, /* most rows of a sheet */
    OV_SHEET_COLUMNS = 16384, /* most columns */
    OV_MERGED_MOST = 1 << 24, /* most cells of all merged areas */
    OV_CELLS_MOST = 1 << 28,  /* most cells of all records */
    OV_SHEET_SHIFT = 14       /* bits of a column in the place's byte_offset */
};

/* An area of merged cells, from 0; all have the value of the first one. */
struct ov_merged_area {
    uint32_t top, left, bottom, right;
    char *value; /* owned: NULL before its first row was read */
    size_t len;
    unsigned flags;
};

/* A cell of the row that is being read. */
struct ov_sheet_cell {
    uint32_t column;
    unsigned flags; /* enum ov_cell_flag */
    size_t at, len; /* in the row's text */
};

/* {0}, but for the members of the caller, is the start of a sheet. */
struct ov_sheet_rows {
    /* the caller's */
    ov_record_fn *on_record;
    void *ctx;
    uint64_t header_line; /* lines above it are not passed on; 0: none */
    uint64_t most;        /* bytes of text after which reading stops; 0: no limit */
    uint64_t text_most;   /* bytes of text that are allowed */
    const bool *stop;     /* the same once it is set */
    struct ov_error *err;
    /* its own */
    enum ov_status status; /* of on_record, or OV_E_MEMORY */
    struct ov_buf text;
    struct ov_sheet_cell *cells; /* owned */
    size_t count, capacity;
    uint32_t *of_column;    /* owned: of each column its cell of this row, plus 1; 0: none */
    struct ov_cell *record; /* owned */
    size_t record_capacity;
    struct ov_merged_area *areas; /* owned; by their first line */
    size_t area_count, area_capacity, next_area;
    uint64_t merged; /* cells of all areas */
    size_t *active;  /* owned: indices of areas that the current line is in */
    size_t active_count, active_capacity;
    uint64_t line;  /* of the last row, from 1 */
    uint64_t bytes; /* of text so far */
    size_t width;   /* of the header; 0: not read yet */
    uint64_t total; /* cells of all records */
    bool too_large; /* they, the text or the merged areas are more than is allowed: reading has
                       stopped */
    int64_t rows;   /* passed on that are not blank, the header included */
};

/* Adds a merged area; before the row in which it begins. False when out of memory, or when
 * rows->too_large. */
OV_MUST_USE bool ov_sheet_rows_merge(struct ov_sheet_rows *rows, uint32_t top, uint32_t left,
                                     uint32_t bottom, uint32_t right);
/* To be called once all areas were added. */
void ov_sheet_rows_begin(struct ov_sheet_rows *rows);
/* Begins the text of the next cell, to be appended to rows->text; … */
void ov_sheet_rows_open(struct ov_sheet_rows *rows, uint32_t column);
/* … and ends it. False when out of memory, or when rows->too_large. */
OV_MUST_USE bool ov_sheet_rows_close(struct ov_sheet_rows *rows, unsigned flags);
/* Passes on the row of cells as that of a line (from 1, above the last one's). False when reading
 * stops: rows->status, the limit, or *rows->stop. */
OV_MUST_USE bool ov_sheet_rows_end(struct ov_sheet_rows *rows, uint64_t line);
/* The place of a row (from 1): that of its first cell. */
struct ov_place ov_sheet_place(uint64_t line);
/* The same, and keeps the cells for the next line where `again` is true. */
OV_MUST_USE bool ov_sheet_rows_repeat(struct ov_sheet_rows *rows, uint64_t line, bool again);
void ov_sheet_rows_deinit(struct ov_sheet_rows *rows);

#endif
