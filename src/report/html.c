/* report/html.c: the HTML report, one self-contained file. Summary, root cause and the first
 * findings are plain HTML; all findings, the rows and their hierarchy are embedded as JSON, from
 * which the scripts of report/view/ build a table and a tree. Nothing from the vetted file is ever
 * interpreted as markup: texts are escaped, `<` in JSON is \u003c, and a Content-Security-Policy
 * allows no script but the view's. */
#include <stdio.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/sha256.h"
#include "base/xml.h"
#include "report/place.h"
#include "report/html.h"
#include "report/json.h"
#include "report/view/view.h"

enum { FIRST = 100 /* findings shown without a script */ };

struct state {
    struct ov_buf first; /* the first findings as HTML, written after the JSON */
    uint64_t count;
};

static struct state *state_of(struct ov_report *report)
{
    return report->state;
}

/* --- the head --- */

static bool put_digest(struct ov_buf *out, struct ov_text text)
{
    char base64[OV_SHA256_BASE64];
    struct ov_sha256 *sha = ov_sha256_new();
    if (!sha)
        return false;
    ov_sha256_add(sha, text.ptr, text.len);
    ov_sha256_base64(sha, base64);
    ov_sha256_free(sha);
    ov_buf_format(out, " 'sha256-%s'", base64);
    return true;
}

static void begin_html(struct ov_report *report)
{
    struct ov_buf *out = &report->out;
    report->json.style = OV_JSON_HTML;
    ov_buf_format(out, "<!DOCTYPE html>\n<html lang=\"%s",
                  ov_language_tag(report->options.language));
    ov_buf_string(out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
                       " base-uri 'none'; form-action 'none'; style-src");
    out->failed |= !put_digest(out, ov_view_css());
    ov_buf_string(out, "; script-src");
    out->failed |= !put_digest(out, ov_view_js());
    ov_buf_string(out, "\">\n<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
                       "<title>");
    ov_buf_string(out, ov_translate(report->options.language, "orgvet report"));
    ov_buf_string(out, "</title>\n");
    if (report->options.language != OV_ENGLISH) {
        ov_buf_string(out, "<script type=\"application/json\" class=\"words\">");
        ov_buf_text(out, ov_view_words());
        ov_buf_string(out, "</script>\n");
    }
    ov_buf_string(out, "<style>");
    ov_buf_text(out, ov_view_css());
    ov_buf_string(out, "</style>\n</head>\n<body>\n<main>\n");
}

/* --- the summary of a file --- */

static void put_cell(struct ov_buf *out, enum ov_language language, const char *name,
                     const char *text)
{
    ov_buf_format(out, "<div><dt>%s</dt><dd>", ov_translate(language, name));
    ov_buf_xml(out, ov_text_of(text), OV_XML_ATTRIBUTE);
    ov_buf_string(out, "</dd></div>\n");
}

static void put_number(struct ov_buf *out, enum ov_language language, const char *name,
                       uint64_t number)
{
    ov_buf_format(out, "<div><dt>%s</dt><dd>", ov_translate(language, name));
    ov_buf_number_in(out, number, language);
    ov_buf_string(out, "</dd></div>\n");
}

static void put_verdict(struct ov_buf *out, enum ov_language language, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    bool good = result->severities[OV_ERROR] == 0;
    if (result->other) {
        ov_buf_format(out, "<p class=\"verdict good\">%s</p>\n",
                      ov_translate(language, "This is another kind of file; it was not vetted"));
        return;
    }
    ov_buf_format(out, "<p class=\"verdict %s\">%s", good ? "good" : "bad",
                  ov_translate(language, good ? "This file can be imported: "
                                              : "This file cannot be imported as it is: "));
    ov_report_counts(out, language, result->rows, result->severities);
    ov_buf_string(out, "</p>\n");
}

