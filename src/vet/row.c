/* vet/row.c: see row.h. */
#include "vet/row.h"

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/unicode.h"
#include "vet/jobs.h"
#include "vet/lines.h"
#include "vet/root_cause.h"
#include "vet/rules_cell.h"
#include "vet/rules_record.h"

/* The index of the root marker that a parent cell is; the number of markers if it is none. */
static size_t root_marker(const struct ov_check *check, struct ov_text parent)
{
    size_t i = 0;
    while (i < check->marker_count && !ov_text_equal(check->markers[i], parent))
        i++;
    return i;
}

static bool is_root_marker(const struct ov_check *check, struct ov_text parent)
{
    return root_marker(check, parent) < check->marker_count;
}

static const struct ov_cell no_cell;

/* The cell in a column, or &no_cell when there is none or it could not be read. */
static const struct ov_cell *readable(const struct ov_record *record, int column)
{
    if (column < 0 || (size_t)column >= record->kept ||
        record->cells[column].flags & (OV_CELL_BROKEN | OV_CELL_LARGE))
        return &no_cell;
    return &record->cells[column];
}

static void note_headerless_data(struct ov_check *check, const struct ov_record *record)
{
    for (size_t i = 0; check->headerless && i < check->facts.header_count && i < record->kept; i++)
        if (check->headers[i].len == 0)
            check->header_data[i] |= record->cells[i].text.len > 0;
}

/* Counts the cells in foreign quotes, in columns that are full of them. */
static void note_quoted_cells(struct ov_check *check, const struct ov_record *record)
{
    for (size_t i = 0; i < check->quoted_count; i++) {
        struct ov_quoted_column *quoted = &check->quoted[i];
        const struct ov_cell *cell = readable(record, quoted->column);
        if (!ov_is_in_foreign_quotes(cell->text) || quoted->count++)
            continue;
        quoted->place = ov_cell_place(record, (size_t)quoted->column);
        quoted->row = (uint32_t)record->row;
        quoted->value = ov_list_keep_short(&check->list, cell->text);
    }
}

/* Collects what the whole-file rules need to know about identifiers. */
static void note_id(struct ov_check *check, struct ov_text id)
{
    unsigned kinds = ov_text_kinds(id);
    enum ov_message message;
    check->id_kinds |= kinds;
    /* a damaged identifier contains `#`, `+`, `-`, `.` or a space, or has very many digits */
    if (!check->id_damaged && (kinds & (OV_BYTE_MARK | OV_BYTE_OTHER) || id.len > 15))
        check->id_damaged = ov_is_damaged(id, &message);
    if (kinds == OV_BYTE_DIGIT && id.len < OV_WIDTHS) {
        check->widths[id.len]++;
        check->padded[id.len] |= id.ptr[0] == '0';
    }
}

/* Estimates the number of rows from the file's expected size and the rows so far; `offset`: where
 * the current row starts. */
static void expect_rows(struct ov_check *check, uint64_t offset)
{
    uint64_t rows = check->expected / (offset / check->rows + 1);
    check->places.expected = rows + rows / 50;
    check->units.expected = check->places.expected;
    ov_loader_expect(check->loader, check->places.expected);
}

/* Records the places of the row's identifier, parent and name cells. */
static bool add_places(struct ov_check *check, const struct ov_record *record, bool quiet)
{
    const int *columns = check->placed;
    struct ov_place places[OV_ROW_CELLS] = {0};
    uint32_t at[OV_ROW_CELLS] = {0};
    if (quiet && !record->places && !record->origin) {
        for (int i = 0; i < OV_ROW_CELLS; i++)
            at[i] = columns[i] < 0 ? 0 : record->cells[columns[i]].at;
        return ov_places_add_plain(&check->places, &record->place, at);
    }
    for (int i = 0; i < OV_ROW_CELLS; i++)
        if (readable(record, columns[i]) != &no_cell)
            places[i] = ov_cell_place(record, (size_t)columns[i]);
    return ov_places_add(&check->places, &record->place, places);
}

