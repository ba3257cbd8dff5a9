/* book/ods.c: see ods.h. All sheets are in one part, content.xml; a sheet's `member` is its number
 * there. */
#include "book/ods.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- the sheets --- */

struct contents {
    struct ov_book *book;
    struct ov_xml *xml;
    struct ov_text *hiding; /* owned, texts in the arena: styles of sheets that are not displayed */
    size_t count, capacity;
    struct ov_text style; /* arena: that is being read */
    size_t sheets;
};

static void start_style(struct contents *contents, const char **attributes)
{
    const char *name = ov_xml_attribute(attributes, "name");
    const char *family = ov_xml_attribute(attributes, "family");
    contents->style = (struct ov_text){0};
    if (name && family && strcmp(family, "table") == 0 &&
        !ov_arena_copy(&contents->book->arena, ov_text_of(name), &contents->style))
        contents->book->failed = true;
}

static void note_display(struct contents *contents, const char **attributes)
{
    const char *display = ov_xml_attribute(attributes, "display");
    if (!display || strcmp(display, "false") != 0)
        return;
    if (ov_grow(&contents->hiding, &contents->capacity, contents->count + 1,
                sizeof *contents->hiding))
        contents->hiding[contents->count++] = contents->style;
    else
        contents->book->failed = true;
}

static void add_sheet(struct contents *contents, const char **attributes)
{
    const char *style = ov_xml_attribute(attributes, "style-name");
    const char *title = ov_xml_attribute(attributes, "name");
    bool visible = true;
    for (size_t i = 0; style && i < contents->count; i++)
        visible &= !ov_text_equal(contents->hiding[i], ov_text_of(style));
    if (!ov_book_add_sheet(contents->book, ov_text_of(title ? title : ""), visible,
                           (int64_t)contents->sheets++))
        ov_xml_stop(contents->xml);
}

static void on_content_start(void *ctx, const char *name, const char **attributes)
{
    struct contents *contents = ctx;
    if (strcmp(name, "style") == 0)
        start_style(contents, attributes);
    else if (strcmp(name, "table-properties") == 0 && contents->style.len)
        note_display(contents, attributes);
    else if (strcmp(name, "table") == 0)
        add_sheet(contents, attributes);
}

/* --- a sheet --- */

enum { REPEATED_MOST = OV_SHEET_COLUMNS };

struct sheet {
    struct ov_book *book;
    struct ov_xml *xml;
    struct ov_sheet_rows *rows;
    struct ov_sheet_reading *reading;
    int64_t wanted, number; /* sheets, from 0 */
    unsigned depth;         /* of tables in cells */
    bool in_sheet, in_cell, in_text;
    unsigned hidden; /* depth of what is not part of the text: notes, phonetics */
    uint64_t line;   /* of the row, from 1 */
    uint64_t lines;  /* how often it is repeated */
    bool row_hidden;
    uint32_t column, columns; /* of the cell, from 0; how often it is repeated */
    size_t paragraphs;
    char type; /* f(loat), p(ercentage), c(urrency), d(ate), t(ime), b(oolean), s(tring), 0: none */
    bool formula;
    unsigned digits;     /* least ones of a number */
    struct ov_buf value; /* of the attribute */
    struct ov_buf text;  /* of the paragraphs */
    uint32_t span_columns, span_lines;
};

static unsigned repeated(const char **attributes, const char *name, unsigned most)
{
    const char *text = ov_xml_attribute(attributes, name);
    unsigned count = text ? ov_text_number_up_to(ov_text_of(text), most) : 1;
    return count ? count : most; /* 0 also stands for what is beyond */
}

static void start_row(struct sheet *sheet, const char **attributes)
{
    const char *visibility = ov_xml_attribute(attributes, "visibility");
    sheet->lines = repeated(attributes, "number-rows-repeated", OV_SHEET_LINES);
    sheet->line++;
    sheet->column = 0;
    sheet->row_hidden = visibility && strcmp(visibility, "visible") != 0;
}

static void start_cell(struct sheet *sheet, const char **attributes)
{
    const char *type = ov_xml_attribute(attributes, "value-type");
    const char *value = NULL;
    sheet->in_cell = true;
    sheet->columns = repeated(attributes, "number-columns-repeated", REPEATED_MOST);
    sheet->span_columns = repeated(attributes, "number-columns-spanned", OV_SHEET_COLUMNS);
    sheet->span_lines = repeated(attributes, "number-rows-spanned", OV_SHEET_LINES);
    sheet->formula = ov_xml_attribute(attributes, "formula") != NULL;
    sheet->type = type ? type[0] : '\0';
    sheet->value.len = sheet->text.len = 0;
    sheet->paragraphs = 0;
    sheet->hidden = 0;
    switch (sheet->type) {
    case 'd': value = ov_xml_attribute(attributes, "date-value"); break;
    case 't': value = ov_xml_attribute(attributes, "time-value"); break;
    case 'b': value = ov_xml_attribute(attributes, "boolean-value"); break;
    case 's': value = ov_xml_attribute(attributes, "string-value"); break;
    default: value = ov_xml_attribute(attributes, "value"); break;
    }
    ov_buf_string(&sheet->value, value ? value : "");
}

