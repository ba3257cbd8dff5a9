/* vet/rules_mapping.c: what can be wrong with columns and settings, judged by the header. */
#include "base/shell.h"
#include "base/unicode.h"
#include "finding/message.h"
#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/rules_cell.h"
#include "vet/rules_mapping.h"

/* The first column with the same header, or -1 when that is this one. */
static int first_like(const struct ov_check *check, int column)
{
    int first = (int)check->first_columns[column];
    return first < column ? first : -1;
}

static void relate_header(struct ov_check *check, struct ov_item *item, int column,
                          enum ov_note note)
{
    item->detail = ov_list_detail(&check->list, 1);
    if (!item->detail)
        return;
    item->detail->related[0] =
        (struct ov_related){.place = check->header_places[column],
                            .row = 0,
                            .note = ov_text_of(ov_note_text(note, check->options.language))};
    item->detail->related_count = 1;
}

/* The header nearest to a column name given in the settings, or an empty text. */
static struct ov_text nearest_header(const struct ov_check *check, struct ov_text name)
{
    struct ov_text nearest = {0};
    unsigned bound = name.len > 4 ? 2 : 1;
    for (size_t i = 0; i < check->facts.header_count; i++) {
        if (ov_text_equal_nocase(ov_text_trim(check->headers[i]), ov_text_trim(name)))
            return check->headers[i];
        unsigned distance = ov_text_distance(check->headers[i], name, bound);
        if (check->headers[i].len && distance <= bound) {
            nearest = check->headers[i];
            bound = distance ? distance - 1 : 0;
        }
    }
    return nearest;
}

void ov_report_unknown_column(struct ov_check *check, struct ov_text setting, struct ov_text name,
                              int field)
{
    struct ov_text nearest = nearest_header(check, name);
    struct ov_item *item =
        ov_vet_file(check, OV_R202, nearest.len ? OV_M_UNKNOWN_COLUMN_NEAR : OV_M_UNKNOWN_COLUMN);
    if (!item)
        return;
    item->value = ov_list_keep_short(&check->list, name);
    item->suggestion = nearest;
    item->field = (int8_t)field;
    ov_list_extra(&check->list, item, setting);
}

static void unknown_columns(struct ov_check *check)
{
    const struct ov_binding *binding = &check->binding;
    if (binding->id_unknown)
        ov_report_unknown_column(check, OV_TEXT("identifier"), binding->id_given, -1);
    for (size_t i = 0; i < check->importer->field_count; i++) {
        if (binding->fields[i].by != OV_BOUND_UNKNOWN)
            continue;
        struct ov_buf key = {0};
        ov_buf_text(&key, OV_SETTING_MAPPING);
        ov_buf_string(&key, check->importer->fields[i].name);
        check->list.failed |= key.failed;
        ov_report_unknown_column(check, ov_buf_view(&key), binding->fields[i].given, (int)i);
        ov_buf_deinit(&key);
    }
}

/* The column proposed for a field, or -1. */
static int proposed(const struct ov_check *check, size_t field)
{
    return check->proposals.fields[field].column;
}

/* Whether a layout is proposed, and may be named. */
static bool is_layout_proposed(const struct ov_check *check)
{
    return ov_layout_is_path(&check->guess) && !check->options.redact;
}

/* Suggests the layout that is proposed. */
static void suggest_layout(struct ov_check *check, struct ov_item *item)
{
    struct ov_buf fill = {0};
    struct ov_text column;
    item->suggestion = check->guess.parents_given;
    for (size_t i = 0; ov_check_proposed_fill(check, i, &column); i++) {
        ov_buf_string(&fill, " --fill-down ");
        ov_buf_shell(&fill, column);
    }
    if (fill.len && !item->detail)
        item->detail = ov_list_detail(&check->list, 0);
    if (fill.len && item->detail)
        item->detail->extra = ov_list_keep(&check->list, ov_buf_view(&fill));
    check->list.failed |= fill.failed;
    ov_buf_deinit(&fill);
}

/* OV201: a required field without a column. If a setting names an unknown column for it, only OV202
 * is reported. */
