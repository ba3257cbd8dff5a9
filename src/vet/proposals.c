/* vet/proposals.c: see proposals.h. */
#include "vet/proposals.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "csv/reader.h"
#include "mapping/recognize.h"
#include "vet/check_access.h"
#include "vet/laid_out.h"

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct ov_columns *columns = ctx;
    if (record->row <= 0)
        return OV_OK;
    return ov_columns_add(columns, record) ? OV_OK : ov_fail_memory(err);
}

/* Whether some field has no column while some column is not read. */
static bool has_gaps(const struct ov_check *check)
{
    bool unread = false, unbound = false;
    for (int i = 0; i < (int)check->facts.header_count && !unread; i++)
        unread = ov_binding_fields(&check->binding, i) == 0;
    for (size_t i = 0; i < check->importer->field_count; i++)
        unbound |= check->binding.fields[i].by == OV_BOUND_NOT;
    return unread && unbound;
}

/* Notes the columns that are read and all of whose cells are in foreign quotes. */
static void note_quoted(struct ov_check *check, const struct ov_columns *columns)
{
    for (size_t i = 0; i < columns->count && i < check->facts.header_count; i++)
        if (columns->items[i].filled > 1 && columns->items[i].quoted == columns->items[i].filled &&
            ov_binding_reads(&check->binding, (int)i) && check->quoted_count <= OV_FIELDS_MAX)
            check->quoted[check->quoted_count++] = (struct ov_quoted_column){.column = (int)i};
}

/* The only column of dates whose heading has a role; -1: none, or several. */
static int dated_column(const struct ov_check *check, const struct ov_words *words,
                        const struct ov_columns *columns, unsigned role)
{
    int found = -1;
    size_t count;
    for (size_t i = 0; words && i < columns->count && i < check->facts.header_count; i++) {
        const struct ov_column *column = &columns->items[i];
        if (!column->dates || column->dates * 2 < column->filled)
            continue;
        unsigned roles = ov_words_roles(words, check->headers[i], &count);
        if (!(roles & role) || (role == OV_ROLE_START && roles & OV_ROLE_END))
            continue; /* `Effective End Date` is an end */
        if (found >= 0)
            return -1;
        found = (int)i;
    }
    return found;
}

/* Maps the proposals that are sure enough; *any: there were some. */
static void accept_columns(struct ov_check *check, struct ov_binding *binding, bool *any)
{
    const struct ov_proposals *proposals = &check->proposals;
    *any = false;
    for (size_t i = 0; i < check->importer->field_count; i++) {
        const struct ov_proposal *proposal = &proposals->fields[i];
        if (proposal->column < 0 || proposal->percent < OV_SURE_ENOUGH)
            continue;
        for (size_t k = 0; k < check->importer->field_count; k++)
            if (binding->fields[k].column == proposal->column) /* of another kind */
                ov_binding_leave(binding, (int)k);
        ov_binding_accept(binding, (int)i, proposal->column);
        check->accepted[i] = true;
        *any = true;
    }
    for (size_t i = 0; *any && i < check->importer->field_count; i++)
        if (proposals->odd[i]) /* it has no column any more, or one that it cannot be */
            ov_binding_leave(binding, (int)i);
}

/* Takes all proposals that are sure enough. */
static enum ov_status accept(struct ov_check *check, bool *any, struct ov_error *err)
{
    accept_columns(check, &check->binding, any);
    if (check->options.accept_mapping)
        accept_columns(check, &check->given, any);
    if (!check->guess.parents_given.len)
        return OV_OK;
    *any = true;
    enum ov_status status =
        ov_layout_set(&check->layout, OV_LAYOUT_PARENTS, check->guess.parents_given, err);
    for (size_t i = 0; status == OV_OK && i < check->filled.count; i++)
        status = ov_layout_set(&check->layout, OV_LAYOUT_FILL_DOWN,
                               check->headers[check->filled.items[i]], err);
    return status == OV_OK ? ov_lay_out_header(check, err) : status;
}

/* Whether the file has no column for the parent, nor a likely one, and no option says how rows name
 * their parents. */
static bool lacks_parents(const struct ov_check *check)
{
    int parent = ov_importer_kind(check->importer, OV_FIELD_PARENT);
    return parent >= 0 && check->binding.hierarchy && !check->layout.parents_given.len &&
           check->binding.fields[parent].by == OV_BOUND_NOT &&
           check->proposals.fields[parent].percent < OV_SURE_ENOUGH;
}

