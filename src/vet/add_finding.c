/* vet/add_finding.c: adds findings about the file, a header, a record, one of its cells, or a cell
 * of an earlier row. Texts are copied, or point to memory that lives as long as the check. */
#include "vet/check_internal.h"
#include "vet/add_finding.h"

struct ov_item *ov_vet_file(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message)
{
    return ov_list_add(&check->list, rule, message, (struct ov_place){1, 1, 0}, OV_NO_ROW);
}

struct ov_item *ov_vet_header(struct ov_check *check, enum ov_rule_index rule,
                              enum ov_severity severity, enum ov_message message, int column,
                              int field)
{
    struct ov_item *item =
        ov_list_add_as(&check->list, rule, severity, message, check->header_places[column], 0);
    if (item) {
        item->header = (uint32_t)column;
        item->field = (int8_t)field;
    }
    return item;
}

struct ov_item *ov_vet_record(struct ov_check *check, struct ov_vetted *vetted,
                              enum ov_rule_index rule, enum ov_message message,
                              struct ov_place place)
{
    struct ov_item *item = ov_list_add(&check->list, rule, message, place, vetted->row);
    if (!item)
        return NULL;
    if (vetted->id->text.len && !vetted->kept.ptr)
        vetted->kept = ov_list_keep(&check->list, vetted->id->text);
    item->id = vetted->kept;
    return item;
}

struct ov_item *ov_vet_cell(struct ov_check *check, struct ov_vetted *vetted,
                            enum ov_rule_index rule, enum ov_severity severity,
                            enum ov_message message, size_t column, int field)
{
    const struct ov_cell *cell = &vetted->record->cells[column];
    struct ov_item *item = ov_list_add_as(&check->list, rule, severity, message,
                                          ov_cell_place(vetted->record, column), vetted->row);
    if (!item)
        return NULL;
    if (vetted->id->text.len && !vetted->kept.ptr)
        vetted->kept = ov_list_keep(&check->list, vetted->id->text);
    item->id = vetted->kept;
    size_t shown =
        vetted->named && (int)column == check->facts.name_column ? vetted->named - 1 : column;
    if (shown < check->facts.header_count)
        item->header = (uint32_t)shown;
    item->field = (int8_t)field;
    item->made = vetted->made;
    item->value = ov_list_keep_short(&check->list, cell->text);
    return item;
}

/* The field that a column is mapped to, or -1. */
static int field_of(const struct ov_check *check, int column)
{
    for (size_t i = 0; i < check->plan_count; i++)
        if (check->plans[i].column == column && !check->plans[i].repeats)
            return check->plans[i].field;
    return -1;
}

struct ov_item *ov_vet_node_as(struct ov_check *check, enum ov_rule_index rule,
                               enum ov_severity severity, enum ov_message message, ov_node row,
                               enum ov_row_cell cell)
{
    const int *columns = check->placed;
    struct ov_item *item =
        ov_list_add_as(&check->list, rule, severity, message,
                       ov_places_get(&check->places, row, cell), ov_check_file_row(check, row));
    if (!item)
        return NULL;
    item->made = item->row == row + 1 ? 0 : row + 1;
    item->id = ov_forest_id(check->forest, row);
    item->header = (uint32_t)columns[cell];
    item->field = (int8_t)(cell == OV_AT_PARENT ? ov_importer_kind(check->importer, OV_FIELD_PARENT)
                                                : field_of(check, columns[cell]));
    return item;
}

struct ov_item *ov_vet_node(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message, ov_node row, enum ov_row_cell cell)
{
    return ov_vet_node_as(check, rule, ov_rule_at(rule)->severity, message, row, cell);
}
