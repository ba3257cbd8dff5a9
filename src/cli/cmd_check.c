/* cli/cmd_check.c: `orgvet check`. Each file goes through its own ov_check and then into every
 * report. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { PIECE = 128 * 1024, REPORTS_MAX = 32, THREADS_MAX = 1024 };

/* One report and where it goes. */
struct target {
    struct ov_report *report;
    struct cli_output output;
};

/* Everything that the files share. */
struct run {
    const struct cli_args *args;
    struct ov_check_options options;
    int fail_on; /* enum ov_severity, or OV_SEVERITIES for never */
    bool excerpts;
    struct target targets[REPORTS_MAX];
    size_t target_count;
    struct cli_ids existing;
    bool broken_pipe; /* the reader of a report has left */
};

static bool level_of(const char *name, int *level)
{
    for (int s = 0; s < OV_SEVERITIES; s++) {
        if (strcmp(name, ov_severity_name((enum ov_severity)s)) == 0) {
            *level = s;
            return true;
        }
    }
    return false;
}

static bool parse_fail_on(struct run *run)
{
    const char *name = cli_value(run->args, OPT_FAIL_ON, "error");
    run->fail_on = OV_SEVERITIES;
    if (strcmp(name, "never") == 0 || level_of(name, &run->fail_on))
        return true;
    cli_fail("`--fail-on` cannot be `%s`; it can be error, warning, info or never", name);
    return false;
}

static bool parse_color(const struct cli_args *args, bool *color)
{
    const char *when = cli_value(args, OPT_COLOR, "auto");
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    *color = strcmp(when, "always") == 0;
    if (strcmp(when, "auto") == 0)
        *color = isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
                 !(term && strcmp(term, "dumb") == 0);
    else if (!*color && strcmp(when, "never") != 0) {
        cli_fail("`--color` cannot be `%s`; it can be auto, always or never", when);
        return false;
    }
    return true;
}

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
    cli_fail("unknown format `%.*s`; %s%s", (int)len, name,
             nearest ? "did you mean " : "there are pretty, plain, json and ndjson",
             nearest ? nearest : "");
    return NULL;
}

/* Whether a report would be written over something that is read, or over another report. */
static bool overwrites(const struct run *run, const char *path)
{
    const char *what = NULL;
    for (size_t i = 0; i < run->args->operand_count; i++)
        if (cli_same_file(path, run->args->operands[i]))
            what = "a file that is checked";
    for (size_t i = 0; i < run->args->option_count; i++) {
        const struct cli_given *given = &run->args->options[i];
        if ((given->id == OPT_EXISTING && cli_same_file(path, given->value)) ||
            (given->id == OPT_SETTINGS && given->value[0] == '@' &&
             cli_same_file(path, given->value + 1)))
            what = "a file that is read";
    }
    for (size_t i = 0; i < run->target_count; i++)
        if (run->targets[i].output.path && strcmp(path, run->targets[i].output.path) == 0)
            what = "another report";
    if (what)
        cli_fail("`--output` would write over %s: `%s`", what, path);
    return what != NULL;
}

/* Opens one report; path NULL is standard output. */
static bool add_target(struct run *run, const struct ov_format *format, const char *path)
{
    struct ov_error err = {0};
    uint64_t most;
    struct ov_report_options options = {.verbose = cli_has(run->args, OPT_VERBOSE),
                                        .quiet = cli_has(run->args, OPT_QUIET)};
    bool standard = path == NULL;
    if (run->target_count == REPORTS_MAX) {
        cli_fail("more than %d reports at once", REPORTS_MAX);
        return false;
    }
    if (!cli_number(run->args, OPT_MAX_FINDINGS, ov_format_max_findings(format), &most) ||
        !parse_color(run->args, &options.color))
        return false;
    options.color &= standard;
    options.max_findings = most;
    struct target *target = &run->targets[run->target_count];
    if (!cli_output_open(&target->output, path))
        return false;
    run->target_count++;
    target->report = ov_report_new(format, &options, &target->output.sink, &err);
    if (!target->report)
        cli_fail("%s", err.message);
    /* the library keeps as many findings as any report shows */
    if (run->target_count == 1 || (run->options.max_kept && most > run->options.max_kept) ||
        most == 0)
        run->options.max_kept = most;
    run->excerpts |= strcmp(ov_format_name(format), "pretty") == 0;
    return target->report != NULL;
}

