/* report/xlsx.c: the format `xlsx`: a workbook with a sheet of what to do first, one of all
 * findings, and for each file one with its rows: cells with findings are coloured and have a
 * comment, and the columns `orgvet_codes` and `orgvet_messages` list the findings of each row. It
 * can be vetted again: sheets and columns that are orgvet's own are then passed over. */
#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "book/book_writer.h"
#include "finding/message.h"
#include "payload/reread/rows.h"
#include "report/kept_rows.h"
#include "report/place.h"
#include "report/report.h"
#include "report/row_items.h"
#include "vet/rules_tree.h"

enum {
    COMMENTS_MOST = 20000,   /* of a sheet: spreadsheets are slow with many */
    ROW_COMMENTS_MOST = 256, /* findings of a row that are in comments */
    FIXES_MOST = 25,         /* of a file */
    FINDING_COLUMNS = 6,
    MEASURED_LINES = 200, /* for the widths of columns */
    NARROWEST = 8,
    WIDEST = 50 /* characters */
};

/* The same thing that is wrong in some places: what one repair may clear. */
struct fix {
    uint64_t key; /* of rule, column and value */
    unsigned severity;
    uint64_t count;
    size_t first; /* index of its first finding */
    size_t line;  /* where that is in the sheet of rows … */
    size_t column;
    bool placed; /* … if it is there */
};

/* A finding of a record. */
struct found {
    const struct ov_item *item;
    size_t column; /* of the sheet */
};

struct state {
    struct ov_book_writer *book; /* owned; NULL: not started, or it could not be */
    struct ov_book_sheet *start, *findings;
    size_t start_line, finding_line; /* the next ones, from 0 */
    struct ov_error failure;
    enum ov_status status; /* of what began */
};

/* The sheet of a file's rows. */
struct writer {
    struct ov_report *report;
    struct state *state;
    const struct ov_vetted_file *file;
    const struct ov_check *check;
    struct ov_book_sheet *sheet;
    struct ov_row_items items;
    struct ov_kept_rows kept;
    size_t line;     /* of the record, from 0: the file's own, so that what messages say of lines is
                        true here, too */
    size_t header;   /* that of the headings */
    size_t after;    /* the line behind the last record */
    uint64_t folded; /* lines of the file that its records had beyond their first ones */
    size_t *columns; /* owned: of each column of the file that in the sheet; SIZE_MAX: left out */
    size_t own;      /* the first of orgvet's columns */
    double *widths;  /* owned: of the sheet's columns up to orgvet's */
    size_t comments;
    bool left_out; /* a record is not in the sheet */
    struct ov_buf text, codes, messages, note;
    /* of the record that is being written */
    size_t cells;
    unsigned char *worst; /* owned: for each cell how bad it is; 0: no finding */
    size_t worst_capacity;
    struct found *found; /* owned */
    size_t found_count, found_capacity;
    struct fix *fixes; /* owned; by key, once counted */
    size_t fix_count, fix_capacity;
    uint64_t *shown; /* owned: per rule, findings in the sheet of findings */
};

static const char *say(const struct writer *writer, const char *text)
{
    return ov_translate(writer->report->options.language, text);
}

static void begin_xlsx(struct ov_report *report)
{
    struct state *state = report->state;
    enum ov_language language = report->options.language;
    static const char *const headings[FINDING_COLUMNS] = {
        OV_N_("Severity"),      OV_N_("Code"),          OV_N_("Cell"),
        OV_N_("What is wrong"), OV_N_("How to fix it"), OV_N_("See also")};
    static const double widths[FINDING_COLUMNS] = {12, 9, 24, 80, 80, 24};
    state->failure.language = language;
    state->book = ov_book_writer_new(&state->failure);
    if (!state->book) {
        state->status = state->failure.status;
        return;
    }
    state->start = ov_book_writer_sheet(
        state->book, ov_text_of(ov_translate(language, OV_N_("orgvet start here"))));
    state->findings = ov_book_writer_sheet(
        state->book, ov_text_of(ov_translate(language, OV_N_("orgvet findings"))));
    if (!state->start || !state->findings)
        return; /* told by ov_book_writer_end */
    for (size_t i = 0; i < FINDING_COLUMNS; i++) {
        ov_sheet_put(state->findings, 0, i, ov_text_of(ov_translate(language, headings[i])),
                     OV_STYLE_HEADING);
        ov_sheet_width(state->findings, i, widths[i]);
    }
    ov_sheet_width(state->start, 0, 12);
    ov_sheet_width(state->start, 1, 70);
    ov_sheet_width(state->start, 2, 70);
    ov_sheet_width(state->start, 3, 24);
    ov_sheet_freeze(state->findings, 1);
    state->finding_line = 1;
}

