/* csv/dispatch.h: alternates between the two record readers over one window: simd_reader.h reads
 * what is plainly well-formed, parser.h each record that is not. */
#ifndef CSV_DISPATCH_H
#define CSV_DISPATCH_H

#include "csv/simd_reader.h"
#include "csv/parser.h"

/* {0} is valid for ov_dispatch_deinit. */
struct ov_dispatch {
    struct ov_parser *parser;    /* owned */
    struct ov_simd_reader *simd; /* owned; NULL when libcsv reads everything */
};

/* scan: NULL to let libcsv read everything. cursor and sink are borrowed. False when out of memory;
 * call ov_dispatch_deinit in any case. */
OV_MUST_USE bool ov_dispatch_init(struct ov_dispatch *dispatch, ov_scan_fn *scan, char delimiter,
                                  size_t max_cell, struct ov_cursor *cursor,
                                  struct ov_record_sink *sink);
void ov_dispatch_deinit(struct ov_dispatch *dispatch);

/* Reads to the end of the window. last: no more bytes will come, so the final record is delivered.
 * Returns the first status other than OV_OK of the sink, or OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_dispatch_run(struct ov_dispatch *dispatch, bool last,
                                           struct ov_error *err);

/* Drops the bytes from the window that no record needs any more. */
void ov_dispatch_drop(struct ov_dispatch *dispatch);

#endif
