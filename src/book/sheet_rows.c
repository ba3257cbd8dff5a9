/* book/sheet_rows.c: see sheet_rows.h. */
#include "book/sheet_rows.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/unicode.h"

/* --- merged areas --- */

bool ov_sheet_rows_merge(struct ov_sheet_rows *rows, uint32_t top, uint32_t left, uint32_t bottom,
                         uint32_t right)
{
    if (bottom < top || right < left || right >= OV_SHEET_COLUMNS)
        return true;
    rows->merged += ((uint64_t)bottom - top + 1) * ((uint64_t)right - left + 1);
    rows->too_large |= rows->merged > OV_MERGED_MOST;
    if (rows->too_large ||
        !ov_grow(&rows->areas, &rows->area_capacity, rows->area_count + 1, sizeof *rows->areas))
        return false;
    rows->areas[rows->area_count++] =
        (struct ov_merged_area){.top = top, .left = left, .bottom = bottom, .right = right};
    return true;
}

static int by_top(const void *a, const void *b)
{
    const struct ov_merged_area *x = a, *y = b;
    if (x->top != y->top)
        return x->top < y->top ? -1 : 1;
    return (x->left > y->left) - (x->left < y->left);
}

void ov_sheet_rows_begin(struct ov_sheet_rows *rows)
{
    if (rows->area_count)
        qsort(rows->areas, rows->area_count, sizeof *rows->areas, by_top);
}

static struct ov_sheet_cell *cell_of(const struct ov_sheet_rows *rows, uint32_t column)
{
    uint32_t index = rows->of_column ? rows->of_column[column] : 0;
    return index ? &rows->cells[index - 1] : NULL;
}

/* Keeps the value of an area that begins in this row. */
static bool keep_value(struct ov_sheet_rows *rows, struct ov_merged_area *area)
{
    const struct ov_sheet_cell *cell = cell_of(rows, area->left);
    area->len = cell ? cell->len : 0;
    area->flags = cell ? cell->flags : 0;
    area->value = malloc(area->len + 1);
    if (area->value && area->len)
        memcpy(area->value, rows->text.ptr + cell->at, area->len);
    return area->value != NULL;
}

static bool put_value(struct ov_sheet_rows *rows, const struct ov_merged_area *area,
                      uint32_t column)
{
    const struct ov_sheet_cell *there = cell_of(rows, column);
    if (there && there->len)
        return true;
    ov_sheet_rows_open(rows, column);
    ov_buf_put(&rows->text, area->value, area->len);
    return ov_sheet_rows_close(rows, area->flags);
}

/* Fills the areas that a line (from 0) is in. */
static bool fill_areas(struct ov_sheet_rows *rows, uint64_t line)
{
    size_t kept = 0;
    while (rows->next_area < rows->area_count && rows->areas[rows->next_area].top <= line) {
        if (!ov_grow(&rows->active, &rows->active_capacity, rows->active_count + 1,
                     sizeof *rows->active))
            return false;
        rows->active[rows->active_count++] = rows->next_area++;
    }
    for (size_t i = 0; i < rows->active_count; i++) {
        struct ov_merged_area *area = &rows->areas[rows->active[i]];
        if (line > area->bottom) {
            free(area->value);
            area->value = NULL;
            continue;
        }
        if (!area->value && !keep_value(rows, area))
            return false;
        for (uint32_t column = area->left; area->len && column <= area->right; column++)
            if (!put_value(rows, area, column))
                return false;
        rows->active[kept++] = rows->active[i];
    }
    rows->active_count = kept;
    return true;
}

/* --- cells --- */

void ov_sheet_rows_open(struct ov_sheet_rows *rows, uint32_t column)
{
    if (!ov_grow(&rows->cells, &rows->capacity, rows->count + 1, sizeof *rows->cells)) {
        rows->text.failed = true;
        return;
    }
    rows->cells[rows->count] = (struct ov_sheet_cell){.column = column, .at = rows->text.len};
}

bool ov_sheet_rows_close(struct ov_sheet_rows *rows, unsigned flags)
{
    if (!rows->of_column)
        rows->of_column = calloc(OV_SHEET_COLUMNS, sizeof *rows->of_column);
    if (rows->text.failed || !rows->of_column) {
        rows->status = ov_fail_memory(rows->err);
        return false;
    }
    rows->too_large |= rows->bytes + rows->text.len > rows->text_most;
    if (rows->too_large)
        return false;
    struct ov_sheet_cell *cell = &rows->cells[rows->count++];
    if (cell->column < OV_SHEET_COLUMNS)
        rows->of_column[cell->column] = (uint32_t)rows->count;
    cell->len = rows->text.len - cell->at;
    cell->flags = flags;
    return true;
}