static void on_sheet_start(void *ctx, const char *name, const char **attributes)
{
    struct sheet *sheet = ctx;
    if (!sheet->in_sheet) {
        if (strcmp(name, "table") == 0)
            sheet->in_sheet = sheet->number++ == sheet->wanted;
        return;
    }
    if (sheet->in_cell && (sheet->hidden || strcmp(name, "annotation") == 0 ||
                           strcmp(name, "ruby-text") == 0 || strcmp(name, "table") == 0)) {
        sheet->hidden++;
        return;
    }
    if (sheet->in_cell) {
        if (strcmp(name, "p") == 0) {
            if (sheet->paragraphs++)
                ov_buf_char(&sheet->text, '\n');
            sheet->in_text = true;
        } else if (strcmp(name, "s") == 0) {
            for (unsigned count = repeated(attributes, "c", 1000); count; count--)
                ov_buf_char(&sheet->text, ' ');
        } else if (strcmp(name, "tab") == 0) {
            ov_buf_char(&sheet->text, '\t');
        } else if (strcmp(name, "line-break") == 0) {
            ov_buf_char(&sheet->text, '\n');
        }
    } else if (strcmp(name, "table-row") == 0) {
        start_row(sheet, attributes);
    } else if (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0) {
        start_cell(sheet, attributes);
    }
}

static void on_sheet_text(void *ctx, struct ov_text text)
{
    struct sheet *sheet = ctx;
    if (sheet->in_text && !sheet->hidden)
        ov_buf_text(&sheet->text, text);
}

/* PT08H30M00S as 08:30:00. */
static void put_time(struct ov_buf *out, struct ov_text value)
{
    unsigned parts[3] = {0}, number = 0;
    if (value.len < 3 || value.ptr[0] != 'P') {
        ov_buf_text(out, value);
        return;
    }
    for (size_t i = 1; i < value.len; i++) {
        char c = value.ptr[i];
        if (c >= '0' && c <= '9' && number < 100000)
            number = number * 10 + (unsigned)(c - '0');
        else if (c == '.' || c == ',')
            break;
        else if (c != 'T') {
            parts[c == 'H' ? 0 : c == 'M' ? 1 : 2] = number;
            number = 0;
        }
    }
    if (number && !parts[2])
        parts[2] = number; /* seconds with a fraction */
    ov_buf_format(out, "%02u:%02u:%02u", parts[0], parts[1], parts[2]);
}

/* Whether a number is shown with leading zeros. */
static bool is_padded(struct ov_text text, struct ov_text value)
{
    struct ov_text digits = text;
    while (digits.len > 1 && digits.ptr[0] == '0')
        digits = (struct ov_text){digits.ptr + 1, digits.len - 1};
    return digits.len < text.len && ov_text_is_digits(text) && ov_text_equal(digits, value);
}

/* Appends what people see of the cell. */
static void put_cell(const struct sheet *sheet, struct ov_buf *out)
{
    struct ov_text value = ov_buf_view(&sheet->value), text = ov_buf_view(&sheet->text);
    switch (sheet->type) {
    case 'f':
    case 'p':
    case 'c':
        if ((text.len && text.ptr[0] == '#') || is_padded(text, value))
            ov_buf_text(out, text); /* an error has a value, too */
        else
            ov_put_number(out, value, (struct ov_number_format){.as = OV_AS_NUMBER}, false);
        return;
    case 'd': ov_buf_text(out, value); return;
    case 't': put_time(out, value); return;
    case 'b': ov_buf_string(out, ov_text_equal(value, OV_TEXT("true")) ? "TRUE" : "FALSE"); return;
    default: ov_buf_text(out, sheet->paragraphs ? text : value);
    }
}

