/* mapping/row_reader.c: see row_reader.h. */
#include "mapping/row_reader.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "csv/cell.h"

bool ov_row_reader_init(struct ov_row_reader *reader, const struct ov_layout *layout)
{
    *reader = (struct ov_row_reader){.layout = layout,
                                     .above = calloc(layout->count + 1, sizeof *reader->above),
                                     .above_count = layout->count};
    return reader->above != NULL;
}

void ov_row_reader_deinit(struct ov_row_reader *reader)
{
    for (size_t i = 0; reader->above && i < reader->above_count; i++)
        ov_buf_deinit(&reader->above[i]);
    free(reader->above);
    free(reader->cells);
    free(reader->places);
    free(reader->parts);
    *reader = (struct ov_row_reader){0};
}

struct ov_place ov_place_in_cell(const struct ov_record *record, size_t cell, size_t offset)
{
    struct ov_place place = ov_cell_place(record, cell);
    struct ov_text text = record->cells[cell].text;
    if (record->cells[cell].flags & OV_CELL_QUOTED || record->origin || offset > text.len ||
        (offset && memchr(text.ptr, '\n', offset)))
        return place;
    place.column += ov_utf8_count((struct ov_text){text.ptr, offset});
    place.byte_offset += offset;
    return place;
}

static bool copy_cells(struct ov_row_reader *reader, struct ov_read_row *row)
{
    const struct ov_record *record = row->source;
    if (!ov_grow(&reader->cells, &reader->cell_capacity, record->kept + 1, sizeof *reader->cells))
        return false;
    memcpy(reader->cells, record->cells, record->kept * sizeof *reader->cells);
    row->record.cells = reader->cells;
    if (!record->places)
        return true;
    if (!ov_grow(&reader->places, &reader->place_capacity, record->kept + 1,
                 sizeof *reader->places))
        return false;
    memcpy(reader->places, record->places, (record->kept + 1) * sizeof *reader->places);
    row->record.places = reader->places;
    return true;
}

/* A cell of the row, to be changed: the first time, the record's are copied. NULL when out of
 * memory. */
static struct ov_cell *own_cell(struct ov_row_reader *reader, struct ov_read_row *row,
                                size_t column)
{
    if (row->record.cells == row->source->cells && !copy_cells(reader, row))
        return NULL;
    return &reader->cells[column];
}

/* --- cells that mean the one above --- */

static bool fill_down_one(struct ov_row_reader *reader, struct ov_read_row *row, size_t column,
                          struct ov_buf *above)
{
    struct ov_text text = row->record.cells[column].text;
    if (text.len > OV_FILLED_MOST) { /* no name or identifier: nothing is filled from it */
        above->len = 0;
        return true;
    }
    if (!ov_unicode_is_blank(text)) {
        above->len = 0;
        ov_buf_text(above, text);
        return !above->failed;
    }
    struct ov_cell *cell = own_cell(reader, row, column);
    if (!cell)
        return false;
    cell->text = ov_buf_view(above);
    cell->flags |= OV_CELL_FILLED;
    return true;
}

static bool fill_down(struct ov_row_reader *reader, struct ov_read_row *row)
{
    for (size_t i = 0; i < reader->layout->count; i++) {
        const struct ov_layout_use *use = &reader->layout->uses[i];
        if (use->key == OV_LAYOUT_FILL_DOWN && use->index >= 0 &&
            (size_t)use->index < row->record.kept &&
            !fill_down_one(reader, row, (size_t)use->index, &reader->above[i]))
            return false;
    }
    return true;
}

/* --- rows that are left out --- */

/* Whether a cell is a day of zeros, as some systems write an open end. */
static bool is_open(struct ov_text cell)
{
    for (size_t i = 0; i < cell.len; i++)
        if (cell.ptr[i] != '0' && cell.ptr[i] != '-' && cell.ptr[i] != '.' && cell.ptr[i] != '/')
            return false;
    return true;
}

