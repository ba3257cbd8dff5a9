/* report/json.c: the JSON report, schemas/report-1.json. Streamed; one finding per line. */
#include "report/json.h"

static void begin_json(struct ov_report *report)
{
    struct ov_json *json = &report->json;
    ov_json_object(json, NULL);
    ov_json_number(json, "schema_version", 1);
    ov_json_object(json, "tool");
    ov_json_string(json, "name", "orgvet");
    ov_json_string(json, "version", ov_version());
    ov_json_end(json);
    ov_json_line(json);
    ov_json_list(json, "files");
}

static void put_counts(struct ov_json *json, const struct ov_check *check)
{
    ov_json_object(json, "counts");
    for (size_t i = 0; i < ov_rule_count(); i++) {
        uint64_t count = ov_check_count(check, i);
        if (count)
            ov_json_number(json, ov_rule_at(i)->code, count);
    }
    ov_json_end(json);
}

/* Appends what a baseline or suppressions have hidden, and baseline entries that no longer
 * occur. */
static void put_known(struct ov_json *json, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_text fingerprint;
    if (result->hides)
        ov_json_number(json, "hidden", result->hidden);
    if (!result->has_gone)
        return;
    ov_json_list(json, "gone");
    for (size_t i = 0; ov_check_gone(check, i, &fingerprint); i++)
        ov_json_text(json, NULL, fingerprint);
    ov_json_end(json);
}

static void put_file(struct ov_json *json, const char *path, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_totals totals = {0};
    for (int s = 0; s < OV_SEVERITIES; s++)
        totals.severities[s] = result->severities[s];
    ov_json_string(json, "path", path);
    ov_json_string(json, "importer", ov_importer_name(result->importer));
    ov_json_string(json, "encoding", result->encoding);
    ov_json_string(json, "delimiter", (char[]){result->delimiter, '\0'});
    ov_json_number(json, "rows", result->rows);
    if (result->has_hierarchy) { /* a user upload has no hierarchy and no settings */
        ov_json_number(json, "nodes", result->nodes);
        ov_json_number(json, "roots", result->roots);
        ov_json_number(json, "max_depth", result->max_depth);
        ov_json_line(json);
        ov_json_raw(json, "settings", result->settings);
    }
    ov_json_line(json);
    put_counts(json, check);
    ov_json_line(json);
    ov_report_json_totals(json, &totals, false);
    ov_json_line(json);
    put_known(json, check);
    ov_json_line(json);
    if (result->root_cause.len)
        ov_report_json_cause(json, result);
    ov_json_line(json);
}

static void open(struct ov_report *report, const struct ov_vetted_file *file)
{
    ov_json_line(&report->json);
    ov_json_object(&report->json, NULL);
    put_file(&report->json, file->path, file->check);
    ov_json_list(&report->json, "findings");
}

static enum ov_status append_json_finding(struct ov_report *report,
                                          const struct ov_vetted_file *file,
                                          const struct ov_finding *finding, struct ov_error *err)
{
    ov_json_line(&report->json);
    return ov_report_json_finding(report, file, finding, false, err);
}

static enum ov_status close(struct ov_report *report, const struct ov_vetted_file *file,
                            struct ov_error *err)
{
    (void)file;
    (void)err;
    if (report->json.any)
        ov_json_line(&report->json);
    ov_json_end(&report->json);
    ov_json_end(&report->json);
    return OV_OK;
}

static void end_json(struct ov_report *report)
{
    ov_json_line(&report->json);
    ov_json_end(&report->json);
    ov_json_line(&report->json);
    ov_report_json_totals(&report->json, &report->totals, true);
    ov_json_end(&report->json);
    ov_buf_char(&report->out, '\n');
}

const struct ov_format ov_format_json = {.name = "json",
                                         .begin = begin_json,
                                         .open = open,
                                         .put = append_json_finding,
                                         .close = close,
                                         .end = end_json};