static void put_facts(struct ov_buf *out, enum ov_language language, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    static const char *const delimiters[] = {",comma", ";semicolon", "\ttab", "|vertical bar",
                                             ":colon"};
    const char *delimiter = result->delimiter_name;
    for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++)
        if (*delimiters[i] == result->delimiter)
            delimiter = delimiters[i] + 1;
    ov_buf_string(out, "<dl class=\"facts\">\n");
    put_cell(out, language, "Importer", ov_importer_name(result->importer));
    put_cell(out, language, "Encoding", result->encoding);
    put_cell(out, language, "Delimiter", ov_translate(language, delimiter));
    put_number(out, language, "Items in the hierarchy", result->nodes);
    put_number(out, language, "Top-level rows", result->roots);
    put_number(out, language, "Levels", result->max_depth);
    ov_buf_string(out, "</dl>\n");
}

static void put_codes(struct ov_buf *out, enum ov_language language, const struct ov_check *check)
{
    ov_buf_format(out,
                  "<table class=\"codes\">\n<caption>%s</caption>\n<thead><tr>"
                  "<th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
                  "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
                  ov_translate(language, "Findings by code"), ov_translate(language, "Code"),
                  ov_translate(language, "Meaning"), ov_translate(language, "Count"));
    for (size_t i = 0; i < ov_rule_count(); i++) {
        const struct ov_rule *rule = ov_rule_at(i);
        uint64_t count = ov_check_count(check, i);
        if (count == 0)
            continue;
        ov_buf_format(out, "<tr><th scope=\"row\">%s</th><td>", rule->code);
        ov_buf_xml(out, ov_text_of(ov_translate(language, rule->summary)), OV_XML_ATTRIBUTE);
        ov_buf_string(out, "</td><td>");
        ov_buf_number_in(out, count, language);
        ov_buf_string(out, "</td></tr>\n");
    }
    ov_buf_string(out, "</tbody>\n</table>\n");
}

static void open_html(struct ov_report *report, const struct ov_vetted_file *file)
{
    struct ov_buf *out = &report->out;
    const struct ov_check_result *result = ov_check_result(file->check);
    struct state *state = state_of(report);
    enum ov_language language = report->options.language;
    state->first.len = 0;
    state->count = 0;
    ov_buf_string(out, "<section class=\"file\">\n<h1>");
    ov_buf_xml(out, ov_text_of(file->path), OV_XML_ATTRIBUTE);
    ov_buf_string(out, "</h1>\n");
    put_verdict(out, language, file->check);
    put_facts(out, language, file->check);
    if (result->root_cause.len) {
        ov_buf_format(out, "<p class=\"cause\"><strong>%s</strong> ",
                      ov_translate(language, "Start here:"));
        ov_buf_xml(out, result->root_cause, OV_XML_ATTRIBUTE);
        ov_buf_string(out, "</p>\n");
    }
    if (result->severities[OV_ERROR] || result->severities[OV_WARNING] ||
        result->severities[OV_INFO])
        put_codes(out, language, file->check);
    ov_buf_string(out, "<script type=\"application/json\" class=\"findings\">");
    ov_json_list(&report->json, NULL);
}

/* --- findings --- */

/* Appends the place of a finding, with the column's name if it has one. */
static void put_place(struct ov_buf *out, enum ov_language language, const struct ov_check *check,
                      struct ov_place place, struct ov_text header)
{
    char line[24], column[24];
    struct ov_buf name = {0};
    if (ov_check_result(check)->is_workbook) {
        ov_put_cell_name(&name, place);
        ov_buf_say(out, language, "cell {0}", OV_OTHERS(ov_buf_view(&name)));
        out->failed |= name.failed;
        ov_buf_deinit(&name);
        return;
    }
    snprintf(line, sizeof line, "%llu", (unsigned long long)place.line);
    snprintf(column, sizeof column, "%llu", (unsigned long long)place.column);
    ov_buf_xml(&name, ov_utf8_cut(header, 100), OV_XML_ATTRIBUTE);
    if (header.len)
        ov_buf_say(out, language, "line {0}, column `{1}`",
                   OV_OTHERS(ov_text_of(line), ov_buf_view(&name)));
    else
        ov_buf_say(out, language, "line {0}, column {1}",
                   OV_OTHERS(ov_text_of(line), ov_text_of(column)));
    out->failed |= name.failed;
    ov_buf_deinit(&name);
}

