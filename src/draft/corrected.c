/* draft/corrected.c: see corrected.h. */
#include "draft/corrected.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "book/book_writer.h"
#include "draft/csv_line.h"
#include "vet/check_access.h"

static enum ov_status feed(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    return ov_reader_feed(ctx, bytes, len, err);
}

/* Reads all records of the file, from the header on, as they were edited. */
static enum ov_status read_records(const struct ov_view *view, ov_record_fn *on_record, void *ctx,
                                   struct ov_error *err)
{
    struct ov_read_options options = ov_check_choices(view->check)->read;
    options.header_row = ov_check_result(view->check)->header_row;
    struct ov_reader *reader = ov_reader_new(&options, on_record, ctx, err);
    if (!reader)
        return err->status;
    enum ov_status status = ov_view_bytes(view, UINT64_MAX, NULL, feed, reader, err);
    if (status == OV_OK)
        status = ov_reader_finish(reader, err);
    ov_reader_free(reader);
    return status;
}

/* --- CSV --- */

struct csv {
    const struct ov_sink *out;
    struct ov_buf line;
    char delimiter;
};

static enum ov_status put_line(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct csv *csv = ctx;
    if (record->row < 0)
        return OV_OK;
    csv->line.len = 0;
    for (size_t i = 0; i < record->kept; i++)
        ov_csv_put_cell(&csv->line, record->cells[i].text, csv->delimiter, i > 0);
    ov_buf_string(&csv->line, "\r\n");
    return csv->line.failed ? ov_fail_memory(err)
                            : csv->out->write(csv->out->ctx, csv->line.ptr, csv->line.len, err);
}

enum ov_status ov_corrected_csv(const struct ov_view *view, const struct ov_sink *out,
                                struct ov_error *err)
{
    char delimiter = ov_check_result(view->check)->delimiter;
    struct csv csv = {.out = out, .delimiter = delimiter > 0 ? delimiter : ','};
    enum ov_status status = out->write(out->ctx, OV_UTF8_MARK, strlen(OV_UTF8_MARK), err);
    if (status == OV_OK)
        status = read_records(view, put_line, &csv, err);
    ov_buf_deinit(&csv.line);
    return status;
}

/* --- workbook --- */

struct book {
    struct ov_book_sheet *sheet;
    size_t line;
};

static enum ov_status put_sheet_line(void *ctx, const struct ov_record *record,
                                     struct ov_error *err)
{
    struct book *book = ctx;
    if (record->row < 0)
        return OV_OK;
    if (book->line >= OV_BOOK_LINES)
        return ov_fail(err, OV_E_OPTION,
                       "the file has more rows than fit into a workbook; download it as CSV");
    for (size_t i = 0; i < record->kept; i++)
        ov_sheet_put(book->sheet, book->line, i, record->cells[i].text,
                     book->line ? OV_STYLE_CELL : OV_STYLE_HEADING);
    book->line++;
    return OV_OK;
}

enum ov_status ov_corrected_workbook(const struct ov_view *view, const struct ov_sink *out,
                                     struct ov_error *err)
{
    enum { WIDTH = 24 };
    const struct ov_check_result *result = ov_check_result(view->check);
    struct ov_book_writer *writer = ov_book_writer_new(err);
    struct book book = {0};
    if (!writer)
        return err->status;
    book.sheet = ov_book_writer_sheet(
        writer, result->sheet.len ? result->sheet : ov_text_of(ov_importer_name(result->importer)));
    enum ov_status status = book.sheet ? OV_OK : ov_fail_memory(err);
    if (status == OV_OK) {
        for (size_t i = 0; i < ov_check_facts(view->check)->columns; i++)
            ov_sheet_width(book.sheet, i, WIDTH);
        ov_sheet_freeze(book.sheet, 1);
        status = read_records(view, put_sheet_line, &book, err);
    }
    if (status == OV_OK && ov_sheet_cuts(book.sheet))
        status = ov_fail(err, OV_E_OPTION,
                         "the file has cells that are too long for a workbook; download it as CSV");
    if (status == OV_OK)
        status = ov_book_writer_end(writer, out, err);
    ov_book_writer_free(writer);
    return status;
}