/* --- what one repair clears --- */

static uint64_t key_of(const struct ov_item *item, bool with_value)
{
    uint64_t key =
        ov_hash_number(((uint64_t)item->rule << 40 | (uint64_t)item->message << 32) ^ item->header);
    return with_value ? ov_hash(item->value, key) : key;
}

static int by_key(const void *a, const void *b)
{
    const struct fix *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Errors first, then what is in the most places. */
static int by_weight(const void *a, const void *b)
{
    const struct fix *x = a, *y = b;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Adds up the fixes with the same key; each keeps its first finding. */
static void merge_fixes(struct writer *writer)
{
    size_t kept = 0;
    if (writer->fix_count)
        qsort(writer->fixes, writer->fix_count, sizeof *writer->fixes, by_key);
    for (size_t i = 0; i < writer->fix_count; i++) {
        if (kept && writer->fixes[kept - 1].key == writer->fixes[i].key)
            writer->fixes[kept - 1].count += writer->fixes[i].count;
        else
            writer->fixes[kept++] = writer->fixes[i];
    }
    writer->fix_count = kept;
}

/* Finds the fixes: by value where several findings have the same, otherwise by kind. */
static bool find_fixes(struct writer *writer)
{
    const struct ov_list *list = ov_check_list(writer->check);
    if (!ov_grow(&writer->fixes, &writer->fix_capacity, list->count + 1, sizeof *writer->fixes))
        return false;
    for (size_t i = 0; i < list->count; i++) { /* what is only said needs no repair */
        const struct ov_item *item = &list->items[i];
        if (item->severity != OV_INFO)
            writer->fixes[writer->fix_count++] = (struct fix){
                .key = key_of(item, true), .severity = item->severity, .count = 1, .first = i};
    }
    merge_fixes(writer);
    for (size_t i = 0; i < writer->fix_count; i++)
        if (writer->fixes[i].count == 1)
            writer->fixes[i].key = key_of(&list->items[writer->fixes[i].first], false);
    merge_fixes(writer);
    if (writer->fix_count)
        qsort(writer->fixes, writer->fix_count, sizeof *writer->fixes, by_weight);
    if (writer->fix_count > FIXES_MOST)
        writer->fix_count = FIXES_MOST;
    return true;
}

static void place_fix(struct writer *writer, const struct ov_item *item, size_t column)
{
    size_t index = (size_t)(item - ov_check_list(writer->check)->items);
    for (size_t i = 0; i < writer->fix_count; i++) {
        struct fix *fix = &writer->fixes[i];
        if (fix->first != index)
            continue;
        fix->line = writer->line;
        fix->column = column;
        fix->placed = true;
    }
}

/* --- findings --- */

/* Sets the scratch text to the name of a cell of the sheet of rows: `Positions!B7`. */
static struct ov_text cell_name(struct writer *writer, size_t line, size_t column)
{
    writer->text.len = 0;
    ov_buf_string(&writer->text, ov_sheet_name(writer->sheet));
    ov_buf_char(&writer->text, '!');
    ov_put_cell_name(&writer->text, (struct ov_place){line + 1, column + 1, 0});
    return ov_buf_view(&writer->text);
}

/* Links a finding to the first other cell that it is about, such as the earlier row with the same
 * identifier: in the column of identifiers, unless lines of the file are not those of the sheet. */
static void put_related(struct writer *writer, const struct ov_item *item)
{
    const struct ov_item_detail *detail = item->detail;
    int id = ov_check_facts(writer->check)->id_column;
    if (!detail || id < 0 || writer->folded || writer->kept.bits)
        return;
    for (size_t i = 0; i < detail->related_count + detail->loop_count; i++) {
        struct ov_related related = ov_vet_related(writer->check, item, i);
        size_t line = (size_t)related.place.line - 1, column = writer->columns[id];
        bool later = line > writer->line && !ov_check_result(writer->check)->is_workbook;
        if (related.row <= 0 || line == writer->line || later || column == SIZE_MAX)
            continue;
        ov_sheet_link(writer->state->findings, writer->state->finding_line, 5,
                      cell_name(writer, line, column), writer->sheet, line, column);
        return;
    }
}

/* Puts a finding into the sheet of findings; column: of the current line of the sheet of rows;
 * SIZE_MAX: it is in none. */
static void put_finding(struct writer *writer, const struct ov_item *item, size_t column)
{
    struct state *state = writer->state;
    const struct ov_names names = ov_vet_names(writer->check);
    uint64_t most = writer->report->options.max_findings;
    size_t line = state->finding_line;
    if ((most && writer->shown[item->rule] == most) || line >= OV_BOOK_LINES)
        return;
    writer->shown[item->rule]++;
    ov_sheet_put(state->findings, line, 0,
                 ov_text_of(say(writer, ov_severity_name((enum ov_severity)item->severity))),
                 OV_STYLE_CELL);
    ov_sheet_put(state->findings, line, 1, ov_text_of(ov_rule_at(item->rule)->code), OV_STYLE_CELL);
    if (column != SIZE_MAX)
        ov_sheet_link(state->findings, line, 2, cell_name(writer, writer->line, column),
                      writer->sheet, writer->line, column);
    writer->text.len = 0;
    ov_item_message(item, &names, &writer->text);
    ov_sheet_put(state->findings, line, 3, ov_buf_view(&writer->text), OV_STYLE_CELL);
    writer->text.len = 0;
    ov_item_help(item, &names, &writer->text);
    ov_sheet_put(state->findings, line, 4, ov_buf_view(&writer->text), OV_STYLE_CELL);
    if (column != SIZE_MAX)
        put_related(writer, item);
    state->finding_line++;
}

/* --- rows --- */

static enum ov_cell_style style_of(unsigned worst)
{
    static const enum ov_cell_style styles[] = {OV_STYLE_CELL, OV_STYLE_INFO, OV_STYLE_WARNING,
                                                OV_STYLE_ERROR};
    return styles[worst];
}

/* How bad it is: 0: no finding. */
static unsigned badness(const struct ov_item *item)
{
    return item->severity == OV_ERROR ? 3 : item->severity == OV_WARNING ? 2 : 1;
}

/* The cell of a record that a finding is shown at. */
static size_t cell_of(const struct writer *writer, const struct ov_item *item)
{
    int id = ov_check_facts(writer->check)->id_column;
    return item->header != OV_NO_COLUMN ? item->header : id >= 0 ? (size_t)id : 0;
}

/* The column of the sheet for a cell of a record; SIZE_MAX: it is left out. */
static size_t column_of(const struct writer *writer, size_t cell)
{
    size_t count = ov_check_facts(writer->check)->header_count;
    return cell < count ? writer->columns[cell] : cell - count + writer->own + 2;
}

/* Begins a record. False when out of memory. */
static bool begin_record(struct writer *writer, const struct ov_record *record)
{
    writer->cells = ov_check_facts(writer->check)->header_count;
    if (writer->cells < record->kept)
        writer->cells = record->kept;
    if (!ov_grow(&writer->worst, &writer->worst_capacity, writer->cells + 1, 1))
        return false;
    memset(writer->worst, 0, writer->cells + 1);
    writer->codes.len = writer->messages.len = 0;
    writer->found_count = 0;
    return true;
}

/* Notes a finding of a cell of the record. False when out of memory. */
static bool add_found(struct writer *writer, const struct ov_item *item, size_t cell)
{
    size_t column = column_of(writer, cell);
    if (!ov_grow(&writer->found, &writer->found_capacity, writer->found_count + 1,
                 sizeof *writer->found))
        return false;
    if (column == SIZE_MAX)
        column = writer->own;
    if (badness(item) > writer->worst[cell])
        writer->worst[cell] = (unsigned char)badness(item);
    writer->found[writer->found_count++] = (struct found){item, column};
    put_finding(writer, item, column);
    place_fix(writer, item, column);
    return true;
}

/* The findings of the file, and those of the header, which is being written. */
static bool collect_of_file(struct writer *writer)
{
    const struct ov_list *list = ov_check_list(writer->check);
    for (size_t i = 0; i < list->count; i++) {
        const struct ov_item *item = &list->items[i];
        if (!ov_is_of_no_row(item))
            continue;
        if (item->row != 0 || item->header == OV_NO_COLUMN || item->header >= writer->cells)
            put_finding(writer, item, SIZE_MAX);
        else if (!add_found(writer, item, item->header))
            return false;
    }
    return true;
}

/* The findings of a record below the header. False when out of memory. */
static bool collect(struct writer *writer, const struct ov_record *record)
{
    const struct ov_names names = ov_vet_names(writer->check);
    const struct ov_item *item;
    while ((item = ov_row_items_next(&writer->items, record)) != NULL) {
        size_t cell = cell_of(writer, item);
        ov_put_finding(item, &names, &writer->codes, &writer->messages);
        if (!add_found(writer, item, cell < writer->cells ? cell : 0))
            return false;
    }
    return true;
}

/* Comments each cell that has findings, once. */
static void put_comments(struct writer *writer)
{
    const struct ov_names names = ov_vet_names(writer->check);
    size_t count =
        writer->found_count < ROW_COMMENTS_MOST ? writer->found_count : ROW_COMMENTS_MOST;
    for (size_t i = 0; i < count; i++) {
        const size_t column = writer->found[i].column;
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first &= writer->found[k].column != column;
        if (!first || writer->comments++ >= COMMENTS_MOST)
            continue;
        writer->note.len = 0;
        for (size_t k = i; k < count; k++) {
            if (writer->found[k].column != column)
                continue;
            ov_buf_string(&writer->note, writer->note.len ? "\n" : "");
            ov_item_message(writer->found[k].item, &names, &writer->note);
            ov_buf_string(&writer->note, "\n");
            ov_item_help(writer->found[k].item, &names, &writer->note);
        }
        ov_sheet_comment(writer->sheet, writer->line, column, ov_buf_view(&writer->note));
    }
}

/* Lists the findings of a record that is not in the sheet. */
static void leave_out(struct writer *writer, const struct ov_record *record)
{
    const struct ov_item *item;
    while ((item = ov_row_items_next(&writer->items, record)) != NULL)
        put_finding(writer, item, SIZE_MAX);
}

static void put_cell(struct writer *writer, const struct ov_record *record, size_t cell)
{
    size_t column = column_of(writer, cell);
    if (column == SIZE_MAX)
        return;
    writer->text.len = 0;
    if (cell < record->kept)
        ov_put_shown_cell(&writer->text, writer->check, record, cell);
    struct ov_text text = ov_buf_view(&writer->text);
    bool heading = record->row == 0;
    unsigned worst = writer->worst[cell];
    if (text.len || worst || heading)
        ov_sheet_put(writer->sheet, writer->line, column, text,
                     heading && !worst ? OV_STYLE_HEADING : style_of(worst));
    double width = writer->line < MEASURED_LINES ? (double)ov_utf8_count(text) + 2 : 0;
    if (column < writer->own && width > writer->widths[column])
        writer->widths[column] = width < WIDEST ? width : WIDEST;
}

static bool fits(const struct writer *writer, const struct ov_record *record)
{
    return writer->line < OV_BOOK_LINES &&
           (record->row <= 0 || ov_is_kept(&writer->kept, (ov_node)(record->row - 1)));
}

/* Goes to the line of a record; of a file that does not fit, to the next one. */
static void go_to(struct writer *writer, const struct ov_record *record)
{
    uint64_t line = record->place.line - 1 - writer->folded;
    bool fits_whole = !writer->kept.bits && line >= writer->after;
    writer->line = fits_whole ? (size_t)line : writer->after;
}

/* Counts the lines that a record has beyond its first one. */
static void fold(struct writer *writer, const struct ov_record *record)
{
    if (!ov_check_result(writer->check)->is_workbook)
        writer->folded += ov_record_end(record).line - record->place.line;
}

static enum ov_status on_record(void *ctx, const struct ov_record *record,
                                const struct ov_values *values, struct ov_error *err)
{
    struct writer *writer = ctx;
    size_t count = ov_check_facts(writer->check)->header_count;
    struct ov_text codes = OV_TEXT("orgvet_codes"), messages = OV_TEXT("orgvet_messages");
    (void)values;
    go_to(writer, record);
    fold(writer, record);
    bool blank = ov_is_blank(record); /* then it is none in a sheet */
    if (blank || !fits(writer, record)) {
        writer->left_out |= !blank;
        leave_out(writer, record);
        return OV_OK;
    }
    if (!begin_record(writer, record) ||
        !(record->row == 0 ? collect_of_file(writer) : collect(writer, record)))
        return ov_fail_memory(err);
    put_comments(writer);
    if (record->row != 0) {
        codes = ov_buf_view(&writer->codes);
        messages = ov_buf_view(&writer->messages);
    }
    for (size_t i = 0; i < count; i++)
        put_cell(writer, record, i);
    if (codes.len) {
        enum ov_cell_style style = record->row == 0 ? OV_STYLE_HEADING : OV_STYLE_CELL;
        ov_sheet_put(writer->sheet, writer->line, writer->own, codes, style);
        ov_sheet_put(writer->sheet, writer->line, writer->own + 1, messages, style);
    }
    for (size_t i = count; i < record->kept; i++)
        put_cell(writer, record, i);
    writer->after = writer->line + 1;
    if (record->row == 0)
        writer->header = writer->line;
    return writer->text.failed || writer->codes.failed || writer->messages.failed ||
                   writer->note.failed
               ? ov_fail_memory(err)
               : OV_OK;
}

/* Chooses the columns of the sheet: those of the file, without orgvet's own of an earlier report.
 */
static bool choose_columns(struct writer *writer)
{
    size_t count = ov_check_facts(writer->check)->header_count;
    writer->columns = malloc((count + 1) * sizeof *writer->columns);
    writer->widths = malloc((count + 1) * sizeof *writer->widths);
    if (!writer->columns || !writer->widths)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool own = ov_is_own_column(ov_check_headers(writer->check)[i]);
        writer->columns[i] = own ? SIZE_MAX : writer->own++;
        writer->widths[i] = NARROWEST;
    }
    return true;
}

/* The name of a sheet of rows: that of a workbook, otherwise the file's without its ending. */
static struct ov_text given_name(const struct ov_vetted_file *file)
{
    const struct ov_check_result *result = ov_check_result(file->check);
    if (result->is_workbook)
        return result->sheet;
    const char *slash = strrchr(file->path, '/'), *name = slash ? slash + 1 : file->path;
    const char *dot = strrchr(name, '.');
    return (struct ov_text){name, dot && dot > name ? (size_t)(dot - name) : strlen(name)};
}

/* Adds the sheet of rows; its name is not one of orgvet's own. */
static struct ov_book_sheet *add_sheet(struct writer *writer)
{
    struct ov_text name = given_name(writer->file);
    if (!ov_text_begins(name, OV_TEXT("orgvet ")))
        return ov_book_writer_sheet(writer->state->book, name);
    writer->text.len = 0;
    ov_buf_char(&writer->text, '(');
    ov_buf_text(&writer->text, ov_utf8_cut(name, OV_BOOK_SHEET_NAME - 2));
    ov_buf_char(&writer->text, ')');
    return ov_book_writer_sheet(writer->state->book, ov_buf_view(&writer->text));
}

static enum ov_status put_rows(struct writer *writer, struct ov_error *err)
{
    struct ov_rows rows;
    if (!choose_columns(writer) ||
        !ov_kept_rows_init(&writer->kept, writer->check, OV_BOOK_LINES - 1))
        return ov_fail_memory(err);
    enum ov_status status = ov_rows_init(&rows, writer->check, on_record, writer, err);
    rows.every = true;
    if (status == OV_OK)
        status = ov_rows_read(&rows, writer->file->source, err);
    ov_rows_deinit(&rows);
    for (size_t i = 0; i < writer->own; i++)
        ov_sheet_width(writer->sheet, i, writer->widths[i]);
    ov_sheet_width(writer->sheet, writer->own, 16);
    ov_sheet_width(writer->sheet, writer->own + 1, 80);
    ov_sheet_freeze(writer->sheet, writer->header + 1);
    if (writer->after > writer->header + 1)
        ov_sheet_filter(writer->sheet, writer->header, writer->after - 1, writer->own + 2);
    return status;
}

/* --- what to do first --- */

static void put_start(struct writer *writer, size_t column, struct ov_text text,
                      enum ov_cell_style style)
{
    ov_sheet_put(writer->state->start, writer->state->start_line, column, text, style);
}

static void put_fixes(struct writer *writer)
{
    static const char *const headings[] = {OV_N_("Number"), OV_N_("What is wrong"),
                                           OV_N_("How to fix it"), OV_N_("First found in")};
    struct state *state = writer->state;
    const struct ov_names names = ov_vet_names(writer->check);
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        put_start(writer, i, ov_text_of(say(writer, headings[i])), OV_STYLE_HEADING);
    for (size_t i = 0; i < writer->fix_count; i++) {
        const struct fix *fix = &writer->fixes[i];
        const struct ov_item *item = &ov_check_list(writer->check)->items[fix->first];
        state->start_line++;
        writer->text.len = 0;
        ov_buf_number_in(&writer->text, fix->count, writer->report->options.language);
        put_start(writer, 0, ov_buf_view(&writer->text), style_of(badness(item)));
        writer->text.len = 0;
        ov_item_message(item, &names, &writer->text);
        put_start(writer, 1, ov_buf_view(&writer->text), OV_STYLE_WRAPPED);
        writer->text.len = 0;
        ov_item_help(item, &names, &writer->text);
        put_start(writer, 2, ov_buf_view(&writer->text), OV_STYLE_WRAPPED);
        if (fix->placed)
            ov_sheet_link(state->start, state->start_line, 3,
                          cell_name(writer, fix->line, fix->column), writer->sheet, fix->line,
                          fix->column);
    }
}

/* The command that accepts the columns that were proposed. */
static void put_accept(struct writer *writer)
{
    if (!ov_report_has_accept(writer->file))
        return;
    writer->text.len = 0;
    ov_buf_string(&writer->text,
                  say(writer, OV_N_("To accept the proposed columns: orgvet check")));
    ov_report_accept(&writer->text, writer->file);
    put_start(writer, 0, ov_buf_view(&writer->text), OV_STYLE_CELL);
    writer->state->start_line += 2;
}

/* Whether rows were damaged in the text of the file, which their cells do not show. */
static bool has_damaged_rows(const struct ov_check *check)
{
    static const enum ov_rule_index rules[] = {OV_R103, OV_R104, OV_R105,
                                               OV_R106, OV_R107, OV_R111};
    uint64_t count = 0;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        count += ov_list_count(ov_check_list(check), rules[i]);
    return count && !ov_check_result(check)->is_workbook;
}

static void put_notes(struct writer *writer)
{
    const struct {
        bool applies;
        const char *text;
    } notes[] = {
        {writer->kept.bits || writer->left_out,
         OV_N_("The file is too large for one sheet: only the rows with findings and their "
               "parents, up to the top level, are shown.")},
        {ov_check_list(writer->check)->cut,
         OV_N_(
             "There are more findings than are kept: not every cell with a finding is coloured.")},
        {writer->comments > COMMENTS_MOST,
         OV_N_("Only the first cells with findings have a comment; the column "
               "`orgvet_messages` lists all findings of a row.")},
        {ov_sheet_cuts(writer->sheet) > 0,
         OV_N_("Some cells are too long for a spreadsheet, or beyond its last column: they are "
               "shortened or left out here.")},
        {has_damaged_rows(writer->check),
         OV_N_("Rows that are damaged in the text of the file (OV103 to OV107, OV111) are shown as "
               "they were read: correct these in the file itself.")},
        {writer->fix_count > 0,
         OV_N_(
             "Cells with findings are coloured. Correct them in this workbook, save it, and check "
             "it again. The sheets and columns that orgvet added are ignored. All cells are "
             "texts: formulas and number formats of the file are not in this workbook.")},
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (!notes[i].applies)
            continue;
        put_start(writer, 0, ov_text_of(say(writer, notes[i].text)), OV_STYLE_CELL);
        writer->state->start_line++;
    }
}

static void put_summary(struct writer *writer)
{
    struct state *state = writer->state;
    enum ov_language language = writer->report->options.language;
    const struct ov_check_result *result = ov_check_result(writer->check);
    writer->text.len = 0;
    ov_buf_string(&writer->text, writer->file->path);
    if (result->is_workbook) {
        ov_buf_string(&writer->text, ": ");
        ov_buf_text(&writer->text, result->sheet);
    }
    put_start(writer, 0, ov_buf_view(&writer->text), OV_STYLE_TITLE);
    state->start_line++;
    writer->text.len = 0;
    ov_report_counts(&writer->text, language, result->rows, result->severities);
    put_start(writer, 0, ov_buf_view(&writer->text), OV_STYLE_CELL);
    state->start_line += 2;
    if (result->root_cause.len) {
        put_start(writer, 0, ov_text_of(say(writer, "Start here:")), OV_STYLE_HEADING);
        put_start(writer, 1, result->root_cause, OV_STYLE_WRAPPED);
        state->start_line += 2;
    }
    if (writer->fix_count) {
        put_fixes(writer);
        state->start_line += 2;
    }
    put_accept(writer);
    put_notes(writer);
    state->start_line += 2;
}

/* Lists the findings of a file whose rows were not read. */
static void put_unread(struct writer *writer)
{
    const struct ov_list *list = ov_check_list(writer->check);
    for (size_t i = 0; i < list->count; i++)
        put_finding(writer, &list->items[i], SIZE_MAX);
}

static enum ov_status failed_before(const struct state *state, struct ov_error *err)
{
    if (err)
        *err = state->failure;
    return state->status;
}

static enum ov_status close_xlsx(struct ov_report *report, const struct ov_vetted_file *file,
                                 struct ov_error *err)
{
    struct state *state = report->state;
    struct writer writer = {.report = report,
                            .state = state,
                            .file = file,
                            .check = file->check,
                            .items.check = file->check};
    enum ov_status status = OV_OK;
    if (state->status != OV_OK)
        return failed_before(state, err);
    if (!state->findings)
        return ov_fail_memory(err);
    writer.shown = calloc(ov_rule_count(), sizeof *writer.shown);
    writer.sheet = add_sheet(&writer);
    if (!writer.shown || !writer.sheet || !find_fixes(&writer))
        status = ov_fail_memory(err);
    else if (ov_check_is_read(file->check))
        status = put_rows(&writer, err);
    else
        put_unread(&writer);
    if (status == OV_OK)
        put_summary(&writer);
    if (status == OV_OK && writer.text.failed)
        status = ov_fail_memory(err);
    ov_kept_rows_deinit(&writer.kept);
    free(writer.columns);
    free(writer.widths);
    free(writer.worst);
    free(writer.found);
    free(writer.fixes);
    free(writer.shown);
    ov_buf_deinit(&writer.text);
    ov_buf_deinit(&writer.codes);
    ov_buf_deinit(&writer.messages);
    ov_buf_deinit(&writer.note);
    return status;
}

static enum ov_status end_xlsx(struct ov_report *report, struct ov_error *err)
{
    struct state *state = report->state;
    if (state->status != OV_OK)
        return failed_before(state, err);
    if (state->findings && state->finding_line > 1)
        ov_sheet_filter(state->findings, 0, state->finding_line - 1, FINDING_COLUMNS);
    return ov_book_writer_end(state->book, &report->sink, err);
}

static void deinit_xlsx(struct ov_report *report)
{
    struct state *state = report->state;
    ov_book_writer_free(state->book);
}

const struct ov_format ov_format_xlsx = {.name = "xlsx",
                                         .reads = true,
                                         .binary = true,
                                         .state_size = sizeof(struct state),
                                         .begin = begin_xlsx,
                                         .close = close_xlsx,
                                         .end = end_xlsx,
                                         .deinit = deinit_xlsx};
