/* book/book_writer.c: see book_writer.h. */
#include "book/book_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/error.h"
#include "book/archive.h"
#include "book/strings.h"

enum { PIECE = 128 * 1024, NAME_BYTES = 128 };

struct ov_book_sheet {
    struct ov_book_writer *writer;
    struct ov_book_sheet *next;
    lxw_worksheet *cells; /* the workbook's */
    char name[NAME_BYTES];
    size_t links;
    size_t cuts;    /* cells that were shortened or left out */
    uint64_t bytes; /* at least so many are written for it */
};

struct ov_book_writer {
    char *path;         /* owned: of the file that libxlsxwriter writes */
    lxw_workbook *book; /* owned until it is closed */
    lxw_format *styles[OV_STYLES];
    struct ov_book_sheet *sheets, **last; /* owned */
    struct ov_buf text;                   /* scratch */
    bool failed;                          /* out of memory */
};

/* --- the workbook --- */

static lxw_format *make_style(lxw_workbook *book, enum ov_cell_style style)
{
    static const struct {
        lxw_color_t ink, ground; /* 0: the usual one */
        bool bold, wrapped, underlined;
        double size; /* points; 0: the usual one */
    } looks[OV_STYLES] = {
        [OV_STYLE_HEADING] = {.ground = 0xE7E6E6, .bold = true},
        [OV_STYLE_ERROR] = {.ink = 0x9C0006, .ground = 0xFFC7CE},
        [OV_STYLE_WARNING] = {.ink = 0x7F6000, .ground = 0xFFEB9C},
        [OV_STYLE_INFO] = {.ink = 0x1F4E78, .ground = 0xDDEBF7},
        [OV_STYLE_TITLE] = {.bold = true, .size = 14},
        [OV_STYLE_WRAPPED] = {.wrapped = true},
        [OV_STYLE_LINK] = {.ink = 0x0563C1, .underlined = true},
    };
    lxw_format *format = workbook_add_format(book);
    if (!format)
        return NULL;
    format_set_num_format(format, "@"); /* text: what is typed stays as it is */
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (looks[style].ink)
        format_set_font_color(format, looks[style].ink);
    if (looks[style].ground)
        format_set_bg_color(format, looks[style].ground);
    if (looks[style].bold)
        format_set_bold(format);
    if (looks[style].wrapped)
        format_set_text_wrap(format);
    if (looks[style].underlined)
        format_set_underline(format, LXW_UNDERLINE_SINGLE);
    if (looks[style].size > 0)
        format_set_font_size(format, looks[style].size);
    return format;
}

/* Makes an empty file of its own for the workbook. */
static enum ov_status make_file(struct ov_book_writer *writer, struct ov_error *err)
{
    const char *folder = getenv("TMPDIR");
    struct ov_buf path = {0};
    ov_buf_string(&path, folder && folder[0] ? folder : "/tmp");
    ov_buf_string(&path, "/orgvet-XXXXXX");
    ov_buf_char(&path, '\0');
    if (path.failed) {
        ov_buf_deinit(&path);
        return ov_fail_memory(err);
    }
    writer->path = path.ptr;
    int file = mkstemp(writer->path);
    if (file >= 0) {
        close(file);
        return OV_OK;
    }
    free(writer->path);
    writer->path = NULL;
    return ov_fail(err, OV_E_IO, "cannot create a temporary file: %s", strerror(errno));
}

struct ov_book_writer *ov_book_writer_new(struct ov_error *err)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = getenv("TMPDIR")};
    /* not the time of day: the same input gives the same bytes */
    lxw_doc_properties properties = {.author = "orgvet", .created = 946684800};
    struct ov_book_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        ov_fail_memory(err);
        return NULL;
    }
    writer->last = &writer->sheets;
    if (make_file(writer, err) != OV_OK) {
        ov_book_writer_free(writer);
        return NULL;
    }
    writer->book = workbook_new_opt(writer->path, &options);
    writer->failed =
        !writer->book || workbook_set_properties(writer->book, &properties) != LXW_NO_ERROR;
    for (size_t i = 0; i < OV_STYLES && !writer->failed; i++) {
        writer->styles[i] = make_style(writer->book, (enum ov_cell_style)i);
        writer->failed = !writer->styles[i];
    }
    if (!writer->failed)
        return writer;
    ov_fail_memory(err);
    ov_book_writer_free(writer);
    return NULL;
}

void ov_book_writer_free(struct ov_book_writer *writer)
{
    if (!writer)
        return;
    if (writer->book)
        (void)workbook_close(writer->book); /* which alone frees all of it */
    while (writer->sheets) {
        struct ov_book_sheet *next = writer->sheets->next;
        free(writer->sheets);
        writer->sheets = next;
    }
    if (writer->path)
        unlink(writer->path);
    free(writer->path);
    ov_buf_deinit(&writer->text);
    free(writer);
}

