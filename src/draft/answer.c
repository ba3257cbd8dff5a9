/* draft/answer.c: see answer.h. */
#include "draft/answer.h"

#include <stdlib.h>

#include "base/error.h"
#include "draft/reply.h"
#include "payload/emit/importable.h"
#include "vet/check_access.h"

enum {
    SAMPLES = 3,              /* values per column */
    LOOKED_AT = 1000,         /* rows searched for samples */
    SAMPLE = 80,              /* bytes of a sample */
    SAMPLED_BYTES = 16 << 20, /* bytes of rows read for samples */
    CELL = 200,               /* bytes of an identifier */
    HEADER = 4096, /* bytes of a column's name; longer ones are cut off and cannot be chosen */
    OF_ROW = 100,  /* findings per row */
    OTHERS = 20,   /* related places per finding */
    OF_FILE = 50,  /* findings about the file as a whole */
};

/* --- findings --- */

static void put_related(const struct ov_check *check, const struct ov_finding *finding,
                        struct ov_json *json)
{
    size_t count = finding->related_count < OTHERS ? finding->related_count : OTHERS;
    if (!count)
        return;
    ov_json_list(json, "related");
    for (size_t i = 0; i < count; i++) {
        const struct ov_related related = ov_check_related(check, i);
        ov_json_object(json, NULL);
        ov_json_number(json, "line", related.place.line);
        ov_json_signed(json, "row", related.row);
        ov_json_nonempty(json, "id", ov_utf8_cut(related.id, CELL));
        ov_json_nonempty(json, "message", related.note);
        ov_json_end(json);
    }
    ov_json_end(json);
    if (count < finding->related_count)
        ov_json_number(json, "more", finding->related_count - count);
}

static enum ov_status put_finding(struct ov_view *view, size_t index, struct ov_json *json,
                                  struct ov_error *err)
{
    struct ov_finding finding;
    const struct ov_item *item = &ov_check_list(view->check)->items[index];
    if (ov_view_finding(view, index, &finding) != OV_OK)
        return ov_fail_memory(err);
    ov_json_object(json, NULL);
    ov_json_string(json, "code", finding.rule->code);
    ov_json_string(json, "name", finding.rule->name);
    ov_json_string(json, "severity", ov_severity_name(finding.severity));
    ov_json_signed(json, "row", finding.row);
    ov_json_number(json, "line", finding.place.line);
    ov_json_number(json, "column", finding.place.column);
    ov_json_text(json, "message", finding.message);
    ov_json_nonempty(json, "help", finding.help);
    if (finding.has_header)
        ov_json_number(json, "at", item->header);
    ov_json_nonempty(json, "suggestion", finding.suggestion);
    put_related(view->check, &finding, json);
    ov_json_end(json);
    return OV_OK;
}

enum ov_status ov_answer_findings(struct ov_view *view, size_t first, size_t end,
                                  struct ov_json *json, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = first; i < end && i - first < OF_ROW && status == OV_OK; i++)
        status = put_finding(view, i, json, err);
    return status;
}

/* Writes the findings about the file as a whole, errors first. */
static enum ov_status put_of_file(struct ov_view *view, struct ov_json *json, struct ov_error *err)
{
    const struct ov_list *list = ov_check_list(view->check);
    enum ov_status status = OV_OK;
    uint64_t count = 0;
    ov_json_list(json, "of_file");
    for (int severity = OV_ERROR; severity >= OV_INFO; severity--) {
        for (size_t i = 0; i < list->count && status == OV_OK; i++) {
            if ((list->items[i].row != 0 && list->items[i].row != OV_NO_ROW) ||
                list->items[i].severity != severity || count++ >= OF_FILE)
                continue;
            status = put_finding(view, i, json, err);
        }
    }
    ov_json_end(json);
    ov_json_number(json, "of_file_count", count);
    return status;
}

/* --- columns and fields --- */

/* Sample values of a column, as a JSON list. */
struct samples {
    struct ov_buf text;
    struct ov_json json; /* writes to text */
    unsigned shown;
};

static enum ov_status gather_samples(struct ov_view *view, struct samples *samples,
                                     uint32_t columns, struct ov_error *err)
{
    uint32_t full = 0;
    uint64_t read_bytes = 0;
    for (uint32_t i = 0; i < columns; i++) {
        samples[i].json.out = &samples[i].text;
        ov_json_list(&samples[i].json, NULL);
    }
    for (uint32_t row = 0;
         row < view->tree.rows && row < LOOKED_AT && full < columns && read_bytes < SAMPLED_BYTES;
         row++) {
        struct ov_view_row read;
        enum ov_status status = ov_view_read(view, row, &read, err);
        if (status != OV_OK)
            return status;
        read_bytes += read.rest.len;
        for (uint32_t i = 0; i < read.cells && i < columns; i++) {
            struct ov_text cell = ov_view_cell(&read);
            if (!cell.len || samples[i].shown == SAMPLES)
                continue;
            ov_json_text(&samples[i].json, NULL, ov_utf8_cut(cell, SAMPLE));
            full += ++samples[i].shown == SAMPLES;
        }
    }
    return OV_OK;
}

