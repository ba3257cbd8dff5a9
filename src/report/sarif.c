/* report/sarif.c: SARIF 2.1.0 (OASIS Standard, Errata 01): one run with all rules, a result per
 * finding, its related places as related locations, its fingerprint in partialFingerprints.
 *
 * Consumers of SARIF accept at most 25,000 results per run: if there are more, errors of a file
 * take precedence over its warnings and infos, and a notification gives the number left out. */
#include <stdio.h>

#include "report/place.h"
#include "report/report.h"

enum {
    RESULTS_MAX = 25000,
    RELATED_MAX = 1000, /* related locations per result */
};

struct state {
    uint64_t left;                   /* results that can still be written */
    uint64_t allowed[OV_SEVERITIES]; /* per severity, for the current file */
    uint64_t missing;
};

static const char *level(enum ov_severity severity)
{
    return severity == OV_ERROR ? "error" : severity == OV_WARNING ? "warning" : "note";
}

static void put_message(struct ov_json *json, const char *key, struct ov_text text)
{
    ov_json_object(json, key);
    ov_json_text(json, "text", text);
    ov_json_end(json);
}

static void put_rule(struct ov_json *json, const struct ov_rule *rule)
{
    ov_json_object(json, NULL);
    ov_json_string(json, "id", rule->code);
    ov_json_string(json, "name", rule->name);
    put_message(json, "shortDescription", ov_text_of(rule->summary));
    put_message(json, "fullDescription", ov_text_of(rule->what));
    put_message(json, "help", ov_text_of(rule->fix));
    ov_json_object(json, "defaultConfiguration");
    ov_json_string(json, "level", level(rule->severity));
    ov_json_end(json);
    ov_json_end(json);
}

static void put_tool(struct ov_json *json)
{
    ov_json_object(json, "tool");
    ov_json_object(json, "driver");
    ov_json_string(json, "name", "orgvet");
    ov_json_string(json, "version", ov_version());
    ov_json_list(json, "rules");
    for (size_t i = 0; i < ov_rule_count(); i++) {
        ov_json_line(json);
        put_rule(json, ov_rule_at(i));
    }
    ov_json_line(json);
    ov_json_end(json);
    ov_json_end(json);
    ov_json_end(json);
}

