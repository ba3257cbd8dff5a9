/* book/xlsx.c: see xlsx.h. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "book/xlsx.h"

enum {
    PATH_MOST = 512,
    SHEETS_MOST = 4096,
    FORMATS_MOST = 4096, /* number formats of a workbook's own; spreadsheets write far fewer */
};

/* --- relations between parts --- */

struct relation {
    const char *id, *type, *target; /* arena; target: the name of a member */
};
/* The relations of a part, in their order. */
struct relations {
    struct ov_book *book;
    char folder[PATH_MOST]; /* of the part */
    struct relation *items; /* owned */
    size_t count, capacity;
};

/* The name of a member for a target, relative to a folder like `xl`. */
static void resolve(const char *folder, const char *target, char path[PATH_MOST])
{
    while (strncmp(target, "./", 2) == 0)
        target += 2;
    size_t len = strlen(folder);
    while (strncmp(target, "../", 3) == 0) {
        target += 3;
        while (len && folder[len - 1] != '/')
            len--;
        len -= len > 0;
    }
    if (target[0] == '/')
        snprintf(path, PATH_MOST, "%s", target + 1);
    else
        snprintf(path, PATH_MOST, "%.*s%s%s", (int)len, folder, len ? "/" : "", target);
}

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

/* A copy that lives as long as the book; NULL: out of memory. */
static const char *keep_text(struct ov_book *book, const char *text)
{
    struct ov_text copy;
    bool fine = ov_arena_copy(&book->arena, (struct ov_text){text, strlen(text) + 1}, &copy);
    book->failed |= !fine;
    return fine ? copy.ptr : NULL;
}

static void on_relation(void *ctx, const char *name, const char **attributes)
{
    struct relations *relations = ctx;
    struct ov_book *book = relations->book;
    const char *type = ov_xml_attribute(attributes, "Type");
    const char *id = ov_xml_attribute(attributes, "Id");
    const char *target = ov_xml_attribute(attributes, "Target");
    const char *mode = ov_xml_attribute(attributes, "TargetMode");
    char path[PATH_MOST];
    if (strcmp(name, "Relationship") != 0 || !target || !type ||
        (mode && strcmp(mode, "External") == 0))
        return;
    book->failed |= !ov_grow(&relations->items, &relations->capacity, relations->count + 1,
                             sizeof *relations->items);
    if (book->failed)
        return;
    resolve(relations->folder, target, path);
    relations->items[relations->count++] = (struct relation){
        keep_text(book, id ? id : ""), keep_text(book, type), keep_text(book, path)};
}

/* Reads the relations of a part; none where it has none. *relations must be {0}, and its items are
 * to be freed in either case. */
static bool read_relations(struct ov_book *book, const char *part, struct relations *relations,
                           ov_problem *problem)
{
    char name[PATH_MOST + 16];
    const char *slash = strrchr(part, '/');
    int len = slash ? (int)(slash - part) : 0;
    struct ov_xml xml = {.start = on_relation, .ctx = relations};
    relations->book = book;
    snprintf(relations->folder, sizeof relations->folder, "%.*s", len, part);
    snprintf(name, sizeof name, "%.*s%s_rels/%s.rels", len, part, len ? "/" : "",
             slash ? slash + 1 : part);
    int64_t member = ov_archive_find(book->archive, name);
    return member < 0 || (ov_xml_read(&xml, book->archive, member, problem) && !book->failed);
}

/* The first relation whose type ends like this and, unless NULL, has this id; NULL: none. */
static const struct relation *find_relation(const struct relations *relations, const char *type,
                                            const char *id)
{
    for (size_t i = 0; i < relations->count; i++)
        if ((!id || strcmp(relations->items[i].id, id) == 0) &&
            ends_with(relations->items[i].type, type))
            return &relations->items[i];
    return NULL;
}

/* The member that a part is related to; -1: none. */
static int64_t related(const struct relations *relations, const char *type, const char *id)
{
    const struct relation *relation = find_relation(relations, type, id);
    return relation ? ov_archive_find(relations->book->archive, relation->target) : -1;
}

/* --- the workbook --- */