static void required_columns(struct ov_check *check)
{
    for (size_t i = 0; i < check->importer->field_count; i++) {
        const struct ov_bound_field *bound = &check->binding.fields[i];
        if (!check->importer->fields[i].required || bound->column >= 0 ||
            bound->by == OV_BOUND_UNKNOWN || ov_layout_gives_names(&check->layout))
            continue;
        int near = proposed(check, i);
        if (near < 0)
            near = ov_binding_near_column(&check->binding, (int)i);
        bool layout = is_layout_proposed(check) && ov_layout_gives_names(&check->guess);
        struct ov_item *item = ov_vet_file(check, OV_R201,
                                           layout      ? OV_M_REQUIRED_LAYOUT
                                           : near >= 0 ? OV_M_REQUIRED_NEAR
                                                       : OV_M_REQUIRED_MISSING);
        if (!item)
            continue;
        item->field = (int8_t)i;
        if (layout)
            suggest_layout(check, item);
        else if (near >= 0)
            item->suggestion = check->headers[near];
    }
}

/* OV203: every later column with the same header. */
static void duplicate_headers(struct ov_check *check)
{
    for (int i = 1; i < (int)check->facts.header_count; i++) {
        int first = check->headers[i].len ? first_like(check, i) : -1;
        struct ov_item *item = NULL;
        if (first >= 0)
            item = ov_vet_header(check, OV_R203, OV_ERROR, OV_M_DUPLICATE_HEADER, i, -1);
        if (item)
            relate_header(check, item, first, OV_N_FIRST_COLUMN);
    }
}

/* The field that a column is proposed for with enough confidence, or -1. */
static int proposed_for(const struct ov_check *check, int column)
{
    for (size_t i = 0; i < check->importer->field_count; i++)
        if (proposed(check, i) == column && check->proposals.fields[i].percent >= OV_SURE_ENOUGH)
            return (int)i;
    return -1;
}

/* OV205: a warning when the column is proposed for a field that has none, otherwise information. */
static void unmapped_columns(struct ov_check *check)
{
    for (int i = 0; i < (int)check->facts.header_count; i++) {
        if (check->headers[i].len == 0 || ov_is_own_column(check->headers[i]) ||
            first_like(check, i) >= 0 || ov_binding_reads(&check->binding, i) ||
            ov_binding_is_rival(&check->binding, i) || ov_layout_reads(&check->layout, i))
            continue;
        int near = proposed_for(check, i);
        struct ov_item *item =
            ov_vet_header(check, OV_R205, near >= 0 ? OV_WARNING : OV_INFO,
                          near >= 0 ? OV_M_UNMAPPED_NEAR : OV_M_UNMAPPED, i, near);
        if (item && near >= 0)
            item->suggestion = ov_text_of(check->importer->fields[near].name);
    }
}

/* OV206: reported at the column that is used. */
static void ambiguous_field(struct ov_check *check, int column, size_t field)
{
    const struct ov_bound_field *bound = &check->binding.fields[field];
    struct ov_item *item =
        ov_vet_header(check, OV_R206, OV_WARNING, OV_M_AMBIGUOUS, column, (int)field);
    if (!item)
        return;
    item->value = check->headers[bound->rival];
    relate_header(check, item, bound->rival, OV_N_OTHER_COLUMN);
}

/* Several columns have the same claim to a field, so that none is proposed. */
static void undecided_field(struct ov_check *check, int column, size_t field)
{
    const struct ov_proposal *proposal = &check->proposals.fields[field];
    struct ov_item *item =
        ov_vet_header(check, OV_R206, OV_WARNING, OV_M_UNDECIDED, column, (int)field);
    if (!item)
        return;
    item->value = check->headers[proposal->other];
    relate_header(check, item, proposal->other, OV_N_OTHER_COLUMN);
}

static void ambiguous_columns(struct ov_check *check)
{
    for (int column = 0; column < (int)check->facts.header_count; column++)
        for (size_t i = 0; i < check->importer->field_count; i++)
            if (check->binding.fields[i].rival >= 0 && check->binding.fields[i].column == column)
                ambiguous_field(check, column, i);
            else if (check->proposals.fields[i].rival == column)
                undecided_field(check, column, i);
}

