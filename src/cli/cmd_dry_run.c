/* cli/cmd_dry_run.c: `orgvet dry-run`: what the import service would answer, offline. */
#include <string.h>

#include "cli/cli.h"

static bool feed_header(struct cli_input *input, struct ov_check *check, struct ov_error *err)
{
    static char buf[64 * 1024];
    long n = 1;
    while (!ov_check_has_settings(check) && (n = cli_input_read(input, buf, sizeof buf)) > 0)
        if (ov_check_feed(check, buf, (size_t)n, err) != OV_OK)
            return false;
    cli_input_fail(input);
    return n >= 0 && ov_check_finish(check, err) == OV_OK;
}

/* Answers for a check whose settings are in; err holds what feeding or settings gave. */
static int answer(struct ov_check *check, const struct ov_error *failure)
{
    struct ov_error err = {0};
    struct cli_output output;
    bool refused;
    if (!cli_output_open(&output, NULL))
        return EXIT_FAILED;
    if (ov_check_dry_run(check, failure, &output.sink, &refused, &err) != OV_OK)
        return err.message[0] ? cli_fail("%s", err.message) : EXIT_FAILED;
    return refused ? EXIT_FINDINGS : EXIT_FINE;
}

static int run(const struct cli_args *args, const struct ov_check_options *options)
{
    struct ov_error err = {0};
    struct cli_input input;
    struct ov_check *check = ov_check_new(options, &err);
    if (!check)
        return cli_fail("%s", err.message);
    int code = EXIT_FAILED;
    enum ov_status status = cli_apply_settings(args, check, &err);
    if (cli_input_open(&input, args->operands[0], options->file_name, false)) {
        bool fine = status == OV_OK && feed_header(&input, check, &err);
        if (fine || err.status == OV_E_OPTION)
            code = answer(check, fine ? NULL : &err);
        else if (err.message[0])
            cli_fail("%s: %s", options->file_name, err.message);
        cli_input_close(&input);
    }
    ov_check_free(check);
    return code;
}

static int unknown_importer(const char *name)
{
    struct ov_error err = {0};
    struct cli_output output;
    if (!cli_output_open(&output, NULL) ||
        ov_dry_run_unknown_importer(ov_text_of(name), &output.sink, &err) != OV_OK)
        return EXIT_FAILED;
    return EXIT_FINDINGS;
}

static int dry_run(const struct cli_choice *choice)
{
    const struct cli_args *args = &choice->args;
    struct ov_check_options options = {.settings_only = true,
                                       .importer_required = true,
                                       .read = choice->vetting.options.read,
                                       .file_name = cli_name_of(args, args->operands[0])};
    const char *importer = cli_value(args, OPT_IMPORTER, NULL);
    options.importer = importer ? ov_importer_find(ov_text_of(importer)) : NULL;
    return run(args, &options);
}

int cmd_dry_run(const struct cli_args *args)
{
    struct cli_choices choices = {.args = args};
    const char *importer = cli_value(args, OPT_IMPORTER, NULL);
    if (args->operand_count != 1)
        return cli_fail("`orgvet dry-run` takes one file, or `-` for standard input");
    if (importer && !ov_importer_find(ov_text_of(importer)))
        return unknown_importer(importer);
    const struct cli_choice *choice = cli_choice_for(&choices, args->operands[0]);
    int code = choice ? dry_run(choice) : EXIT_FAILED;
    cli_choices_deinit(&choices);
    return code;
}