/* A sheet, to be found by its relation. */
struct named_sheet {
    char id[64];
    struct ov_text name; /* arena */
    bool visible;
};
struct sheet_list {
    struct ov_book *book;
    struct named_sheet *items; /* owned */
    size_t count, capacity;
};

static void on_workbook(void *ctx, const char *name, const char **attributes)
{
    struct sheet_list *list = ctx;
    if (strcmp(name, "workbookPr") == 0) {
        const char *date = ov_xml_attribute(attributes, "date1904");
        list->book->date1904 = date && (date[0] == '1' || date[0] == 't');
        return;
    }
    /* of `id` and `r:id` the latter is meant, the former is called `sheetId` */
    const char *id = ov_xml_attribute(attributes, "id"), *state, *title;
    if (strcmp(name, "sheet") != 0 || !id || list->count > SHEETS_MOST)
        return;
    state = ov_xml_attribute(attributes, "state");
    title = ov_xml_attribute(attributes, "name");
    if (!ov_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items) ||
        !ov_arena_copy(&list->book->arena, ov_text_of(title ? title : ""),
                       &list->items[list->count].name)) {
        list->book->failed = true;
        return;
    }
    struct named_sheet *sheet = &list->items[list->count++];
    snprintf(sheet->id, sizeof sheet->id, "%s", id);
    sheet->visible = !state || strcmp(state, "visible") == 0;
}

static bool read_sheets(struct ov_book *book, const struct relations *relations, int64_t member,
                        ov_problem *problem)
{
    struct sheet_list list = {.book = book};
    struct ov_xml xml = {.start = on_workbook, .ctx = &list};
    bool fine = ov_xml_read(&xml, book->archive, member, problem) && !book->failed;
    if (fine && list.count > SHEETS_MOST) {
        *problem = ov_problem_broken;
        fine = false;
    }
    for (size_t i = 0; fine && i < list.count; i++) {
        const struct named_sheet *sheet = &list.items[i];
        int64_t cells = related(relations, "/worksheet", sheet->id);
        if (cells >= 0) /* not a chart or a dialog */
            fine = ov_book_add_sheet(book, sheet->name, sheet->visible, cells);
    }
    free(list.items);
    return fine;
}

/* --- styles --- */

struct styles {
    struct ov_book *book;
    struct custom {
        unsigned number;
        struct ov_number_format format;
    } * custom; /* owned */
    size_t custom_count, custom_capacity;
    bool in_cells; /* in cellXfs */
    bool too_many; /* formats */
};

static void on_style(void *ctx, const char *name, const char **attributes)
{
    struct styles *styles = ctx;
    struct ov_book *book = styles->book;
    const char *id = ov_xml_attribute(attributes, "numFmtId");
    unsigned number = id ? ov_text_number_up_to(ov_text_of(id), 1u << 30) : 0;
    if (strcmp(name, "cellXfs") == 0) {
        styles->in_cells = true;
    } else if (strcmp(name, "numFmt") == 0) {
        const char *code = ov_xml_attribute(attributes, "formatCode");
        styles->too_many |= styles->custom_count == FORMATS_MOST;
        if (styles->too_many)
            return;
        if (!ov_grow(&styles->custom, &styles->custom_capacity, styles->custom_count + 1,
                     sizeof *styles->custom)) {
            book->failed = true;
            return;
        }
        styles->custom[styles->custom_count++] =
            (struct custom){number, ov_number_format(ov_text_of(code ? code : ""))};
    } else if (strcmp(name, "xf") == 0 && styles->in_cells) {
        struct ov_number_format format = ov_builtin_format(number);
        for (size_t i = 0; i < styles->custom_count; i++)
            if (styles->custom[i].number == number)
                format = styles->custom[i].format;
        if (!ov_grow(&book->formats, &book->format_capacity, book->format_count + 1,
                     sizeof *book->formats)) {
            book->failed = true;
            return;
        }
        book->formats[book->format_count++] = format;
    }
}

static void on_style_end(void *ctx, const char *name)
{
    struct styles *styles = ctx;
    if (strcmp(name, "cellXfs") == 0)
        styles->in_cells = false;
}

