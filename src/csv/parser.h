/* csv/parser.h: decoded bytes → records, read by libcsv under guards.
 *
 * libcsv decides what a cell holds; the parser feeds it in slices that end at each delimiter, CR or
 * LF, so that every callback has an exact place, and guards what libcsv leaves open: blank lines,
 * stray and unclosed quotes (reading goes on at the next physical line), and the size of cells. */
#ifndef CSV_PARSER_H
#define CSV_PARSER_H

#include "csv/cursor.h"
#include "csv/record_sink.h"

enum {
    OV_LARGEST_CELL = 1 << 30, /* the largest limit that can be set */
    OV_MAX_CELL = 1 << 20,     /* default limit of a cell, bytes */
    OV_KEPT_CELLS = 1 << 20,   /* cells of a record that are kept */
    OV_KEPT_TEXT =
        16 << 20, /* bytes of a record that are kept, or 16 cell limits if that is more */
    OV_KEPT_INVALID = 1 << 16, /* places of invalid bytes of a record that are kept */
};

struct ov_parser;

/* NULL when there is no memory. The cursor and the sink are borrowed. max_cell is above 0. */
OV_MUST_USE struct ov_parser *ov_parser_new(char delimiter, size_t max_cell,
                                            struct ov_cursor *cursor, struct ov_record_sink *sink);
void ov_parser_free(struct ov_parser *parser);

/* Reads on to the end of a record, or of the window. last: no more will come; the final record is
 * handed out. *more: nothing is left in the window. Else the cursor is behind a line end. */
OV_MUST_USE enum ov_status ov_parser_run(struct ov_parser *parser, bool last, bool *more,
                                         struct ov_error *err);

/* Whether the cursor stands at the first byte of a record (or at the LF behind a CR). */
bool ov_parser_is_between(const struct ov_parser *parser);

/* Drops from the window what no record needs any more; returns how many bytes. */
size_t ov_parser_drop(struct ov_parser *parser);

#endif
