/* csv/book_reader.c: see book_reader.h. */
#include "csv/book_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "csv/foreign.h"

struct ov_book_reader {
    FILE *bytes; /* owned: without a name */
    uint64_t size;
    struct ov_book *book; /* owned; NULL before it is open */
    size_t sheet;
};

struct ov_book_reader *ov_book_reader_new(struct ov_error *err)
{
    struct ov_book_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        ov_fail_memory(err);
        return NULL;
    }
    reader->bytes = tmpfile();
    if (reader->bytes)
        return reader;
    ov_fail(err, OV_E_IO, "cannot create a temporary file: %s", strerror(errno));
    free(reader);
    return NULL;
}

void ov_book_reader_free(struct ov_book_reader *reader)
{
    if (!reader)
        return;
    ov_book_free(reader->book);
    fclose(reader->bytes);
    free(reader);
}

enum ov_status ov_book_reader_add(struct ov_book_reader *reader, struct ov_text bytes,
                                  struct ov_error *err)
{
    reader->size += bytes.len;
    if (fwrite(bytes.ptr, 1, bytes.len, reader->bytes) == bytes.len)
        return OV_OK;
    return ov_fail(err, OV_E_IO, "cannot write to a temporary file: %s", strerror(errno));
}

static size_t read_at(void *ctx, uint64_t offset, char *buf, size_t len)
{
    const struct ov_book_reader *reader = ctx;
    return ov_read_at(fileno(reader->bytes), offset, buf, len);
}

/* "A", "B", … of the sheets, for a message. */
static void put_names(const struct ov_book *book, struct ov_buf *out)
{
    enum { SHOWN = 10 };
    for (size_t i = 0; i < ov_book_sheet_count(book) && i < SHOWN; i++) {
        ov_buf_string(out, i ? ", `" : "`");
        ov_buf_text(out, ov_book_sheet(book, i)->name);
        ov_buf_char(out, '`');
    }
    if (ov_book_sheet_count(book) > SHOWN)
        ov_buf_string(out, ", …");
}

static enum ov_status choose_sheet(struct ov_book_reader *reader, const char *wanted,
                                   struct ov_error *err)
{
    size_t count = ov_book_sheet_count(reader->book);
    uint32_t number = wanted ? ov_text_number_up_to(ov_text_of(wanted), UINT32_MAX) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct ov_sheet *sheet = ov_book_sheet(reader->book, i);
        reader->sheet = i;
        if (wanted ? ov_text_equal(sheet->name, ov_text_of(wanted)) : sheet->visible)
            return OV_OK;
    }
    reader->sheet = number ? number - 1 : 0;
    if (!wanted || (number && number <= count))
        return OV_OK;
    struct ov_buf names = {0};
    put_names(reader->book, &names);
    enum ov_status status =
        names.failed ? ov_fail_memory(err)
                     : ov_fail(err, OV_E_OPTION, "the workbook has no sheet `%.100s`; it has %.*s",
                               wanted, OV_FMT(ov_buf_view(&names)));
    ov_buf_deinit(&names);
    return status;
}

enum ov_status ov_book_reader_open(struct ov_book_reader *reader, const char *sheet, uint64_t most,
                                   ov_problem *problem, struct ov_error *err)
{
    const struct ov_source source = {read_at, reader};
    if (fflush(reader->bytes) != 0)
        return ov_fail(err, OV_E_IO, "cannot write to a temporary file: %s", strerror(errno));
    reader->book = ov_book_open(&source, reader->size, most, problem, err);
    if (!reader->book)
        return *problem ? OV_OK : OV_E_MEMORY;
    return choose_sheet(reader, sheet, err);
}

enum ov_status ov_book_reader_read(struct ov_book_reader *reader, struct ov_sheet_reading *reading,
                                   ov_problem *problem, struct ov_error *err)
{
    return ov_book_read(reader->book, reader->sheet, reading, problem, err);
}

void ov_book_reader_rest(struct ov_book_reader *reader)
{
    if (reader->book)
        ov_book_rest(reader->book);
}

struct ov_text ov_book_reader_sheet(const struct ov_book_reader *reader)
{
    return reader->book ? ov_book_sheet(reader->book, reader->sheet)->name : (struct ov_text){0};
}

enum ov_status ov_workbook_sheets(const struct ov_source *source, uint64_t size,
                                  uint64_t max_workbook,
                                  void (*on_sheet)(void *ctx, struct ov_text name, bool visible),
                                  void *ctx, struct ov_error *err)
{
    ov_problem problem;
    char head[4] = "";
    size_t len = source->read_at(source->ctx, 0, head, sizeof head);
    if (!ov_is_zip((struct ov_text){head, len}))
        return OV_OK;
    struct ov_book *book = ov_book_open(source, size, max_workbook, &problem, err);
    if (!book)
        return problem ? OV_OK : OV_E_MEMORY;
    for (size_t i = 0; i < ov_book_sheet_count(book); i++)
        on_sheet(ctx, ov_book_sheet(book, i)->name, ov_book_sheet(book, i)->visible);
    ov_book_free(book);
    return OV_OK;
}
