/* report/html.c: the HTML report, one self-contained file. Summary, root cause and the first
 * findings are plain HTML; all findings, the rows and their hierarchy are embedded as JSON, from
 * which the scripts of report/view/ build a table and a tree. Nothing from the vetted file is ever
 * interpreted as markup: texts are escaped, `<` in JSON is \u003c, and a Content-Security-Policy
 * allows no script but the view's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/sha256.h"
#include "base/xml.h"
#include "finding/message.h"
#include "report/place.h"
#include "report/html.h"
#include "report/json.h"
#include "report/view/view.h"
#include "vet/check_access.h"

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
    ov_buf_string(out, "</style>\n</head>\n<body class=\"report\">\n<header class=\"top\">"
                       "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><rect x=\"5.5\" y=\"1.5\""
                       " width=\"5\" height=\"4\" rx=\"1\"/><rect x=\"1.5\" y=\"10.5\" width=\"5\""
                       " height=\"4\" rx=\"1\"/><rect x=\"9.5\" y=\"10.5\" width=\"5\" height=\"4\""
                       " rx=\"1\"/><path d=\"M8 5.5V8M4 10.5V8h8v2.5\"/></svg><b>orgvet</b>"
                       "</header>\n<main>\n");
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

/* The name of a file without its folders. */
static struct ov_text base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return ov_text_of(slash && slash[1] ? slash + 1 : path);
}

/* How many rules have a finding of a severity. */
static uint64_t problems_of(const struct ov_check *check, enum ov_severity severity)
{
    uint64_t count = 0;
    for (size_t i = 0; i < ov_rule_count(); i++)
        count += ov_check_list(check)->counts[i][severity] > 0;
    return count;
}

static void put_title(struct ov_buf *out, enum ov_language language,
                      const struct ov_vetted_file *file)
{
    const struct ov_check_result *result = ov_check_result(file->check);
    uint64_t errors = problems_of(file->check, OV_ERROR);
    ov_buf_format(out, "<h1 class=\"verdict %s\">", errors ? "bad" : "good");
    ov_buf_xml(out, base_name(file->path), OV_XML_ATTRIBUTE);
    ov_buf_string(out, ": ");
    if (result->other)
        ov_buf_string(out, ov_translate(language, "another kind of file, not vetted"));
    else if (errors)
        ov_buf_say_count(out, language, errors, OV_N_("{0} problem to fix before the import"),
                         OV_N_("{0} problems to fix before the import"));
    else
        ov_buf_string(out, ov_translate(language, "can be imported"));
    ov_buf_string(out, "</h1>\n");
}

static void put_facts(struct ov_buf *out, enum ov_language language, const char *path,
                      const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    static const char *const delimiters[] = {",comma", ";semicolon", "\ttab", "|vertical bar",
                                             ":colon"};
    const char *delimiter = result->delimiter_name;
    for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++)
        if (*delimiters[i] == result->delimiter)
            delimiter = delimiters[i] + 1;
    ov_buf_format(out, "<details class=\"read\"><summary>%s</summary>\n<dl class=\"facts\">\n",
                  ov_translate(language, "How the file was read"));
    put_cell(out, language, "File", path);
    put_cell(out, language, "Importer", ov_importer_name(result->importer));
    put_cell(out, language, "Encoding", result->encoding);
    put_cell(out, language, "Delimiter", ov_translate(language, delimiter));
    put_number(out, language, "Items in the hierarchy", result->nodes);
    put_number(out, language, "Top-level rows", result->roots);
    put_number(out, language, "Levels", result->max_depth);
    ov_buf_string(out, "</dl></details>\n");
}

/* How many rows have a finding of a severity, of those that are kept; findings are sorted. */
static uint64_t rows_with(const struct ov_check *check, enum ov_severity severity)
{
    const struct ov_list *list = ov_check_list(check);
    uint64_t count = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct ov_item *item = &list->items[i];
        if (item->severity != severity || item->row == 0 || item->row == OV_NO_ROW ||
            item->row == last)
            continue;
        last = item->row;
        count++;
    }
    return count;
}

/* What was checked, and how many rows must be changed before the file can be imported. */
static void put_lead(struct ov_buf *out, enum ov_language language, const struct ov_check *check)
{
    uint64_t rows = rows_with(check, OV_ERROR);
    bool cut = ov_check_list(check)->cut;
    ov_buf_string(out, "<p class=\"lead\">");
    ov_report_counts(out, language, ov_check_result(check)->rows,
                     ov_check_result(check)->severities);
    ov_buf_string(out, ". ");
    if (rows)
        ov_buf_say_count(out, language, rows,
                         cut ? OV_N_("At least {0} row has to be changed.")
                             : OV_N_("{0} row has to be changed."),
                         cut ? OV_N_("At least {0} rows have to be changed.")
                             : OV_N_("{0} rows have to be changed."));
    ov_buf_string(out, "</p>\n");
}

