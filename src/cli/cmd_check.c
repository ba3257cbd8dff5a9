/* cli/cmd_check.c: `orgvet check`. Each file goes through its own ov_check and then into every
 * report. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { REPORTS_MAX = 32 };

/* One report and where it goes. */
struct target {
    struct ov_report *report;
    struct cli_output output;
};

/* Everything that the files share. */
struct run {
    const struct cli_args *args;
    struct cli_vetting vetting;
    int fail_on; /* enum ov_severity, or OV_SEVERITIES for never */
    struct target targets[REPORTS_MAX];
    size_t target_count;
    bool broken_pipe; /* the reader of a report has left */
    struct cli_budgets budgets;
    struct ov_snapshot *before; /* of --against; else NULL */
    struct cli_baseline baseline;
};

static bool parse_fail_on(struct run *run)
{
    const char *name = cli_value(run->args, OPT_FAIL_ON, "error");
    run->fail_on = OV_SEVERITIES;
    if (strcmp(name, "never") == 0 || cli_level(name, &run->fail_on))
        return true;
    cli_fail("`--fail-on` cannot be `%s`; it can be error, warning, info or never", name);
    return false;
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
             nearest ? "did you mean " : "`orgvet check --help` lists those there are",
             nearest ? nearest : "");
    return NULL;
}

/* Whether a report would be written over something that is read, or over another report. */
static bool overwrites(const struct run *run, const char *path)
{
    const char *what = cli_is_read(run->args, path) ? "a file that is read" : NULL;
    for (size_t i = 0; i < run->target_count; i++)
        if (run->targets[i].output.path && strcmp(path, run->targets[i].output.path) == 0)
            what = "another report";
    if ((run->baseline.read && cli_same_file(path, run->baseline.read)) ||
        (run->baseline.write && strcmp(path, run->baseline.write) == 0))
        what = "the baseline";
    if (what)
        cli_fail("`--output` would write over %s: `%s`", what, path);
    return what != NULL;
}

/* Opens one report; path NULL is standard output. append: what the file has stays. */
static bool add_target(struct run *run, const struct ov_format *format, const char *path,
                       bool append)
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
        !cli_color(run->args, STDOUT_FILENO, &options.color))
        return false;
    options.color &= standard;
    options.max_findings = most;
    if (ov_format_reads(format)) {
        run->vetting.options.again = run->vetting.keep_copy = true;
        if (run->args->operand_count > 1) {
            cli_fail("`%s` writes one file with what was found in it: name one FILE",
                     ov_format_name(format));
            return false;
        }
    }
    struct target *target = &run->targets[run->target_count];
    if (append ? !cli_output_append(&target->output, path)
               : !cli_output_open(&target->output, path))
        return false;
    run->target_count++;
    target->report = ov_report_new(format, &options, &target->output.sink, &err);
    if (!target->report)
        cli_fail("%s", err.message);
    /* the library keeps as many findings as any report shows */
    if (run->target_count == 1 ||
        (run->vetting.options.max_kept && most > run->vetting.options.max_kept) || most == 0)
        run->vetting.options.max_kept = most;
    run->vetting.keep_copy |= strcmp(ov_format_name(format), "pretty") == 0;
    return target->report != NULL;
}

/* The format of standard output when none is named. */
static const char *usual_format(void)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    if (actions && strcmp(actions, "true") == 0)
        return "github";
    return isatty(STDOUT_FILENO) ? "pretty" : "plain";
}

static bool open_reports(struct run *run)
{
    const char *standard = cli_value(run->args, OPT_FORMAT, usual_format());
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    const struct ov_format *format = parse_format(standard, strlen(standard));
    if (!format || !add_target(run, format, NULL, false))
        return false;
    if (strcmp(standard, "github") == 0 && summary && *summary &&
        !add_target(run, ov_format_find(ov_text_of("github-summary")), summary, true))
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
        if (!format || !add_target(run, format, path.ptr, false))
            return false;
    }
    return true;
}