/* The day in a column of dates; 0: open. */
static enum ov_status read_day(const struct ov_layout *layout, const struct ov_layout_use *use,
                               const struct ov_record *record, int *day, struct ov_error *err)
{
    unsigned long long line = 0;
    struct ov_text cell = ov_unicode_trim(ov_cell_text(record, use->index));
    *day = 0;
    if (is_open(cell))
        return OV_OK;
    bool one = use->orders && !(use->orders & (use->orders - 1));
    *day = ov_date_parse(cell, one ? (enum ov_date_order)use->orders : OV_DATE_YMD);
    if (*day)
        return OV_OK;
    line = ov_cell_place(record, (size_t)use->index).line;
    if (layout->redact)
        return ov_fail(err, OV_E_OPTION,
                       "line %llu: a date is not valid in the day, month and year order of its "
                       "column: write it in the form 2024-06-01",
                       line);
    return ov_fail(
        err, OV_E_OPTION,
        "line %llu, column `%.*s`: `%.*s` is not a valid date in the day, month and year order of this column: write it in the form 2024-06-01",
        line, OV_FMT(use->column), OV_FMT(ov_utf8_cut(cell, 40)));
}

static enum ov_status judge_days(const struct ov_layout *layout, const struct ov_record *record,
                                 enum ov_left_out *left, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < layout->count && status == OV_OK; i++) {
        const struct ov_layout_use *use = &layout->uses[i];
        int day = 0;
        if (use->index < 0)
            continue;
        if (use->key == OV_LAYOUT_VALID_FROM || use->key == OV_LAYOUT_VALID_TO)
            status = read_day(layout, use, record, &day, err);
        if (day &&
            (use->key == OV_LAYOUT_VALID_FROM ? day > layout->valid_on : day < layout->valid_on))
            *left = OV_LEFT_INVALID;
    }
    return status;
}

static enum ov_status judge(const struct ov_layout *layout, const struct ov_record *record,
                            enum ov_left_out *left, struct ov_error *err)
{
    *left = OV_LEFT_NOT;
    enum ov_status status = layout->valid_on ? judge_days(layout, record, left, err) : OV_OK;
    for (size_t i = 0; i < layout->count; i++) {
        const struct ov_layout_use *use = &layout->uses[i];
        if (use->key != OV_LAYOUT_WHERE || use->index < 0)
            continue;
        struct ov_text cell = ov_unicode_trim(ov_cell_text(record, use->index));
        if (ov_text_equal(cell, use->value) == use->differs)
            *left = OV_LEFT_WHERE;
    }
    return status;
}

/* --- names of a path --- */

static bool add_part(struct ov_row_reader *reader, struct ov_read_row *row, struct ov_text name,
                     size_t cell, size_t offset)
{
    if (!ov_grow(&reader->parts, &reader->part_capacity, row->part_count + 1,
                 sizeof *reader->parts))
        return false;
    reader->parts[row->part_count++] = (struct ov_path_part){name, cell, offset};
    return true;
}

static bool read_levels(struct ov_row_reader *reader, struct ov_read_row *row)
{
    const struct ov_layout *layout = reader->layout;
    int empty = -1;
    for (size_t i = 0; i < layout->count; i++) {
        int column = layout->uses[i].index;
        if (layout->uses[i].key != OV_LAYOUT_PARENTS)
            continue;
        struct ov_text cell = ov_cell_text(&row->record, column), name = ov_unicode_trim(cell);
        if (name.len == 0) {
            empty = empty < 0 ? column : empty;
            continue;
        }
        if (empty >= 0 && row->gap < 0)
            row->gap = empty;
        if (!add_part(reader, row, name, (size_t)column, (size_t)(name.ptr - cell.ptr)))
            return false;
    }
    return true;
}

static bool read_path(struct ov_row_reader *reader, struct ov_read_row *row, int column)
{
    struct ov_text cell = ov_cell_text(&row->record, column), rest = cell;
    struct ov_text separator = reader->layout->separator;
    size_t empty = SIZE_MAX;
    while (rest.len) {
        size_t len = separator.len ? ov_text_find(rest, separator) : rest.len;
        struct ov_text name = ov_unicode_trim((struct ov_text){rest.ptr, len});
        size_t at = (size_t)(rest.ptr - cell.ptr);
        if (name.len == 0) {
            empty = row->part_count && empty == SIZE_MAX ? at : empty; /* a leading one is usual */
        } else {
            if (empty != SIZE_MAX && row->gap < 0) {
                row->gap = column;
                row->gap_at = empty;
            }
            if (!add_part(reader, row, name, (size_t)column, (size_t)(name.ptr - cell.ptr)))
                return false;
        }
        size_t taken = len + (len < rest.len ? separator.len : 0);
        rest = (struct ov_text){rest.ptr + taken, rest.len - taken};
    }
    return true;
}

