/* csv/parser.h: decoded bytes → records, read by libcsv with safeguards.
 *
 * libcsv decides what a cell contains. The parser feeds it slices that end at each delimiter, CR or
 * LF, so that every callback has an exact place, and handles what libcsv does not: blank lines,
 * stray and unclosed quotes (reading resumes at the next physical line), and the size of cells. */
#ifndef CSV_PARSER_H
#define CSV_PARSER_H

#include "csv/cursor.h"
#include "csv/record_sink.h"

enum {
    OV_LARGEST_CELL = 1 << 30, /* maximum of the cell limit, bytes */
    OV_MAX_CELL = 1 << 20,     /* default cell limit, bytes */
    OV_KEPT_CELLS = 1 << 20,   /* cells kept per record */
    OV_KEPT_TEXT = 16 << 20,   /* bytes kept per record, or 16 cell limits if that is more */
    OV_KEPT_INVALID = 1 << 16, /* invalid places kept per record */
};

struct ov_parser;

/* NULL when out of memory. cursor and sink are borrowed. max_cell is above 0, in bytes.
 * ov_parser_free takes NULL. */
OV_MUST_USE struct ov_parser *ov_parser_new(char delimiter, size_t max_cell,
                                            struct ov_cursor *cursor, struct ov_record_sink *sink);
void ov_parser_free(struct ov_parser *parser);

/* Reads to the end of a record, or of the window. last: no more bytes will come, so the final
 * record is delivered. *more: the window is used up; otherwise the cursor is after a line end. */
OV_MUST_USE enum ov_status ov_parser_run(struct ov_parser *parser, bool last, bool *more,
                                         struct ov_error *err);

/* Whether the cursor is at the first byte of a record (or at the LF after a CR). */
bool ov_parser_is_between(const struct ov_parser *parser);

/* Drops the bytes from the window that no record needs any more; returns their number. */
size_t ov_parser_drop(struct ov_parser *parser);

#endif