/* Reads what --against names; false after a message. */
static bool read_before(struct run *run)
{
    const char *path = cli_value(run->args, OPT_AGAINST, NULL);
    if (!cli_parse_budgets(run->args, &run->budgets))
        return false;
    if (!path && run->budgets.count) {
        cli_fail("`--max-removed`, `--max-moved` and `--max-renamed` need `--against OLD`");
        return false;
    }
    if (!path)
        return true;
    run->vetting.keep_copy = run->vetting.options.again = true;
    for (size_t i = 0; strcmp(path, "-") == 0 && i < run->args->operand_count; i++) {
        if (strcmp(run->args->operands[i], "-") == 0) {
            cli_fail("only one of FILE and OLD can be standard input");
            return false;
        }
    }
    run->before = cli_snapshot(&run->vetting, path);
    return run->before != NULL;
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

static bool report(struct run *run, const struct cli_input *input, struct ov_check *check,
                   struct ov_error *err)
{
    const struct ov_source *source = input->seekable || input->spool ? &input->source : NULL;
    for (size_t i = 0; i < run->target_count; i++)
        if (ov_report_add(run->targets[i].report, input->name, check, source, err) != OV_OK)
            return false;
    return true;
}

/* Adds OV501 where more has changed than may; false after a message. */
static bool compare(struct run *run, struct cli_input *input, struct ov_check *check)
{
    struct ov_error err = {0};
    struct ov_text before = ov_text_of(cli_value(run->args, OPT_AGAINST, NULL));
    struct ov_snapshot *after = cli_snapshot_of(input, check);
    struct ov_diff *diff = after ? ov_diff_new(run->before, after, &err) : NULL;
    bool fine = diff != NULL;
    if (fine && (!run->budgets.count || cli_has(run->args, OPT_VERBOSE)) &&
        !cli_has(run->args, OPT_QUIET)) {
        struct ov_diff_summary s = ov_diff_summary(diff);
        fprintf(stderr,
                "orgvet: %s: compared with %s: %llu added, %llu removed, %llu renamed, %llu moved, "
                "%llu with other details (`orgvet diff` lists them)\n",
                input->name, before.ptr, (unsigned long long)s.added, (unsigned long long)s.removed,
                (unsigned long long)s.renamed, (unsigned long long)s.moved,
                (unsigned long long)s.changed);
    }
    for (size_t i = 0; fine && i < run->budgets.count; i++)
        fine = ov_check_add_budget(check, diff, &run->budgets.items[i], before, &err) == OV_OK;
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    ov_diff_free(diff);
    ov_snapshot_free(after);
    return fine;
}

/* Vets one file. *fatal is set when the others need not be tried. */
static int check_file(struct run *run, const char *path, bool *fatal)
{
    struct ov_error err = {0};
    struct cli_input input;
    struct ov_check *check;
    enum cli_vetted vetted = cli_vet(&run->vetting, path, &input, &check);
    if (vetted != CLI_VETTED) {
        *fatal = vetted == CLI_BAD_OPTIONS;
        return EXIT_FAILED;
    }
    int code = EXIT_FINE;
    if ((run->before && !compare(run, &input, check)) ||
        !cli_baseline_apply(&run->baseline, &input, check)) {
        code = EXIT_FAILED;
    } else if (report(run, &input, check, &err)) {
        for (int s = run->fail_on; s < OV_SEVERITIES; s++)
            if (ov_check_result(check)->severities[s])
                code = EXIT_FINDINGS;
    } else {
        if (err.message[0])
            cli_fail("%s: %s", input.name, err.message);
        *fatal = true; /* output that cannot be written */
        code = EXIT_FAILED;
    }
    cli_input_close(&input);
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
    else if (!cli_vetting_init(&run->vetting, args) || !parse_fail_on(run) || !read_before(run) ||
             !cli_baseline_init(&run->baseline, args) || !open_reports(run))
        code = EXIT_FAILED;
    if (run->baseline.read || run->baseline.write)
        run->vetting.options.max_kept = 0; /* a finding beyond what is shown may be a known one */
    if (code != EXIT_FINE)
        fatal = true;
    for (size_t i = 0; i < args->operand_count && !fatal; i++) {
        int one = check_file(run, args->operands[i], &fatal);
        if (one > code)
            code = one;
    }
    if (!fatal && code != EXIT_FAILED && !cli_baseline_finish(&run->baseline))
        code = EXIT_FAILED;
    if (!close_reports(run, !fatal))
        code = run->broken_pipe ? EXIT_PIPE : EXIT_FAILED;
    cli_vetting_deinit(&run->vetting);
    ov_snapshot_free(run->before);
    cli_baseline_deinit(&run->baseline);
    free(run);
    return code;
}
