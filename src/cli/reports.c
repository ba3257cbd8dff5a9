/* cli/reports.c: the reports of one run: --format to standard output, --output to files. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/reports.h"
#include "cli/args.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/vet.h"

static const struct ov_format *parse_format(const char *name, size_t len)
{
    const char *words[16];
    char given[32] = "";
    size_t count = ov_format_count();
    const struct ov_format *format = ov_format_find((struct ov_text){name, len});
    if (format)
        return format;
    for (size_t i = 0; i < count && i < 16; i++)
        words[i] = ov_format_name(ov_format_at(i));
    if (len < sizeof given)
        memcpy(given, name, len);
    const char *nearest = cli_nearest(given, words, count);
    if (nearest)
        cli_fail("unknown format `%.*s`; did you mean `%s`?", (int)len, name, nearest);
    else
        cli_fail("unknown format `%.*s`; `orgvet check --help` lists all formats", (int)len, name);
    return NULL;
}

/* Whether a report would overwrite an input file, the baseline or another report; if so, after a
 * message. */
static bool overwrites(const struct cli_reports *reports, const char *path)
{
    const char *read = cli_value(reports->args, OPT_BASELINE, NULL);
    const char *write = cli_value(reports->args, OPT_WRITE_BASELINE, NULL);
    const char *what = cli_is_read(reports->args, path)
                           ? OV_N_("`--output` would overwrite an input file: `%s`")
                           : NULL;
    for (size_t i = 0; i < reports->count; i++)
        if (reports->items[i].output.path && strcmp(path, reports->items[i].output.path) == 0)
            what = OV_N_("`--output` would overwrite another report: `%s`");
    if ((read && cli_same_file(path, read)) || (write && strcmp(path, write) == 0))
        what = OV_N_("`--output` would overwrite the baseline: `%s`");
    if (what)
        cli_fail(what, path);
    return what != NULL;
}

/* The guard that a format needs. JSON and XML have escapes of their own. */
static enum cli_guard guard_of(const char *format)
{
    static const char *const texts[] = {"pretty", "plain", "github-summary"};
    if (strcmp(format, "csv") == 0)
        return CLI_GUARD_CELLS;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(format, texts[i]) == 0)
            return CLI_GUARD_TEXT;
    return strcmp(format, "github") == 0 ? CLI_GUARD_COMMANDS : CLI_GUARD_NONE;
}

/* Opens one report. path NULL: standard output; append: keep the existing content of the file.
 * False after a message. */
static bool open_report(struct cli_reports *reports, const struct ov_format *format,
                        const char *path, bool append)
{
    const struct cli_args *args = reports->args;
    struct ov_error err = {.language = cli_language()};
    uint64_t most;
    struct ov_report_options options = {.language = cli_language(),
                                        .verbose = cli_has(args, OPT_VERBOSE),
                                        .quiet = cli_has(args, OPT_QUIET),
                                        .several =
                                            reports->files > 1 || cli_has(args, OPT_JOBS_FILE)};
    bool standard = path == NULL;
    if (reports->count == CLI_REPORTS) {
        cli_fail("more than %d reports at once", CLI_REPORTS);
        return false;
    }
    if (!cli_number(args, OPT_MAX_FINDINGS, ov_format_max_findings(format), &most) ||
        !cli_color(args, STDOUT_FILENO, &options.color))
        return false;
    options.color &= standard;
    options.max_findings = most;
    reports->reread |= ov_format_reads(format);
    if (ov_format_is_single(format) && options.several) {
        cli_fail("`%s` writes a single file together with its findings: specify exactly one FILE",
                 ov_format_name(format));
        return false;
    }
    if (standard && ov_format_is_binary(format) && isatty(STDOUT_FILENO)) {
        cli_fail("a workbook cannot be written to a terminal; use `--output xlsx=FILE`");
        return false;
    }
    reports->of_rows |= standard && ov_format_is_of_rows(format);
    struct cli_report *item = &reports->items[reports->count];
    if (append ? !cli_output_append(&item->output, path) : !cli_output_open(&item->output, path))
        return false;
    reports->count++;
    cli_output_guard(&item->output, guard_of(ov_format_name(format)));
    item->report = ov_report_new(format, &options, &item->output.sink, &err);
    if (!item->report)
        cli_fail("%s", err.message);
    /* keep as many findings as the report that shows most */
    if (reports->count == 1 || (reports->max_kept && most > reports->max_kept) || most == 0)
        reports->max_kept = most;
    reports->keep_copy |= reports->reread || strcmp(ov_format_name(format), "pretty") == 0;
    return item->report != NULL;
}

/* The default format of standard output. */
static const char *usual_format(void)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    if (actions && strcmp(actions, "true") == 0)
        return "github";
    return isatty(STDOUT_FILENO) ? "pretty" : "plain";
}

/* The format that the user probably meant for a path given without one. */
static const char *guessed_format(const struct cli_args *args, const char *path)
{
    const char *dot = strrchr(path, '.');
    const struct ov_format *format = dot ? ov_format_find(ov_text_of(dot + 1)) : NULL;
    return format ? ov_format_name(format) : cli_value(args, OPT_FORMAT, "json");
}

bool cli_reports_open(struct cli_reports *reports, const struct cli_args *args, size_t files)
{
    const char *standard = cli_value(args, OPT_FORMAT, usual_format());
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    const struct ov_format *format = parse_format(standard, strlen(standard));
    reports->args = args;
    reports->files = files;
    if (!format || !open_report(reports, format, NULL, false))
        return false;
    if (strcmp(standard, "github") == 0 && summary && *summary &&
        !open_report(reports, ov_format_find(ov_text_of("github-summary")), summary, true))
        return false;
    for (size_t i = 0; i < args->option_count; i++) {
        const struct cli_given *given = &args->options[i];
        struct ov_text name, path;
        if (given->id != OPT_OUTPUT)
            continue;
        if (!strchr(given->value, '=')) {
            cli_fail("`--output` needs a format and a file: `--output %s=%s`",
                     guessed_format(args, given->value), given->value);
            return false;
        }
        if (!cli_split(OPT_OUTPUT, given->value, &name, &path))
            return false;
        if (path.len == 0 || strcmp(path.ptr, "-") == 0) {
            cli_fail("`--output %s` does not name a file; use `--format` for standard output",
                     given->value);
            return false;
        }
        if (overwrites(reports, path.ptr))
            return false;
        format = parse_format(name.ptr, name.len);
        if (!format || !open_report(reports, format, path.ptr, false))
            return false;
    }
    return true;
}

bool cli_reports_add(struct cli_reports *reports, const struct cli_input *input,
                     struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    const struct ov_source *source = input->seekable || input->spool ? &input->source : NULL;
    for (size_t i = 0; i < reports->count; i++) {
        if (ov_report_add(reports->items[i].report, input->name, check, source, &err) == OV_OK)
            continue;
        if (err.message[0])
            cli_fail("%s: %s", input->name, err.message);
        return false;
    }
    return true;
}

bool cli_reports_close(struct cli_reports *reports, bool keep)
{
    bool fine = true;
    for (size_t i = 0; i < reports->count; i++) {
        struct cli_report *item = &reports->items[i];
        struct ov_error err = {.language = cli_language()};
        bool ended = keep && item->report && ov_report_end(item->report, &err) == OV_OK;
        if (keep && !ended && err.message[0])
            cli_fail("%s", err.message);
        if (item->output.broken_pipe)
            reports->broken_pipe = true;
        fine &= cli_output_close(&item->output, ended) && (ended || !keep);
        ov_report_free(item->report);
    }
    reports->count = 0;
    return fine;
}
