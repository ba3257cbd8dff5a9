/* vet/header.c: keeps the header, checks it against the delimiter (OV109), selects the importer
 * from it, recognises other uploads (OV118), and plans which columns the rules check. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "mapping/words.h"
#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/header.h"

/* Finds for each column the first one with the same header. */
static bool find_first_columns(struct ov_check *check)
{
    size_t slots = 16;
    while (slots < 2 * check->facts.header_count)
        slots *= 2;
    uint32_t *table = calloc(slots, sizeof *table); /* column + 1; 0: free */
    if (!table)
        return false;
    for (uint32_t i = 0; i < check->facts.header_count; i++) {
        size_t at = ov_hash(check->headers[i], check->hash_key) & (slots - 1);
        while (table[at] && !ov_text_equal(check->headers[table[at] - 1], check->headers[i]))
            at = (at + 1) & (slots - 1);
        if (!table[at])
            table[at] = i + 1;
        check->first_columns[i] = table[at] - 1;
    }
    free(table);
    return true;
}

bool ov_header_keep(struct ov_check *check, const struct ov_record *record)
{
    size_t count = record->kept ? record->kept : 1;
    check->headers = calloc(count, sizeof *check->headers);
    check->header_places = calloc(count, sizeof *check->header_places);
    check->header_data = calloc(count, sizeof *check->header_data);
    check->first_columns = calloc(count, sizeof *check->first_columns);
    if (!check->headers || !check->header_places || !check->header_data || !check->first_columns)
        return false;
    check->facts.header_count = record->kept;
    check->facts.columns = record->count;
    for (size_t i = 0; i < record->kept; i++) {
        check->header_places[i] = ov_cell_place(record, i);
        check->headerless |= record->cells[i].text.len == 0;
        if (!ov_arena_copy(&check->arena, record->cells[i].text, &check->headers[i]))
            return false;
    }
    return find_first_columns(check);
}

/* The only importer that has all the fields named in the settings; NULL when several do, as they
 * all do if the settings name no field. */
static const struct ov_importer *importer_of_settings(const struct ov_check *check)
{
    const struct ov_importer *only = NULL;
    for (size_t k = 0; k < ov_importer_count(); k++) {
        bool has_all = true;
        for (size_t i = 0; i < check->settings.count && has_all; i++) {
            struct ov_text key = check->settings.items[i].key, field;
            if (ov_setting_field(key, OV_SETTING_MAPPING, &field) ||
                ov_setting_field(key, OV_SETTING_DEFAULT, &field))
                has_all = ov_importer_field(ov_importer_at(k), field) >= 0;
        }
        if (has_all && only)
            return NULL;
        if (has_all)
            only = ov_importer_at(k);
    }
    return only;
}

const struct ov_importer *ov_header_importer(const struct ov_check *check, struct ov_text *column)
{
    size_t count;
    const struct ov_importer *importer = check->options.importer;
    *column = (struct ov_text){0};
    if (!importer) /* a workbook's sheets have names of their own */
        importer = ov_importer_of_name(ov_reader_sheet(check->reader), &count);
    if (!importer)
        importer = ov_importer_of_name(ov_text_of(check->file_name), &count);
    if (!importer)
        importer = importer_of_settings(check);
    if (importer || check->options.importer_required)
        return importer;
    size_t index;
    importer = ov_bind_importer_of(check->headers, check->facts.header_count, &index);
    if (importer)
        *column = check->headers[index];
    return importer;
}

static bool has_header(const struct ov_text *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (ov_text_equal(headers[i], ov_text_of(name)))
            return true;
    return false;
}

/* Whether some header is the word followed by a number, such as jobposition1. */
static bool has_numbered(const struct ov_text *headers, size_t count, struct ov_text word)
{
    for (size_t i = 0; i < count; i++) {
        struct ov_text rest;
        if (ov_setting_field(headers[i], word, &rest) && ov_text_is_digits(rest))
            return true;
    }
    return false;
}

enum ov_other_upload ov_headers_upload(const struct ov_text *headers, size_t count)
{
    bool person = has_header(headers, count, "firstname") &&
                  has_header(headers, count, "lastname") && has_header(headers, count, "email");
    if (has_header(headers, count, "username") &&
        (person || has_numbered(headers, count, OV_TEXT("jobposition")) ||
         has_numbered(headers, count, OV_TEXT("jobdepartment"))))
        return OV_OTHER_USERS;
    if (has_header(headers, count, "shortname") && has_header(headers, count, "fullname") &&
        has_header(headers, count, "category"))
        return OV_OTHER_COURSES;
    return OV_OTHER_NONE;
}

/* Whether some heading is that of a parent, or looks like one; *fine: false when out of memory. */
static bool names_parent(const struct ov_check *check, bool *fine)
{
    struct ov_words *words = ov_words_new();
    bool found = false;
    size_t count;
    for (size_t i = 0; words && !found && i < check->facts.header_count; i++)
        found = (ov_words_roles(words, check->headers[i], &count) & OV_ROLE_PARENT) != 0;
    *fine = words && !ov_words_failed(words);
    ov_words_free(words);
    return found;
}

