/* csv/dispatch.h: the two readers of records, taking turns over one window: simd_reader.h takes
 * what is plainly well-formed, parser.h each record that is not. */
#ifndef CSV_DISPATCH_H
#define CSV_DISPATCH_H

#include "csv/simd_reader.h"
#include "csv/parser.h"

/* {0} may be given to ov_dispatch_deinit. */
struct ov_dispatch {
    struct ov_parser *parser;    /* owned */
    struct ov_simd_reader *simd; /* owned; NULL when libcsv alone reads */
};

/* scan: NULL when libcsv alone is to read. The cursor and the sink are borrowed. False when there
 * is no memory. */
OV_MUST_USE bool ov_dispatch_init(struct ov_dispatch *dispatch, ov_scan_fn *scan, char delimiter,
                                  size_t max_cell, struct ov_cursor *cursor,
                                  struct ov_record_sink *sink);
void ov_dispatch_deinit(struct ov_dispatch *dispatch);

/* Reads what is in the window, to its end. last: no more will come; the final record is handed out.
 */
OV_MUST_USE enum ov_status ov_dispatch_run(struct ov_dispatch *dispatch, bool last,
                                           struct ov_error *err);

/* Drops from the window what no record needs any more. */
void ov_dispatch_drop(struct ov_dispatch *dispatch);

#endif