static bool put_cells(struct sheet *sheet)
{
    bool none = sheet->formula && !sheet->type;
    bool filled = sheet->type || sheet->text.len || none;
    uint32_t end = sheet->column + sheet->columns;
    if (filled && (sheet->span_columns > 1 || sheet->span_lines > 1) &&
        !ov_sheet_rows_merge(sheet->rows, (uint32_t)sheet->line - 1, sheet->column,
                             (uint32_t)sheet->line + sheet->span_lines - 2,
                             sheet->column + sheet->span_columns - 1))
        return false;
    for (uint32_t i = sheet->column; filled && i < end && i < OV_SHEET_COLUMNS; i++) {
        ov_sheet_rows_open(sheet->rows, i);
        if (!none)
            put_cell(sheet, &sheet->rows->text);
        if (!ov_sheet_rows_close(sheet->rows, none ? OV_CELL_UNKEPT : 0))
            return false;
    }
    sheet->column = end < OV_SHEET_COLUMNS ? end : OV_SHEET_COLUMNS;
    return true;
}

/* A row of values that is repeated is passed on as often; an empty one only if something follows.
 */
static bool put_rows(struct sheet *sheet)
{
    struct ov_sheet_rows *rows = sheet->rows;
    bool filled = rows->count > 0, going = true;
    if (sheet->row_hidden && filled) {
        if (sheet->reading->hidden == 0)
            sheet->reading->hidden_first = ov_sheet_place(sheet->line);
        sheet->reading->hidden += sheet->lines;
    }
    for (uint64_t i = 0; filled && going && i < sheet->lines && sheet->line + i <= OV_SHEET_LINES;
         i++)
        going = ov_sheet_rows_repeat(rows, sheet->line + i, i + 1 < sheet->lines);
    sheet->line += sheet->lines - 1;
    if (sheet->line > OV_SHEET_LINES)
        sheet->line = OV_SHEET_LINES;
    return going;
}

static void on_sheet_end(void *ctx, const char *name)
{
    struct sheet *sheet = ctx;
    bool going = true;
    if (!sheet->in_sheet)
        return;
    if (sheet->hidden) {
        sheet->hidden--;
    } else if (sheet->in_cell && strcmp(name, "p") == 0) {
        sheet->in_text = false;
    } else if (sheet->in_cell &&
               (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0)) {
        sheet->in_cell = false;
        sheet->book->failed |= sheet->value.failed || sheet->text.failed;
        going = !sheet->book->failed && put_cells(sheet);
    } else if (strcmp(name, "table-row") == 0) {
        going = put_rows(sheet);
    } else if (strcmp(name, "table") == 0) {
        going = false;
    }
    if (!going)
        ov_xml_stop(sheet->xml);
}

static int64_t content_of(const struct ov_book *book)
{
    return ov_archive_find(book->archive, "content.xml");
}

static bool read_sheet(struct ov_book *book, const struct ov_sheet *own, struct ov_sheet_rows *rows,
                       struct ov_sheet_reading *reading, ov_problem *problem)
{
    struct ov_xml xml = {.start = on_sheet_start, .end = on_sheet_end, .text = on_sheet_text};
    struct sheet sheet = {
        .book = book, .xml = &xml, .rows = rows, .reading = reading, .wanted = own->member};
    xml.ctx = &sheet;
    ov_sheet_rows_begin(rows);
    bool fine = ov_xml_read(&xml, book->archive, content_of(book), problem) && !book->failed;
    ov_buf_deinit(&sheet.value);
    ov_buf_deinit(&sheet.text);
    return fine;
}

static void on_manifest(void *ctx, const char *name, const char **attributes)
{
    (void)attributes;
    if (strcmp(name, "encryption-data") == 0)
        *(bool *)ctx = true;
}

/* Whether the members are not encrypted (part 3, 3.4.1: the manifest says so). */
static bool is_readable(struct ov_book *book, ov_problem *problem)
{
    bool encrypted = false;
    struct ov_xml xml = {.start = on_manifest, .ctx = &encrypted};
    int64_t manifest = ov_archive_find(book->archive, "META-INF/manifest.xml");
    if (manifest >= 0 && !ov_xml_read(&xml, book->archive, manifest, problem))
        return false;
    if (encrypted)
        *problem = ov_problem_password;
    return !encrypted;
}

bool ov_ods_open(struct ov_book *book, bool *is, ov_problem *problem)
{
    int64_t content = content_of(book);
    struct ov_xml xml = {.start = on_content_start};
    struct contents contents = {.book = book, .xml = &xml};
    xml.ctx = &contents;
    *is = content >= 0 && ov_archive_find(book->archive, "mimetype") >= 0;
    if (!*is)
        return true;
    bool fine = is_readable(book, problem) && ov_xml_read(&xml, book->archive, content, problem) &&
                !book->failed;
    free(contents.hiding);
    if (fine && book->sheet_count == 0)
        *is = false; /* a text or a drawing */
    book->read_sheet = read_sheet;
    return fine;
}
