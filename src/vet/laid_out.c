/* vet/laid_out.c: see laid_out.h. */
#include "vet/laid_out.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "csv/cell.h"
#include "csv/reader.h"
#include "vet/add_finding.h"
#include "vet/row.h"
#include "vet/rules_mapping.h"
#include "vet/unit_ids.h"

void ov_laid_out_deinit(struct ov_check *check)
{
    ov_row_reader_deinit(&check->row_reader);
    ov_layout_deinit(&check->layout);
    ov_layout_deinit(&check->guess);
    ov_units_deinit(&check->units);
    ov_by_name_free(check->by_name);
    ov_forest_free(check->left.ids);
    free(check->left.rows);
}

/* --- the header --- */

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    (void)err;
    if (record->row > 0)
        ov_layout_learn(ctx, record);
    return OV_OK;
}

/* The importer's columns, where the layout has its own: the name is in that of the path, a parent
 * is not read, and neither is the name that the service takes as the identifier of last resort. */
static enum ov_status bind_path(struct ov_check *check, struct ov_error *err)
{
    struct ov_binding *binding = &check->binding;
    const struct ov_layout *layout = &check->layout;
    int name = ov_importer_kind(check->importer, OV_FIELD_NAME);
    int id = ov_importer_kind(check->importer, OV_FIELD_ID);
    if (!binding->id_given.len && binding->fields[id].column < 0 &&
        binding->id == binding->fields[name].column)
        binding->id = -1;
    ov_binding_leave(binding, ov_importer_kind(check->importer, OV_FIELD_PARENT));
    if (!ov_layout_gives_names(layout) || layout->incomplete)
        return OV_OK;
    if (layout->name_column < 0)
        return ov_fail(
            err, OV_E_OPTION,
            "the columns of `--parents` cannot be those of other fields as well: map the "
            "fields to other columns, or add a column");
    binding->fields[name].column = layout->name_column;
    binding->fields[name].by = OV_BOUND_GIVEN;
    binding->fields[name].rival = -1;
    return OV_OK;
}

enum ov_status ov_learn_layout(struct ov_check *check, struct ov_layout *layout,
                               struct ov_error *err)
{
    layout->redact = check->options.redact;
    ov_layout_resolve(layout, &check->binding);
    if (!ov_layout_is_curious(layout) || check->options.settings_only)
        return OV_OK;
    enum ov_status status = ov_reader_survey(check->reader, on_record, layout, err);
    return status == OV_OK ? ov_layout_decide(layout, check->headers, err) : status;
}

enum ov_status ov_lay_out_header(struct ov_check *check, struct ov_error *err)
{
    struct ov_layout *layout = &check->layout;
    enum ov_status status = ov_layout_verify(layout, err);
    if (status != OV_OK || ov_layout_is_plain(layout))
        return status;
    status = ov_learn_layout(check, layout, err);
    if (status == OV_OK && ov_layout_is_path(layout))
        status = bind_path(check, err);
    return status;
}

static void report_unknown_columns(struct ov_check *check)
{
    static const char *const names[] = {
        [OV_LAYOUT_PARENTS] = "--parents",   [OV_LAYOUT_FILL_DOWN] = "--fill-down",
        [OV_LAYOUT_WHERE] = "--where",       [OV_LAYOUT_VALID_FROM] = "--valid-from",
        [OV_LAYOUT_VALID_TO] = "--valid-to",
    };
    for (size_t i = 0; i < check->layout.count; i++) {
        const struct ov_layout_use *use = &check->layout.uses[i];
        if (use->index < 0)
            ov_report_unknown_column(check, ov_text_of(names[use->key]), use->column, -1);
    }
}

enum ov_status ov_lay_out_columns(struct ov_check *check, struct ov_error *err)
{
    struct ov_layout *layout = &check->layout;
    if (layout->parents == OV_PARENTS_NAME || layout->parents == OV_PARENTS_EITHER) {
        check->by_name = ov_by_name_new(layout->parents);
        if (!check->by_name)
            return ov_fail_memory(err);
    }
    if (ov_layout_is_plain(layout))
        return OV_OK;
    ov_layout_resolve(layout, &check->binding);
    report_unknown_columns(check);
    return ov_row_reader_init(&check->row_reader, layout) ? OV_OK : ov_fail_memory(err);
}

/* --- rows --- */

