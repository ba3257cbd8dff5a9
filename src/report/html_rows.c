/* report/html_rows.c: see html.h. The JSON, one object:
 *     rows      number of rows in the file
 *     columns   names from the header
 *     id, parent, name   columns of identifier, parent and name; -1: none
 *     data      one array per row: [row, line, above, cells …]; rows count from 1; above: the
 *               parent row, 0: none, -n: entry n of `names`, from 1
 *     names     parents that are not rows: [text, whether the target framework has it]
 *     loops     {rows, cut}: the rows of a circular reporting line, and the one whose parent is
 *               cheapest to change */
#include <stdlib.h>

#include "base/error.h"
#include "finding/message.h"
#include "payload/reread/rows.h"
#include "report/html.h"
#include "report/kept_rows.h"
#include "vet/check_access.h"

struct writer {
    struct ov_report *report;
    const struct ov_check *check;
    struct ov_kept_rows kept;
    uint32_t *names; /* owned: per name of the forest, its number in `names`; 0: none yet */
    uint32_t *order; /* owned: the names, ordered by number */
    uint32_t name_count;
};

/* --- writing --- */

/* The parent row; rows of a user upload are not in the forest. */
static ov_node up_of(const struct writer *writer, ov_node row)
{
    const struct ov_forest *forest = ov_check_forest(writer->check);
    return row < forest->count ? ov_forest_up(forest, row) : OV_NODE_NONE;
}

/* The number, negated, of a name that no row has; assigned on first use. */
static int64_t number_of(struct writer *writer, ov_node name)
{
    uint32_t index = name - OV_NODE_NAME;
    if (!writer->names[index]) {
        writer->order[writer->name_count] = index;
        writer->names[index] = ++writer->name_count;
    }
    return -(int64_t)writer->names[index];
}

static int64_t above(struct writer *writer, ov_node row)
{
    const struct ov_forest *forest = ov_check_forest(writer->check);
    ov_node up = up_of(writer, row);
    if (up != OV_NODE_NONE)
        return (int64_t)up + 1;
    return row < forest->count && ov_node_is_name(forest->parent[row])
               ? number_of(writer, forest->parent[row])
               : 0;
}

/* Appends the text of a cell, redacted if redaction is on. */
static void put_text(struct writer *writer, struct ov_text text, bool identifier)
{
    struct ov_json *json = &writer->report->json;
    if (!ov_check_choices(writer->check)->redact) {
        ov_json_text(json, NULL, text);
        return;
    }
    struct ov_buf redacted = {0};
    ov_buf_redacted(&redacted, ov_check_choices(writer->check)->redact_key, text, identifier);
    ov_json_text(json, NULL, ov_buf_view(&redacted));
    json->out->failed |= redacted.failed;
    ov_buf_deinit(&redacted);
}

/* The layout's names have a column of their own behind those of the file. */
static bool has_names(const struct writer *writer)
{
    return ov_check_facts(writer->check)->bound &&
           ov_layout_gives_names(ov_check_layout(writer->check));
}

static enum ov_status on_row(void *ctx, const struct ov_record *record,
                             const struct ov_values *values, struct ov_error *err)
{
    struct writer *writer = ctx;
    const struct ov_check *check = writer->check;
    struct ov_json *json = &writer->report->json;
    ov_node row = (ov_node)(record->row - 1);
    if (!ov_is_kept(&writer->kept, row))
        return OV_OK;
    ov_json_line(json);
    ov_json_list(json, NULL);
    ov_json_signed(json, NULL, record->row);
    ov_json_number(json, NULL, record->place.line);
    ov_json_signed(json, NULL, above(writer, row));
    size_t cells = record->kept;
    if (has_names(writer) && cells > ov_check_facts(check)->header_count)
        cells = ov_check_facts(check)->header_count;
    for (size_t i = 0; i < cells; i++)
        put_text(writer, record->cells[i].text,
                 (int)i == ov_check_facts(check)->id_column ||
                     (int)i == ov_check_facts(check)->parent_column);
    for (size_t i = cells; has_names(writer) && i < ov_check_facts(check)->header_count; i++)
        put_text(writer, (struct ov_text){0}, false);
    if (has_names(writer))
        put_text(writer, values->fields[ov_importer_kind(ov_check_importer(check), OV_FIELD_NAME)],
                 false);
    ov_json_end(json);
    return ov_report_flush(writer->report, false, err);
}