/* A path that is filled down again is that of the row before: it is not split again. */
static bool read_path_again(struct ov_row_reader *reader, struct ov_read_row *row, int column)
{
    bool filled = column >= 0 && (size_t)column < row->record.kept &&
                  row->record.cells[column].flags & OV_CELL_FILLED;
    if (filled && reader->part_count) {
        row->again = true;
        row->part_count = reader->part_count;
        return true;
    }
    bool fine = read_path(reader, row, column);
    reader->part_count = filled && fine && row->gap < 0 ? row->part_count : 0;
    return fine;
}

static bool read_outline(struct ov_row_reader *reader, struct ov_read_row *row, int column)
{
    const struct ov_layout *layout = reader->layout;
    struct ov_text cell = ov_cell_text(&row->record, column);
    if (!ov_layout_is_numbered(layout))
        row->depth = ov_unicode_indent(cell);
    else if (!ov_layout_depth(layout, ov_unicode_trim(cell), &row->depth))
        row->gap = column;
    struct ov_text text = ov_cell_text(&row->record, layout->name_column);
    struct ov_text name = ov_unicode_trim(text);
    return name.len == 0 ||
           add_part(reader, row, name, (size_t)layout->name_column, (size_t)(name.ptr - text.ptr));
}

/* Puts the last name of the path where the row's name is read from. */
static bool put_name(struct ov_row_reader *reader, struct ov_read_row *row)
{
    const struct ov_layout *layout = reader->layout;
    size_t column = (size_t)layout->name_column;
    if (layout->own_names || column >= row->record.kept)
        return true;
    static const struct ov_path_part none;
    const struct ov_path_part *last = row->part_count ? &reader->parts[row->part_count - 1] : &none;
    if ((row->part_count == 0 || last->cell == column) &&
        last->name.len == row->record.cells[column].text.len)
        return true;
    struct ov_cell *cell = own_cell(reader, row, column);
    if (!cell)
        return false;
    if (row->part_count == 0) {
        cell->text = (struct ov_text){0};
        return true;
    }
    *cell = reader->cells[last->cell];
    if (!(cell->flags & (OV_CELL_QUOTED | OV_CELL_FILLED)))
        cell->at += (uint32_t)last->offset;
    cell->text = last->name;
    if (row->record.places)
        reader->places[column] = ov_place_in_cell(row->source, last->cell, last->offset);
    return true;
}

static bool read_names(struct ov_row_reader *reader, struct ov_read_row *row)
{
    const struct ov_layout *layout = reader->layout;
    int column = -1;
    bool fine = true;
    for (size_t i = 0; i < layout->count && column < 0; i++)
        if (layout->uses[i].key == OV_LAYOUT_PARENTS)
            column = layout->uses[i].index;
    switch (layout->parents) {
    case OV_PARENTS_LEVELS: fine = read_levels(reader, row); break;
    case OV_PARENTS_PATH: fine = read_path_again(reader, row, column); break;
    default: fine = read_outline(reader, row, column); break;
    }
    row->parts = reader->parts;
    return fine && put_name(reader, row);
}

enum ov_status ov_row_reader_read(struct ov_row_reader *reader, const struct ov_record *record,
                                  struct ov_read_row *row, struct ov_error *err)
{
    const struct ov_layout *layout = reader->layout;
    /* assigned, not set by a compound literal, which would be copied: this is done for every row */
    row->source = record;
    row->record = *record;
    row->left = OV_LEFT_NOT;
    row->parts = NULL;
    row->part_count = row->depth = row->gap_at = 0;
    row->again = false;
    row->gap = -1;
    if (ov_layout_is_plain(layout))
        return OV_OK;
    if (!fill_down(reader, row))
        return ov_fail_memory(err);
    enum ov_status status = judge(layout, &row->record, &row->left, err);
    if (status == OV_OK && ov_layout_is_path(layout) && !layout->incomplete &&
        !read_names(reader, row))
        return ov_fail_memory(err);
    return status;
}
