/* report/json_item.c: one finding as a JSON object, after schemas/report-1.json. Built with cJSON,
 * one item at a time; its strings are written by base/text.h, which keeps NULs and replaces what is
 * not UTF-8. */
#include <cjson/cJSON.h>

#include "base/error.h"
#include "report/report.h"

/* A string value of any bytes. */
static cJSON *text_value(struct ov_text text)
{
    struct ov_buf json = {0};
    ov_buf_json(&json, text, OV_JSON_PLAIN);
    ov_buf_char(&json, '\0');
    cJSON *value = json.failed ? NULL : cJSON_CreateRaw(json.ptr);
    ov_buf_deinit(&json);
    return value;
}

static bool put(cJSON *object, const char *key, cJSON *value)
{
    if (value && cJSON_AddItemToObject(object, key, value))
        return true;
    cJSON_Delete(value);
    return false;
}

static bool put_text(cJSON *object, const char *key, struct ov_text text)
{
    return text.len == 0 || put(object, key, text_value(text));
}

static bool put_number(cJSON *object, const char *key, uint64_t number)
{
    return put(object, key, cJSON_CreateNumber((double)number));
}

static bool put_place(cJSON *object, struct ov_place place, int64_t row)
{
    return put_number(object, "line", place.line) && put_number(object, "column", place.column) &&
           put_number(object, "byte_offset", place.byte_offset) &&
           (row < 0 || put_number(object, "row", (uint64_t)row));
}

static bool put_related(cJSON *object, const struct ov_finding *finding)
{
    if (finding->related_count == 0)
        return true;
    cJSON *list = cJSON_AddArrayToObject(object, "related");
    for (size_t i = 0; list && i < finding->related_count; i++) {
        const struct ov_related *related = &finding->related[i];
        cJSON *place = cJSON_CreateObject();
        if (!place || !cJSON_AddItemToArray(list, place) ||
            !put_place(place, related->place, related->row) ||
            !put_text(place, "id", related->id) || !put_text(place, "message", related->note))
            return false;
    }
    return list != NULL;
}

static bool put_members(cJSON *object, const struct ov_finding *finding)
{
    if (finding->member_count == 0)
        return true;
    cJSON *list = cJSON_AddArrayToObject(object, "members");
    for (size_t i = 0; list && i < finding->member_count; i++) {
        cJSON *member = text_value(finding->members[i]);
        if (!member || !cJSON_AddItemToArray(list, member)) {
            cJSON_Delete(member);
            return false;
        }
    }
    return list && put(object, "minimal", cJSON_CreateBool(finding->minimal));
}

static bool fill(cJSON *object, const struct ov_finding *finding, const char *path)
{
    return (!path || put_text(object, "path", ov_text_of(path))) &&
           put_text(object, "code", ov_text_of(finding->rule->code)) &&
           put_text(object, "name", ov_text_of(finding->rule->name)) &&
           put_text(object, "severity", ov_text_of(ov_severity_name(finding->severity))) &&
           put_place(object, finding->place, finding->row) &&
           put_text(object, "message", finding->message) &&
           put_text(object, "help", finding->help) && put_text(object, "field", finding->field) &&
           (!finding->has_header || put(object, "header", text_value(finding->header))) &&
           put_text(object, "value", finding->value) && put_text(object, "id", finding->id) &&
           put_text(object, "suggestion", finding->suggestion) &&
           (finding->affected < 0 || put_number(object, "affected", (uint64_t)finding->affected)) &&
           put_members(object, finding) && put_related(object, finding) &&
           put_text(object, "fingerprint", ov_text_of(finding->fingerprint));
}

enum ov_status ov_report_json_finding(struct ov_buf *out, const struct ov_finding *finding,
                                      const char *path, struct ov_error *err)
{
    cJSON *object = cJSON_CreateObject();
    char *text = object && fill(object, finding, path) ? cJSON_PrintUnformatted(object) : NULL;
    if (text)
        ov_buf_string(out, text);
    bool ok = text && !out->failed;
    cJSON_free(text);
    cJSON_Delete(object);
    return ok ? OV_OK : ov_fail_memory(err);
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