static bool open_reports(struct run *run)
{
    const char *standard =
        cli_value(run->args, OPT_FORMAT, isatty(STDOUT_FILENO) ? "pretty" : "plain");
    const struct ov_format *format = parse_format(standard, strlen(standard));
    if (!format || !add_target(run, format, NULL))
        return false;
    for (size_t i = 0; i < run->args->option_count; i++) {
        const struct cli_given *given = &run->args->options[i];
        struct ov_text name, path;
        if (given->id != OPT_OUTPUT)
            continue;
        if (!cli_split(OPT_OUTPUT, given->value, &name, &path))
            return false;
        if (path.len == 0 || strcmp(path.ptr, "-") == 0) {
            cli_fail("`--output %s` names no file; `--format` is for standard output",
                     given->value);
            return false;
        }
        if (overwrites(run, path.ptr))
            return false;
        format = parse_format(name.ptr, name.len);
        if (!format || !add_target(run, format, path.ptr))
            return false;
    }
    return true;
}

/* Ends the reports; files appear only when keep says so. */
static bool close_reports(struct run *run, bool keep)
{
    bool fine = true;
    for (size_t i = 0; i < run->target_count; i++) {
        struct target *target = &run->targets[i];
        struct ov_error err = {0};
        bool ended = keep && target->report && ov_report_end(target->report, &err) == OV_OK;
        if (keep && !ended && err.message[0])
            cli_fail("%s", err.message);
        if (target->output.broken_pipe)
            run->broken_pipe = true;
        fine &= cli_output_close(&target->output, ended) && (ended || !keep);
        ov_report_free(target->report);
    }
    run->target_count = 0;
    return fine;
}

static bool parse_options(struct run *run)
{
    const char *name = cli_value(run->args, OPT_IMPORTER, NULL);
    uint64_t depth, threads;
    if (!cli_read_options(run->args, &run->options.read) || !parse_fail_on(run) ||
        !cli_number(run->args, OPT_MAX_DEPTH, 0, &depth) ||
        !cli_number(run->args, OPT_THREADS, cli_processors(), &threads))
        return false;
    if (threads == 0 || threads > THREADS_MAX) {
        cli_fail("`--threads` must be from 1 to %d", THREADS_MAX);
        return false;
    }
    if (cli_has(run->args, OPT_MAX_DEPTH) && (depth == 0 || depth > 1000000000)) {
        cli_fail("`--max-depth` must be from 1 to 1000000000");
        return false;
    }
    run->options.max_depth = (uint32_t)depth;
    run->options.threads = (unsigned)threads;
    run->options.require_id = cli_has(run->args, OPT_REQUIRE_ID);
    run->options.single_root = cli_has(run->args, OPT_SINGLE_ROOT);
    run->options.importer = name ? ov_importer_find(ov_text_of(name)) : NULL;
    if (name && !run->options.importer)
        cli_fail("unknown importer `%s`; there are positions and departments", name);
    return !name || run->options.importer;
}

static enum ov_status apply_severity(const char *given, struct ov_check *check,
                                     struct ov_error *err)
{
    struct ov_text code, name;
    int level = 0;
    if (!cli_split(OPT_SEVERITY, given, &code, &name)) {
        err->status = OV_E_IO;
        return OV_E_IO;
    }
    const struct ov_rule *rule = ov_rule_find(code);
    bool off = strcmp(name.ptr, "off") == 0;
    if (rule && (off || level_of(name.ptr, &level)))
        return ov_check_set_severity(check, rule, off, (enum ov_severity)level, err);
    err->status = OV_E_OPTION;
    const struct ov_rule *near = rule ? NULL : ov_rule_nearest(code);
    if (rule)
        snprintf(err->message, sizeof err->message,
                 "`--severity %s` needs a level: error, warning, info or off", given);
    else if (near)
        snprintf(err->message, sizeof err->message, "unknown rule `%.*s`; did you mean %s (%s)?",
                 (int)code.len, code.ptr, near->code, near->name);
    else
        snprintf(err->message, sizeof err->message,
                 "unknown rule `%.*s`; `orgvet explain` lists those there are", (int)code.len,
                 code.ptr);
    return OV_E_OPTION;
}

