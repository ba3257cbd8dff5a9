/* vet/check_access.c: see check_access.h. */
#include "vet/check_access.h"

#include "base/error.h"
#include "base/unicode.h"
#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/jobs.h"

const struct ov_check_facts *ov_check_facts(const struct ov_check *check)
{
    return &check->facts;
}

const struct ov_check_options *ov_check_choices(const struct ov_check *check)
{
    return &check->options;
}

const struct ov_settings *ov_check_settings(const struct ov_check *check)
{
    return &check->settings;
}

const char *ov_check_file_name(const struct ov_check *check)
{
    return check->file_name;
}

const struct ov_importer *ov_check_importer(const struct ov_check *check)
{
    return check->importer;
}

const struct ov_binding *ov_check_binding(const struct ov_check *check)
{
    return &check->binding;
}

const struct ov_text *ov_check_headers(const struct ov_check *check)
{
    return check->headers;
}

const struct ov_reader *ov_check_reader(const struct ov_check *check)
{
    return check->reader;
}

const struct ov_row_map *ov_check_row_map(const struct ov_check *check)
{
    return &check->row_map;
}

bool ov_check_is_read(const struct ov_check *check)
{
    return check->facts.has_header && !check->facts.stopped;
}

const struct ov_layout *ov_check_layout(const struct ov_check *check)
{
    return &check->layout;
}

const struct ov_units *ov_check_units(const struct ov_check *check)
{
    return &check->units;
}

uint32_t ov_check_file_row(const struct ov_check *check, ov_node row)
{
    if (!check->made || row < check->rows - check->made)
        return row + 1;
    return ov_units_origin(&check->units, check->units.of_row[row])->row;
}

size_t ov_check_used_columns(const struct ov_check *check)
{
    size_t count = check->facts.header_count;
    while (count > 0 && ov_unicode_is_blank(check->headers[count - 1]) &&
           !check->header_data[count - 1])
        count--;
    return count;
}

ov_node ov_item_node(const struct ov_item *item)
{
    return item->made ? item->made - 1 : item->row - 1;
}

uint32_t ov_check_made(const struct ov_check *check)
{
    return check->made;
}

uint64_t ov_check_rows(const struct ov_check *check)
{
    return check->rows;
}

const struct ov_forest *ov_check_forest(const struct ov_check *check)
{
    return check->forest;
}

const struct ov_shape *ov_check_shape(const struct ov_check *check)
{
    return &check->shape;
}

const struct ov_cycles *ov_check_cycles(const struct ov_check *check)
{
    return &check->cycles;
}

const struct ov_list *ov_check_list(const struct ov_check *check)
{
    return &check->list;
}

bool ov_check_can_reread(const struct ov_check *check)
{
    return check->facts.finished && check->sha;
}

bool ov_check_reads_text(const struct ov_check *check, uint32_t column)
{
    for (size_t i = 0; i < check->plan_count; i++)
        if (check->plans[i].column == (int)column && check->plans[i].kind != OV_FIELD_FLAG)
            return true;
    return false;
}

enum ov_status ov_check_finding(struct ov_check *check, size_t index, struct ov_finding *finding)
{
    check->next = index;
    return ov_check_next(check, finding);
}

struct ov_place ov_check_place(const struct ov_check *check, uint32_t row, uint32_t column,
                               struct ov_place otherwise)
{
    for (int i = 0; i < OV_ROW_CELLS; i++)
        if (check->placed[i] == (int)column)
            return ov_places_get(&check->places, row - 1, (enum ov_row_cell)i);
    return otherwise;
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
                             .workbook = ov_reader_is_workbook(check->reader),
                             .redact_key = check->options.redact_key,
                             .id_column = (uint32_t)check->facts.id_column,
                             .parent_column = (uint32_t)check->facts.parent_column,
                             .known = is_known};
}

enum ov_status ov_check_find_sizes(struct ov_check *check, struct ov_error *err)
{
    if (check->shape.size)
        return OV_OK;
    enum ov_status status = ov_shape_sizes(&check->shape, check->forest, err);
    if (status == OV_OK)
        ov_shape_close_loops(&check->shape, check->forest);
    return status;
}

void ov_check_guess_little(struct ov_check *check)
{
    check->guesses_little = true;
}

enum ov_status ov_check_add_finding(struct ov_check *check, enum ov_rule_index rule,
                                    enum ov_message message, uint64_t n, uint64_t m,
                                    struct ov_text value, struct ov_text extra,
                                    struct ov_error *err)
{
    const struct ov_names names = ov_vet_names(check);
    struct ov_item *item = ov_vet_file(check, rule, message);
    if (item) {
        item->n = n;
        item->m = m;
        item->value = value;
        ov_list_extra(&check->list, item, extra);
    }
    if (check->list.failed || !ov_list_sort(&check->list, &names))
        return ov_fail_memory(err);
    for (int s = 0; s < OV_SEVERITIES; s++)
        check->result.severities[s] = ov_list_total(&check->list, (enum ov_severity)s);
    return OV_OK;
}
