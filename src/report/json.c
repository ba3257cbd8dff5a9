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

/* Writes how a field is read from the columns. */
static void put_column(struct ov_json *json, const struct ov_column_choice *choice)
{
    static const char *const states[] = {"none", "mapped", "proposed"};
    ov_json_object(json, NULL);
    ov_json_string(json, "field", choice->field);
    if (choice->state == OV_COLUMN_NONE)
        ov_json_null(json, "column");
    else
        ov_json_text(json, "column", choice->column);
    ov_json_string(json, "state", states[choice->state]);
    ov_json_list(json, "by");
    for (size_t i = 0; i < 2 && choice->by[i]; i++)
        ov_json_string(json, NULL, choice->by[i]);
    ov_json_end(json);
    ov_buf_format(ov_json_begin_value(json, OV_TEXT("confidence")), "%u.%02u",
                  choice->percent / 100, choice->percent % 100);
    ov_json_nonempty(json, "reason", choice->reason);
    ov_json_end(json);
}

/* Writes how to accept what was proposed, if anything was. */
static void put_accept(struct ov_json *json, const struct ov_check *check)
{
    struct ov_text option;
    if (!ov_check_result(check)->provisional)
        return;
    ov_json_bool(json, "provisional", true);
    ov_json_list(json, "accept");
    for (size_t i = 0; ov_check_accept(check, i, &option); i++)
        ov_json_text(json, NULL, option);
    ov_json_end(json);
    ov_json_line(json);
}

/* Writes how the columns are read, one field per line. */
static void put_columns(struct ov_json *json, const struct ov_check *check)
{
    struct ov_column_choice choice;
    if (!ov_check_column(check, 0, &choice))
        return;
    ov_json_list(json, "columns");
    for (size_t i = 0; ov_check_column(check, i, &choice); i++) {
        ov_json_line(json);
        put_column(json, &choice);
    }
    ov_json_end(json);
    ov_json_line(json);
}

static void put_sample(struct ov_json *json, const struct ov_check_result *result)
{
    if (result->sample.len == 0)
        return;
    ov_json_object(json, "sample");
    ov_json_number(json, "line", result->sample_line);
    ov_json_text(json, "text", result->sample);
    ov_json_end(json);
    ov_json_line(json);
}

static void put_file(struct ov_json *json, const char *path, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_totals totals = {0};
    for (int s = 0; s < OV_SEVERITIES; s++)
        totals.severities[s] = result->severities[s];
    ov_json_string(json, "path", path);
    ov_json_string(json, "importer", ov_importer_name(result->importer));
    if (result->is_workbook)
        ov_json_text(json, "sheet", result->sheet);
    ov_json_string(json, "encoding", result->encoding);
    ov_json_bool(json, "encoding_sure", result->encoding_sure);
    bool wide = (unsigned char)result->delimiter_name[0] >= 0x80;
    ov_json_string(json, "delimiter",
                   wide || result->is_workbook ? result->delimiter_name
                                               : (char[]){result->delimiter, '\0'});
    if (result->header_row)
        ov_json_number(json, "header_row", result->header_row);
    ov_json_number(json, "rows", result->rows);
    if (result->left_out)
        ov_json_number(json, "passed_over", result->left_out);
    if (result->has_hierarchy) { /* a user upload has no hierarchy and no settings */
        ov_json_number(json, "nodes", result->nodes);
        ov_json_number(json, "roots", result->roots);
        ov_json_number(json, "max_depth", result->max_depth);
        ov_json_line(json);
        ov_json_raw(json, "settings", result->settings);
    }
    ov_json_line(json);
    put_sample(json, result);
    put_accept(json, check);
    put_columns(json, check);
    put_counts(json, check);
    ov_json_line(json);
    ov_report_json_totals(json, &totals, false);
    ov_json_line(json);
    put_known(json, check);
    ov_json_line(json);
    if (result->root_cause.len)
        ov_report_json_cause(json, check);
    ov_json_line(json);
}

static void open_json(struct ov_report *report, const struct ov_vetted_file *file)
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

static enum ov_status close_json(struct ov_report *report, const struct ov_vetted_file *file,
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

static enum ov_status end_json(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    ov_json_line(&report->json);
    ov_json_end(&report->json);
    ov_json_line(&report->json);
    ov_report_json_totals(&report->json, &report->totals, true);
    ov_json_end(&report->json);
    ov_buf_char(&report->out, '\n');
    return OV_OK;
}

const struct ov_format ov_format_json = {.name = "json",
                                         .begin = begin_json,
                                         .open = open_json,
                                         .put = append_json_finding,
                                         .close = close_json,
                                         .end = end_json};
