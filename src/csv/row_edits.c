/* csv/row_edits.c: see row_edits.h. Edits of rows are sorted by row, those of values by what they
 * replace; both know when they were made, so that a cell gets them in that order. What a value
 * becomes in the end is known beforehand, however many edits that takes. */
#include "csv/row_edits.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

enum { EDITS_MOST = 1000000, COLUMNS_MOST = 100000 };

enum what { SET, REMOVE, RESTORE, KEEP };

struct row_edit {
    int64_t row;
    uint32_t turn; /* when it was made: the number of the edit, from 1 */
    uint32_t column;
    enum what what;
    struct ov_text text; /* arena */
};

struct value_edit {
    uint32_t turn, column;
    uint64_t hash;           /* of column and `from` */
    struct ov_text from, to; /* arena */
    struct ov_text becomes;  /* what later edits make of `to`; once closed */
};

struct added_row {
    uint64_t after;
    uint32_t number; /* from 1 */
    uint32_t turn;
    struct ov_text *cells;
    size_t count; /* arena */
};

struct ov_row_edits {
    struct ov_arena arena;
    uint32_t turns;
    struct row_edit *rows; /* owned, as are all below; sorted by row and turn once closed */
    size_t row_count, row_capacity;
    struct value_edit *values; /* sorted by column, `from` and turn once closed */
    size_t value_count, value_capacity;
    struct added_row *added; /* by number; once closed, sorted by line and number */
    size_t added_count, added_capacity;
    uint64_t hash_key; /* random */
    bool *columns;     /* once closed: whether values of a column are replaced */
    size_t column_count;
};

/* --- making edits --- */

struct ov_row_edits *ov_row_edits_new(void)
{
    struct ov_row_edits *edits = calloc(1, sizeof *edits);
    if (edits)
        edits->hash_key = ov_hash_key();
    return edits;
}

void ov_row_edits_free(struct ov_row_edits *edits)
{
    if (!edits)
        return;
    ov_arena_deinit(&edits->arena);
    free(edits->rows);
    free(edits->values);
    free(edits->added);
    free(edits->columns);
    free(edits);
}

size_t ov_row_edits_count(const struct ov_row_edits *edits)
{
    return edits->turns;
}

size_t ov_row_edits_added(const struct ov_row_edits *edits)
{
    return edits->added_count;
}

size_t ov_row_edits_size(const struct ov_row_edits *edits)
{
    return edits->arena.size + edits->row_capacity * sizeof *edits->rows +
           edits->value_capacity * sizeof *edits->values +
           edits->added_capacity * sizeof *edits->added;
}

static enum ov_status next_turn(struct ov_row_edits *edits, uint32_t column, struct ov_error *err)
{
    if (edits->turns >= EDITS_MOST)
        return ov_fail(err, OV_E_LIMIT, "more than %d edits", EDITS_MOST);
    if (column >= COLUMNS_MOST)
        return ov_fail(err, OV_E_LIMIT, "more than %d columns", COLUMNS_MOST);
    edits->turns++;
    return OV_OK;
}

static enum ov_status add_row_edit(struct ov_row_edits *edits, int64_t row, uint32_t column,
                                   enum what what, struct ov_text text, struct ov_error *err)
{
    enum ov_status status = next_turn(edits, column, err);
    struct row_edit edit = {.row = row, .turn = edits->turns, .column = column, .what = what};
    if (status != OV_OK)
        return status;
    if (!ov_grow(&edits->rows, &edits->row_capacity, edits->row_count + 1, sizeof *edits->rows) ||
        !ov_arena_copy(&edits->arena, text, &edit.text))
        return ov_fail_memory(err);
    edits->rows[edits->row_count++] = edit;
    return OV_OK;
}

enum ov_status ov_row_edits_set(struct ov_row_edits *edits, int64_t row, uint32_t column,
                                struct ov_text text, struct ov_error *err)
{
    return add_row_edit(edits, row, column, SET, text, err);
}