/* Notes that what would be a parent by this text is left out. */
static enum ov_status add_left(struct ov_check *check, struct ov_text id, enum ov_left_out why,
                               uint64_t line, struct ov_error *err)
{
    struct ov_left_rows *left = &check->left;
    struct ov_entry entry = {.id = ov_key_of(id)};
    if ((!left->ids && !(left->ids = ov_forest_new())) ||
        !ov_grow(&left->rows, &left->capacity, left->count + 1, sizeof *left->rows))
        return ov_fail_memory(err);
    left->rows[left->count++] = (struct ov_left_row){why, line};
    return ov_forest_add(left->ids, &entry, 1, err);
}

static enum ov_status note_left(struct ov_check *check, const struct ov_read_row *row,
                                struct ov_error *err)
{
    const int columns[] = {check->facts.id_column, check->facts.name_column};
    enum ov_status status = OV_OK;
    for (size_t i = check->layout.parents == OV_PARENTS_NAME; i < (check->by_name ? 2u : 1u); i++) {
        struct ov_text id = ov_cell_text(&row->record, columns[i]);
        if (columns[i] == check->facts.name_column)
            id = ov_unicode_trim(id);
        if (status == OV_OK && id.len)
            status = add_left(check, id, row->left, row->record.place.line, err);
    }
    return status;
}

/* Notes that a unit of a path is left out, unless another row is that unit. */
static enum ov_status leave_unit(struct ov_check *check, const struct ov_read_row *row,
                                 struct ov_error *err)
{
    uint32_t unit = OV_UNIT_NONE;
    bool same;
    struct ov_text id = ov_cell_text(&row->record, check->facts.id_column);
    if (!check->facts.tree)
        return OV_OK;
    if (!ov_units_begin(&check->units, &check->layout, row) ||
        !ov_units_find(&check->units, &check->layout, row, id, false, &unit, &same) ||
        !ov_units_leave(&check->units, unit, row->left, row->record.place.line))
        return ov_fail_memory(err);
    return OV_OK;
}

/* Whether the cells of a record can be trusted, as far as is known before it is vetted. */
static bool is_whole(const struct ov_check *check, const struct ov_record *record)
{
    unsigned flags = 0;
    for (size_t i = 0; i < record->kept; i++)
        flags |= record->cells[i].flags;
    return record->count == check->facts.columns && !record->error && !record->invalid_count &&
           !(flags & (OV_CELL_BROKEN | OV_CELL_LARGE | OV_CELL_STRAY));
}

/* OV410 */
static void report_gap(struct ov_check *check, struct ov_vetted *vetted,
                       const struct ov_read_row *row)
{
    enum ov_message message = OV_M_SKIPPED_LEVEL;
    if (row->gap < 0 || vetted->broken)
        return;
    if (check->layout.parents == OV_PARENTS_OUTLINE)
        message = ov_cell_text(&row->record, row->gap).len ? OV_M_BAD_DEPTH : OV_M_NO_DEPTH;
    struct ov_item *item =
        ov_vet_cell(check, vetted, OV_R410, OV_ERROR, message, (size_t)row->gap, -1);
    if (item && row->gap_at)
        item->place = ov_place_in_cell(row->source, (size_t)row->gap, row->gap_at);
}

static enum ov_status vet_unit(struct ov_check *check, struct ov_vetted *vetted,
                               const struct ov_read_row *row, enum ov_line *line,
                               struct ov_error *err)
{
    struct ov_units *units = &check->units;
    uint32_t unit = OV_UNIT_NONE;
    bool same = false;
    struct ov_text id = ov_cell_text(&row->record, check->facts.id_column);
    /* a broken row of an outline still is where it is */
    bool places = is_whole(check, &row->record) || check->layout.parents == OV_PARENTS_OUTLINE;
    if (!places)
        ov_units_skip(units);
    else if (!ov_units_begin(units, &check->layout, row))
        return ov_fail_memory(err);
    if (places && !id.len && !ov_units_find(units, &check->layout, row, id, false, &unit, &same))
        return ov_fail_memory(err);
    if (same) {
        *line = OV_LINE_SAME;
        return OV_OK;
    }
    enum ov_status status = ov_vet_row(check, vetted, err);
    if (status != OV_OK)
        return status;
    report_gap(check, vetted, row);
    if (places && id.len &&
        !ov_units_find(units, &check->layout, row, id, vetted->id->text.len > 0, &unit, &same))
        return ov_fail_memory(err);
    if (!ov_units_add_row(units, (ov_node)(check->rows - 1), unit))
        return ov_fail_memory(err);
    return OV_OK;
}

