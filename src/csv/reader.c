/* csv/reader.c: bytes of a file → records. Takes the file in chunks of any size and yields the
 * records that orgvet/records.h describes: detects the encoding (decode.h), obeys a `sep=` line,
 * skips title lines, detects the delimiter (dialect.h), and runs the record readers
 * (dispatch.h). */
#include "csv/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "csv/book_reader.h"
#include "csv/decode.h"
#include "csv/dialect.h"
#include "csv/dispatch.h"
#include "csv/foreign.h"
#include "csv/row_edits.h"

enum { PIECE = 128 * 1024 /* bytes decoded at once: they fit in the L2 cache */ };

/* The reading stage. */
enum stage {
    HEAD,    /* not decoded yet: collecting bytes to detect the encoding */
    SEP,     /* possibly a `sep=` line */
    TITLES,  /* lines to skip */
    DIALECT, /* collecting text to detect the delimiter */
    RECORDS, /* header and rows */
    FOREIGN, /* neither a CSV file nor a workbook: nothing is read */
    BOOK,    /* a workbook: its bytes are kept until all are there */
};

struct ov_reader {
    struct ov_read_options options;
    struct ov_record_sink sink;
    struct ov_editor *editor; /* owned: the sink's, with edits; otherwise NULL */
    void *ctx;                /* the caller's */
    ov_scan_fn *scan;         /* NULL: libcsv reads everything */
    enum stage stage;
    struct ov_buf head;
    struct ov_decoder *decoder;
    struct ov_window window;
    struct ov_cursor cursor;
    struct ov_dispatch dispatch; /* {0} before stage RECORDS */
    struct ov_book_reader *book; /* owned: with stage BOOK */
    uint64_t hidden;             /* rows of the sheet */
    struct ov_place hidden_first;
    char delimiter; /* 0 while unknown */
    char wide[5];   /* that of options.wide_delimiter, as text */
    bool sep_line;  /* the first line set the delimiter */
    bool stopped;   /* by ov_reader_stop */
    const char *foreign;
    ov_head_fn *on_head;   /* NULL: nobody asks */
    bool complete;         /* the head is the whole file */
    char surveyed;         /* the delimiter that a survey has detected; 0: there was none */
    uint64_t surveyed_row; /* options.header_row at that time */
    struct ov_buf sample;  /* used to detect the delimiter */
    bool sample_complete;
};

/* Chooses the reader and its variant. */
static enum ov_status choose_reader(struct ov_reader *reader, struct ov_error *err)
{
    const char *name = reader->options.reader;
    bool any = !name || strcmp(name, "auto") == 0 || strcmp(name, "fast") == 0;
    if (name && strcmp(name, "libcsv") == 0)
        return OV_OK;
    reader->scan = ov_scan_variant(any ? NULL : name);
    if (reader->scan)
        return OV_OK;
    for (size_t i = 0; !any && ov_scan_name(i); i++)
        if (strcmp(name, ov_scan_name(i)) == 0)
            return ov_fail(err, OV_E_OPTION, "this processor does not support the reader `%s`",
                           name);
    return ov_fail(
        err, OV_E_OPTION,
        "unknown reader `%.40s`; it must be auto, fast, libcsv or a variant of fast: avx512, "
        "avx2, sse2, neon or plain",
        name);
}

struct ov_reader *ov_reader_new(const struct ov_read_options *options, ov_record_fn *on_record,
                                void *ctx, struct ov_error *err)
{
    struct ov_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        ov_fail_memory(err);
        return NULL;
    }
    reader->options = *options;
    if (!reader->options.max_cell)
        reader->options.max_cell = OV_MAX_CELL;
    if (reader->options.max_cell > OV_LARGEST_CELL) {
        ov_fail(err, OV_E_OPTION, "the cell limit cannot be higher than %d bytes", OV_LARGEST_CELL);
        ov_reader_free(reader);
        return NULL;
    }
    if (choose_reader(reader, err) != OV_OK) {
        ov_reader_free(reader);
        return NULL;
    }
    reader->sink = (struct ov_record_sink){.on_record = on_record, .ctx = ctx};
    reader->ctx = ctx;
    if (options->edits) {
        reader->editor = ov_editor_new(options->edits, on_record, ctx);
        if (!reader->editor) {
            ov_reader_free(reader);
            ov_fail_memory(err);
            return NULL;
        }
        reader->sink = (struct ov_record_sink){.on_record = ov_editor_edit, .ctx = reader->editor};
    }
    reader->delimiter = options->delimiter;
    if (options->wide_delimiter) {
        struct ov_buf text = {0};
        reader->delimiter = OV_WIDE_DELIMITER;
        ov_buf_code_point(&text, options->wide_delimiter);
        if (text.failed || text.len >= sizeof reader->wide) {
            ov_buf_deinit(&text);
            ov_reader_free(reader);
            ov_fail_memory(err);
            return NULL;
        }
        memcpy(reader->wide, text.ptr, text.len);
        ov_buf_deinit(&text);
    }
    ov_cursor_init(&reader->cursor, &reader->window);
    reader->decoder = ov_decoder_new(options->encoding, options->wide_delimiter, err);
    if (!reader->decoder) {
        ov_reader_free(reader);
        return NULL;
    }
    return reader;
}