static void begin_sarif(struct ov_report *report)
{
    struct ov_json *json = &report->json;
    struct state *state = report->state;
    state->left = RESULTS_MAX;
    ov_json_object(json, NULL);
    ov_json_string(json, "$schema",
                   "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                   "sarif-schema-2.1.0.json");
    ov_json_string(json, "version", "2.1.0");
    ov_json_list(json, "runs");
    ov_json_object(json, NULL);
    put_tool(json);
    ov_json_line(json);
    ov_json_string(json, "columnKind", "unicodeCodePoints");
    ov_json_list(json, "results");
}

static void open_sarif(struct ov_report *report, const struct ov_vetted_file *file)
{
    struct state *state = report->state;
    const uint64_t *counts = ov_check_result(file->check)->severities;
    uint64_t left = state->left;
    for (int s = OV_SEVERITIES; s-- > 0;) {
        state->allowed[s] = counts[s] < left ? counts[s] : left;
        left -= state->allowed[s];
    }
}

/* A path as a URI reference (RFC 3986, section 4.1). */
static void put_uri(struct ov_buf *out, const char *path)
{
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    ov_buf_string(out, path[0] == '/' ? "\"file://" : "\"");
    ov_buf_percent(out, ov_text_of(path), "/");
    ov_buf_char(out, '"');
}

/* Writes sheet and cell of a workbook as a logical location (SARIF 2.1.0, 3.33). */
static void put_logical(struct ov_json *json, const struct ov_check_result *result,
                        struct ov_place place)
{
    struct ov_buf name = {0};
    ov_buf_text(&name, result->sheet);
    ov_buf_char(&name, '!');
    size_t cell = name.len;
    ov_put_cell_name(&name, place);
    ov_json_list(json, "logicalLocations");
    ov_json_object(json, NULL);
    if (!name.failed) {
        ov_json_text(json, "name", (struct ov_text){name.ptr + cell, name.len - cell});
        ov_json_text(json, "fullyQualifiedName", ov_buf_view(&name));
    }
    ov_json_end(json);
    ov_json_end(json);
    json->out->failed |= name.failed;
    ov_buf_deinit(&name);
}

/* Begins a location, an object that the caller ends. */
static void begin_location(struct ov_json *json, const struct ov_vetted_file *file,
                           struct ov_place place)
{
    ov_json_object(json, NULL);
    ov_json_object(json, "physicalLocation");
    ov_json_object(json, "artifactLocation");
    put_uri(ov_json_begin_value(json, OV_TEXT("uri")), file->path);
    ov_json_end(json);
    ov_json_object(json, "region");
    ov_json_number(json, "startLine", place.line);
    ov_json_number(json, "startColumn", place.column);
    ov_json_end(json);
    ov_json_end(json);
    if (ov_check_result(file->check)->is_workbook)
        put_logical(json, ov_check_result(file->check), place);
}

static void put_related(struct ov_json *json, const struct ov_vetted_file *file,
                        const struct ov_finding *finding)
{
    size_t count = finding->related_count < RELATED_MAX ? finding->related_count : RELATED_MAX;
    if (count == 0)
        return;
    ov_json_list(json, "relatedLocations");
    for (size_t i = 0; i < count; i++) {
        const struct ov_related related = ov_check_related(file->check, i);
        begin_location(json, file, related.place);
        ov_json_number(json, "id", i + 1);
        put_message(json, "message", related.note.len ? related.note : related.id);
        ov_json_end(json);
    }
    ov_json_end(json);
}

static void put_result(struct ov_json *json, const struct ov_vetted_file *file,
                       const struct ov_finding *finding, struct ov_text message)
{
    ov_json_line(json);
    ov_json_object(json, NULL);
    ov_json_string(json, "ruleId", finding->rule->code);
    ov_json_signed(json, "ruleIndex", finding->rule - ov_rule_at(0));
    ov_json_string(json, "level", level(finding->severity));
    put_message(json, "message", message);
    ov_json_list(json, "locations");
    begin_location(json, file, finding->place);
    ov_json_end(json);
    ov_json_end(json);
    put_related(json, file, finding);
    ov_json_object(json, "partialFingerprints");
    ov_json_string(json, "orgvet/v1", finding->fingerprint);
    ov_json_end(json);
    ov_json_end(json);
}

static enum ov_status append_sarif_result(struct ov_report *report,
                                          const struct ov_vetted_file *file,
                                          const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_buf text = {0};
    struct state *state = report->state;
    (void)err;
    if (state->allowed[finding->severity] == 0) {
        state->missing++;
        return OV_OK;
    }
    state->allowed[finding->severity]--;
    state->left--;
    ov_buf_text(&text, finding->message);
    if (finding->help.len)
        ov_buf_string(&text, "; ");
    ov_buf_text(&text, finding->help);
    put_result(&report->json, file, finding, ov_buf_view(&text));
    report->out.failed |= text.failed;
    ov_buf_deinit(&text);
    return OV_OK;
}

static void put_missing(struct ov_json *json, uint64_t missing)
{
    char text[80];
    snprintf(text, sizeof text, "%llu findings are left out: %d results are the most of a run",
             (unsigned long long)missing, RESULTS_MAX);
    ov_json_list(json, "toolExecutionNotifications");
    ov_json_object(json, NULL);
    ov_json_string(json, "level", "warning");
    put_message(json, "message", ov_text_of(text));
    ov_json_end(json);
    ov_json_end(json);
}

static enum ov_status end_sarif(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    const struct state *state = report->state;
    struct ov_json *json = &report->json;
    ov_json_line(json);
    ov_json_end(json);
    ov_json_line(json);
    ov_json_list(json, "invocations");
    ov_json_object(json, NULL);
    ov_json_bool(json, "executionSuccessful", true);
    if (state->missing)
        put_missing(json, state->missing);
    while (json->depth)
        ov_json_end(json);
    ov_buf_char(&report->out, '\n');
    return OV_OK;
}

const struct ov_format ov_format_sarif = {.name = "sarif",
                                          .state_size = sizeof(struct state),
                                          .begin = begin_sarif,
                                          .open = open_sarif,
                                          .put = append_sarif_result,
                                          .end = end_sarif};
