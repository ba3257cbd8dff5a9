/* book/book_writer.h: writes a workbook (.xlsx, ECMA-376) by libxlsxwriter, with little memory: the
 * cells of a sheet must come row by row, from the top. Every cell is a text: an identifier keeps
 * its zeros, and nothing is a formula. Lines and columns are numbers from 0. */
#ifndef BOOK_BOOK_WRITER_H
#define BOOK_BOOK_WRITER_H

#include "base/text.h"

/* Its media type. */
#define OV_XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

enum {
    OV_BOOK_LINES = 1048576, /* most lines of a sheet */
    OV_BOOK_COLUMNS = 16384, /* most columns */
    OV_BOOK_TEXT = 32767,    /* most UTF-16 units of a cell */
    OV_BOOK_LINKS = 65000,   /* most links of a sheet */
    OV_BOOK_SHEET_NAME = 31  /* most UTF-16 units of a sheet's name */
};

/* How a cell looks. */
enum ov_cell_style {
    OV_STYLE_CELL,    /* of a table */
    OV_STYLE_HEADING, /* of a table's column */
    OV_STYLE_ERROR,
    OV_STYLE_WARNING,
    OV_STYLE_INFO,
    OV_STYLE_TITLE,
    OV_STYLE_WRAPPED, /* broken into lines */
    OV_STYLE_LINK,
    OV_STYLES
};

struct ov_book_writer;
struct ov_book_sheet; /* the writer's */

/* NULL on failure (OV_E_MEMORY, OV_E_IO). ov_book_writer_free takes NULL. */
struct ov_book_writer *ov_book_writer_new(struct ov_error *err);
void ov_book_writer_free(struct ov_book_writer *writer);
/* Adds a sheet behind the others; its name is made one that is allowed and unlike theirs. NULL when
 * out of memory. */
struct ov_book_sheet *ov_book_writer_sheet(struct ov_book_writer *writer, struct ov_text name);
/* Its name in the workbook; lives as long as the writer. */
const char *ov_sheet_name(const struct ov_book_sheet *sheet);
/* Writes what was put into the sheets to the sink: the last call but ov_book_writer_free. The
 * failures of the sink; OV_E_IO; OV_E_MEMORY, also of an earlier call. */
OV_MUST_USE enum ov_status ov_book_writer_end(struct ov_book_writer *writer,
                                              const struct ov_sink *sink, struct ov_error *err);

/* Puts a text into a cell: shortened to OV_BOOK_TEXT, U+FFFD for what is no character. Outside of
 * the sheet's bounds nothing is put. */
void ov_sheet_put(struct ov_book_sheet *sheet, size_t line, size_t column, struct ov_text text,
                  enum ov_cell_style style);
/* How many cells were shortened or left out. */
size_t ov_sheet_cuts(const struct ov_book_sheet *sheet);
/* Puts a text that leads to a cell of another sheet. Beyond OV_BOOK_LINKS it is a text only. */
void ov_sheet_link(struct ov_book_sheet *sheet, size_t line, size_t column, struct ov_text text,
                   const struct ov_book_sheet *to, size_t to_line, size_t to_column);
/* Adds a comment to a cell. */
void ov_sheet_comment(struct ov_book_sheet *sheet, size_t line, size_t column, struct ov_text text);
/* The width of a column, in characters. */
void ov_sheet_width(struct ov_book_sheet *sheet, size_t column, double characters);
/* Keeps the lines above this one in sight. */
void ov_sheet_freeze(struct ov_book_sheet *sheet, size_t lines);
/* Lets people filter a table by its columns: from the line of its headings to its last one. */
void ov_sheet_filter(struct ov_book_sheet *sheet, size_t line, size_t last_line, size_t columns);
/* Lets people choose the values of a column, from a line on: NULL ends the list. */
void ov_sheet_choices(struct ov_book_sheet *sheet, size_t line, size_t column,
                      const char *const *values);
/* Formats the empty cells of a column as texts. */
void ov_sheet_text_column(struct ov_book_sheet *sheet, size_t column, double characters);

#endif