enum ov_status ov_lay_out_row(struct ov_check *check, const struct ov_record *record,
                              enum ov_line *line, struct ov_error *err)
{
    static const struct ov_cell no_id;
    struct ov_read_row row;
    enum ov_status status = ov_row_reader_read(&check->row_reader, record, &row, err);
    *line = OV_LINE_ROW;
    if (status != OV_OK)
        return status;
    row.record.row = (int64_t)check->rows + 1; /* of the next row, of one that is left out, too */
    if (row.left != OV_LEFT_NOT) {
        *line = OV_LINE_UNWANTED;
        return ov_layout_is_path(&check->layout) ? leave_unit(check, &row, err)
                                                 : note_left(check, &row, err);
    }
    struct ov_vetted vetted = {
        .record = &row.record, .row = (uint32_t)row.record.row, .id = &no_id};
    if (ov_layout_gives_names(&check->layout) && row.part_count)
        vetted.named = row.parts[row.part_count - 1].cell + 1;
    if (ov_layout_is_path(&check->layout) && check->facts.tree)
        return vet_unit(check, &vetted, &row, line, err);
    return ov_vet_row(check, &vetted, err);
}

/* --- the tree --- */

/* Vets a unit that is not a row as the next row. */
static enum ov_status vet_made(struct ov_check *check, struct ov_made_record *made, uint32_t unit,
                               struct ov_error *err)
{
    if (check->rows >= OV_ROWS_MAX)
        return ov_fail(err, OV_E_LIMIT, "more than %d rows", OV_ROWS_MAX);
    if (!ov_made_record_set(made, &check->units, unit, check->facts.columns,
                            check->facts.name_column))
        return ov_fail_memory(err);
    made->record.row = (int64_t)check->rows + 1;
    const struct ov_unit_origin *origin = ov_units_origin(&check->units, unit);
    struct ov_vetted vetted = {.record = &made->record,
                               .row = origin->row,
                               .made = (uint32_t)made->record.row,
                               .named = origin->cell + 1};
    enum ov_status status = ov_vet_row(check, &vetted, err);
    check->made++;
    if (status == OV_OK && !ov_units_add_row(&check->units, (ov_node)(check->rows - 1), unit))
        return ov_fail_memory(err);
    return status;
}

static enum ov_status make_units(struct ov_check *check, struct ov_error *err)
{
    struct ov_made_record made = {0};
    enum ov_status status = OV_OK;
    uint32_t unit = 0;
    while (status == OV_OK && (unit = ov_units_next_missing(&check->units, unit)) != 0)
        status = vet_made(check, &made, unit, err);
    ov_made_record_deinit(&made);
    return status;
}

/* Adds the units that were left out, and that others are below, as missing parents. */
static enum ov_status add_left_units(struct ov_check *check, struct ov_error *err)
{
    struct ov_units *units = &check->units;
    struct ov_buf id = {0};
    enum ov_status status = OV_OK;
    for (uint32_t i = 1; i < units->count && status == OV_OK; i++) {
        struct ov_unit *unit = &units->items[i];
        if (!unit->wanted || unit->row != OV_NODE_NONE)
            continue;
        const struct ov_left_unit *left = &units->left[unit->left - 1];
        status = ov_units_put_id(units, check->forest, i, &id)
                     ? add_left(check, ov_buf_view(&id), left->why, left->line, err)
                     : ov_fail_memory(err);
        if (status == OV_OK)
            status = ov_forest_add_missing(check->forest, ov_buf_view(&id), &unit->row, err);
    }
    ov_buf_deinit(&id);
    return status;
}

enum ov_status ov_lay_out_tree(struct ov_check *check, struct ov_error *err)
{
    if (check->by_name && check->facts.tree)
        return ov_by_name_link(check->by_name, check->forest, err);
    if (!ov_layout_is_path(&check->layout) || !check->facts.tree)
        return OV_OK;
    if (!ov_units_finish(&check->units))
        return ov_fail_memory(err);
    enum ov_status status = make_units(check, err);
    if (status == OV_OK)
        status = add_left_units(check, err);
    return status == OV_OK ? ov_units_link(&check->units, check->forest, err) : status;
}
