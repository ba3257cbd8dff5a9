/* draft/answer.c: see answer.h. */
#include "draft/answer.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/json.h"
#include "draft/reply.h"
#include "payload/fix/edits.h"
#include "payload/emit/importable.h"
#include "vet/check_access.h"

enum {
    SAMPLES = 3,              /* values per column */
    LOOKED_AT = 1000,         /* rows searched for samples */
    SAMPLE = 80,              /* bytes of a sample */
    SAMPLED_BYTES = 16 << 20, /* bytes of rows read for samples */
    PREVIEW = 10,             /* rows */
    CELL = 200,               /* bytes of a cell in the preview */
    HEADER = 4096, /* bytes of a column's name; longer ones are cut off and cannot be chosen */
    OF_ROW = 100,  /* findings per row */
    OTHERS = 20,   /* related places per finding */
    OF_FILE = 50,  /* findings about the file as a whole */
    CONFLICTS = 5, /* identifiers listed that the framework already has */
    SURE = 75      /* percent: confidence of a parent fix offered with the others */
};

static void put_text(struct ov_buf *out, const char *key, struct ov_text text)
{
    ov_buf_format(out, ",\"%s\":", key);
    ov_buf_json(out, text, OV_JSON_PLAIN);
}

static void put_nonempty(struct ov_buf *out, const char *key, struct ov_text text)
{
    if (text.len)
        put_text(out, key, text);
}

static void put_number(struct ov_buf *out, const char *key, uint64_t number)
{
    ov_buf_format(out, ",\"%s\":%llu", key, (unsigned long long)number);
}

static void put_flag(struct ov_buf *out, const char *key, bool yes)
{
    ov_buf_format(out, ",\"%s\":%s", key, yes ? "true" : "false");
}

/* --- fixes --- */

const char *ov_answer_fix_name(enum ov_fix_kind kind)
{
    static const char *const names[OV_FIX_KINDS] = {
        [OV_FIX_ENCODING] = "encoding",   [OV_FIX_BOM] = "bom",
        [OV_FIX_LINE_ENDS] = "line-ends", [OV_FIX_DELIMITER] = "delimiter",
        [OV_FIX_BLANK] = "blank",         [OV_FIX_SPACE] = "space",
        [OV_FIX_FLAG] = "flag",           [OV_FIX_ZEROS] = "zeros",
        [OV_FIX_PARENT] = "parent",       [OV_FIX_ORDER] = "order",
    };
    return names[kind];
}

void ov_answer_fixes(const uint64_t numbers[OV_FIX_KINDS], struct ov_buf *out)
{
    bool any = false;
    ov_buf_char(out, '{');
    for (int kind = 0; kind < OV_FIX_KINDS; kind++) {
        if (!numbers[kind])
            continue;
        ov_buf_format(out, "%s\"%s\":%llu", any ? "," : "",
                      ov_answer_fix_name((enum ov_fix_kind)kind),
                      (unsigned long long)numbers[kind]);
        any = true;
    }
    ov_buf_char(out, '}');
}

/* Counts the findings that can be fixed, by kind. */
static void put_fixes(const struct ov_view *view, struct ov_buf *out)
{
    const struct ov_list *list = ov_check_list(view->check);
    uint64_t numbers[OV_FIX_KINDS] = {0};
    for (size_t i = 0; i < list->count; i++) {
        enum ov_fix_kind kind = ov_edits_kind(&list->items[i]);
        if (kind != OV_FIX_KINDS &&
            (kind != OV_FIX_PARENT || ov_edits_confidence(&list->items[i]) >= SURE))
            numbers[kind]++;
    }
    numbers[OV_FIX_BLANK] = ov_list_count(list, OV_R108);
    numbers[OV_FIX_ENCODING] = ov_list_count(list, OV_R112);
    ov_buf_string(out, ",\"fixes\":");
    ov_answer_fixes(numbers, out);
}

/* --- findings --- */