static void put_first(struct ov_buf *out, enum ov_language language, const struct ov_check *check,
                      const struct ov_finding *finding)
{
    ov_buf_format(out, "<li class=\"%s\"><p><span class=\"place\">",
                  ov_severity_name(finding->severity));
    if (finding->place.line)
        put_place(out, language, check, finding->place,
                  finding->has_header ? finding->header : (struct ov_text){0});
    ov_buf_format(out, "</span> <span class=\"severity\">%s</span> <b>%s</b> ",
                  ov_translate(language, ov_severity_name(finding->severity)), finding->rule->code);
    ov_buf_xml(out, finding->message, OV_XML_ATTRIBUTE);
    ov_buf_string(out, "</p>");
    if (finding->help.len) {
        ov_buf_string(out, "<p class=\"help\">");
        ov_buf_xml(out, finding->help, OV_XML_ATTRIBUTE);
        ov_buf_string(out, "</p>");
    }
    for (size_t i = 0; i < finding->related_count && i < 5; i++) {
        const struct ov_related related = ov_check_related(check, i);
        ov_buf_string(out, "<p class=\"help\">");
        put_place(out, language, check, related.place, (struct ov_text){0});
        ov_buf_string(out, ": ");
        ov_buf_xml(out, related.note, OV_XML_ATTRIBUTE);
        ov_buf_string(out, "</p>");
    }
    ov_buf_string(out, "</li>\n");
}

static enum ov_status append_html_finding(struct ov_report *report,
                                          const struct ov_vetted_file *file,
                                          const struct ov_finding *finding, struct ov_error *err)
{
    struct state *state = state_of(report);
    if (state->count++ < FIRST)
        put_first(&state->first, report->options.language, file->check, finding);
    ov_json_line(&report->json);
    return ov_report_json_finding(report, file, finding, false, err);
}

static enum ov_status close_html(struct ov_report *report, const struct ov_vetted_file *file,
                                 struct ov_error *err)
{
    struct state *state = state_of(report);
    struct ov_buf *out = &report->out;
    enum ov_language language = report->options.language;
    ov_json_end(&report->json);
    ov_buf_string(out, "</script>\n");
    if (state->count) {
        ov_buf_format(out, "<h2>%s</h2>\n", ov_translate(language, "Findings"));
        if (state->count > FIRST) {
            ov_buf_string(out, "<p class=\"first\">");
            ov_buf_say_count(out, language, state->count,
                             "The first 100 of {0}:", "The first 100 of {0}:");
            ov_buf_string(out, "</p>\n");
        }
        ov_buf_string(out, "<ol class=\"first\">\n");
        ov_buf_text(out, ov_buf_view(&state->first));
        ov_buf_string(out, "</ol>\n");
    }
    out->failed |= state->first.failed;
    enum ov_status status = ov_html_rows(report, file, err);
    ov_buf_string(out, "</section>\n");
    return status;
}

static enum ov_status end_html(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    struct ov_buf *out = &report->out;
    ov_buf_format(out, "<footer>orgvet %s</footer>\n</main>\n<script>", ov_version());
    ov_buf_text(out, ov_view_js());
    ov_buf_string(out, "</script>\n</body>\n</html>\n");
    return OV_OK;
}

static void deinit(struct ov_report *report)
{
    ov_buf_deinit(&state_of(report)->first);
}

const struct ov_format ov_format_html = {.name = "html",
                                         .reads = true,
                                         .state_size = sizeof(struct state),
                                         .begin = begin_html,
                                         .open = open_html,
                                         .put = append_html_finding,
                                         .close = close_html,
                                         .end = end_html,
                                         .deinit = deinit};