static enum ov_severity worst_of(const struct ov_list *list, size_t rule)
{
    int worst = OV_ERROR;
    while (worst > OV_INFO && !list->counts[rule][worst])
        worst--;
    return (enum ov_severity)worst;
}

/* A rule with findings. */
struct problem {
    size_t rule;
    enum ov_severity severity; /* the worst */
    uint64_t count;
    size_t first; /* index of its first finding that is kept; beyond the list: there is none */
};

/* Errors first; among equals, what clears most. */
static int by_weight(const void *a, const void *b)
{
    const struct problem *one = a, *other = b;
    if (one->severity != other->severity)
        return (int)other->severity - (int)one->severity;
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return one->rule < other->rule ? -1 : 1;
}

/* Returns how many there are. problems: room for all rules. */
static size_t find_problems(const struct ov_check *check, struct problem *problems)
{
    const struct ov_list *list = ov_check_list(check);
    size_t count = 0;
    for (size_t i = 0; i < ov_rule_count(); i++) {
        struct problem problem = {i, OV_INFO, ov_check_count(check, i), list->count};
        if (problem.count == 0)
            continue;
        problem.severity = worst_of(list, i);
        for (size_t k = list->count; k-- > 0;)
            if (list->items[k].rule == i)
                problem.first = k;
        problems[count++] = problem;
    }
    qsort(problems, count, sizeof *problems, by_weight);
    return count;
}

static void put_identifier(struct ov_buf *out, const struct ov_check *check, struct ov_text id)
{
    struct ov_buf redacted = {0};
    if (id.len && ov_check_choices(check)->redact) {
        ov_buf_redacted(&redacted, ov_check_choices(check)->redact_key, id, true);
        id = ov_buf_view(&redacted);
    }
    ov_buf_xml(out, ov_utf8_cut(id, 60), OV_XML_ATTRIBUTE);
    out->failed |= redacted.failed;
    ov_buf_deinit(&redacted);
}

/* The members of a circular reporting line, the first one again at its end. */
static void put_circle(struct ov_buf *out, const struct ov_check *check)
{
    enum { MEMBERS = 8 };
    const struct ov_cycles *cycles = ov_check_cycles(check);
    const struct ov_cycle *cycle = &cycles->items[0];
    for (size_t i = 0; i <= cycle->loop_count; i++) {
        ov_node row = cycles->rows[cycle->loop + i % cycle->loop_count];
        if (i == MEMBERS && cycle->loop_count > MEMBERS)
            ov_buf_string(out, " → …");
        if (i >= MEMBERS && i < cycle->loop_count)
            continue;
        ov_buf_string(out, i ? " → " : "");
        put_identifier(out, check, ov_forest_id(ov_check_forest(check), row));
    }
}

/* Who is affected: the first few rows, by their identifiers and lines. */
static void put_affected(struct ov_buf *out, enum ov_language language,
                         const struct ov_check *check, const struct problem *problem)
{
    enum { SHOWN = 4 };
    const struct ov_list *list = ov_check_list(check);
    const struct ov_forest *forest = ov_check_forest(check);
    uint64_t shown = 0;
    bool circular = problem->rule == OV_R404 && ov_check_cycles(check)->count;
    if (circular) {
        put_circle(out, check);
        shown = 1;
    }
    for (size_t i = problem->first; i < list->count && shown < SHOWN && !circular; i++) {
        const struct ov_item *item = &list->items[i];
        bool of_row = item->row && item->row != OV_NO_ROW;
        if (item->rule != problem->rule)
            continue;
        ov_node node = of_row ? ov_item_node(item) : OV_NODE_NONE;
        struct ov_text id = node < forest->count ? ov_forest_id(forest, node) : (struct ov_text){0};
        char line[24];
        snprintf(line, sizeof line, "%llu", (unsigned long long)item->place.line);
        ov_buf_string(out, shown++ ? ", " : "");
        put_identifier(out, check, id);
        ov_buf_string(out, id.len ? " (" : "");
        if (item->place.line)
            ov_buf_say(out, language, "line {0}", OV_OTHERS(ov_text_of(line)));
        else
            ov_buf_string(out, ov_translate(language, "the whole file"));
        ov_buf_string(out, id.len ? ")" : "");
    }
    if (problem->count > shown) {
        ov_buf_string(out, shown ? ", " : "");
        ov_buf_say_count(out, language, problem->count - shown, OV_N_("{0} more"),
                         OV_N_("{0} more"));
    }
}