void ov_reader_free(struct ov_reader *reader)
{
    if (!reader)
        return;
    ov_dispatch_deinit(&reader->dispatch);
    ov_book_reader_free(reader->book);
    ov_editor_free(reader->editor);
    ov_decoder_free(reader->decoder);
    ov_window_deinit(&reader->window);
    ov_buf_deinit(&reader->head);
    ov_buf_deinit(&reader->sample);
    free(reader);
}

static struct ov_text rest(const struct ov_reader *reader)
{
    if (reader->cursor.at == reader->window.len)
        return (struct ov_text){"", 0};
    return (struct ov_text){reader->window.text + reader->cursor.at,
                            reader->window.len - reader->cursor.at};
}

/* A first line `sep=;` sets the delimiter (a convention of Excel) and is not a record. */
static void obey_sep(struct ov_reader *reader)
{
    size_t end = ov_cursor_line_end(&reader->cursor);
    struct ov_text line = {rest(reader).ptr, end - reader->cursor.at};
    char delimiter;
    uint32_t wide;
    if (line.len == 7 && line.ptr[0] == '"' && line.ptr[6] == '"')
        line = (struct ov_text){line.ptr + 1, 5};
    if (line.len != 5 || memcmp(line.ptr, "sep=", 4) != 0 ||
        !ov_delimiter_parse((struct ov_text){line.ptr + 4, 1}, &delimiter, &wide))
        return;
    reader->sep_line = true;
    if (!reader->delimiter)
        reader->delimiter = delimiter;
    ov_cursor_pass(&reader->cursor, end, NULL, NULL);
    if (end < reader->window.len)
        ov_cursor_pass_line_end(&reader->cursor);
}

/* Skips the lines above the header, as far as the window goes; true when all have been skipped. */
static bool pass_titles(struct ov_reader *reader)
{
    struct ov_cursor *cursor = &reader->cursor;
    while (cursor->line < reader->options.header_row && cursor->at < cursor->window->len) {
        size_t end = ov_cursor_line_end(cursor);
        ov_cursor_pass(cursor, end, NULL, NULL);
        if (end < cursor->window->len)
            ov_cursor_pass_line_end(cursor);
    }
    return cursor->line >= reader->options.header_row;
}

/* Keeps the sample, and detects the delimiter unless it is known. */
static enum ov_status choose_dialect(struct ov_reader *reader, bool last, struct ov_error *err)
{
    struct ov_text sample = rest(reader);
    reader->sample_complete = last && sample.len <= OV_SAMPLE_SIZE;
    sample = ov_utf8_cut(sample, OV_SAMPLE_SIZE);
    ov_buf_text(&reader->sample, sample);
    if (reader->sample.failed)
        return ov_fail_memory(err);
    if (!reader->delimiter && reader->surveyed_row == reader->options.header_row)
        reader->delimiter = reader->surveyed;
    if (reader->delimiter)
        return OV_OK;
    struct ov_dialect dialect;
    enum ov_status status =
        ov_dialect_guess(ov_buf_view(&reader->sample), reader->sample_complete, &dialect, err);
    reader->delimiter = dialect.delimiter;
    return status;
}

/* Runs the stages over the window. last: no more bytes will come. */
static enum ov_status advance(struct ov_reader *reader, bool last, struct ov_error *err)
{
    enum { SEP_LINE = 9 /* `"sep=;"` and CRLF */ };
    enum ov_status status;
    if (reader->stage == SEP) {
        if (reader->window.len < SEP_LINE && !last)
            return OV_OK;
        obey_sep(reader);
        reader->stage = TITLES;
    }
    if (reader->stage == TITLES) {
        if (!pass_titles(reader) && !last)
            return OV_OK;
        reader->stage = DIALECT;
    }
    if (reader->stage == DIALECT) {
        if (rest(reader).len < OV_SAMPLE_SIZE && !last)
            return OV_OK;
        if ((status = choose_dialect(reader, last, err)) != OV_OK)
            return status;
        if (!ov_dispatch_init(&reader->dispatch, reader->scan, reader->delimiter,
                              reader->options.max_cell, &reader->cursor, &reader->sink))
            return ov_fail_memory(err);
        reader->stage = RECORDS;
    }
    return ov_dispatch_run(&reader->dispatch, last, err);
}