/* OV207 to OV209: the rules of the import service's settings form (PROTOCOL.md, Importers). */

static int parent_field(const struct ov_check *check)
{
    return ov_importer_kind(check->importer, OV_FIELD_PARENT);
}

static void parent_is_identifier(struct ov_check *check)
{
    int field = parent_field(check), parent = check->binding.fields[field].column;
    if (parent >= 0 && parent == check->binding.id)
        ov_vet_header(check, OV_R207, OV_ERROR, OV_M_PARENT_IS_ID, parent, field);
}

static enum ov_message message_of(const char *parents)
{
    return strcmp(parents, "name") == 0 ? OV_M_NO_PARENT_NAMED : OV_M_NO_PARENT_INSIDE;
}

static void hierarchy_without_parent(struct ov_check *check)
{
    int field = parent_field(check);
    const struct ov_bound_field *bound = &check->binding.fields[field];
    if (!check->binding.hierarchy || bound->column >= 0 || bound->by == OV_BOUND_UNKNOWN ||
        ov_layout_is_path(&check->layout))
        return;
    int near = proposed(check, (size_t)field);
    bool layout = is_layout_proposed(check);
    struct ov_item *item =
        ov_vet_file(check, OV_R208,
                    layout                     ? OV_M_NO_PARENT_LAYOUT
                    : near < 0                 ? OV_M_NO_PARENT
                    : check->proposals.parents ? message_of(check->proposals.parents)
                                               : OV_M_NO_PARENT_NEAR);
    if (!item)
        return;
    item->field = (int8_t)field;
    if (layout)
        suggest_layout(check, item);
    else if (near >= 0)
        item->suggestion = check->headers[near];
}

static void parent_without_hierarchy(struct ov_check *check)
{
    int field = parent_field(check), parent = check->binding.fields[field].column;
    if (!check->binding.hierarchy && parent >= 0)
        ov_vet_header(check, OV_R209, OV_ERROR, OV_M_NO_HIERARCHY, parent, field);
}

/* OV210: a flag or format that is read from a column of something else. */
static void odd_columns(struct ov_check *check)
{
    int parent = parent_field(check);
    for (size_t i = 0; i < check->importer->field_count; i++) {
        int column = check->binding.fields[i].column;
        if (!check->proposals.odd[i] || column < 0) /* it was accepted that it is not read */
            continue;
        bool is_parent = proposed(check, (size_t)parent) == column;
        bool format = check->importer->fields[i].kind == OV_FIELD_FORMAT;
        struct ov_item *item = ov_vet_header(check, OV_R210, OV_ERROR,
                                             is_parent ? OV_M_ODD_PARENT
                                             : format  ? OV_M_ODD_FORMAT
                                                       : OV_M_ODD_FLAG,
                                             column, (int)i);
        if (item && is_parent)
            item->suggestion = ov_text_of(check->importer->fields[parent].name);
    }
}

/* OV306, OV307: what is around or inside a heading of a column that is read. */
static void odd_headings(struct ov_check *check)
{
    for (int i = 0; i < (int)check->facts.header_count; i++) {
        struct ov_text heading = check->headers[i];
        uint32_t odd = 0;
        struct ov_item *item = NULL;
        if (!ov_binding_reads(&check->binding, i))
            continue;
        if (ov_unicode_trim(heading).len != heading.len)
            ov_vet_header(check, OV_R306, OV_ERROR, OV_M_HEADING_SPACE, i, -1);
        if (ov_odd_character(heading, false, &odd) != OV_MESSAGES)
            item = ov_vet_header(check, OV_R307, OV_ERROR, OV_M_HEADING_CHARACTER, i, -1);
        if (!item)
            continue;
        ov_name_character(check, item, odd);
        struct ov_buf visible = {0};
        ov_buf_visible(&visible, heading);
        if (visible.len < heading.len)
            item->suggestion = ov_list_keep(&check->list, ov_buf_view(&visible));
        check->list.failed |= visible.failed;
        ov_buf_deinit(&visible);
    }
}

void ov_rules_mapping(struct ov_check *check)
{
    odd_headings(check);
#define OV_RULE_HEADER(number, name, severity, function, summary) function(check);
#include "finding/rules.def"
}