/* --- records --- */

struct ov_place ov_sheet_place(uint64_t line)
{
    return (struct ov_place){line, 1, line << OV_SHEET_SHIFT};
}

static bool pass_on(struct ov_sheet_rows *rows, const struct ov_record *record)
{
    rows->status = rows->on_record(rows->ctx, record, rows->err);
    return rows->status == OV_OK;
}

/* Passes on a row without values. */
static bool pass_blank(struct ov_sheet_rows *rows, uint64_t line)
{
    const struct ov_record record = {.place = ov_sheet_place(line),
                                     .cells = rows->record,
                                     .row = -1,
                                     .text = "",
                                     .one_line = true};
    return line < rows->header_line || pass_on(rows, &record);
}

static bool is_plain(struct ov_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c < ' ' || c > '~' || c == '\\' || c == '&')
            return false;
    }
    return true;
}

static bool pass_row(struct ov_sheet_rows *rows, uint64_t line, size_t width)
{
    unsigned flags = 0;
    if (rows->width > width)
        width = rows->width;
    rows->total += width;
    rows->too_large |= rows->total > OV_CELLS_MOST;
    if (rows->too_large)
        return false;
    if (!ov_grow(&rows->record, &rows->record_capacity, width + 1, sizeof *rows->record)) {
        rows->status = ov_fail_memory(rows->err);
        return false;
    }
    for (size_t i = 0; i < width; i++)
        rows->record[i] = (struct ov_cell){.text = {"", 0}, .at = (uint32_t)i};
    for (size_t i = 0; i < rows->count; i++) {
        const struct ov_sheet_cell *cell = &rows->cells[i];
        if (cell->column >= width)
            continue;
        rows->record[cell->column].text = (struct ov_text){rows->text.ptr + cell->at, cell->len};
        rows->record[cell->column].flags = cell->flags;
        flags |= cell->flags;
    }
    const struct ov_record record = {.place = ov_sheet_place(line),
                                     .cells = rows->record,
                                     .kept = width,
                                     .count = width,
                                     .row = rows->rows,
                                     .plain = !flags && is_plain(ov_buf_view(&rows->text)),
                                     .text = rows->text.ptr,
                                     .size = rows->text.len,
                                     .one_line = true};
    if (rows->rows++ == 0)
        rows->width = width;
    return pass_on(rows, &record);
}

bool ov_sheet_rows_end(struct ov_sheet_rows *rows, uint64_t line)
{
    return ov_sheet_rows_repeat(rows, line, false);
}

bool ov_sheet_rows_repeat(struct ov_sheet_rows *rows, uint64_t line, bool again)
{
    size_t width = 0;
    while (rows->line + 1 < line)
        if (!pass_blank(rows, ++rows->line))
            return false;
    rows->line = line;
    if (rows->area_count && !fill_areas(rows, line - 1)) {
        if (rows->status == OV_OK && !rows->too_large)
            rows->status = ov_fail_memory(rows->err);
        return false;
    }
    for (size_t i = 0; i < rows->count; i++)
        if ((rows->cells[i].len || rows->cells[i].flags) &&
            rows->cells[i].column < OV_SHEET_COLUMNS && rows->cells[i].column >= width)
            width = rows->cells[i].column + 1;
    rows->bytes += rows->text.len;
    rows->too_large |= rows->bytes > rows->text_most; /* of a row that is repeated, too */
    if (rows->too_large)
        return false;
    bool going = width == 0                 ? pass_blank(rows, line)
                 : line < rows->header_line ? true
                                            : pass_row(rows, line, width);
    for (size_t i = 0; !again && i < rows->count; i++)
        if (rows->cells[i].column < OV_SHEET_COLUMNS)
            rows->of_column[rows->cells[i].column] = 0;
    rows->count = again ? rows->count : 0;
    rows->text.len = again ? rows->text.len : 0;
    return going && !*rows->stop && (!rows->most || rows->bytes < rows->most);
}

void ov_sheet_rows_deinit(struct ov_sheet_rows *rows)
{
    for (size_t i = 0; i < rows->area_count; i++)
        free(rows->areas[i].value);
    free(rows->areas);
    free(rows->active);
    free(rows->cells);
    free(rows->of_column);
    free(rows->record);
    ov_buf_deinit(&rows->text);
    *rows = (struct ov_sheet_rows){0};
}
