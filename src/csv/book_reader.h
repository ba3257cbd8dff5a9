/* csv/book_reader.h: a workbook in place of a CSV file. Its bytes come in pieces like those of any
 * file; they are kept in a temporary file, since a zip archive is read from its end. */
#ifndef CSV_BOOK_READER_H
#define CSV_BOOK_READER_H

#include "book/book.h"

struct ov_book_reader;

/* NULL on failure: OV_E_MEMORY, OV_E_IO. */
struct ov_book_reader *ov_book_reader_new(struct ov_error *err);
void ov_book_reader_free(struct ov_book_reader *reader);
/* Adds the next bytes. OV_E_IO when they cannot be kept. */
OV_MUST_USE enum ov_status ov_book_reader_add(struct ov_book_reader *reader, struct ov_text bytes,
                                              struct ov_error *err);
/* Opens the workbook, once all bytes are there, and chooses a sheet: by its name or its number,
 * from 1; NULL: the first one that is not hidden. most: as in ov_book_open. OV_OK
 * and *problem when it is not a workbook that can be read; OV_E_OPTION when there is no such
 * sheet. */
OV_MUST_USE enum ov_status ov_book_reader_open(struct ov_book_reader *reader, const char *sheet,
                                               uint64_t most, ov_problem *problem,
                                               struct ov_error *err);
/* Passes on the rows of the sheet; see ov_book_read. */
OV_MUST_USE enum ov_status ov_book_reader_read(struct ov_book_reader *reader,
                                               struct ov_sheet_reading *reading,
                                               ov_problem *problem, struct ov_error *err);
/* To be called once the sheet was read: gives back what later readings of it would need. */
void ov_book_reader_rest(struct ov_book_reader *reader);
/* The name of the sheet; empty before it is open. Lives as long as the reader. */
struct ov_text ov_book_reader_sheet(const struct ov_book_reader *reader);

#endif