enum ov_status ov_row_edits_remove(struct ov_row_edits *edits, int64_t row, struct ov_error *err)
{
    return add_row_edit(edits, row, 0, REMOVE, (struct ov_text){0}, err);
}

enum ov_status ov_row_edits_restore(struct ov_row_edits *edits, int64_t row, struct ov_error *err)
{
    return add_row_edit(edits, row, 0, RESTORE, (struct ov_text){0}, err);
}

enum ov_status ov_row_edits_keep(struct ov_row_edits *edits, int64_t row, struct ov_error *err)
{
    return add_row_edit(edits, row, 0, KEEP, (struct ov_text){0}, err);
}

static uint64_t value_hash(const struct ov_row_edits *edits, uint32_t column, struct ov_text text)
{
    return ov_hash(text, ov_hash_number(edits->hash_key ^ column));
}

enum ov_status ov_row_edits_replace(struct ov_row_edits *edits, uint32_t column,
                                    struct ov_text from, struct ov_text to, struct ov_error *err)
{
    enum ov_status status = next_turn(edits, column, err);
    struct value_edit edit = {.turn = edits->turns, .column = column};
    if (status != OV_OK)
        return status;
    if (!ov_grow(&edits->values, &edits->value_capacity, edits->value_count + 1,
                 sizeof *edits->values) ||
        !ov_arena_copy(&edits->arena, from, &edit.from) ||
        !ov_arena_copy(&edits->arena, to, &edit.to))
        return ov_fail_memory(err);
    edit.hash = value_hash(edits, column, from);
    edits->values[edits->value_count++] = edit;
    return OV_OK;
}

enum ov_status ov_row_edits_add(struct ov_row_edits *edits, uint64_t after,
                                const struct ov_text *cells, size_t count, struct ov_error *err)
{
    enum ov_status status = next_turn(edits, count ? (uint32_t)(count - 1) : 0, err);
    if (status == OV_OK && count > COLUMNS_MOST)
        status = ov_fail(err, OV_E_LIMIT, "more than %d columns", COLUMNS_MOST);
    if (status != OV_OK)
        return status;
    struct added_row row = {.after = after,
                            .number = (uint32_t)edits->added_count + 1,
                            .turn = edits->turns,
                            .cells = ov_arena_take(&edits->arena, (count + 1) * sizeof *cells),
                            .count = count};
    bool fine = row.cells && ov_grow(&edits->added, &edits->added_capacity, edits->added_count + 1,
                                     sizeof *edits->added);
    for (size_t i = 0; i < count && fine; i++)
        fine = ov_arena_copy(&edits->arena, cells[i], &row.cells[i]);
    if (!fine)
        return ov_fail_memory(err);
    edits->added[edits->added_count++] = row;
    return OV_OK;
}

/* --- closing --- */

static int by_row(const void *a, const void *b)
{
    const struct row_edit *one = a, *other = b;
    if (one->row != other->row)
        return one->row < other->row ? -1 : 1;
    return one->turn < other->turn ? -1 : 1;
}

static int by_line(const void *a, const void *b)
{
    const struct added_row *one = a, *other = b;
    if (one->after != other->after)
        return one->after < other->after ? -1 : 1;
    return one->number < other->number ? -1 : 1;
}

/* In the order of `values`; by what is replaced only, if a turn is 0. */
static int compare_values(const struct value_edit *one, const struct value_edit *other)
{
    if (one->hash != other->hash)
        return one->hash < other->hash ? -1 : 1;
    if (one->column != other->column)
        return one->column < other->column ? -1 : 1;
    int texts = ov_text_compare(one->from, other->from);
    if (texts)
        return texts;
    return one->turn < other->turn ? -1 : one->turn > other->turn;
}

static int by_value(const void *a, const void *b)
{
    return compare_values(a, b);
}