/* Whether all that was written so far is in libxlsxwriter's temporary files, which it does not
 * check itself. */
static bool is_written(struct ov_book_writer *writer)
{
    for (struct ov_book_sheet *sheet = writer->sheets; sheet; sheet = sheet->next) {
        FILE *file = sheet->cells->optimize_tmpfile;
        long at = file && fflush(file) == 0 && !ferror(file) ? ftell(file) : file ? -1 : 0;
        if (at < 0)
            return false;
        sheet->bytes = (uint64_t)at;
    }
    return true;
}

static size_t read_workbook(void *ctx, uint64_t offset, char *buf, size_t len)
{
    return ov_read_at(*(int *)ctx, offset, buf, len);
}

/* Whether the workbook is whole: its sheets are there, and as large as they must be. */
static bool is_whole(const struct ov_book_writer *writer)
{
    int fd = open(writer->path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    ov_problem problem = NULL;
    const struct ov_source source = {read_workbook, &fd};
    struct ov_archive *archive =
        fd >= 0 && fstat(fd, &about) == 0
            ? ov_archive_open(&source, (uint64_t)about.st_size, UINT64_MAX, &problem, NULL)
            : NULL;
    bool whole = archive != NULL;
    size_t number = 1;
    for (const struct ov_book_sheet *sheet = writer->sheets; sheet && whole; sheet = sheet->next) {
        char name[48];
        snprintf(name, sizeof name, "xl/worksheets/sheet%zu.xml", number++);
        whole = ov_archive_size(archive, ov_archive_find(archive, name)) > sheet->bytes;
    }
    ov_archive_free(archive);
    if (fd >= 0)
        close(fd);
    return whole;
}

static enum ov_status copy_file(const char *path, const struct ov_sink *sink, struct ov_error *err)
{
    FILE *file = fopen(path, "rb");
    char *piece = malloc(PIECE);
    enum ov_status status = piece ? OV_OK : ov_fail_memory(err);
    size_t got;
    if (!file)
        status = ov_fail(err, OV_E_IO, "cannot read a temporary file: %s", strerror(errno));
    while (status == OV_OK && (got = fread(piece, 1, PIECE, file)) > 0)
        status = sink->write(sink->ctx, piece, got, err);
    if (status == OV_OK && ferror(file))
        status = ov_fail(err, OV_E_IO, "cannot read a temporary file: %s", strerror(errno));
    if (file)
        fclose(file);
    free(piece);
    return status;
}

enum ov_status ov_book_writer_end(struct ov_book_writer *writer, const struct ov_sink *sink,
                                  struct ov_error *err)
{
    if (writer->failed || writer->text.failed)
        return ov_fail_memory(err);
    bool written = is_written(writer);
    lxw_error error = workbook_close(writer->book); /* frees it, too */
    writer->book = NULL;
    if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return ov_fail_memory(err);
    if (error != LXW_NO_ERROR)
        return ov_fail(err, OV_E_IO, "cannot write the workbook: %s", lxw_strerror(error));
    if (!written || !is_whole(writer))
        return ov_fail(
            err, OV_E_IO,
            "cannot write the workbook: there is no room for temporary files; set TMPDIR to a folder with more");
    return copy_file(writer->path, sink, err);
}

/* --- sheets --- */

/* Whether a sheet is called so; letters A to Z are equal to a to z, as they are there. */
static bool is_taken(const struct ov_book_writer *writer, const char *name)
{
    for (const struct ov_book_sheet *sheet = writer->sheets; sheet; sheet = sheet->next)
        if (ov_text_equal_nocase(ov_text_of(sheet->name), ov_text_of(name)))
            return true;
    return false;
}

/* The longest beginning of a text of at most so many UTF-16 units. */
static struct ov_text cut_units(struct ov_text text, size_t most)
{
    size_t at = 0;
    for (size_t units = 0; at < text.len;) {
        uint32_t code;
        size_t taken = ov_utf8_next(text.ptr + at, text.ptr + text.len, &code);
        units += code > 0xFFFF && code != UINT32_MAX ? 2 : 1;
        if (units > most)
            break;
        at += taken;
    }
    return (struct ov_text){text.ptr, at};
}

/* Appends a text as XML may have it. escape: as a cell may, where libxlsxwriter escapes control
 * characters. */
static void put_characters(struct ov_buf *out, struct ov_text text, bool escape)
{
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        bool control = code < ' ' && code != '\t' && code != '\n' && code != '\r';
        if (code == UINT32_MAX || code == 0 || code == 0xFFFE || code == 0xFFFF ||
            (control && !escape))
            ov_buf_string(out, "\xEF\xBF\xBD");
        else if (escape && code == '_' && ov_is_escape((struct ov_text){p, (size_t)(end - p)}))
            ov_buf_string(out, "_x005F_");
        else
            ov_buf_put(out, p, taken);
        p += taken;
    }
}