static bool read_styles(struct ov_book *book, int64_t member, ov_problem *problem)
{
    struct styles styles = {.book = book};
    struct ov_xml xml = {.start = on_style, .end = on_style_end, .ctx = &styles};
    bool fine = ov_xml_read(&xml, book->archive, member, problem) && !book->failed;
    free(styles.custom);
    if (fine && styles.too_many)
        *problem = ov_problem_broken;
    return fine && !styles.too_many;
}

/* --- a sheet --- */

struct sheet {
    struct ov_book *book;
    struct ov_xml *xml;
    struct ov_sheet_rows *rows;
    struct ov_sheet_reading *reading;
    uint64_t line;   /* of the row, from 1 */
    uint32_t column; /* of the cell, from 0 */
    char type;       /* of the cell: n, s, b, e, d, t (text) */
    size_t style;
    bool in_row, in_cell, in_value, formula, valued;
    unsigned phonetic;
    struct ov_buf value; /* as in the file */
};

/* Reads a place like B7; false: it is none. */
static bool read_place(const char *text, uint32_t *column, uint64_t *line)
{
    uint64_t letters = 0, number = 0;
    const char *p = text;
    for (; *p >= 'A' && *p <= 'Z' && letters < OV_SHEET_COLUMNS; p++)
        letters = letters * 26 + (uint64_t)(*p - 'A') + 1;
    const char *digits = p;
    for (; *p >= '0' && *p <= '9' && number <= OV_SHEET_LINES; p++)
        number = number * 10 + (uint64_t)(*p - '0');
    if (letters == 0 || letters > OV_SHEET_COLUMNS || p == digits || number == 0 ||
        number > OV_SHEET_LINES)
        return false;
    *column = (uint32_t)letters - 1;
    *line = number;
    return *p == '\0' || *p == ':';
}

static char type_of(const char *type)
{
    if (!type || strcmp(type, "n") == 0)
        return 'n';
    if (strcmp(type, "str") == 0 || strcmp(type, "inlineStr") == 0)
        return 't';
    return type[0];
}

static void start_row(struct sheet *sheet, const char **attributes)
{
    const char *number = ov_xml_attribute(attributes, "r");
    const char *hidden = ov_xml_attribute(attributes, "hidden");
    uint64_t line = number ? ov_text_number_up_to(ov_text_of(number), OV_SHEET_LINES) : 0;
    sheet->line = line > sheet->line ? line : sheet->line + 1;
    sheet->column = 0;
    sheet->in_row = true;
    if (!hidden || (hidden[0] != '1' && hidden[0] != 't'))
        return;
    if (sheet->reading->hidden++ == 0)
        sheet->reading->hidden_first = ov_sheet_place(sheet->line);
}

static void start_cell(struct sheet *sheet, const char **attributes)
{
    const char *place = NULL, *style = NULL, *type = NULL;
    uint32_t column;
    uint64_t line;
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], "r") == 0)
            place = attributes[1];
        else if (strcmp(attributes[0], "s") == 0)
            style = attributes[1];
        else if (strcmp(attributes[0], "t") == 0)
            type = attributes[1];
    }
    if (place && read_place(place, &column, &line) && column >= sheet->column)
        sheet->column = column;
    sheet->type = type_of(type);
    sheet->style = style ? ov_text_number_up_to(ov_text_of(style), 1u << 30) : 0;
    sheet->in_cell = true;
    sheet->formula = sheet->valued = false;
    sheet->value.len = 0;
    sheet->phonetic = 0;
}

static void on_cell_start(void *ctx, const char *name, const char **attributes)
{
    struct sheet *sheet = ctx;
    if (strcmp(name, "c") == 0 && sheet->in_row) {
        start_cell(sheet, attributes);
    } else if (sheet->in_cell && (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)) {
        sheet->in_value = sheet->phonetic == 0;
        sheet->valued = true;
    } else if (strcmp(name, "row") == 0) {
        start_row(sheet, attributes);
    } else if (sheet->in_cell && strcmp(name, "f") == 0) {
        sheet->formula = true;
    } else if (sheet->in_cell && strcmp(name, "rPh") == 0) {
        sheet->phonetic++;
    }
}

