/* book/book.h: workbooks: .xlsx and .xlsm (ECMA-376), .ods (OpenDocument 1.2). A sheet is read as
 * records like those of a CSV file: the text of a cell is what people see, its place is that of the
 * sheet: line and column; byte_offset orders places, and means nothing else. */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H

#include "book/archive.h"
#include "orgvet/records.h"

/* Default of the bytes that a workbook may unpack to. */
#define OV_MAX_WORKBOOK (UINT64_C(1) << 30)

struct ov_sheet {
    struct ov_text name; /* the book's */
    bool visible;        /* and not one that orgvet added to a report */
    int64_t member;      /* of the archive */
};

struct ov_book;

/* How to read a sheet. */
struct ov_sheet_reading {
    ov_record_fn *on_record;
    void *ctx;
    uint64_t header_line;         /* lines above it are passed over; 0: none */
    uint64_t most;                /* bytes of text after which reading stops; 0: no limit */
    const bool *stop;             /* borrowed: reading stops once it is set, as by on_record */
    uint64_t hidden;              /* out: rows that are hidden or filtered away … */
    struct ov_place hidden_first; /* … and the first of them */
};

/* Opens a workbook of `size` bytes that may unpack to `most` (0: OV_MAX_WORKBOOK); source: what it
 * reads from must outlive the book. NULL: *problem says what the file is instead, or err has
 * OV_E_MEMORY. */
struct ov_book *ov_book_open(const struct ov_source *source, uint64_t size, uint64_t most,
                             ov_problem *problem, struct ov_error *err);
void ov_book_free(struct ov_book *book);
/* Gives back what is kept to read a sheet again; it still can be. */
void ov_book_rest(struct ov_book *book);
size_t ov_book_sheet_count(const struct ov_book *book);
const struct ov_sheet *ov_book_sheet(const struct ov_book *book, size_t index);
/* Passes the rows of a sheet on, the first one that is not blank as the header. The failures of
 * on_record, OV_E_MEMORY; OV_OK and *problem where the sheet is broken from there on. */
OV_MUST_USE enum ov_status ov_book_read(struct ov_book *book, size_t sheet,
                                        struct ov_sheet_reading *reading, ov_problem *problem,
                                        struct ov_error *err);

#endif