static enum ov_status put_columns(struct ov_view *view, struct ov_json *json, struct ov_error *err)
{
    const struct ov_check *check = view->check;
    const struct ov_check_facts *facts = ov_check_facts(check);
    uint32_t columns = facts->header_count < OV_REPLY_MAX_COLUMNS ? (uint32_t)facts->header_count
                                                                  : OV_REPLY_MAX_COLUMNS;
    struct samples *samples = calloc((size_t)columns + 1, sizeof *samples);
    if (!samples)
        return ov_fail_memory(err);
    enum ov_status status = gather_samples(view, samples, columns, err);
    ov_json_list(json, "columns");
    for (uint32_t i = 0; i < columns; i++) {
        ov_json_end(&samples[i].json);
        ov_json_object(json, NULL);
        ov_json_text(json, "name", ov_utf8_cut(ov_check_headers(check)[i], HEADER));
        ov_json_bool(json, "read",
                     facts->bound && ov_binding_reads(ov_check_binding(check), (int)i));
        ov_json_raw(json, "samples", ov_buf_view(&samples[i].text));
        json->out->failed |= samples[i].text.failed;
        ov_json_end(json);
        ov_buf_deinit(&samples[i].text);
    }
    ov_json_end(json);
    free(samples);
    return status;
}

/* How a field was mapped to its column. */
static const char *bound_by(enum ov_bound_by by)
{
    static const char *const words[] = {
        [OV_BOUND_NOT] = "not",      [OV_BOUND_OFF] = "off",     [OV_BOUND_UNKNOWN] = "unknown",
        [OV_BOUND_GIVEN] = "given",  [OV_BOUND_EXACT] = "exact", [OV_BOUND_ALIAS] = "alias",
        [OV_BOUND_FOLDED] = "folded"};
    return words[by];
}

static void put_fields(const struct ov_check *check, struct ov_json *json)
{
    ov_json_list(json, "fields");
    for (size_t i = 0; ov_check_facts(check)->bound && i < ov_check_importer(check)->field_count;
         i++) {
        const struct ov_field *field = &ov_check_importer(check)->fields[i];
        const struct ov_bound_field *bound = &ov_check_binding(check)->fields[i];
        int near = bound->column < 0 ? ov_binding_near_column(ov_check_binding(check), (int)i) : -1;
        ov_json_object(json, NULL);
        ov_json_string(json, "name", field->name);
        ov_json_signed(json, "column", bound->column);
        ov_json_signed(json, "rival", bound->rival);
        ov_json_signed(json, "near", near);
        ov_json_string(json, "by", bound_by(bound->by));
        ov_json_bool(json, "required", field->required);
        ov_json_bool(json, "has_default", field->has_default);
        ov_json_nonempty(json, "fallback", ov_text_of(field->fallback));
        if (bound->fallback)
            ov_json_text(json, "default", bound->fallback->value);
        ov_json_end(json);
    }
    ov_json_end(json);
}

/* --- all --- */

static void put_reading(const struct ov_view *view, struct ov_json *json)
{
    const struct ov_check *check = view->check;
    const struct ov_check_result *result = ov_check_result(check);
    ov_json_number(json, "size", view->size);
    ov_json_string(json, "encoding", result->encoding);
    if (result->delimiter)
        ov_json_string(json, "delimiter", result->delimiter_name);
    ov_json_string(json, "importer", result->importer ? ov_importer_name(result->importer) : "");
    ov_json_bool(json, "assumed", result->importer_assumed);
    ov_json_bool(json, "given", ov_check_choices(check)->importer != NULL);
}

static void put_counts(const struct ov_check *check, struct ov_json *json)
{
    const struct ov_check_result *result = ov_check_result(check);
    ov_json_number(json, "rows", result->rows);
    ov_json_number(json, "nodes", result->nodes);
    ov_json_number(json, "roots", result->roots);
    ov_json_number(json, "levels", result->max_depth);
    ov_json_number(json, "errors", result->severities[OV_ERROR]);
    ov_json_number(json, "warnings", result->severities[OV_WARNING]);
    ov_json_number(json, "infos", result->severities[OV_INFO]);
    if (ov_check_list(check)->cut)
        ov_json_number(json, "listed", ov_check_list(check)->count);
    if (!result->root_cause.len)
        return;
    ov_json_object(json, "cause");
    ov_json_text(json, "message", result->root_cause);
    ov_json_number(json, "line", result->root_cause_line);
    ov_json_nonempty(json, "identifier", result->root_cause_column);
    ov_json_end(json);
}

enum ov_status ov_answer_put(struct ov_view *view, struct ov_text name, struct ov_json *json,
                             struct ov_error *err)
{
    struct ov_check *check = view->check;
    bool good;
    enum ov_status status = ov_importable_all(check, &good, err);
    if (status != OV_OK)
        return status;
    ov_json_object(json, NULL);
    ov_json_text(json, "name", name);
    ov_json_bool(json, "good", good);
    put_reading(view, json);
    put_counts(check, json);
    ov_json_raw(json, "settings", ov_check_result(check)->settings);
    ov_json_signed(json, "id", ov_check_facts(check)->id_column);
    ov_json_signed(json, "parent", ov_check_facts(check)->parent_column);
    ov_json_signed(json, "name_column", ov_check_facts(check)->name_column);
    ov_json_bool(json, "has_rows", view->has_rows);
    /* rows, and those that were made */
    ov_json_number(json, "units", view->has_rows ? view->tree.rows : 0);
    ov_json_bool(json, "compared", view->compare != NULL);
    ov_json_bool(json, "tree", view->has_rows && ov_check_facts(check)->tree);
    ov_json_number(json, "top", view->has_rows ? ov_draft_tree_top(&view->tree) : 0);
    put_fields(check, json);
    status = put_columns(view, json, err);
    if (status == OV_OK)
        status = put_of_file(view, json, err);
    ov_json_end(json);
    return status;
}
