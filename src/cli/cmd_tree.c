/* cli/cmd_tree.c: `orgvet tree`: draws the hierarchy. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/vet.h"

static enum ov_status feed_tree(void *ctx, const void *bytes, size_t len, struct ov_error *err)
{
    return ov_tree_feed(ctx, bytes, len, err);
}

/* Whether the locale is one of UTF-8, by its name (POSIX, 8.2): it need not be installed. */
static bool is_utf8_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]), *set = value ? strchr(value, '.') : NULL;
        if (value && *value)
            return set && (strncasecmp(set, ".UTF-8", 6) == 0 || strncasecmp(set, ".utf8", 5) == 0);
    }
    return false;
}

static bool parse_options(const struct cli_args *args, struct ov_tree_options *options)
{
    const char *format = cli_value(args, OPT_TREE_FORMAT, "text");
    uint64_t depth;
    *options = (struct ov_tree_options){.root = ov_text_of(cli_value(args, OPT_ROOT, NULL))};
    if (!ov_tree_format_find(ov_text_of(format), &options->format)) {
        cli_fail("unknown format `%s`; it must be text, dot, mermaid or json", format);
        return false;
    }
    if (!cli_number(args, OPT_DEPTH, 0, &depth) || !cli_color(args, STDOUT_FILENO, &options->color))
        return false;
    if (cli_has(args, OPT_DEPTH) && (depth == 0 || depth > UINT32_MAX)) {
        cli_fail("`--depth` must be 1 or more");
        return false;
    }
    options->depth = (uint32_t)depth;
    options->ascii = !is_utf8_locale();
    options->color &= options->format == OV_TREE_TEXT;
    return true;
}

static int draw(const struct cli_args *args, struct ov_tree_options options,
                struct cli_input *input, struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    const char *path = cli_value(args, OPT_FILE_OUTPUT, NULL);
    if (path && cli_is_read(args, path))
        return cli_fail("`%s` is an input file and cannot be overwritten", path);
    if (!cli_output_open(&output, path))
        return EXIT_FAILED;
    if (options.format != OV_TREE_JSON)
        cli_output_guard(&output, CLI_GUARD_TEXT);
    options.out = &output.sink;
    struct ov_tree *tree = ov_tree_new(check, &options, &err);
    bool done =
        tree && cli_read_again(input, feed_tree, tree, &err) && ov_tree_finish(tree, &err) == OV_OK;
    ov_tree_free(tree);
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    bool broken_pipe = output.broken_pipe;
    bool fine = cli_output_close(&output, done) && done;
    return fine ? EXIT_FINE : broken_pipe ? EXIT_PIPE : EXIT_FAILED;
}

int cmd_tree(const struct cli_args *args)
{
    struct ov_tree_options options;
    struct cli_choices choices = {.args = args};
    struct cli_choice *choice;
    struct cli_input input;
    struct ov_check *check;
    signal(SIGPIPE, SIG_IGN);
    if (args->operand_count != 1)
        return cli_fail("`orgvet tree` takes one file, or `-` for standard input");
    int code = EXIT_FAILED;
    if (parse_options(args, &options) &&
        (choice = cli_choice_to_read(&choices, args->operands[0])) &&
        cli_vet(&choice->vetting, args->operands[0], &input, &check) == CLI_VETTED) {
        code = draw(args, options, &input, check);
        cli_input_close(&input);
        ov_check_free(check);
    }
    cli_choices_deinit(&choices);
    return code;
}