/* A name without what a sheet's must not have, of at most so many UTF-16 units. */
static void make_name(struct ov_buf *out, struct ov_text wanted, size_t most)
{
    out->len = 0;
    put_characters(out, cut_units(wanted, most), false);
    for (size_t i = 0; i < out->len; i++)
        if (strchr("[]:*?/\\", out->ptr[i]) || (unsigned char)out->ptr[i] < ' ' ||
            (out->ptr[i] == '\'' && (i == 0 || i + 1 == out->len)))
            out->ptr[i] = '_';
    if (out->len == 0)
        ov_buf_string(out, "1");
}

/* Whether a name is one that spreadsheets reserve, or that libxlsxwriter does not quote though it
 * looks like a number or a cell. */
static bool is_reserved(struct ov_text name)
{
    size_t letters = 0, digits = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool digit = c >= '0' && c <= '9', letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!digit && !letter && c != '_' && c != '.')
            return false;
        letters += letter;
        digits += digit;
    }
    bool cell = letters && letters <= 3 && digits;
    return cell || (name.len && !(name.ptr[0] >= 'A' && (name.ptr[0] | 0x20) <= 'z')) ||
           ov_text_equal_nocase(name, OV_TEXT("history")) ||
           ov_text_equal_nocase(name, OV_TEXT("true")) ||
           ov_text_equal_nocase(name, OV_TEXT("false"));
}

static void name_sheet(struct ov_book_sheet *sheet, struct ov_text wanted)
{
    enum { DIGITS = 8 };
    struct ov_book_writer *writer = sheet->writer;
    struct ov_buf *text = &writer->text;
    make_name(text, wanted, OV_BOOK_SHEET_NAME);
    if (is_reserved(ov_buf_view(text)))
        make_name(text, wanted, OV_BOOK_SHEET_NAME - 2);
    bool plain = !is_reserved(ov_buf_view(text));
    snprintf(sheet->name, sizeof sheet->name, plain ? "%.*s" : "(%.*s)", (int)text->len, text->ptr);
    for (unsigned i = 2; is_taken(writer, sheet->name); i++) {
        make_name(text, wanted, OV_BOOK_SHEET_NAME - DIGITS);
        snprintf(sheet->name, sizeof sheet->name, "%.*s (%u)", (int)text->len, text->ptr, i);
    }
}

struct ov_book_sheet *ov_book_writer_sheet(struct ov_book_writer *writer, struct ov_text name)
{
    struct ov_book_sheet *sheet = writer->failed ? NULL : calloc(1, sizeof *sheet);
    if (sheet) {
        sheet->writer = writer;
        name_sheet(sheet, name);
        if (!writer->text.failed)
            sheet->cells = workbook_add_worksheet(writer->book, sheet->name);
    }
    if (!sheet || !sheet->cells) {
        free(sheet);
        writer->failed = true;
        return NULL;
    }
    *writer->last = sheet;
    writer->last = &sheet->next;
    return sheet;
}

const char *ov_sheet_name(const struct ov_book_sheet *sheet)
{
    return sheet->name;
}

/* --- cells --- */

/* The text as a cell may have it, ending with a NUL; valid until the next call. */
static const char *cell_text(struct ov_book_writer *writer, struct ov_text text, bool escape)
{
    struct ov_buf *out = &writer->text;
    out->len = 0;
    put_characters(out, cut_units(text, OV_BOOK_TEXT), escape);
    ov_buf_char(out, '\0');
    return out->failed ? "" : out->ptr;
}

static bool is_inside(size_t line, size_t column)
{
    return line < OV_BOOK_LINES && column < OV_BOOK_COLUMNS;
}

size_t ov_sheet_cuts(const struct ov_book_sheet *sheet)
{
    return sheet->cuts;
}

static void note(struct ov_book_writer *writer, lxw_error error)
{
    writer->failed |= error == LXW_ERROR_MEMORY_MALLOC_FAILED;
}

void ov_sheet_put(struct ov_book_sheet *sheet, size_t line, size_t column, struct ov_text text,
                  enum ov_cell_style style)
{
    struct ov_book_writer *writer = sheet->writer;
    sheet->cuts += !is_inside(line, column) || cut_units(text, OV_BOOK_TEXT).len < text.len;
    if (!is_inside(line, column))
        return;
    const char *shown = cell_text(writer, text, true);
    lxw_format *look = writer->styles[style];
    lxw_error error =
        shown[0]
            ? worksheet_write_string(sheet->cells, (lxw_row_t)line, (lxw_col_t)column, shown, look)
            : worksheet_write_blank(sheet->cells, (lxw_row_t)line, (lxw_col_t)column, look);
    if (error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) /* by its escapes */
        error = worksheet_write_string(sheet->cells, (lxw_row_t)line, (lxw_col_t)column,
                                       cell_text(writer, text, false), look);
    note(writer, error);
}