/* The end of the clause at the beginning of a text: behind its semicolon or full stop. */
static size_t clause_end(struct ov_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.ptr[i] == ';' || text.ptr[i] == '.') &&
            (i + 1 == text.len || text.ptr[i + 1] == ' '))
            return i + 1;
    return text.len;
}

static bool is_for_command_line(struct ov_text clause)
{
    return ov_text_find(clause, OV_TEXT("`--")) < clause.len ||
           ov_text_find(clause, OV_TEXT("`orgvet ")) < clause.len;
}

/* Advice without the clauses that are only for the command line, unless nothing else is left. */
static void put_plain(struct ov_buf *out, struct ov_text advice)
{
    struct ov_text rest = advice;
    struct ov_buf plain = {0};
    while (rest.len) {
        struct ov_text clause = {rest.ptr, clause_end(rest)};
        rest.ptr += clause.len;
        rest.len -= clause.len;
        if (!is_for_command_line(clause))
            ov_buf_text(&plain, clause);
    }
    if (plain.len && plain.ptr[plain.len - 1] == ';')
        plain.ptr[plain.len - 1] = '.';
    ov_buf_xml(out, plain.len ? ov_buf_view(&plain) : advice, OV_XML_ATTRIBUTE);
    out->failed |= plain.failed;
    ov_buf_deinit(&plain);
}

/* What is wrong, who is affected, and what to do about it. */
static void put_problems(struct ov_buf *out, enum ov_language language,
                         const struct ov_check *check)
{
    struct problem problems[OV_RULES] = {{0}};
    size_t count = find_problems(check, problems);
    ov_buf_format(out,
                  "<section class=\"box short\"><h2>%s</h2>\n<table class=\"codes\">\n"
                  "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
                  "<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
                  ov_translate(language, "In short, for a colleague"),
                  ov_translate(language, "What is wrong"), ov_translate(language, "How often"),
                  ov_translate(language, "Who is affected"), ov_translate(language, "What to do"));
    for (size_t i = 0; i < count; i++) {
        const struct ov_rule *rule = ov_rule_at(problems[i].rule);
        const char *severity = ov_severity_name(problems[i].severity);
        ov_buf_format(out, "<tr data-code=\"%s\"><th scope=\"row\">", rule->code);
        ov_buf_format(out, "<span class=\"mark %s\">%s</span> ", severity,
                      ov_translate(language, severity));
        ov_buf_string(out, "<span class=\"what\">");
        ov_buf_xml(out, ov_text_of(ov_translate(language, rule->summary)), OV_XML_ATTRIBUTE);
        ov_buf_format(out, "</span> <span class=\"code\">%s</span></th><td class=\"often\">",
                      rule->code);
        ov_buf_number_in(out, problems[i].count, language);
        ov_buf_string(out, "</td><td>");
        put_affected(out, language, check, &problems[i]);
        ov_buf_string(out, "</td><td>");
        put_plain(out, ov_text_of(ov_translate(language, rule->fix)));
        ov_buf_string(out, "</td></tr>\n");
    }
    ov_buf_string(out, "</tbody>\n</table></section>\n");
}

static void open_html(struct ov_report *report, const struct ov_vetted_file *file)
{
    struct ov_buf *out = &report->out;
    const struct ov_check_result *result = ov_check_result(file->check);
    struct state *state = state_of(report);
    enum ov_language language = report->options.language;
    state->first.len = 0;
    state->count = 0;
    ov_buf_string(out, "<section class=\"file\">\n");
    put_title(out, language, file);
    if (!result->other)
        put_lead(out, language, file->check);
    if (result->root_cause.len) {
        ov_buf_format(out, "<p class=\"cause\"><strong>%s</strong> ",
                      ov_translate(language, "Start here:"));
        ov_buf_xml(out, result->root_cause, OV_XML_ATTRIBUTE);
        ov_buf_string(out, "</p>\n");
    }
    if (result->severities[OV_ERROR] || result->severities[OV_WARNING] ||
        result->severities[OV_INFO])
        put_problems(out, language, file->check);
    put_facts(out, language, file->path, file->check);
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
    ov_buf_format(out, "</span> <span class=\"severity\">%s</span> ",
                  ov_translate(language, ov_severity_name(finding->severity)));
    ov_buf_xml(out, finding->message, OV_XML_ATTRIBUTE);
    ov_buf_format(out, " <span class=\"code\">%s</span></p>", finding->rule->code);
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
        ov_buf_format(out, "<h2>%s</h2>\n", ov_translate(language, "Every row with a problem"));
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
