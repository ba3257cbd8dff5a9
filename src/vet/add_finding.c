/* vet/add_finding.c: adds findings about the file, a header, a record, one of its cells, or a cell
 * of an earlier row. Texts are copied, or point to memory that lives as long as the check. */
#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/check_access.h"
#include "vet/jobs.h"

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
    if (column < check->facts.header_count)
        item->header = (uint32_t)column;
    item->field = (int8_t)field;
    item->value = ov_list_keep_short(&check->list, cell->text);
    return item;
}

static struct ov_text id_of(const void *run, uint32_t row)
{
    return ov_forest_id(((const struct ov_check *)run)->forest, row);
}

/* Whether a header is the name of a field, or a column name given in the settings. */
static bool is_known(const void *run, struct ov_text header)
{
    const struct ov_check *check = run;
    for (size_t i = 0; i < check->settings.count; i++) {
        const struct ov_setting *setting = &check->settings.items[i];
        struct ov_text field;
        if ((ov_setting_field(setting->key, OV_SETTING_MAPPING, &field) ||
             ov_text_equal(setting->key, OV_TEXT("identifier"))) &&
            ov_text_equal_nocase(setting->value, header))
            return true;
    }
    return ov_header_is_known(header) || ov_jobs_reads(header);
}

struct ov_names ov_vet_names(const struct ov_check *check)
{
    return (struct ov_names){.headers = check->headers,
                             .header_count = check->facts.header_count,
                             .fields = check->field_names,
                             .id = id_of,
                             .run = check,
                             .language = check->options.language,
                             .redact_key = check->options.redact_key,
                             .id_column = (uint32_t)check->facts.id_column,
                             .parent_column = (uint32_t)check->facts.parent_column,
                             .known = is_known};
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
    struct ov_item *item = ov_list_add_as(&check->list, rule, severity, message,
                                          ov_places_get(&check->places, row, cell), row + 1);
    if (!item)
        return NULL;
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
