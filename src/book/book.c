/* book/book.c: see book.h. */
#include <stdlib.h>

#include "base/error.h"
#include "base/i18n.h"
#include "book/ods.h"
#include "book/xlsx.h"

static bool open_parts(struct ov_book *book, ov_problem *problem)
{
    bool is = false;
    if (!ov_xlsx_open(book, &is, problem) || (!is && !ov_ods_open(book, &is, problem)))
        return false;
    if (!is)
        *problem = OV_N_("a zip archive");
    else if (book->sheet_count == 0)
        *problem = OV_N_("a workbook without a sheet of cells");
    return *problem == NULL;
}

struct ov_book *ov_book_open(const struct ov_source *source, uint64_t size, uint64_t most,
                             ov_problem *problem, struct ov_error *err)
{
    struct ov_book *book = calloc(1, sizeof *book);
    *problem = NULL;
    if (!book) {
        ov_fail_memory(err);
        return NULL;
    }
    book->areas_of = book->strings_of = -1;
    book->text_most = most ? most : OV_MAX_WORKBOOK;
    book->archive = ov_archive_open(source, size, book->text_most, problem, err);
    if (book->archive && open_parts(book, problem))
        return book;
    if (book->archive && !*problem)
        ov_fail_memory(err);
    ov_book_free(book);
    return NULL;
}

void ov_book_free(struct ov_book *book)
{
    if (!book)
        return;
    ov_archive_free(book->archive);
    ov_strings_deinit(&book->strings);
    ov_arena_deinit(&book->arena);
    free(book->sheets);
    free(book->formats);
    free(book->areas);
    free(book);
}

void ov_book_rest(struct ov_book *book)
{
    ov_archive_keep(book->archive, -1);
}

size_t ov_book_sheet_count(const struct ov_book *book)
{
    return book->sheet_count;
}

const struct ov_sheet *ov_book_sheet(const struct ov_book *book, size_t index)
{
    return index < book->sheet_count ? &book->sheets[index] : NULL;
}

enum ov_status ov_book_read(struct ov_book *book, size_t sheet, struct ov_sheet_reading *reading,
                            ov_problem *problem, struct ov_error *err)
{
    struct ov_sheet_rows rows = {.on_record = reading->on_record,
                                 .ctx = reading->ctx,
                                 .header_line = reading->header_line,
                                 .most = reading->most,
                                 .text_most = book->text_most,
                                 .stop = reading->stop,
                                 .err = err};
    *problem = NULL;
    reading->hidden = 0;
    bool fine = book->read_sheet(book, &book->sheets[sheet], &rows, reading, problem);
    enum ov_status status = rows.status;
    if (rows.too_large)
        *problem = ov_problem_large;
    if (status == OV_OK && !*problem && (book->failed || !fine))
        status = ov_fail_memory(err);
    ov_sheet_rows_deinit(&rows);
    return status;
}
