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
#include "vet/check_access.h"

struct writer {
    struct ov_report *report;
    const struct ov_check *check;
    unsigned char *kept; /* owned: a bit per row; NULL: all rows are kept */
    uint32_t *names;     /* owned: per name of the forest, its number in `names`; 0: none yet */
    uint32_t *order;     /* owned: the names, ordered by number */
    uint32_t name_count, left;
    bool any;
};

/* --- which rows --- */

static bool is_kept(const struct writer *writer, ov_node row)
{
    return !writer->kept || writer->kept[row / 8] >> row % 8 & 1;
}

/* The parent row; rows of a user upload are not in the forest. */
static ov_node up_of(const struct writer *writer, ov_node row)
{
    const struct ov_forest *forest = ov_check_forest(writer->check);
    return row < forest->count ? ov_forest_up(forest, row) : OV_NODE_NONE;
}

/* Keeps a row and the rows above it; stops at a kept row, so a cycle ends too. */
static void keep(struct writer *writer, ov_node row)
{
    while (row != OV_NODE_NONE && writer->left && !is_kept(writer, row)) {
        writer->kept[row / 8] |= (unsigned char)(1 << row % 8);
        writer->left--;
        row = up_of(writer, row);
    }
}

static enum ov_status choose(struct writer *writer, struct ov_error *err)
{
    const struct ov_check *check = writer->check;
    if (ov_check_rows(check) <= OV_HTML_ROWS)
        return OV_OK;
    writer->left = OV_HTML_ROWS;
    writer->kept = calloc(ov_check_rows(check) / 8 + 1, 1);
    if (!writer->kept)
        return ov_fail_memory(err);
    for (size_t i = 0; i < ov_check_list(check)->count; i++) {
        uint32_t row = ov_check_list(check)->items[i].row;
        if (row != 0 && row != OV_NO_ROW && row <= ov_check_rows(check))
            keep(writer, row - 1);
    }
    return OV_OK;
}

/* --- writing --- */

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
    struct ov_buf *out = &writer->report->out;
    if (!ov_check_choices(writer->check)->redact) {
        ov_buf_json(out, text, OV_JSON_HTML);
        return;
    }
    struct ov_buf redacted = {0};
    ov_buf_redacted(&redacted, ov_check_choices(writer->check)->redact_key, text, identifier);
    ov_buf_json(out, ov_buf_view(&redacted), OV_JSON_HTML);
    out->failed |= redacted.failed;
    ov_buf_deinit(&redacted);
}

static enum ov_status on_row(void *ctx, const struct ov_record *record,
                             const struct ov_values *values, struct ov_error *err)
{
    struct writer *writer = ctx;
    const struct ov_check *check = writer->check;
    struct ov_buf *out = &writer->report->out;
    ov_node row = (ov_node)(record->row - 1);
    (void)values;
    if (!is_kept(writer, row))
        return OV_OK;
    ov_buf_format(out, "%s[%lld,%llu,%lld", writer->any ? ",\n" : "\n", (long long)record->row,
                  (unsigned long long)record->place.line, (long long)above(writer, row));
    writer->any = true;
    for (size_t i = 0; i < record->kept; i++) {
        ov_buf_char(out, ',');
        put_text(writer, record->cells[i].text,
                 (int)i == ov_check_facts(check)->id_column ||
                     (int)i == ov_check_facts(check)->parent_column);
    }
    ov_buf_char(out, ']');
    return ov_report_flush(writer->report, false, err);
}

static void put_head(struct writer *writer)
{
    const struct ov_check *check = writer->check;
    const struct ov_names names = ov_vet_names(check);
    struct ov_buf *out = &writer->report->out;
    ov_buf_format(out, "<script type=\"application/json\" class=\"rows\">{\"rows\":%llu,",
                  (unsigned long long)ov_check_rows(check));
    ov_buf_format(out, "\"id\":%d,\"parent\":%d,\"name\":%d,\"columns\":[",
                  ov_check_facts(check)->id_column, ov_check_facts(check)->parent_column,
                  ov_check_facts(check)->name_column);
    for (size_t i = 0; i < ov_check_facts(check)->header_count; i++) {
        ov_buf_string(out, i ? "," : "");
        ov_buf_json(out, ov_names_header(&names, ov_check_headers(check)[i]), OV_JSON_HTML);
    }
    ov_buf_string(out, "],\"data\":[");
}

static enum ov_status put_tail(struct writer *writer, struct ov_error *err)
{
    const struct ov_check *check = writer->check;
    struct ov_buf *out = &writer->report->out;
    enum ov_status status = OV_OK;
    ov_buf_string(out, "],\n\"names\":[");
    for (uint32_t i = 0; i < writer->name_count && status == OV_OK; i++) {
        ov_node name = OV_NODE_NAME + writer->order[i];
        ov_buf_string(out, i ? ",[" : "[");
        put_text(writer, ov_forest_name(ov_check_forest(check), name), true);
        ov_buf_string(out,
                      ov_forest_is_missing(ov_check_forest(check), name) ? ",false]" : ",true]");
        status = ov_report_flush(writer->report, false, err);
    }
    ov_buf_string(out, "],\n\"loops\":[");
    for (size_t i = 0; i < ov_check_cycles(check)->count && status == OV_OK; i++) {
        const struct ov_cycle *cycle = &ov_check_cycles(check)->items[i];
        ov_buf_format(out, "%s{\"cut\":%lu,\"rows\":[", i ? "," : "",
                      (unsigned long)cycle->cut + 1);
        for (size_t j = 0; j < cycle->loop_count && status == OV_OK; j++) {
            ov_buf_string(out, j ? "," : "");
            ov_buf_decimal(out, (uint64_t)ov_check_cycles(check)->rows[cycle->loop + j] + 1);
            status = ov_report_flush(writer->report, false, err);
        }
        ov_buf_string(out, "]}");
    }
    ov_buf_string(out, "]}</script>\n");
    return status;
}

static enum ov_status write_rows(struct writer *writer, const struct ov_vetted_file *file,
                                 struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(file->check);
    struct ov_rows rows;
    enum ov_status status = choose(writer, err);
    if (status != OV_OK)
        return status;
    writer->names = calloc((size_t)forest->name_count + 1, sizeof *writer->names);
    writer->order = malloc(((size_t)forest->name_count + 1) * sizeof *writer->order);
    if (!writer->names || !writer->order)
        return ov_fail_memory(err);
    put_head(writer);
    status = ov_rows_init(&rows, file->check, on_row, writer, err);
    if (status == OV_OK)
        status = ov_rows_read(&rows, file->source, err);
    ov_rows_deinit(&rows);
    return status == OV_OK ? put_tail(writer, err) : status;
}

enum ov_status ov_html_rows(struct ov_report *report, const struct ov_vetted_file *file,
                            struct ov_error *err)
{
    struct writer writer = {.report = report, .check = file->check};
    if (!ov_check_facts(file->check)->has_header || ov_check_facts(file->check)->stopped ||
        !ov_check_forest(file->check))
        return OV_OK;
    enum ov_status status = write_rows(&writer, file, err);
    free(writer.kept);
    free(writer.names);
    free(writer.order);
    return status;
}