static void on_cell_text(void *ctx, struct ov_text text)
{
    struct sheet *sheet = ctx;
    if (sheet->in_value)
        ov_buf_text(&sheet->value, text);
}

/* Appends what people see of the cell. */
static void put_cell(const struct sheet *sheet, struct ov_buf *out)
{
    const struct ov_book *book = sheet->book;
    struct ov_text value = ov_buf_view(&sheet->value);
    struct ov_number_format format = {.as = OV_AS_NUMBER};
    size_t from = out->len;
    if (sheet->style < book->format_count)
        format = book->formats[sheet->style];
    switch (sheet->type) {
    case 's':
        ov_buf_text(out, ov_strings_get(&book->strings, ov_text_number_up_to(value, UINT32_MAX)));
        return;
    case 'b': ov_buf_string(out, value.len && value.ptr[0] == '1' ? "TRUE" : "FALSE"); return;
    case 'n': ov_put_number(out, value, format, book->date1904); return;
    default:
        ov_buf_text(out, value);
        if (sheet->type == 't')
            ov_unescape_string(out, from);
    }
}

static void end_cell(struct sheet *sheet)
{
    struct ov_sheet_rows *rows = sheet->rows;
    sheet->in_cell = false;
    if (sheet->value.failed) {
        sheet->book->failed = true;
        ov_xml_stop(sheet->xml);
        return;
    }
    /* that of a formula for text may be empty */
    bool none = sheet->formula && sheet->value.len == 0 && sheet->type != 't';
    if ((sheet->valued || none) && sheet->column < OV_SHEET_COLUMNS) {
        ov_sheet_rows_open(rows, sheet->column);
        if (!none)
            put_cell(sheet, &rows->text);
        if (!ov_sheet_rows_close(rows, none ? OV_CELL_UNKEPT : 0))
            ov_xml_stop(sheet->xml);
    }
    sheet->column++;
}

static void on_cell_end(void *ctx, const char *name)
{
    struct sheet *sheet = ctx;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        sheet->in_value = false;
    } else if (strcmp(name, "c") == 0 && sheet->in_cell) {
        end_cell(sheet);
    } else if (strcmp(name, "rPh") == 0 && sheet->phonetic) {
        sheet->phonetic--;
    } else if (strcmp(name, "row") == 0) {
        sheet->in_row = false;
        if (!ov_sheet_rows_end(sheet->rows, sheet->line))
            ov_xml_stop(sheet->xml);
    } else if (strcmp(name, "sheetData") == 0) {
        ov_xml_stop(sheet->xml); /* nothing behind it matters */
    }
}

/* --- merged areas: behind the cells, but needed before them --- */

struct merging {
    struct ov_sheet_rows *rows;
    char rest[64]; /* the end of the piece before */
    size_t rest_len;
};

/* Adds the area that a reference like B2:C7 names. */
static bool add_area(struct merging *merging, struct ov_text text)
{
    char ref[32];
    uint32_t left, right;
    uint64_t top, bottom;
    if (text.len >= sizeof ref)
        return true;
    memcpy(ref, text.ptr, text.len);
    ref[text.len] = '\0';
    const char *colon = strchr(ref, ':');
    if (!colon || !read_place(ref, &left, &top) || !read_place(colon + 1, &right, &bottom))
        return true;
    return ov_sheet_rows_merge(merging->rows, (uint32_t)top - 1, left, (uint32_t)bottom - 1, right);
}

/* Adds the areas whose elements begin among the first bytes of a text and end in it. */
static bool scan_areas(struct merging *merging, struct ov_text text, size_t first)
{
    static const struct ov_text mark = {"mergeCell ref=\"", 15};
    for (size_t at = 0; at < first;) {
        at += ov_text_find((struct ov_text){text.ptr + at, text.len - at}, mark);
        size_t start = at + mark.len;
        const char *end =
            at < first && start < text.len ? memchr(text.ptr + start, '"', text.len - start) : NULL;
        if (!end)
            break;
        struct ov_text ref = {text.ptr + start, (size_t)(end - text.ptr) - start};
        if (!add_area(merging, ref))
            return false;
        at = start;
    }
    return true;
}