/* Decodes the bytes piece by piece and runs the stages over each piece. */
static enum ov_status decode(struct ov_reader *reader, struct ov_text bytes, bool last,
                             struct ov_error *err)
{
    do {
        struct ov_text piece = {bytes.ptr, bytes.len < PIECE ? bytes.len : PIECE};
        bool end = last && piece.len == bytes.len;
        if (reader->stage == RECORDS)
            ov_dispatch_drop(&reader->dispatch);
        else
            ov_cursor_drop(&reader->cursor, reader->cursor.at);
        enum ov_status status = ov_decoder_feed(reader->decoder, piece, end, &reader->window, err);
        if (status == OV_OK)
            status = advance(reader, end, err);
        if (status != OV_OK)
            return status;
        bytes.ptr += piece.len;
        bytes.len -= piece.len;
    } while (bytes.len);
    return OV_OK;
}

/* --- workbooks --- */

static enum ov_status start_book(struct ov_reader *reader, struct ov_error *err)
{
    reader->book = ov_book_reader_new(err);
    if (!reader->book)
        return err ? err->status : OV_E_MEMORY;
    reader->stage = BOOK;
    return ov_book_reader_add(reader->book, ov_buf_view(&reader->head), err);
}

/* Passes on the rows of the sheet; most: bytes of text, or 0. */
static enum ov_status read_sheet(struct ov_reader *reader, const struct ov_record_sink *sink,
                                 uint64_t most, ov_problem *problem, struct ov_error *err)
{
    struct ov_sheet_reading reading = {.on_record = sink->on_record,
                                       .ctx = sink->ctx,
                                       .header_line = reader->options.header_row,
                                       .most = most,
                                       .stop = &reader->stopped};
    enum ov_status status = ov_book_reader_read(reader->book, &reading, problem, err);
    reader->hidden = reading.hidden;
    reader->hidden_first = reading.hidden_first;
    return status;
}

static enum ov_status finish_book(struct ov_reader *reader, struct ov_error *err)
{
    ov_problem problem;
    enum ov_status status = ov_book_reader_open(reader->book, reader->options.sheet,
                                                reader->options.max_workbook, &problem, err);
    if (status == OV_OK && !problem && reader->on_head)
        status = reader->on_head(reader->ctx, err);
    if (status == OV_OK && !problem)
        status = read_sheet(reader, &reader->sink, 0, &problem, err);
    ov_book_reader_rest(reader->book);
    reader->foreign = problem;
    return status;
}

/* Detects the encoding and reads the head. */
static enum ov_status start_reading(struct ov_reader *reader, bool last, struct ov_error *err)
{
    struct ov_text head = ov_buf_view(&reader->head);
    if (ov_is_zip(head))
        return start_book(reader, err);
    reader->foreign = ov_foreign_format(head);
    if (reader->foreign) {
        reader->stage = FOREIGN;
        return OV_OK;
    }
    enum ov_status status = ov_decoder_decide(reader->decoder, head, last, err);
    if (status != OV_OK)
        return status;
    reader->complete = last;
    if (reader->on_head && (status = reader->on_head(reader->ctx, err)) != OV_OK)
        return status;
    reader->stage = SEP;
    status = decode(reader, head, last, err);
    ov_buf_deinit(&reader->head);
    return status;
}

enum ov_status ov_reader_feed(struct ov_reader *reader, const void *bytes, size_t len,
                              struct ov_error *err)
{
    struct ov_text text = {bytes, len};
    if (len == 0)
        return OV_OK;
    if (reader->stage == HEAD) {
        size_t room = OV_HEAD_SIZE - reader->head.len;
        size_t take = len < room ? len : room;
        if (!ov_grow(&reader->head.ptr, &reader->head.capacity, OV_HEAD_SIZE, 1))
            return ov_fail_memory(err);
        ov_buf_put(&reader->head, bytes, take);
        text.ptr += take;
        text.len -= take;
        if (reader->head.len < OV_HEAD_SIZE)
            return OV_OK;
        enum ov_status status = start_reading(reader, false, err);
        if (status != OV_OK)
            return status;
    }
    if (reader->stage == FOREIGN || text.len == 0)
        return OV_OK;
    if (reader->stage == BOOK)
        return ov_book_reader_add(reader->book, text, err);
    return decode(reader, text, false, err);
}

