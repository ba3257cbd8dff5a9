/* report/sarif.c: SARIF 2.1.0 (OASIS Standard, Errata 01): one run with all rules, a result per
 * finding, its related places as related locations, its fingerprint in partialFingerprints.
 *
 * Consumers of SARIF accept at most 25,000 results per run: if there are more, errors of a file
 * take precedence over its warnings and infos, and a notification gives the number left out. */
#include "report/report.h"

enum {
    RESULTS_MAX = 25000,
    RELATED_MAX = 1000, /* related locations per result */
};

struct state {
    uint64_t left;                   /* results that can still be written */
    uint64_t allowed[OV_SEVERITIES]; /* per severity, for the current file */
    uint64_t missing;
    bool any;
};

static const char *level(enum ov_severity severity)
{
    return severity == OV_ERROR ? "error" : severity == OV_WARNING ? "warning" : "note";
}

static void put_message(struct ov_buf *out, const char *key, const char *text)
{
    ov_buf_format(out, "\"%s\":{\"text\":", key);
    ov_buf_json(out, ov_text_of(text), OV_JSON_PLAIN);
    ov_buf_char(out, '}');
}

static void put_rule(struct ov_buf *out, const struct ov_rule *rule)
{
    ov_buf_format(out, "{\"id\":\"%s\",\"name\":\"%s\",", rule->code, rule->name);
    put_message(out, "shortDescription", rule->summary);
    ov_buf_char(out, ',');
    put_message(out, "fullDescription", rule->what);
    ov_buf_char(out, ',');
    put_message(out, "help", rule->fix);
    ov_buf_format(out, ",\"defaultConfiguration\":{\"level\":\"%s\"}}", level(rule->severity));
}

static void begin_sarif(struct ov_report *report)
{
    struct ov_buf *out = &report->out;
    struct state *state = report->state;
    state->left = RESULTS_MAX;
    ov_buf_format(
        out,
        "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
        "sarif-schema-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
        "\"name\":\"orgvet\",\"version\":\"%s\",\"rules\":[",
        ov_version());
    for (size_t i = 0; i < ov_rule_count(); i++) {
        ov_buf_string(out, i ? ",\n" : "\n");
        put_rule(out, ov_rule_at(i));
    }
    ov_buf_string(out, "\n]}},\n\"columnKind\":\"unicodeCodePoints\",\"results\":[");
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

static void put_location(struct ov_buf *out, const char *path, struct ov_place place)
{
    ov_buf_string(out, "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
    put_uri(out, path);
    ov_buf_format(out, "},\"region\":{\"startLine\":%llu,\"startColumn\":%llu}}",
                  (unsigned long long)place.line, (unsigned long long)place.column);
}

static void put_related(struct ov_buf *out, const struct ov_vetted_file *file,
                        const struct ov_finding *finding)
{
    size_t count = finding->related_count < RELATED_MAX ? finding->related_count : RELATED_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct ov_related related = ov_check_related(file->check, i);
        ov_buf_string(out, i ? "," : ",\"relatedLocations\":[");
        put_location(out, file->path, related.place);
        ov_buf_format(out, ",\"id\":%zu,\"message\":{\"text\":", i + 1);
        ov_buf_json(out, related.note.len ? related.note : related.id, OV_JSON_PLAIN);
        ov_buf_string(out, "}}");
    }
    if (count)
        ov_buf_char(out, ']');
}

static enum ov_status append_sarif_result(struct ov_report *report,
                                          const struct ov_vetted_file *file,
                                          const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_buf *out = &report->out, text = {0};
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
    ov_buf_format(out,
                  "%s{\"ruleId\":\"%s\",\"ruleIndex\":%td,\"level\":\"%s\",\"message\":{\"text\":",
                  state->any ? ",\n" : "\n", finding->rule->code, finding->rule - ov_rule_at(0),
                  level(finding->severity));
    ov_buf_json(out, ov_buf_view(&text), OV_JSON_PLAIN);
    ov_buf_string(out, "},\"locations\":[");
    put_location(out, file->path, finding->place);
    ov_buf_string(out, "}]");
    put_related(out, file, finding);
    ov_buf_format(out, ",\"partialFingerprints\":{\"orgvet/v1\":\"%s\"}}", finding->fingerprint);
    out->failed |= text.failed;
    ov_buf_deinit(&text);
    state->any = true;
    return OV_OK;
}

static void end_sarif(struct ov_report *report)
{
    const struct state *state = report->state;
    struct ov_buf *out = &report->out;
    ov_buf_string(out, "\n],\n\"invocations\":[{\"executionSuccessful\":true");
    if (state->missing)
        ov_buf_format(
            out,
            ",\"toolExecutionNotifications\":[{\"level\":\"warning\",\"message\":{\"text\":"
            "\"%llu findings are left out: %d results are the most of a run\"}}]",
            (unsigned long long)state->missing, RESULTS_MAX);
    ov_buf_string(out, "}]}]}\n");
}

const struct ov_format ov_format_sarif = {.name = "sarif",
                                          .state_size = sizeof(struct state),
                                          .begin = begin_sarif,
                                          .open = open_sarif,
                                          .put = append_sarif_result,
                                          .end = end_sarif};
