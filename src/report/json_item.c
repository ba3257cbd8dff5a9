/* report/json_item.c: one finding as a JSON object, see schemas/report-1.json. Streamed, because a
 * circular reporting line may have a million rows. */
#include "base/error.h"
#include "report/json.h"

static inline void put_key(struct ov_buf *out, const char *key)
{
    char last = out->len ? out->ptr[out->len - 1] : '{';
    ov_buf_string(out, last == '{' ? "\"" : ",\"");
    ov_buf_string(out, key);
    ov_buf_string(out, "\":");
}

static void put_text(struct ov_report *report, const char *key, struct ov_text text)
{
    put_key(&report->out, key);
    ov_buf_json(&report->out, text, report->json);
}

static void put_nonempty(struct ov_report *report, const char *key, struct ov_text text)
{
    if (text.len)
        put_text(report, key, text);
}

static void put_number(struct ov_buf *out, const char *key, uint64_t number)
{
    put_key(out, key);
    ov_buf_decimal(out, number);
}

static void put_place(struct ov_buf *out, struct ov_place place, int64_t row)
{
    put_number(out, "line", place.line);
    put_number(out, "column", place.column);
    put_number(out, "byte_offset", place.byte_offset);
    if (row >= 0)
        put_number(out, "row", (uint64_t)row);
}

static enum ov_status put_members(struct ov_report *report, const struct ov_check *check,
                                  const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_buf *out = &report->out;
    if (!finding->is_loop)
        return OV_OK;
    put_key(out, "members");
    for (size_t i = 0; i < finding->related_count; i++) {
        ov_buf_char(out, i ? ',' : '[');
        ov_buf_json(out, ov_check_member(check, i), report->json);
        enum ov_status status = ov_report_flush(report, false, err);
        if (status != OV_OK)
            return status;
    }
    ov_buf_char(out, ']');
    put_key(out, "minimal");
    ov_buf_string(out, finding->minimal ? "true" : "false");
    return OV_OK;
}

static enum ov_status put_related(struct ov_report *report, const struct ov_check *check,
                                  const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_buf *out = &report->out;
    if (finding->related_count == 0)
        return OV_OK;
    put_key(out, "related");
    for (size_t i = 0; i < finding->related_count; i++) {
        const struct ov_related related = ov_check_related(check, i);
        ov_buf_string(out, i ? ",{" : "[{");
        put_place(out, related.place, related.row);
        put_nonempty(report, "id", related.id);
        put_nonempty(report, "message", related.note);
        ov_buf_char(out, '}');
        enum ov_status status = ov_report_flush(report, false, err);
        if (status != OV_OK)
            return status;
    }
    ov_buf_char(out, ']');
    return OV_OK;
}

enum ov_status ov_report_json_finding(struct ov_report *report, const struct ov_vetted_file *file,
                                      const struct ov_finding *finding, bool path,
                                      struct ov_error *err)
{
    struct ov_buf *out = &report->out;
    ov_buf_char(out, '{');
    if (path)
        put_text(report, "path", ov_text_of(file->path));
    put_text(report, "code", ov_text_of(finding->rule->code));
    put_text(report, "name", ov_text_of(finding->rule->name));
    put_text(report, "severity", ov_text_of(ov_severity_name(finding->severity)));
    put_place(out, finding->place, finding->row);
    put_text(report, "message", finding->message);
    put_nonempty(report, "help", finding->help);
    put_nonempty(report, "field", finding->field);
    if (finding->has_header)
        put_text(report, "header", finding->header);
    put_nonempty(report, "value", finding->value);
    put_nonempty(report, "id", finding->id);
    put_nonempty(report, "suggestion", finding->suggestion);
    if (finding->affected >= 0)
        put_number(out, "affected", (uint64_t)finding->affected);
    put_text(report, "fingerprint", ov_text_of(finding->fingerprint));
    enum ov_status status = put_members(report, file->check, finding, err);
    if (status == OV_OK)
        status = put_related(report, file->check, finding, err);
    ov_buf_char(out, '}');
    return status == OV_OK && out->failed ? ov_fail_memory(err) : status;
}

void ov_report_json_cause(struct ov_buf *out, const struct ov_check_result *result)
{
    ov_buf_string(out, "\"root_cause\":{");
    put_key(out, "message");
    ov_buf_json(out, result->root_cause, OV_JSON_PLAIN);
    put_number(out, "clears", result->root_cause_clears);
    if (result->root_cause_line)
        put_number(out, "line", result->root_cause_line);
    ov_buf_char(out, '}');
}

void ov_report_json_totals(struct ov_buf *out, const struct ov_totals *totals, bool files)
{
    if (files)
        ov_buf_format(out, "\"files\":%llu,\"rows\":%llu,", (unsigned long long)totals->files,
                      (unsigned long long)totals->rows);
    ov_buf_format(out, "\"error\":%llu,\"warning\":%llu,\"info\":%llu",
                  (unsigned long long)totals->severities[OV_ERROR],
                  (unsigned long long)totals->severities[OV_WARNING],
                  (unsigned long long)totals->severities[OV_INFO]);
}