/* Proposes a layout for a file whose parents are not in a column, or are names. */
static enum ov_status propose_layout(struct ov_check *check, const struct ov_words *words,
                                     const struct ov_columns *columns, struct ov_error *err)
{
    struct ov_buf option = {0};
    enum ov_status status = OV_OK;
    if (check->proposals.parents && !check->layout.parents_given.len)
        ov_buf_string(&option, check->proposals.parents);
    else if (lacks_parents(check) &&
             !ov_recognize_layout(words, &check->binding, columns, &option, &check->filled))
        status = ov_fail_memory(err);
    if (status == OV_OK && option.failed)
        status = ov_fail_memory(err);
    if (status == OV_OK && option.len)
        status = ov_layout_copy(&check->guess, &check->layout, err);
    if (status == OV_OK && option.len)
        status = ov_layout_set(&check->guess, OV_LAYOUT_PARENTS, ov_buf_view(&option), err);
    for (size_t i = 0; status == OV_OK && i < check->filled.count; i++)
        status = ov_layout_set(&check->guess, OV_LAYOUT_FILL_DOWN,
                               check->headers[check->filled.items[i]], err);
    ov_buf_deinit(&option);
    if (status != OV_OK || !ov_layout_is_path(&check->guess))
        return status;
    if ((status = ov_learn_layout(check, &check->guess, err)) != OV_OK)
        return status;
    ov_propose(words, &check->binding, columns, &check->guess, &check->proposals);
    return OV_OK;
}

static bool word_reasons(struct ov_check *check)
{
    struct ov_buf text = {0};
    bool fine = true;
    for (size_t i = 0; fine && !check->options.redact && i < check->importer->field_count; i++) {
        text.len = 0;
        if (check->proposals.fields[i].column < 0)
            continue;
        ov_put_reason(&text, check->options.language, &check->proposals.fields[i], check->headers);
        fine = !text.failed && ov_arena_copy(&check->arena, ov_buf_view(&text), &check->reasons[i]);
    }
    ov_buf_deinit(&text);
    return fine;
}

enum ov_status ov_find_proposals(struct ov_check *check, struct ov_error *err)
{
    struct ov_columns *columns = NULL;
    struct ov_words *words = NULL;
    enum ov_status status = OV_OK;
    check->valid_from = check->valid_to = -1;
    for (size_t i = 0; i < OV_FIELDS_MAX; i++)
        check->proposals.fields[i] = (struct ov_proposal){.column = -1, .other = -1, .rival = -1};
    if (check->options.settings_only && !check->options.accept_mapping)
        return OV_OK;
    columns = calloc(1, sizeof *columns);
    if (!columns || (has_gaps(check) && !(words = ov_words_new())))
        status = ov_fail_memory(err);
    if (status == OV_OK)
        status = ov_reader_survey(check->reader, on_record, columns, err);
    if (status == OV_OK && !ov_columns_finish(columns))
        status = ov_fail_memory(err);
    if (status == OV_OK) {
        ov_propose(words, &check->binding, columns, &check->layout, &check->proposals);
        note_quoted(check, columns);
        check->valid_from = dated_column(check, words, columns, OV_ROLE_START);
        check->valid_to = dated_column(check, words, columns, OV_ROLE_END);
        status = propose_layout(check, words, columns, err);
    }
    if (status == OV_OK && (ov_words_failed(words) || !word_reasons(check)))
        status = ov_fail_memory(err);
    if (columns)
        ov_columns_deinit(columns);
    free(columns);
    ov_words_free(words);
    if (status == OV_OK && check->options.accept_mapping)
        status = accept(check, &check->mapping_accepted, err);
    return status;
}

/* Whether a finding says that nothing can be vetted without another column: OV201, OV208. */
static bool lacks_columns(const struct ov_check *check)
{
    for (size_t i = 0; i < check->importer->field_count; i++) {
        const struct ov_field *field = &check->importer->fields[i];
        bool needed =
            field->required || (field->kind == OV_FIELD_PARENT && check->binding.hierarchy);
        if (needed && check->binding.fields[i].by == OV_BOUND_NOT && !check->layout.incomplete)
            return true;
    }
    return false;
}

static bool add_option(struct ov_check *check, const char *option, struct ov_text value)
{
    struct ov_text copy;
    if (!ov_grow(&check->accept, &check->accept_capacity, check->accept_count + 2,
                 sizeof *check->accept) ||
        !ov_arena_copy(&check->arena, value, &copy))
        return false;
    check->accept[check->accept_count++] = ov_text_of(option);
    check->accept[check->accept_count++] = copy;
    return true;
}

static bool add_map(struct ov_check *check, struct ov_text field, struct ov_text column)
{
    struct ov_buf text = {0};
    ov_buf_text(&text, field);
    ov_buf_char(&text, '=');
    ov_buf_text(&text, column);
    bool fine = !text.failed && add_option(check, "--map", ov_buf_view(&text));
    ov_buf_deinit(&text);
    return fine;
}