static void put_related(const struct ov_check *check, const struct ov_finding *finding,
                        struct ov_buf *out)
{
    size_t count = finding->related_count < OTHERS ? finding->related_count : OTHERS;
    if (!count)
        return;
    ov_buf_string(out, ",\"related\":[");
    for (size_t i = 0; i < count; i++) {
        const struct ov_related related = ov_check_related(check, i);
        ov_buf_format(out, "%s{\"line\":%llu,\"row\":%lld", i ? "," : "",
                      (unsigned long long)related.place.line, (long long)related.row);
        put_nonempty(out, "id", ov_utf8_cut(related.id, CELL));
        put_nonempty(out, "message", related.note);
        ov_buf_char(out, '}');
    }
    ov_buf_char(out, ']');
    if (count < finding->related_count)
        put_number(out, "more", finding->related_count - count);
}

static enum ov_status put_finding(struct ov_view *view, size_t index, struct ov_buf *out,
                                  struct ov_error *err)
{
    struct ov_finding finding;
    const struct ov_item *item = &ov_check_list(view->check)->items[index];
    enum ov_fix_kind kind = ov_edits_kind(item);
    if (ov_view_finding(view, index, &finding) != OV_OK)
        return ov_fail_memory(err);
    ov_buf_format(out, "{\"code\":\"%s\",\"name\":\"%s\",\"severity\":\"%s\",\"row\":%lld",
                  finding.rule->code, finding.rule->name, ov_severity_name(finding.severity),
                  (long long)finding.row);
    put_number(out, "line", finding.place.line);
    put_number(out, "column", finding.place.column);
    put_text(out, "message", finding.message);
    put_nonempty(out, "help", finding.help);
    if (finding.has_header)
        put_number(out, "at", item->header);
    put_nonempty(out, "suggestion", finding.suggestion);
    if (kind != OV_FIX_KINDS)
        put_text(out, "fix", ov_text_of(ov_answer_fix_name(kind)));
    put_related(view->check, &finding, out);
    ov_buf_char(out, '}');
    return OV_OK;
}

enum ov_status ov_answer_findings(struct ov_view *view, size_t first, size_t end,
                                  struct ov_buf *out, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = first; i < end && i - first < OF_ROW && status == OV_OK; i++) {
        ov_buf_string(out, i > first ? "," : "");
        status = put_finding(view, i, out, err);
    }
    return status;
}

/* Writes the findings about the file as a whole, errors first. */
static enum ov_status put_of_file(struct ov_view *view, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_list *list = ov_check_list(view->check);
    enum ov_status status = OV_OK;
    unsigned shown = 0;
    uint64_t count = 0;
    ov_buf_string(out, ",\"of_file\":[");
    for (int severity = OV_ERROR; severity >= OV_INFO; severity--) {
        for (size_t i = 0; i < list->count && status == OV_OK; i++) {
            if ((list->items[i].row != 0 && list->items[i].row != OV_NO_ROW) ||
                list->items[i].severity != severity || count++ >= OF_FILE)
                continue;
            ov_buf_string(out, shown++ ? "," : "");
            status = put_finding(view, i, out, err);
        }
    }
    ov_buf_char(out, ']');
    put_number(out, "of_file_count", count);
    return status;
}

/* Writes each code once, ordered by its worst severity. */
static void put_groups(const struct ov_view *view, struct ov_buf *out)
{
    bool any = false;
    ov_buf_string(out, ",\"groups\":[");
    for (int severity = OV_ERROR; severity >= OV_INFO; severity--) {
        for (size_t i = 0; i < ov_rule_count(); i++) {
            const struct ov_list *list = ov_check_list(view->check);
            const struct ov_rule *rule = ov_rule_at(i);
            int worst = OV_ERROR;
            while (worst >= OV_INFO && !list->counts[i][worst])
                worst--;
            if (worst != severity)
                continue;
            ov_buf_format(out, "%s{\"code\":\"%s\",\"severity\":\"%s\"", any ? "," : "", rule->code,
                          ov_severity_name((enum ov_severity)severity));
            put_text(
                out, "summary",
                ov_text_of(ov_translate(ov_check_choices(view->check)->language, rule->summary)));
            put_number(out, "count", ov_list_count(list, (enum ov_rule_index)i));
            ov_buf_char(out, '}');
            any = true;
        }
    }
    ov_buf_char(out, ']');
}

