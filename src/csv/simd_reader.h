/* csv/simd_reader.h: decoded bytes → records, wherever they are plainly well-formed.
 *
 * Gives the same records as parser.h, several times as fast: the index of scan.h says where cells
 * end, and their texts stay where they are in the window. Gives no record that it is not sure of:
 * one with a quote out of place, with bytes that are invalid in the file's encoding, with a cell
 * over the limit, or without an end. Those are the parser's. */
#ifndef CSV_SIMD_READER_H
#define CSV_SIMD_READER_H

#include "csv/cursor.h"
#include "csv/record_sink.h"
#include "csv/scan.h"

enum {
    OV_FAST_FIRST = 2,  /* blocks scanned first behind a record that was the parser's; then twice as
                           many each time, up to … */
    OV_FAST_STEP = 128, /* blocks scanned at once: index and text stay in the first cache */
    OV_FAST_RECORD = 512 * 1024, /* bytes of a record: longer ones are the parser's; it bounds cells
                                    and text below what the parser keeps of a record */
};

struct ov_simd_reader;

/* NULL when there is no memory. The cursor and the sink are borrowed. */
OV_MUST_USE struct ov_simd_reader *ov_simd_reader_new(ov_scan_fn *scan, char delimiter,
                                                      size_t max_cell, struct ov_cursor *cursor,
                                                      struct ov_record_sink *sink);
void ov_simd_reader_free(struct ov_simd_reader *fast);

/* Hands out records from the cursor, which stands at the first byte of one (or at the LF behind a
 * CR), and moves it behind the last of them. *more: the record there is not whole yet; else it is
 * the parser's. last: no more bytes will come. */
OV_MUST_USE enum ov_status ov_simd_reader_run(struct ov_simd_reader *fast, bool last, bool *more,
                                              struct ov_error *err);

/* Says that the cursor was moved by somebody else. */
void ov_simd_reader_moved(struct ov_simd_reader *fast);
/* Says that the window dropped its first n bytes. */
void ov_simd_reader_dropped(struct ov_simd_reader *fast, size_t n);

#endif