static void begin_data(struct writer *writer)
{
    const struct ov_check *check = writer->check;
    const struct ov_check_facts *facts = ov_check_facts(check);
    const struct ov_names names = ov_vet_names(check);
    struct ov_json *json = &writer->report->json;
    ov_json_object(json, NULL);
    ov_json_number(json, "rows", ov_check_rows(check));
    ov_json_signed(json, "id", facts->id_column);
    ov_json_signed(json, "parent", facts->parent_column);
    ov_json_signed(json, "name", has_names(writer) ? (int)facts->header_count : facts->name_column);
    ov_json_list(json, "columns");
    for (size_t i = 0; i < facts->header_count; i++)
        ov_json_text(json, NULL, ov_names_header(&names, ov_check_headers(check)[i]));
    if (has_names(writer))
        ov_json_text(json, NULL, OV_TEXT("name"));
    ov_json_end(json);
    ov_json_list(json, "data");
}

static enum ov_status put_names(struct writer *writer, struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(writer->check);
    struct ov_json *json = &writer->report->json;
    enum ov_status status = OV_OK;
    ov_json_list(json, "names");
    for (uint32_t i = 0; i < writer->name_count && status == OV_OK; i++) {
        ov_node name = OV_NODE_NAME + writer->order[i];
        ov_json_list(json, NULL);
        put_text(writer, ov_forest_name(forest, name), true);
        ov_json_bool(json, NULL, !ov_forest_is_missing(forest, name));
        ov_json_end(json);
        status = ov_report_flush(writer->report, false, err);
    }
    ov_json_end(json);
    return status;
}

static enum ov_status put_loops(struct writer *writer, struct ov_error *err)
{
    const struct ov_cycles *cycles = ov_check_cycles(writer->check);
    struct ov_json *json = &writer->report->json;
    enum ov_status status = OV_OK;
    ov_json_list(json, "loops");
    for (size_t i = 0; i < cycles->count && status == OV_OK; i++) {
        const struct ov_cycle *cycle = &cycles->items[i];
        ov_json_object(json, NULL);
        ov_json_number(json, "cut", (uint64_t)cycle->cut + 1);
        ov_json_list(json, "rows");
        for (size_t j = 0; j < cycle->loop_count && status == OV_OK; j++) {
            ov_json_number(json, NULL, (uint64_t)cycles->rows[cycle->loop + j] + 1);
            status = ov_report_flush(writer->report, false, err);
        }
        ov_json_end(json);
        ov_json_end(json);
    }
    ov_json_end(json);
    return status;
}

static enum ov_status end_data(struct writer *writer, struct ov_error *err)
{
    struct ov_json *json = &writer->report->json;
    ov_json_end(json);
    ov_json_line(json);
    enum ov_status status = put_names(writer, err);
    ov_json_line(json);
    if (status == OV_OK)
        status = put_loops(writer, err);
    ov_json_end(json);
    return status;
}

static enum ov_status write_rows(struct writer *writer, const struct ov_vetted_file *file,
                                 struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(file->check);
    struct ov_rows rows;
    if (!ov_kept_rows_init(&writer->kept, file->check, OV_HTML_ROWS))
        return ov_fail_memory(err);
    writer->names = calloc((size_t)forest->name_count + 1, sizeof *writer->names);
    writer->order = malloc(((size_t)forest->name_count + 1) * sizeof *writer->order);
    if (!writer->names || !writer->order)
        return ov_fail_memory(err);
    ov_buf_string(&writer->report->out, "<script type=\"application/json\" class=\"rows\">");
    begin_data(writer);
    enum ov_status status = ov_rows_init(&rows, file->check, on_row, writer, err);
    if (status == OV_OK)
        status = ov_rows_read(&rows, file->source, err);
    ov_rows_deinit(&rows);
    if (status == OV_OK)
        status = end_data(writer, err);
    ov_buf_string(&writer->report->out, "</script>\n");
    return status;
}

enum ov_status ov_html_rows(struct ov_report *report, const struct ov_vetted_file *file,
                            struct ov_error *err)
{
    struct writer writer = {.report = report, .check = file->check};
    if (!ov_check_is_read(file->check) || !ov_check_forest(file->check))
        return OV_OK;
    enum ov_status status = write_rows(&writer, file, err);
    ov_kept_rows_deinit(&writer.kept);
    free(writer.names);
    free(writer.order);
    return status;
}
