/* cli/cmd_diff.c: `orgvet diff`: the changes between two versions of a file. */
#include <signal.h>
#include <string.h>

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/compare.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/vet.h"

static int print(const struct cli_args *args, const struct ov_diff *diff,
                 enum ov_diff_format format)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    const char *path = cli_value(args, OPT_FILE_OUTPUT, NULL);
    if (path && cli_is_read(args, path))
        return cli_fail("`%s` is an input file and cannot be overwritten", path);
    if (!cli_output_open(&output, path))
        return EXIT_FAILED;
    if (format != OV_DIFF_JSON)
        cli_output_guard(&output, CLI_GUARD_TEXT);
    bool done = ov_diff_write(
                    diff, format, cli_language(), ov_text_of(cli_name_of(args, args->operands[0])),
                    ov_text_of(cli_name_of(args, args->operands[1])), &output.sink, &err) == OV_OK;
    if (err.message[0])
        cli_fail("%s", err.message);
    bool broken_pipe = output.broken_pipe;
    if (cli_output_close(&output, done) && done)
        return EXIT_FINE;
    return broken_pipe ? EXIT_PIPE : EXIT_FAILED;
}

/* Reports exceeded limits. EXIT_FINDINGS if one is exceeded as an error, or with --exit-code if
 * anything changed. */
static int check_budgets(const struct cli_args *args, const struct ov_diff *diff,
                         const struct cli_budgets *budgets)
{
    static const char *const words[] = {
        [OV_BUDGET_REMOVED] =
            OV_N_("%s[OV501]: %llu rows removed (limit: %llu); if this is intended, raise "
                  "`--max-removed`"),
        [OV_BUDGET_MOVED] = OV_N_(
            "%s[OV501]: %llu rows moved (limit: %llu); if this is intended, raise `--max-moved`"),
        [OV_BUDGET_RENAMED] =
            OV_N_("%s[OV501]: %llu rows renamed (limit: %llu); if this is intended, raise "
                  "`--max-renamed`")};
    struct ov_diff_summary s = ov_diff_summary(diff);
    bool changed = s.added || s.removed || s.renamed || s.moved || s.changed;
    int code = changed && cli_has(args, OPT_EXIT_CODE) ? EXIT_FINDINGS : EXIT_FINE;
    for (size_t i = 0; i < budgets->count; i++) {
        uint64_t count, limit;
        if (!ov_diff_is_over(diff, &budgets->items[i], &count, &limit))
            continue;
        int severity = cli_severity(args, "OV501");
        if (severity < 0)
            continue;
        cli_note(words[budgets->items[i].kind], ov_severity_name((enum ov_severity)severity),
                 (unsigned long long)count, (unsigned long long)limit);
        if (severity == OV_ERROR)
            code = EXIT_FINDINGS;
    }
    return code;
}

static int compare(const struct cli_args *args, struct cli_vetting *vetting,
                   enum ov_diff_format format, const struct cli_budgets *budgets)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_snapshot *before = NULL, *after = NULL;
    struct ov_diff *diff = NULL;
    int code = EXIT_FAILED;
    if ((before = cli_snapshot(vetting, args->operands[0])) &&
        (after = cli_snapshot(vetting, args->operands[1]))) {
        diff = ov_diff_new(before, after, &err);
        if (diff)
            code = print(args, diff, format);
        else
            cli_fail("%s", err.message);
        if (code == EXIT_FINE)
            code = check_budgets(args, diff, budgets);
    }
    ov_diff_free(diff);
    ov_snapshot_free(before);
    ov_snapshot_free(after);
    return code;
}

int cmd_diff(const struct cli_args *args)
{
    const char *name = cli_value(args, OPT_DIFF_FORMAT, "text");
    enum ov_diff_format format;
    struct cli_budgets budgets;
    struct cli_choices choices = {.args = args};
    struct cli_choice *choice;
    signal(SIGPIPE, SIG_IGN);
    if (args->operand_count != 2)
        return cli_fail(
            "`orgvet diff` takes two files, OLD and NEW; one of them may be `-` for standard "
            "input");
    if (strcmp(args->operands[0], "-") == 0 && strcmp(args->operands[1], "-") == 0)
        return cli_fail("only one of the two files can be standard input");
    if (!ov_diff_format_find(ov_text_of(name), &format))
        return cli_fail("unknown format `%s`; it must be text, json or markdown", name);
    int code = EXIT_FAILED;
    if ((choice = cli_choice_to_read(&choices, args->operands[1])) &&
        cli_parse_budgets(&choice->args, &budgets))
        code = compare(&choice->args, &choice->vetting, format, &budgets);
    cli_choices_deinit(&choices);
    return code;
}