/* Lists the options that accept the proposals that were used. */
static bool list_options(struct ov_check *check, const struct ov_binding *given)
{
    char line[24];
    snprintf(line, sizeof line, "%llu", (unsigned long long)check->header_row);
    bool fine = (!check->titles || add_option(check, "--header-row", ov_text_of(line))) &&
                (ov_reader_is_sure(check->reader) ||
                 add_option(check, "--encoding", ov_text_of(ov_reader_encoding(check->reader)))) &&
                (!ov_reader_is_workbook(check->reader) ||
                 add_option(check, "--sheet", ov_reader_sheet(check->reader))) &&
                (!check->guess.parents_given.len ||
                 add_option(check, "--parents", check->guess.parents_given));
    for (size_t i = 0; i < check->filled.count && fine; i++)
        fine = add_option(check, "--fill-down", check->headers[check->filled.items[i]]);
    for (size_t i = 0; i < check->importer->field_count && fine; i++) {
        struct ov_text field = ov_text_of(check->importer->fields[i].name);
        if (check->accepted[i])
            fine = add_map(check, field, check->headers[check->proposals.fields[i].column]);
        else if (given->fields[i].column >= 0 && check->binding.fields[i].column < 0 &&
                 given->fields[i].by != OV_BOUND_OFF)
            fine = add_map(check, field, OV_TEXT(""));
    }
    return fine;
}

enum ov_status ov_go_on_with_proposals(struct ov_check *check, struct ov_error *err)
{
    if (!check->options.provisional || check->mapping_accepted || !lacks_columns(check))
        return OV_OK;
    enum ov_status status = accept(check, &check->result.provisional, err);
    if (status == OV_OK && check->result.provisional && !check->options.redact &&
        !list_options(check, &check->given))
        return ov_fail_memory(err);
    return status;
}

/* How a bound field came by its column. */
static const char *way_of(enum ov_bound_by by)
{
    switch (by) {
    case OV_BOUND_GIVEN: return "setting";
    case OV_BOUND_EXACT: return "name";
    case OV_BOUND_ALIAS: return "alias";
    case OV_BOUND_FOLDED: return "folded";
    default: return NULL;
    }
}

static void show_proposal(const struct ov_check *check, size_t field, bool mapped,
                          struct ov_column_choice *choice)
{
    const struct ov_proposal *proposal = &check->proposals.fields[field];
    choice->state = mapped ? OV_COLUMN_MAPPED : OV_COLUMN_PROPOSED;
    choice->percent = mapped ? 100 : proposal->percent;
    choice->by[0] = proposal->by_words ? "words" : "values";
    choice->by[1] = proposal->by_words && proposal->by_values ? "values" : NULL;
    choice->reason = check->reasons[field];
}

/* The heading of a column as it may be shown. */
static struct ov_text shown_heading(const struct ov_check *check, int column)
{
    const struct ov_names names = ov_vet_names(check);
    return ov_names_header(&names, check->headers[column]);
}

static void show_field(const struct ov_check *check, size_t field, struct ov_column_choice *choice)
{
    const struct ov_bound_field *bound = &check->given.fields[field];
    int column = bound->column;
    choice->field = check->importer->fields[field].name;
    if (column >= 0 && bound->by == OV_BOUND_PROPOSED) {
        show_proposal(check, field, true, choice);
    } else if (column >= 0) {
        choice->state = OV_COLUMN_MAPPED;
        choice->percent = 100;
        choice->by[0] = way_of(bound->by);
    } else if (check->proposals.fields[field].column >= 0) {
        column = check->proposals.fields[field].column;
        show_proposal(check, field, false, choice);
    }
    if (column >= 0)
        choice->column = shown_heading(check, column);
}

/* The identifier: the setting's column, that of idnumber, or what the service takes instead. */
static void show_identifier(const struct ov_check *check, struct ov_column_choice *choice)
{
    const struct ov_binding *given = &check->given;
    int field = ov_importer_kind(check->importer, OV_FIELD_ID);
    bool proposed = check->proposals.fields[field].column >= 0 && !given->id_given.len;
    if (given->fields[field].column >= 0 ? given->id == given->fields[field].column : proposed) {
        show_field(check, (size_t)field, choice);
    } else if (given->id >= 0) {
        choice->state = OV_COLUMN_MAPPED;
        choice->percent = 100;
        choice->by[0] = given->id_given.len ? "setting" : "name";
        choice->column = shown_heading(check, given->id);
    }
    choice->field = "identifier";
}

bool ov_check_column(const struct ov_check *check, size_t index, struct ov_column_choice *choice)
{
    *choice = (struct ov_column_choice){.state = OV_COLUMN_NONE};
    if (!check->facts.bound || index > check->importer->field_count)
        return false;
    if (index == 0)
        show_identifier(check, choice);
    else
        show_field(check, index - 1, choice);
    return true;
}

struct ov_text ov_check_proposed_parents(const struct ov_check *check)
{
    if (check->guess.parents_given.len || !check->cause.parents)
        return check->guess.parents_given;
    return ov_text_of(check->cause.parents);
}

bool ov_check_proposed_fill(const struct ov_check *check, size_t index, struct ov_text *column)
{
    if (index >= check->filled.count)
        return false;
    *column = check->headers[check->filled.items[index]];
    return true;
}

bool ov_check_accept(const struct ov_check *check, size_t index, struct ov_text *option)
{
    if (index >= check->accept_count)
        return false;
    *option = check->accept[index];
    return true;
}