static enum ov_status finish(struct ov_reader *reader, struct ov_error *err)
{
    if (reader->stage == HEAD) {
        enum ov_status status = start_reading(reader, true, err);
        if (status != OV_OK || reader->stage != BOOK)
            return status;
    }
    if (reader->stage == FOREIGN)
        return OV_OK;
    if (reader->stage == BOOK)
        return finish_book(reader, err);
    return decode(reader, (struct ov_text){"", 0}, true, err);
}

enum ov_status ov_reader_finish(struct ov_reader *reader, struct ov_error *err)
{
    enum ov_status status = finish(reader, err);
    return status == OV_OK && reader->editor && !reader->stopped
               ? ov_editor_finish(reader->editor, err)
               : status;
}

void ov_reader_stop(struct ov_reader *reader)
{
    reader->stopped = true;
}

void ov_reader_on_head(struct ov_reader *reader, ov_head_fn *on_head)
{
    reader->on_head = on_head;
}

void ov_reader_set_header_row(struct ov_reader *reader, uint64_t row)
{
    reader->options.header_row = row;
}

static enum ov_status survey_sheet(struct ov_reader *reader, ov_record_fn *on_record, void *ctx,
                                   ov_problem *problem, struct ov_error *err)
{
    struct ov_record_sink sink = {.on_record = on_record, .ctx = ctx};
    struct ov_editor *editor = NULL;
    if (reader->options.edits) {
        editor = ov_editor_new(reader->options.edits, on_record, ctx);
        sink = (struct ov_record_sink){.on_record = ov_editor_edit, .ctx = editor};
        if (!editor)
            return ov_fail_memory(err);
    }
    enum ov_status status = read_sheet(reader, &sink, OV_HEAD_SIZE, problem, err);
    ov_editor_free(editor);
    return status;
}

enum ov_status ov_reader_survey(struct ov_reader *reader, ov_record_fn *on_record, void *ctx,
                                struct ov_error *err)
{
    struct ov_read_options options = reader->options;
    struct ov_text head = ov_buf_view(&reader->head);
    if (reader->stage == BOOK) {
        ov_problem problem; /* is found again by the reading proper */
        return survey_sheet(reader, on_record, ctx, &problem, err);
    }
    options.encoding = ov_reader_encoding(reader);
    struct ov_reader *again = ov_reader_new(&options, on_record, ctx, err);
    if (!again)
        return OV_E_MEMORY;
    enum ov_status status = ov_decoder_decide(again->decoder, head, reader->complete, err);
    again->stage = SEP;
    again->surveyed = reader->surveyed;
    again->surveyed_row = reader->surveyed_row;
    if (status == OV_OK)
        status = decode(again, head, reader->complete, err);
    reader->surveyed = again->delimiter;
    reader->surveyed_row = options.header_row;
    ov_reader_free(again);
    return status;
}

const char *ov_reader_encoding(const struct ov_reader *reader)
{
    const char *name = ov_decoder_encoding(reader->decoder)->name;
    if (reader->stage == BOOK)
        return "";
    return *name ? name : "UTF-8";
}

char ov_reader_delimiter(const struct ov_reader *reader)
{
    return reader->delimiter ? reader->delimiter : ',';
}

bool ov_reader_is_workbook(const struct ov_reader *reader)
{
    return reader->stage == BOOK && !reader->foreign;
}

struct ov_text ov_reader_sheet(const struct ov_reader *reader)
{
    return reader->book ? ov_book_reader_sheet(reader->book) : (struct ov_text){0};
}

uint64_t ov_reader_hidden(const struct ov_reader *reader, struct ov_place *first)
{
    *first = reader->hidden_first;
    return reader->hidden;
}

bool ov_reader_has_sep_line(const struct ov_reader *reader)
{
    return reader->sep_line;
}

const char *ov_reader_foreign(const struct ov_reader *reader)
{
    return reader->foreign;
}

bool ov_reader_guessed_utf16(const struct ov_reader *reader)
{
    return ov_decoder_encoding(reader->decoder)->by_zeros;
}

bool ov_reader_is_sure(const struct ov_reader *reader)
{
    const struct ov_encoding *encoding = ov_decoder_encoding(reader->decoder);
    return encoding->sure || !*encoding->name;
}

const char *ov_reader_likely_encoding(const struct ov_reader *reader, size_t index)
{
    return index < OV_ENCODING_LIKELY ? ov_decoder_encoding(reader->decoder)->likely[index] : NULL;
}