static bool take_areas(void *ctx, const char *bytes, size_t len)
{
    struct merging *merging = ctx;
    char joined[2 * sizeof merging->rest];
    size_t keep = sizeof merging->rest, head = len < keep ? len : keep;
    memcpy(joined, merging->rest, merging->rest_len);
    memcpy(joined + merging->rest_len, bytes, head);
    size_t both = merging->rest_len + head;
    if (!scan_areas(merging, (struct ov_text){joined, both}, merging->rest_len) ||
        !scan_areas(merging, (struct ov_text){bytes, len}, len))
        return false;
    merging->rest_len = both < keep ? both : keep;
    if (len >= keep)
        memcpy(merging->rest, bytes + len - keep, keep);
    else
        memmove(merging->rest, joined + both - merging->rest_len, merging->rest_len);
    return true;
}

/* Adds the merged areas of a sheet; for that the whole part is unpacked, once. */
static bool read_areas(struct ov_book *book, int64_t member, struct ov_sheet_rows *rows,
                       ov_problem *problem)
{
    struct merging merging = {.rows = rows};
    if (book->areas_of == member) {
        for (size_t i = 0; i < book->area_count; i++) {
            const struct ov_merged_area *area = &book->areas[i];
            if (!ov_sheet_rows_merge(rows, area->top, area->left, area->bottom, area->right))
                return false;
        }
        return true;
    }
    ov_archive_keep(book->archive, member); /* its cells are read next */
    if (!ov_archive_read(book->archive, member, take_areas, &merging, problem))
        return false;
    free(book->areas);
    book->areas = malloc((rows->area_count + 1) * sizeof *book->areas);
    book->failed |= !book->areas;
    book->area_count = book->areas ? rows->area_count : 0;
    if (book->area_count)
        memcpy(book->areas, rows->areas, book->area_count * sizeof *book->areas);
    book->areas_of = member;
    return !book->failed;
}

/* Reads the shared strings, before the first sheet. */
static bool read_strings(struct ov_book *book, ov_problem *problem)
{
    if (book->strings_of < 0)
        return true;
    if (!ov_strings_read(&book->strings, book->archive, book->strings_of, problem)) {
        ov_strings_deinit(&book->strings); /* the next reading finds the problem again */
        return false;
    }
    book->strings_of = -1;
    return true;
}

static bool read_sheet(struct ov_book *book, const struct ov_sheet *sheet,
                       struct ov_sheet_rows *rows, struct ov_sheet_reading *reading,
                       ov_problem *problem)
{
    struct ov_xml xml = {.start = on_cell_start, .end = on_cell_end, .text = on_cell_text};
    struct sheet state = {.book = book, .xml = &xml, .rows = rows, .reading = reading};
    xml.ctx = &state;
    bool fine = read_strings(book, problem) && read_areas(book, sheet->member, rows, problem);
    if (fine) {
        ov_sheet_rows_begin(rows);
        fine = ov_xml_read(&xml, book->archive, sheet->member, problem) && !book->failed;
    }
    ov_buf_deinit(&state.value);
    return fine;
}

/* Reads what the workbook's part and its relations name. */
static bool read_parts(struct ov_book *book, const char *part, int64_t member,
                       struct relations *relations, ov_problem *problem)
{
    if (!read_relations(book, part, relations, problem) ||
        !read_sheets(book, relations, member, problem))
        return false;
    int64_t styles = related(relations, "/styles", NULL);
    book->strings_of = related(relations, "/sharedStrings", NULL);
    return styles < 0 || read_styles(book, styles, problem);
}

bool ov_xlsx_open(struct ov_book *book, bool *is, ov_problem *problem)
{
    struct relations top = {0}, relations = {0};
    bool fine = read_relations(book, "", &top, problem);
    const struct relation *document = fine ? find_relation(&top, "/officeDocument", NULL) : NULL;
    int64_t member = document ? ov_archive_find(book->archive, document->target) : -1;
    *is = member >= 0;
    if (*is)
        fine = read_parts(book, document->target, member, &relations, problem);
    book->read_sheet = read_sheet;
    free(top.items);
    free(relations.items);
    return fine;
}
