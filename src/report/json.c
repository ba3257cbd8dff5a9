/* report/json.c: the JSON report, schemas/report-1.json. Streamed; one finding per line. */
#include "report/json.h"

static void begin_json(struct ov_report *report)
{
    ov_buf_format(&report->out,
                  "{\"schema_version\":1,\"tool\":{\"name\":\"orgvet\",\"version\":\"%s\"},\n"
                  "\"files\":[",
                  ov_version());
}

static void put_string(struct ov_buf *out, const char *key, const char *string)
{
    ov_buf_format(out, "\"%s\":", key);
    ov_buf_json(out, ov_text_of(string), OV_JSON_PLAIN);
    ov_buf_char(out, ',');
}

static void put_number(struct ov_buf *out, const char *key, uint64_t number)
{
    ov_buf_format(out, "\"%s\":%llu,", key, (unsigned long long)number);
}

static void put_counts(struct ov_buf *out, const struct ov_check *check)
{
    bool any = false;
    ov_buf_string(out, "\"counts\":{");
    for (size_t i = 0; i < ov_rule_count(); i++) {
        uint64_t count = ov_check_count(check, i);
        if (count == 0)
            continue;
        ov_buf_format(out, "%s\"%s\":%llu", any ? "," : "", ov_rule_at(i)->code,
                      (unsigned long long)count);
        any = true;
    }
    ov_buf_string(out, "},\n");
}

/* Appends what a baseline or suppressions have hidden, and baseline entries that no longer
 * occur. */
static void put_known(struct ov_buf *out, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_text fingerprint;
    if (result->hides)
        put_number(out, "hidden", result->hidden);
    if (result->has_gone)
        ov_buf_string(out, "\"gone\":[");
    for (size_t i = 0; ov_check_gone(check, i, &fingerprint); i++) {
        ov_buf_string(out, i ? "," : "");
        ov_buf_json(out, fingerprint, OV_JSON_PLAIN);
    }
    ov_buf_string(out, result->has_gone ? "],\n" : result->hides ? "\n" : "");
}

static void put_file(struct ov_buf *out, const char *path, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_totals totals = {0};
    char delimiter[2] = {result->delimiter, '\0'};
    for (int s = 0; s < OV_SEVERITIES; s++)
        totals.severities[s] = result->severities[s];
    put_string(out, "path", path);
    put_string(out, "importer", ov_importer_name(result->importer));
    put_string(out, "encoding", result->encoding);
    put_string(out, "delimiter", delimiter);
    put_number(out, "rows", result->rows);
    if (result->has_hierarchy) { /* a user upload has no hierarchy and no settings */
        put_number(out, "nodes", result->nodes);
        put_number(out, "roots", result->roots);
        put_number(out, "max_depth", result->max_depth);
        ov_buf_string(out, "\n\"settings\":");
        ov_buf_text(out, result->settings);
        ov_buf_char(out, ',');
    }
    ov_buf_char(out, '\n');
    put_counts(out, check);
    ov_buf_string(out, "\"summary\":{");
    ov_report_json_totals(out, &totals, false);
    ov_buf_string(out, "},\n");
    put_known(out, check);
    if (result->root_cause.len == 0)
        return;
    ov_report_json_cause(out, result);
    ov_buf_string(out, ",\n");
}

static void open(struct ov_report *report, const struct ov_vetted_file *file)
{
    ov_buf_string(&report->out, report->totals.files ? ",\n{" : "\n{");
    put_file(&report->out, file->path, file->check);
    ov_buf_string(&report->out, "\"findings\":[");
}

static enum ov_status append_json_finding(struct ov_report *report,
                                          const struct ov_vetted_file *file,
                                          const struct ov_finding *finding, struct ov_error *err)
{
    ov_buf_string(&report->out, report->shown_all ? ",\n" : "\n");
    return ov_report_json_finding(report, file, finding, false, err);
}

static enum ov_status close(struct ov_report *report, const struct ov_vetted_file *file,
                            struct ov_error *err)
{
    (void)file;
    (void)err;
    ov_buf_string(&report->out, report->shown_all ? "\n]}" : "]}");
    return OV_OK;
}

static void end_json(struct ov_report *report)
{
    ov_buf_string(&report->out, "\n],\n\"summary\":{");
    ov_report_json_totals(&report->out, &report->totals, true);
    ov_buf_string(&report->out, "}}\n");
}

const struct ov_format ov_format_json = {.name = "json",
                                         .begin = begin_json,
                                         .open = open,
                                         .put = append_json_finding,
                                         .close = close,
                                         .end = end_json};