enum ov_status ov_reader_why_one_column(const struct ov_reader *reader, enum ov_one_column *why,
                                        const char **delimiter, size_t *columns,
                                        struct ov_error *err)
{
    *why = OV_ONE_COLUMN_FINE;
    *delimiter = NULL;
    *columns = 0;
    if (reader->stage != RECORDS)
        return OV_OK;
    return ov_dialect_why(ov_buf_view(&reader->sample), reader->sample_complete, reader->delimiter,
                          why, delimiter, columns, err);
}

static const struct {
    const char *name;
    char delimiter;
} delimiters[] = {
    {"auto", 0},        {"tab", '\t'}, {"\\t", '\t'},  {"comma", ','},
    {"semicolon", ';'}, {"pipe", '|'}, {"colon", ':'},
};

/* The character of `\x01`; 0: it is something else. */
static char by_number(struct ov_text name)
{
    unsigned code = 0;
    if (name.len != 4 || name.ptr[0] != '\\' || (name.ptr[1] | 0x20) != 'x')
        return 0;
    for (size_t i = 2; i < 4; i++) {
        char c = name.ptr[i];
        if (c >= '0' && c <= '9')
            code = code * 16 + (unsigned)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            code = code * 16 + (unsigned)((c | 0x20) - 'a' + 10);
        else
            return 0;
    }
    return code < 0x80 ? (char)code : 0;
}

static bool may_delimit(char c)
{
    return c != '\0' && c != '"' && c != '\r' && c != '\n';
}

bool ov_delimiter_parse(struct ov_text name, char *delimiter, uint32_t *wide)
{
    uint32_t code = 0;
    *wide = 0;
    for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++) {
        if (ov_text_equal_nocase(name, ov_text_of(delimiters[i].name))) {
            *delimiter = delimiters[i].delimiter;
            return true;
        }
    }
    char byte = name.len == 1 && (unsigned char)name.ptr[0] < 0x80 ? name.ptr[0] : by_number(name);
    if (byte && may_delimit(byte)) {
        *delimiter = byte;
        return true;
    }
    if (name.len < 2 || ov_utf8_next(name.ptr, name.ptr + name.len, &code) != name.len ||
        code == UINT32_MAX)
        return false;
    *delimiter = OV_WIDE_DELIMITER;
    *wide = code;
    return true;
}

const char *ov_delimiter_name(char delimiter)
{
    /* one text for each character below 0x80 */
    static const char names[0x80][5] = {
#define CONTROL(high, low) "\\x" #high #low
        CONTROL(0, 0), CONTROL(0, 1), CONTROL(0, 2), CONTROL(0, 3), CONTROL(0, 4), CONTROL(0, 5),
        CONTROL(0, 6), CONTROL(0, 7), CONTROL(0, 8), "tab",         CONTROL(0, A), CONTROL(0, B),
        CONTROL(0, C), CONTROL(0, D), CONTROL(0, E), CONTROL(0, F), CONTROL(1, 0), CONTROL(1, 1),
        CONTROL(1, 2), CONTROL(1, 3), CONTROL(1, 4), CONTROL(1, 5), CONTROL(1, 6), CONTROL(1, 7),
        CONTROL(1, 8), CONTROL(1, 9), CONTROL(1, A), CONTROL(1, B), CONTROL(1, C), CONTROL(1, D),
        CONTROL(1, E), CONTROL(1, F), " ",           "!",           "\"",          "#",
        "$",           "%",           "&",           "'",           "(",           ")",
        "*",           "+",           ",",           "-",           ".",           "/",
        "0",           "1",           "2",           "3",           "4",           "5",
        "6",           "7",           "8",           "9",           ":",           ";",
        "<",           "=",           ">",           "?",           "@",           "A",
        "B",           "C",           "D",           "E",           "F",           "G",
        "H",           "I",           "J",           "K",           "L",           "M",
        "N",           "O",           "P",           "Q",           "R",           "S",
        "T",           "U",           "V",           "W",           "X",           "Y",
        "Z",           "[",           "\\",          "]",           "^",           "_",
        "`",           "a",           "b",           "c",           "d",           "e",
        "f",           "g",           "h",           "i",           "j",           "k",
        "l",           "m",           "n",           "o",           "p",           "q",
        "r",           "s",           "t",           "u",           "v",           "w",
        "x",           "y",           "z",           "{",           "|",           "}",
        "~",           "\\x7F",
#undef CONTROL
    };
    return names[(unsigned char)delimiter & 0x7F];
}

const char *ov_reader_delimiter_name(const struct ov_reader *reader)
{
    if (reader->stage == BOOK)
        return "";
    return reader->wide[0] ? reader->wide : ov_delimiter_name(ov_reader_delimiter(reader));
}