/* Applies the options that belong to one check. */
static enum ov_status apply_rules(const struct cli_args *args, struct ov_check *check,
                                  struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < args->option_count && status == OV_OK; i++) {
        const struct cli_given *given = &args->options[i];
        struct ov_text field, regex;
        if (given->id == OPT_SEVERITY) {
            status = apply_severity(given->value, check, err);
        } else if (given->id == OPT_ROOT_MARKER) {
            status = ov_check_add_root_marker(check, ov_text_of(given->value), err);
        } else if (given->id == OPT_PATTERN) {
            if (cli_split(OPT_PATTERN, given->value, &field, &regex))
                status = ov_check_set_pattern(check, field, regex, err);
            else
                status = err->status = OV_E_IO;
        }
    }
    return status;
}

static struct ov_check *new_check(struct run *run, const char *name, struct ov_error *err)
{
    run->options.file_name = name;
    struct ov_check *check = ov_check_new(&run->options, err);
    if (check && (apply_rules(run->args, check, err) != OV_OK ||
                  cli_apply_settings(run->args, check, err) != OV_OK ||
                  cli_apply_existing(&run->existing, check, err) != OV_OK)) {
        ov_check_free(check);
        return NULL;
    }
    return check;
}

/* Feeds the whole input; false after a message. */
static bool feed(struct cli_input *input, struct ov_check *check, struct ov_error *err)
{
    static char buf[PIECE];
    long n;
    while ((n = cli_input_read(input, buf, sizeof buf)) > 0)
        if (ov_check_feed(check, buf, (size_t)n, err) != OV_OK)
            return false;
    return n == 0 && ov_check_finish(check, err) == OV_OK;
}

static bool report(struct run *run, const struct cli_input *input, struct ov_check *check,
                   struct ov_error *err)
{
    const struct ov_source *source = input->seekable || input->spool ? &input->source : NULL;
    if (ov_check_result(check)->importer_assumed && !cli_has(run->args, OPT_QUIET))
        fprintf(stderr,
                "orgvet: %s: no importer was named and the columns fit several; vetted as "
                "`positions` (choose with `--importer`)\n",
                input->name);
    for (size_t i = 0; i < run->target_count; i++)
        if (ov_report_add(run->targets[i].report, input->name, check, source, err) != OV_OK)
            return false;
    return true;
}

/* Vets one file. *fatal is set when the others need not be tried. */
static int check_file(struct run *run, const char *path, bool *fatal)
{
    struct ov_error err = {0};
    struct cli_input input;
    const char *name = path;
    if (strcmp(path, "-") == 0)
        name = cli_value(run->args, OPT_STDIN_FILENAME, "<stdin>");
    struct ov_check *check = new_check(run, name, &err);
    if (!check) {
        if (err.message[0])
            cli_fail("%s", err.message);
        *fatal = true;
        return EXIT_FAILED;
    }
    int code = EXIT_FAILED;
    if (cli_input_open(&input, path, name, run->excerpts)) {
        ov_check_expect(check, input.size);
        bool fed = feed(&input, check, &err);
        bool reported = fed && report(run, &input, check, &err);
        *fatal = fed && !reported; /* output that cannot be written */
        if (!reported && err.message[0])
            cli_fail("%s: %s", name, err.message);
        if (reported) {
            code = EXIT_FINE;
            for (int s = run->fail_on; s < OV_SEVERITIES; s++)
                if (ov_check_result(check)->severities[s])
                    code = EXIT_FINDINGS;
        }
        cli_input_close(&input);
    }
    ov_check_free(check);
    return code;
}

int cmd_check(const struct cli_args *args)
{
    struct run *run = calloc(1, sizeof *run);
    int code = EXIT_FINE;
    bool fatal = false;
    if (!run)
        return cli_fail("out of memory");
    run->args = args;
    signal(SIGPIPE, SIG_IGN); /* so that no temporary file stays behind */
    if (args->operand_count == 0)
        code = cli_fail("which file? `orgvet check FILE…`, or `-` for standard input");
    else if (!parse_options(run) || !cli_read_existing(args, &run->existing) || !open_reports(run))
        code = EXIT_FAILED;
    if (code != EXIT_FINE)
        fatal = true;
    for (size_t i = 0; i < args->operand_count && !fatal; i++) {
        int one = check_file(run, args->operands[i], &fatal);
        if (one > code)
            code = one;
    }
    if (!close_reports(run, !fatal))
        code = run->broken_pipe ? EXIT_PIPE : EXIT_FAILED;
    cli_ids_deinit(&run->existing);
    free(run);
    return code;
}