/* The first edit of a value after a turn; NULL: there is none. */
static const struct value_edit *find_value(const struct ov_row_edits *edits, uint32_t column,
                                           struct ov_text text, uint32_t turn)
{
    if (column >= edits->column_count || !edits->columns[column])
        return NULL;
    const struct value_edit wanted = {
        .turn = turn + 1, .column = column, .hash = value_hash(edits, column, text), .from = text};
    size_t low = 0, high = edits->value_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_values(&edits->values[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct value_edit *found = low < edits->value_count ? &edits->values[low] : NULL;
    return found && found->hash == wanted.hash && found->column == column &&
                   ov_text_equal(found->from, text)
               ? found
               : NULL;
}

/* Works out what each value becomes, the latest edit first. */
static bool chain_values(struct ov_row_edits *edits)
{
    struct value_edit **by_turn = calloc((size_t)edits->turns + 1, sizeof(struct value_edit *));
    if (!by_turn)
        return false;
    for (size_t i = 0; i < edits->value_count; i++)
        by_turn[edits->values[i].turn] = &edits->values[i];
    for (uint32_t turn = edits->turns; turn > 0; turn--) {
        struct value_edit *edit = by_turn[turn];
        if (!edit)
            continue;
        const struct value_edit *next = find_value(edits, edit->column, edit->to, turn);
        edit->becomes = next ? next->becomes : edit->to;
    }
    free(by_turn);
    return true;
}

enum ov_status ov_row_edits_close(struct ov_row_edits *edits, struct ov_error *err)
{
    if (edits->row_count)
        qsort(edits->rows, edits->row_count, sizeof *edits->rows, by_row);
    if (edits->added_count)
        qsort(edits->added, edits->added_count, sizeof *edits->added, by_line);
    if (edits->value_count)
        qsort(edits->values, edits->value_count, sizeof *edits->values, by_value);
    for (size_t i = 0; i < edits->value_count; i++)
        if (edits->values[i].column >= edits->column_count)
            edits->column_count = edits->values[i].column + (size_t)1;
    free(edits->columns);
    edits->columns = calloc(edits->column_count + 1, sizeof *edits->columns);
    if (!edits->columns)
        return ov_fail_memory(err);
    for (size_t i = 0; i < edits->value_count; i++)
        edits->columns[edits->values[i].column] = true;
    return chain_values(edits) ? OV_OK : ov_fail_memory(err);
}

/* --- reading --- */

struct ov_editor {
    const struct ov_row_edits *edits; /* borrowed */
    ov_record_fn *on_record;
    void *ctx;
    size_t at;    /* the next edit of a row of the file */
    size_t added; /* the next added row */
    int64_t next_row;
    size_t columns;        /* of the header */
    struct ov_place end;   /* of the last record of the file */
    struct ov_cell *cells; /* owned, as are all below: of an edited record */
    struct ov_place *places;
    struct ov_invalid *invalid;
    size_t cell_capacity, place_capacity, invalid_capacity;
};

struct ov_editor *ov_editor_new(const struct ov_row_edits *edits, ov_record_fn *on_record,
                                void *ctx)
{
    struct ov_editor *editor = calloc(1, sizeof *editor);
    if (!editor)
        return NULL;
    *editor = (struct ov_editor){.edits = edits, .on_record = on_record, .ctx = ctx};
    while (editor->at < edits->row_count && edits->rows[editor->at].row < 0)
        editor->at++;
    return editor;
}

void ov_editor_free(struct ov_editor *editor)
{
    if (!editor)
        return;
    free(editor->cells);
    free(editor->places);
    free(editor->invalid);
    free(editor);
}

/* The edits of one row. */
struct row_edits {
    const struct row_edit *first;
    size_t count;
    uint32_t turn; /* when the row was added; 0: it is in the file */
};

static bool has(struct row_edits own, enum what what)
{
    for (size_t i = 0; i < own.count; i++)
        if (own.first[i].what == what)
            return true;
    return false;
}

static bool is_removed(struct row_edits own)
{
    bool removed = false;
    for (size_t i = 0; i < own.count; i++)
        if (own.first[i].what == REMOVE || own.first[i].what == RESTORE)
            removed = own.first[i].what == REMOVE;
    return removed;
}

/* The edits of a row of the file; rows in ascending order. */
static struct row_edits edits_of_line(struct ov_editor *editor, uint64_t line)
{
    const struct ov_row_edits *edits = editor->edits;
    while (editor->at < edits->row_count && (uint64_t)edits->rows[editor->at].row < line)
        editor->at++;
    struct row_edits own = {edits->rows + editor->at, 0, 0};
    while (editor->at < edits->row_count && (uint64_t)edits->rows[editor->at].row == line) {
        editor->at++;
        own.count++;
    }
    return own;
}

static struct row_edits edits_of_added(const struct ov_row_edits *edits,
                                       const struct added_row *row)
{
    size_t low = 0, high = edits->row_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (edits->rows[middle].row < -(int64_t)row->number)
            low = middle + 1;
        else
            high = middle;
    }
    struct row_edits own = {edits->rows + low, 0, row->turn};
    while (low + own.count < edits->row_count &&
           edits->rows[low + own.count].row == -(int64_t)row->number)
        own.count++;
    return own;
}

/* Applies all edits of a cell: the last one of the cell itself, then those of values after it.
 * Whether there was one. */
static bool edit_cell(const struct ov_row_edits *edits, struct row_edits own, uint32_t column,
                      bool heading, struct ov_text *text)
{
    uint32_t turn = own.turn;
    for (size_t i = 0; i < own.count; i++) {
        if (own.first[i].what != SET || own.first[i].column != column)
            continue;
        *text = own.first[i].text;
        turn = own.first[i].turn;
    }
    const struct value_edit *value = heading ? NULL : find_value(edits, column, *text, turn);
    if (value)
        *text = value->becomes;
    return value || turn > own.turn;
}

/* The number of cells that a record needs for its edits: no more than the header has. */
static size_t width(const struct ov_editor *editor, const struct ov_record *record,
                    struct row_edits own)
{
    size_t count = record->kept;
    for (size_t i = 0; i < own.count; i++)
        if (own.first[i].what == SET && own.first[i].column >= count && own.first[i].text.len &&
            own.first[i].column < editor->columns)
            count = own.first[i].column + (size_t)1;
    return count;
}

/* Makes a copy of a record that can be changed, with `count` cells. */
static bool copy(struct ov_editor *editor, struct ov_record *record, size_t count)
{
    size_t kept = record->kept;
    if (!ov_grow(&editor->cells, &editor->cell_capacity, count + 1, sizeof *editor->cells) ||
        !ov_grow(&editor->places, &editor->place_capacity, count + 1, sizeof *editor->places) ||
        !ov_grow(&editor->invalid, &editor->invalid_capacity, record->invalid_kept + 1,
                 sizeof *editor->invalid))
        return false;
    struct ov_place end = ov_record_end(record);
    for (size_t i = 0; i < count; i++) {
        editor->places[i] = i < kept ? ov_cell_place(record, i) : end;
        editor->cells[i] = i < kept ? record->cells[i] : (struct ov_cell){0};
    }
    editor->places[count] = end;
    if (record->invalid_kept)
        memcpy(editor->invalid, record->invalid, record->invalid_kept * sizeof *editor->invalid);
    record->cells = editor->cells;
    record->places = editor->places;
    record->invalid = editor->invalid;
    record->kept = count;
    record->count += count - kept;
    record->text = NULL;
    record->size = 0;
    record->walk = NULL;
    record->origin = NULL;
    record->plain = false;
    return true;
}

/* Forgets what was wrong with a cell that has another text now. */
static void forget_faults(struct ov_editor *editor, struct ov_record *record, size_t cell)
{
    size_t left = 0;
    uint64_t from = editor->places[cell].byte_offset, to = editor->places[cell + 1].byte_offset;
    for (size_t i = 0; i < record->invalid_kept; i++) {
        uint64_t at = editor->invalid[i].place.byte_offset;
        if (at < from || at >= to)
            editor->invalid[left++] = editor->invalid[i];
    }
    record->invalid_count -= record->invalid_kept - left;
    record->invalid_kept = left;
    if (record->error && record->error_cell == cell)
        record->error = NULL;
    editor->cells[cell].flags = 0;
}

static bool is_blank(const struct ov_record *record)
{
    for (size_t i = 0; i < record->kept; i++)
        if (record->cells[i].text.len)
            return false;
    return true;
}

static bool is_edited(const struct ov_editor *editor, const struct ov_record *record,
                      struct row_edits own, bool heading)
{
    const struct ov_row_edits *edits = editor->edits;
    if (has(own, SET))
        return true;
    for (size_t i = 0; i < record->kept && i < edits->column_count && !heading; i++)
        if (find_value(edits, (uint32_t)i, record->cells[i].text, own.turn))
            return true;
    return false;
}

/* Passes on a record with its edits. */
static enum ov_status pass(struct ov_editor *editor, const struct ov_record *record,
                           struct row_edits own, struct ov_error *err)
{
    struct ov_record edited = *record;
    bool heading = editor->next_row == 0 && record->row >= 0;
    edited.is_row = has(own, KEEP);
    if (is_edited(editor, record, own, heading)) {
        if (!copy(editor, &edited, width(editor, record, own)))
            return ov_fail_memory(err);
        for (size_t i = 0; i < edited.kept; i++) {
            struct ov_text text = edited.cells[i].text;
            if (!edit_cell(editor->edits, own, (uint32_t)i, heading, &text))
                continue;
            forget_faults(editor, &edited, i);
            editor->cells[i].text = text;
            editor->cells[i].flags |= OV_CELL_EDITED;
        }
    }
    bool blank = edited.cells == record->cells ? record->row < 0 : is_blank(&edited);
    blank &= !record->added; /* one that is being filled is a row */
    if (heading)
        editor->columns = edited.kept;
    edited.row = blank ? -1 : editor->next_row++;
    return editor->on_record(editor->ctx, &edited, err);
}

/* Passes on the rows that were added below lines before `line`. */
static enum ov_status pass_added(struct ov_editor *editor, uint64_t line, struct ov_error *err)
{
    const struct ov_row_edits *edits = editor->edits;
    struct ov_place place = editor->end;
    enum ov_status status = OV_OK;
    for (; editor->added < edits->added_count && status == OV_OK; editor->added++) {
        const struct added_row *row = &edits->added[editor->added];
        struct row_edits own = edits_of_added(edits, row);
        if (row->after >= line)
            break;
        if (is_removed(own))
            continue;
        place.line = row->after ? row->after : place.line;
        place.column = 1;
        struct ov_place *places = calloc(row->count + 1, sizeof *places);
        struct ov_cell *cells = calloc(row->count + 1, sizeof *cells);
        for (size_t i = 0; places && cells && i <= row->count; i++) {
            places[i] = place;
            if (i < row->count)
                cells[i].text = row->cells[i];
        }
        const struct ov_record record = {.place = place,
                                         .cells = cells,
                                         .kept = row->count,
                                         .count = row->count,
                                         .row = 1,
                                         .added = row->number,
                                         .places = places};
        status = places && cells ? pass(editor, &record, own, err) : ov_fail_memory(err);
        free(places);
        free(cells);
    }
    return status;
}

enum ov_status ov_editor_edit(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct ov_editor *editor = ctx;
    struct row_edits own = edits_of_line(editor, record->place.line);
    enum ov_status status = OV_OK;
    if (editor->next_row > 0) /* what is added is below the header */
        status = pass_added(editor, record->place.line, err);
    if (status == OV_OK && !is_removed(own))
        status = pass(editor, record, own, err);
    if (editor->added < editor->edits->added_count)
        editor->end = ov_record_end(record);
    return status;
}

enum ov_status ov_editor_finish(struct ov_editor *editor, struct ov_error *err)
{
    return pass_added(editor, UINT64_MAX, err);
}