/* OV118: when it fires, nothing else is reported. */
enum ov_status ov_header_other_upload(struct ov_check *check, struct ov_error *err)
{
    bool fine = true;
    if (!check->options.other_uploads || check->options.importer || check->jobs ||
        ov_list_is_off(&check->list, OV_R118))
        return OV_OK;
    enum ov_other_upload other = ov_headers_upload(check->headers, check->facts.header_count);
    if (other == OV_OTHER_NONE || names_parent(check, &fine))
        return fine ? OV_OK : ov_fail_memory(err);
    if (!fine)
        return ov_fail_memory(err);
    check->result.other = other;
    check->facts.stopped = true;
    ov_vet_file(check, OV_R118, other == OV_OTHER_USERS ? OV_M_OTHER_USERS : OV_M_OTHER_COURSES);
    return OV_OK;
}

/* OV109: when it fires, nothing else is reported. */
enum ov_status ov_header_delimiter(struct ov_check *check, struct ov_error *err)
{
    static const enum ov_message messages[] = {
        [OV_ONE_COLUMN_DELIMITER] = OV_M_ONE_COLUMN,
        [OV_ONE_COLUMN_QUOTES] = OV_M_ONE_COLUMN_QUOTES,
        [OV_ONE_COLUMN_WIDTHS] = OV_M_ONE_COLUMN_WIDTHS,
    };
    enum ov_one_column why;
    const char *fitting;
    size_t columns;
    if (check->facts.columns != 1)
        return OV_OK;
    enum ov_status status = ov_reader_why_one_column(check->reader, &why, &fitting, &columns, err);
    if (status != OV_OK || why == OV_ONE_COLUMN_FINE)
        return status;
    check->facts.stopped = true;
    struct ov_item *item = ov_vet_file(check, OV_R109, messages[why]);
    if (item) {
        item->value = ov_text_of(ov_reader_delimiter_name(check->reader));
        item->suggestion = ov_text_of(fitting ? fitting : "");
        item->n = columns;
    }
    return OV_OK;
}

static const struct ov_field_pattern *pattern_of(const struct ov_check *check, const char *field)
{
    for (size_t i = check->pattern_count; field && i-- > 0;)
        if (ov_text_equal(check->patterns[i].field, ov_text_of(field)))
            return &check->patterns[i];
    return NULL;
}

static void add_plan(struct ov_check *check, int column, int field, unsigned limit)
{
    const struct ov_field *named = field >= 0 ? &check->importer->fields[field] : NULL;
    bool parent = named && named->kind == OV_FIELD_PARENT;
    if (parent && check->by_name) /* its cells are names */
        named = &check->importer->fields[ov_importer_kind(check->importer, OV_FIELD_NAME)];
    struct ov_plan *plan = &check->plans[check->plan_count];
    *plan = (struct ov_plan){
        .column = column,
        .field = field,
        .kind = named ? named->kind : OV_FIELD_ID,
        .limit = parent ? named->limit : limit,
        .required = !parent && named && named->required,
        .is_id = column == check->facts.id_column,
        .is_parent = column == check->facts.parent_column && !check->by_name,
        .pattern = pattern_of(check, field >= 0 ? check->importer->fields[field].name : NULL)};
    for (size_t i = 0; i < check->plan_count; i++)
        plan->repeats |= check->plans[i].column == column;
    check->plan_count++;
}

/* Orders plans by column, then by field. */
static int by_column(const void *a, const void *b)
{
    const struct ov_plan *x = a, *y = b;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return (x->field > y->field) - (x->field < y->field);
}

/* Whether the columns that a hierarchy needs are there. */
static bool has_tree(const struct ov_check *check)
{
    const struct ov_check_facts *facts = &check->facts;
    if (ov_layout_is_path(&check->layout))
        return !check->layout.incomplete && facts->name_column >= 0 && check->binding.hierarchy;
    return facts->id_column >= 0 && facts->parent_column >= 0 &&
           facts->id_column != facts->parent_column;
}

void ov_header_plan(struct ov_check *check)
{
    const struct ov_binding *binding = &check->binding;
    check->facts.id_column = binding->id;
    check->facts.parent_column = ov_binding_column(binding, OV_FIELD_PARENT);
    check->facts.name_column = ov_binding_column(binding, OV_FIELD_NAME);
    check->facts.tree = has_tree(check);
    bool path = ov_layout_is_path(&check->layout);
    int id = check->facts.id_column, name = check->facts.name_column;
    check->placed[OV_AT_ID] = path && id < 0 ? name : id;
    check->placed[OV_AT_PARENT] = path ? name : check->facts.tree ? check->facts.parent_column : -1;
    check->placed[OV_AT_NAME] = name;
    bool id_has_field = false;
    for (size_t i = 0; i < check->importer->field_count; i++) {
        int column = binding->fields[i].column;
        if (column >= 0 && !check->proposals.odd[i])
            add_plan(check, column, (int)i, check->importer->fields[i].limit);
        id_has_field |= column >= 0 && column == check->facts.id_column;
    }
    if (check->facts.id_column >= 0 && !id_has_field) {
        /* if idnumber is not mapped, it is imported from the identifier, with its limit */
        int field = ov_importer_kind(check->importer, OV_FIELD_ID);
        bool lends = binding->fields[field].column < 0;
        add_plan(check, check->facts.id_column, -1,
                 lends ? check->importer->fields[field].limit : 0);
    }
    qsort(check->plans, check->plan_count, sizeof *check->plans, by_column);
}