void ov_sheet_link(struct ov_book_sheet *sheet, size_t line, size_t column, struct ov_text text,
                   const struct ov_book_sheet *to, size_t to_line, size_t to_column)
{
    struct ov_book_writer *writer = sheet->writer;
    struct ov_buf url = {0};
    char cell[LXW_MAX_CELL_NAME_LENGTH];
    if (!is_inside(to_line, to_column) || sheet->links >= OV_BOOK_LINKS) {
        ov_sheet_put(sheet, line, column, text, OV_STYLE_CELL);
        return;
    }
    if (!is_inside(line, column))
        return;
    lxw_rowcol_to_cell(cell, (lxw_row_t)to_line, (lxw_col_t)to_column);
    ov_buf_string(&url, "internal:'");
    for (const char *c = to->name; *c; c++) {
        if (*c == '\'')
            ov_buf_char(&url, '\'');
        ov_buf_char(&url, *c);
    }
    ov_buf_string(&url, "'!");
    ov_buf_string(&url, cell);
    ov_buf_char(&url, '\0');
    const char *shown = cell_text(writer, text, true);
    writer->failed |= url.failed;
    if (!url.failed) {
        note(writer, worksheet_write_url_opt(sheet->cells, (lxw_row_t)line, (lxw_col_t)column,
                                             url.ptr, writer->styles[OV_STYLE_LINK], shown, NULL));
        sheet->links++;
    }
    ov_buf_deinit(&url);
}

void ov_sheet_comment(struct ov_book_sheet *sheet, size_t line, size_t column, struct ov_text text)
{
    enum { MOST = 2000 /* units: a note is short */ };
    struct ov_book_writer *writer = sheet->writer;
    lxw_comment_options options = {.author = "orgvet", .width = 320, .height = 110};
    if (!is_inside(line, column))
        return;
    const char *shown = cell_text(writer, cut_units(text, MOST), false);
    note(writer, worksheet_write_comment_opt(sheet->cells, (lxw_row_t)line, (lxw_col_t)column,
                                             shown, &options));
}

void ov_sheet_width(struct ov_book_sheet *sheet, size_t column, double characters)
{
    if (is_inside(0, column))
        note(sheet->writer, worksheet_set_column(sheet->cells, (lxw_col_t)column, (lxw_col_t)column,
                                                 characters, NULL));
}

void ov_sheet_text_column(struct ov_book_sheet *sheet, size_t column, double characters)
{
    if (is_inside(0, column))
        note(sheet->writer, worksheet_set_column(sheet->cells, (lxw_col_t)column, (lxw_col_t)column,
                                                 characters, sheet->writer->styles[OV_STYLE_CELL]));
}

void ov_sheet_freeze(struct ov_book_sheet *sheet, size_t lines)
{
    worksheet_freeze_panes(sheet->cells, (lxw_row_t)lines, 0);
}

void ov_sheet_filter(struct ov_book_sheet *sheet, size_t line, size_t last_line, size_t columns)
{
    if (columns == 0 || columns > OV_BOOK_COLUMNS || last_line >= OV_BOOK_LINES)
        return;
    note(sheet->writer, worksheet_autofilter(sheet->cells, (lxw_row_t)line, 0, (lxw_row_t)last_line,
                                             (lxw_col_t)(columns - 1)));
}

void ov_sheet_choices(struct ov_book_sheet *sheet, size_t line, size_t column,
                      const char *const *values)
{
    enum { MOST = 16 };
    char *list[MOST + 1] = {0};
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST,
                                .value_list = (void *)list, /* const in some versions */
                                .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
                                .ignore_blank = LXW_VALIDATION_ON,
                                .dropdown = LXW_VALIDATION_ON,
                                .show_error = LXW_VALIDATION_ON};
    size_t count = 0;
    for (; count < MOST && values[count]; count++) {
        list[count] = strdup(values[count]);
        sheet->writer->failed |= !list[count];
    }
    if (!sheet->writer->failed && is_inside(line, column))
        note(sheet->writer,
             worksheet_data_validation_range(sheet->cells, (lxw_row_t)line, (lxw_col_t)column,
                                             OV_BOOK_LINES - 1, (lxw_col_t)column, &rule));
    for (size_t i = 0; i < count; i++)
        free(list[i]);
}
