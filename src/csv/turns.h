/* csv/turns.h: the two readers of records, taking turns over one window: fast.h takes what is
 * plainly well-formed, parser.h each record that is not. */
#ifndef CSV_TURNS_H
#define CSV_TURNS_H

#include "csv/fast.h"
#include "csv/parser.h"

/* {0} may be given to ov_turns_deinit. */
struct ov_turns {
    struct ov_parser *parser; /* owned */
    struct ov_fast *fast;     /* owned; NULL when libcsv alone reads */
};

/* scan: NULL when libcsv alone is to read. The cursor and the outlet are borrowed. False when there
 * is no memory. */
OV_MUST_USE bool ov_turns_init(struct ov_turns *turns, ov_scan_fn *scan, char delimiter,
                               size_t max_cell, struct ov_cursor *cursor, struct ov_outlet *outlet);
void ov_turns_deinit(struct ov_turns *turns);

/* Reads what is in the window, to its end. last: no more will come; the final record is handed out.
 */
OV_MUST_USE enum ov_status ov_turns_run(struct ov_turns *turns, bool last, struct ov_error *err);

/* Drops from the window what no record needs any more. */
void ov_turns_drop(struct ov_turns *turns);

#endif
