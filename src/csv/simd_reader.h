/* csv/simd_reader.h: decoded bytes → records, as long as they are plainly well-formed.
 *
 * Yields the same records as parser.h, several times faster: the index of scan.h shows where cells
 * end, and their texts stay in the window. Leaves doubtful records to the parser: those with a
 * misplaced quote, with bytes that are invalid in the file's encoding, with a cell over the limit,
 * or without an end. */
#ifndef CSV_SIMD_READER_H
#define CSV_SIMD_READER_H

#include "csv/cursor.h"
#include "csv/record_sink.h"
#include "csv/scan.h"

enum {
    OV_FAST_FIRST = 2,  /* blocks scanned first after a parser record; then doubled up to … */
    OV_FAST_STEP = 128, /* … blocks scanned at once: index and text fit in the L1 cache */
    OV_FAST_RECORD = 512 * 1024, /* maximum record size, bytes; longer records are the parser's.
                                    Keeps cells and text within what the parser keeps of a record */
};

struct ov_simd_reader;

/* NULL when out of memory. cursor and sink are borrowed. ov_simd_reader_free takes NULL. */
OV_MUST_USE struct ov_simd_reader *ov_simd_reader_new(ov_scan_fn *scan, char delimiter,
                                                      size_t max_cell, struct ov_cursor *cursor,
                                                      struct ov_record_sink *sink);
void ov_simd_reader_free(struct ov_simd_reader *fast);

/* Delivers records, starting at the cursor, which is at the first byte of one (or at the LF after a
 * CR), and moves the cursor after the last one. *more: the next record is incomplete; otherwise it
 * is the parser's. last: no more bytes will come. */
OV_MUST_USE enum ov_status ov_simd_reader_run(struct ov_simd_reader *fast, bool last, bool *more,
                                              struct ov_error *err);

/* Must be called after the cursor was moved by anyone else. */
void ov_simd_reader_moved(struct ov_simd_reader *fast);
/* Must be called after the window dropped its first n bytes. */
void ov_simd_reader_dropped(struct ov_simd_reader *fast, size_t n);

#endif