/* --- columns and fields --- */

/* Sample values per column, as JSON. */
struct samples {
    struct ov_buf text[OV_REPLY_MAX_COLUMNS];
    unsigned shown[OV_REPLY_MAX_COLUMNS];
};

static enum ov_status gather_samples(struct ov_view *view, struct samples *samples,
                                     struct ov_error *err)
{
    uint32_t columns = (uint32_t)ov_check_facts(view->check)->header_count, full = 0;
    uint64_t read_bytes = 0;
    if (columns > OV_REPLY_MAX_COLUMNS)
        columns = OV_REPLY_MAX_COLUMNS;
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
            if (!cell.len || samples->shown[i] == SAMPLES)
                continue;
            ov_buf_string(&samples->text[i], samples->shown[i]++ ? "," : "");
            ov_buf_json(&samples->text[i], ov_utf8_cut(cell, SAMPLE), OV_JSON_PLAIN);
            full += samples->shown[i] == SAMPLES;
        }
    }
    return OV_OK;
}

static enum ov_status put_columns(struct ov_view *view, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_check *check = view->check;
    struct samples *samples = calloc(1, sizeof *samples);
    if (!samples)
        return ov_fail_memory(err);
    enum ov_status status = gather_samples(view, samples, err);
    ov_buf_string(out, ",\"columns\":[");
    for (uint32_t i = 0;
         i < ov_check_facts(check)->header_count && i < OV_REPLY_MAX_COLUMNS && status == OV_OK;
         i++) {
        ov_buf_string(out, i ? ",{\"name\":" : "{\"name\":");
        ov_buf_json(out, ov_utf8_cut(ov_check_headers(check)[i], HEADER), OV_JSON_PLAIN);
        put_flag(out, "read",
                 ov_check_facts(check)->bound && ov_binding_reads(ov_check_binding(check), (int)i));
        ov_buf_string(out, ",\"samples\":[");
        ov_buf_text(out, ov_buf_view(&samples->text[i]));
        out->failed |= samples->text[i].failed;
        ov_buf_string(out, "]}");
    }
    ov_buf_char(out, ']');
    for (uint32_t i = 0; i < OV_REPLY_MAX_COLUMNS; i++)
        ov_buf_deinit(&samples->text[i]);
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

static void put_fields(const struct ov_check *check, struct ov_buf *out)
{
    ov_buf_string(out, ",\"fields\":[");
    for (size_t i = 0; ov_check_facts(check)->bound && i < ov_check_importer(check)->field_count;
         i++) {
        const struct ov_field *field = &ov_check_importer(check)->fields[i];
        const struct ov_bound_field *bound = &ov_check_binding(check)->fields[i];
        ov_buf_format(out, "%s{\"name\":\"%s\",\"column\":%d,\"rival\":%d,\"near\":%d",
                      i ? "," : "", field->name, bound->column, bound->rival,
                      bound->column < 0 ? ov_binding_near_column(ov_check_binding(check), (int)i)
                                        : -1);
        put_text(out, "by", ov_text_of(bound_by(bound->by)));
        put_flag(out, "required", field->required);
        put_flag(out, "has_default", field->has_default);
        put_nonempty(out, "fallback", ov_text_of(field->fallback));
        if (bound->fallback)
            put_text(out, "default", bound->fallback->value);
        ov_buf_char(out, '}');
    }
    ov_buf_char(out, ']');
}

static enum ov_status put_preview(struct ov_view *view, struct ov_buf *out, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    ov_buf_string(out, ",\"first\":[");
    for (uint32_t row = 0; row < view->tree.rows && row < PREVIEW; row++) {
        struct ov_view_row read;
        status = ov_view_read(view, row, &read, err);
        if (status != OV_OK)
            break;
        ov_buf_string(out, row ? ",[" : "[");
        for (uint32_t i = 0; i < read.cells && i < OV_REPLY_MAX_COLUMNS; i++) {
            ov_buf_string(out, i ? "," : "");
            ov_buf_json(out, ov_utf8_cut(ov_view_cell(&read), CELL), OV_JSON_PLAIN);
        }
        ov_buf_char(out, ']');
    }
    ov_buf_char(out, ']');
    return status;
}

/* --- comparison with the target framework --- */

/* Writes the rows whose identifier already exists in the framework. */
static void put_conflicts(const struct ov_check *check, struct ov_buf *out)
{
    const struct ov_forest *forest = ov_check_forest(check);
    uint64_t count = 0;
    ov_buf_string(out, ",\"conflicts\":[");
    for (uint32_t i = 0; i < forest->existing; i++) {
        if (!ov_node_is_row(forest->names[i].node))
            continue;
        if (count < CONFLICTS) {
            ov_buf_string(out, count ? "," : "");
            ov_buf_json(out, ov_utf8_cut(ov_forest_id(forest, forest->names[i].node), CELL),
                        OV_JSON_PLAIN);
        }
        count++;
    }
    ov_buf_char(out, ']');
    put_number(out, "conflict_count", count);
    put_number(out, "existing", forest->existing);
}

/* --- all --- */

static void put_reading(const struct ov_view *view, struct ov_buf *out)
{
    const struct ov_check *check = view->check;
    const struct ov_check_result *result = ov_check_result(check);
    put_number(out, "size", view->size);
    put_text(out, "encoding", ov_text_of(result->encoding));
    if (result->delimiter)
        put_text(out, "delimiter", ov_text_of(ov_delimiter_name(result->delimiter)));
    put_text(out, "importer",
             ov_text_of(result->importer ? ov_importer_name(result->importer) : ""));
    put_flag(out, "assumed", result->importer_assumed);
    put_flag(out, "given", ov_check_choices(check)->importer != NULL);
}

static void put_counts(const struct ov_check *check, struct ov_buf *out)
{
    const struct ov_check_result *result = ov_check_result(check);
    put_number(out, "rows", result->rows);
    put_number(out, "nodes", result->nodes);
    put_number(out, "roots", result->roots);
    put_number(out, "levels", result->max_depth);
    put_number(out, "errors", result->severities[OV_ERROR]);
    put_number(out, "warnings", result->severities[OV_WARNING]);
    put_number(out, "infos", result->severities[OV_INFO]);
    if (ov_check_list(check)->cut)
        put_number(out, "listed", ov_check_list(check)->count);
    if (!result->root_cause.len)
        return;
    ov_buf_string(out, ",\"cause\":{\"message\":");
    ov_buf_json(out, result->root_cause, OV_JSON_PLAIN);
    put_number(out, "line", result->root_cause_line);
    put_nonempty(out, "identifier", result->root_cause_column);
    ov_buf_char(out, '}');
}

enum ov_status ov_answer_put(struct ov_view *view, struct ov_text name, struct ov_buf *out,
                             struct ov_error *err)
{
    struct ov_check *check = view->check;
    bool good;
    enum ov_status status = ov_importable_all(check, &good, err);
    if (status != OV_OK)
        return status;
    ov_buf_string(out, "{\"name\":");
    ov_buf_json(out, name, OV_JSON_PLAIN);
    put_flag(out, "good", good);
    put_reading(view, out);
    put_counts(check, out);
    ov_buf_format(out, ",\"settings\":%.*s", OV_FMT(ov_check_result(check)->settings));
    ov_buf_format(out, ",\"id\":%d,\"parent\":%d,\"name_column\":%d",
                  ov_check_facts(check)->id_column, ov_check_facts(check)->parent_column,
                  ov_check_facts(check)->name_column);
    put_flag(out, "has_rows", view->has_rows);
    put_flag(out, "compared", view->compare != NULL);
    put_flag(out, "tree", view->has_rows && ov_check_facts(check)->tree);
    put_number(out, "top", view->has_rows ? ov_draft_tree_top(&view->tree) : 0);
    put_groups(view, out);
    put_fixes(view, out);
    put_fields(check, out);
    put_conflicts(check, out);
    status = put_columns(view, out, err);
    if (status == OV_OK)
        status = put_preview(view, out, err);
    if (status == OV_OK)
        status = put_of_file(view, out, err);
    ov_buf_char(out, '}');
    return status;
}