/* Adds the row to the hierarchy. quiet: no record or cell rule can apply to it. */
static enum ov_status add_row(struct ov_check *check, struct ov_vetted *vetted, bool quiet,
                              struct ov_error *err)
{
    const struct ov_record *record = vetted->record;
    const struct ov_cell *parent = &no_cell, *name = readable(record, check->facts.name_column);
    uint64_t name_hash = 0;
    size_t row = (size_t)check->rows - 1;
    if (!vetted->broken) {
        if (check->facts.tree && !ov_layout_is_path(&check->layout))
            parent = readable(record, check->facts.parent_column);
        size_t marker = root_marker(check, parent->text);
        if (marker < check->marker_count) {
            check->facts.marker_met = true;
            check->marker_uses[marker].count++;
            parent = &no_cell;
        }
        if (name->text.len && (quiet || !ov_unicode_is_blank(name->text)))
            name_hash = ov_hash(name->text, 0);
    }
    if (check->facts.tree && check->layout.parents == OV_PARENTS_ID &&
        check->fit_rows < OV_FIT_ROWS)
        ov_fit_row(check, record);
    note_id(check, vetted->id->text);
    if (check->rows % OV_THREAD_ROWS == 0 && check->loader)
        expect_rows(check, record->place.byte_offset);
    if (!add_places(check, record, quiet) ||
        !ov_grow_towards(&check->names, &check->names_capacity, row + 1, check->places.expected,
                         sizeof *check->names))
        return ov_fail_memory(err);
    check->names[row] = name_hash;
    if (check->by_name) {
        enum ov_status status =
            ov_by_name_add(check->by_name, name->text, parent->text, vetted->broken, err);
        if (status != OV_OK)
            return status;
        if (check->layout.parents == OV_PARENTS_NAME)
            parent = &no_cell;
    }
    if (check->loader)
        return ov_loader_add(check->loader, vetted->id->text, parent->text, vetted->broken, err);
    struct ov_entry entry = {.id = ov_key_of(vetted->id->text), .parent = ov_key_of(parent->text)};
    return ov_forest_add(check->forest, &entry, 1, err);
}

static enum ov_status vet_cells(struct ov_check *check, struct ov_vetted *vetted, bool all,
                                struct ov_error *err)
{
    const struct ov_record *record = vetted->record;
    for (size_t i = 0; i < check->plan_count; i++) {
        const struct ov_plan *plan = &check->plans[i];
        const struct ov_cell *cell = readable(record, plan->column);
        if (cell == &no_cell || cell->flags & OV_CELL_FILLED ||
            (plan->column == check->facts.parent_column && cell->text.len &&
             is_root_marker(check, cell->text)))
            continue;
        enum ov_status status = ov_rules_cell(check, vetted, plan, all, err);
        if (status != OV_OK)
            return status;
    }
    return OV_OK;
}

/* A debug build runs the rules on every row that the fast path skips, and stops if one had
 * something to report. */
static void prove_quiet(struct ov_check *check, struct ov_vetted *vetted)
{
#ifdef OV_PROVE_FAST_PATH
    uint64_t before[OV_RULES][OV_SEVERITIES];
    memcpy(before, check->list.counts, sizeof before);
    ov_rules_record(check, vetted, true);
    enum ov_status status = vet_cells(check, vetted, true, NULL);
    assert(status == OV_OK && memcmp(before, check->list.counts, sizeof before) == 0 &&
           !vetted->broken);
#else
    (void)check;
    (void)vetted;
#endif
}

/* Keeps the first cell beyond ASCII of a file that is not UTF-8, to show how it was decoded. */
static void keep_sample(struct ov_check *check, const struct ov_record *record)
{
    if (record->plain || check->result.sample.len || check->options.redact ||
        ov_reader_is_workbook(check->reader) ||
        strcmp(ov_reader_encoding(check->reader), "UTF-8") == 0)
        return;
    for (size_t i = 0; i < record->kept; i++) {
        struct ov_text text = record->cells[i].text;
        if (ov_ascii_prefix(text) == text.len)
            continue;
        check->result.sample = ov_list_keep_short(&check->list, text);
        check->result.sample_line = ov_cell_place(record, i).line;
        return;
    }
}

enum ov_status ov_vet_row(struct ov_check *check, struct ov_vetted *vetted, struct ov_error *err)
{
    const struct ov_record *record = vetted->record;
    check->rows++;
    vetted->id = readable(record, check->facts.id_column);
    keep_sample(check, record);
    bool quiet = ov_rules_nothing_to_say(check, record);
    if (quiet)
        prove_quiet(check, vetted);
    else
        ov_rules_record(check, vetted, false);
    if (check->jobs)
        return ov_jobs_row(check, vetted, err);
    if (!check->facts.bound)
        return OV_OK;
    note_headerless_data(check, record);
    if (check->quoted_count)
        note_quoted_cells(check, record);
    enum ov_status status = quiet ? OV_OK : vet_cells(check, vetted, false, err);
    if (vetted->id->text.len > 1 && vetted->id->text.ptr[0] == '#' && check->comments)
        ov_report_commented(check, vetted);
    return status == OV_OK ? add_row(check, vetted, quiet, err) : status;
}
