/* cli/cmd_dry_run.c: `orgvet dry-run`: the answer that the import service would give, offline. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_dry_run.h"
#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/mapping.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/site_dry_run.h"
#include "cli/vet.h"

/* Feeds a whole input into a check. False after a message if it cannot be read, otherwise with err
 * set. */
static bool feed(struct cli_input *input, struct ov_check *check, struct ov_error *err)
{
    static char buf[64 * 1024];
    long n;
    while ((n = cli_input_read(input, buf, sizeof buf)) > 0)
        if (ov_check_feed(check, buf, (size_t)n, err) != OV_OK)
            return false;
    cli_input_fail(input);
    return n >= 0 && ov_check_finish(check, err) == OV_OK;
}

struct ov_check *cli_dry_run_read(const struct cli_choice *choice, struct cli_input *input,
                                  struct ov_error *err)
{
    const struct cli_args *args = &choice->args;
    const char *importer = cli_value(args, OPT_IMPORTER, NULL);
    const struct ov_check_options options = {
        .importer = importer ? ov_importer_find(ov_text_of(importer)) : NULL,
        .importer_required = true,
        .keep_for_reread = true,
        .threads = choice->vetting.options.threads,
        .read = choice->vetting.options.read,
        .accept_mapping = cli_has(args, OPT_ACCEPT_MAPPING),
        .file_name = input->name};
    struct ov_check *check = ov_check_new(&options, err);
    if (check && cli_apply_settings(args, check, err) == OV_OK &&
        cli_apply_layout(args, check, err) == OV_OK && feed(input, check, err))
        return check;
    ov_check_free(check);
    return NULL;
}

void cli_dry_run_note(const struct cli_input *input, const struct ov_check *check)
{
    if (ov_check_result(check)->severities[OV_ERROR])
        cli_note("%s: a dry run does not check rows; run `orgvet check` to find errors in them",
                 input->name);
}

static int fail(const struct cli_input *input, const struct ov_error *err)
{
    return err->message[0] ? cli_fail("%s: %s", input->name, err->message) : EXIT_FAILED;
}

/* --- offline --- */

/* Prints the answer for a check, or if check is NULL for the failure of its settings; returns the
 * exit code. */
static int answer(struct cli_input *input, struct ov_check *check, const struct ov_error *failure)
{
    struct ov_error err = {0}, why = {.language = cli_language()};
    struct cli_output output;
    struct ov_form *upload = NULL;
    bool refused;
    if (!cli_output_open(&output, NULL))
        return EXIT_FAILED;
    if (check && ov_check_has_columns(check)) {
        if (!cli_can_read_again(input))
            return EXIT_FAILED;
        if (!(upload = ov_form_new(check, &input->source, &why)))
            return fail(input, &why);
    }
    enum ov_status status = upload ? ov_form_dry_run(upload, &output.sink, &refused, &err)
                                   : ov_check_dry_run(check, failure, &output.sink, &refused, &err);
    struct ov_text reasons = upload ? ov_form_reasons_text(upload) : (struct ov_text){0};
    if (status == OV_OK && !refused && reasons.len)
        cli_note("%s: these are the settings for the canonical form, which `submit` would upload "
                 "because the site would read the file itself differently: %.*s",
                 input->name, (int)reasons.len, reasons.ptr);
    if (status == OV_OK && !refused)
        cli_dry_run_note(input, check);
    ov_form_free(upload);
    if (status != OV_OK)
        return fail(input, &err);
    return refused ? EXIT_FINDINGS : EXIT_FINE;
}

static int unknown_importer(const char *name)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    if (!cli_output_open(&output, NULL) ||
        ov_dry_run_unknown_importer(ov_text_of(name), &output.sink, &err) != OV_OK)
        return EXIT_FAILED;
    return EXIT_FINDINGS;
}

/* --- the command --- */

static int answer_offline(const struct cli_choice *choice, struct cli_input *input)
{
    struct ov_error err = {0};
    struct ov_check *check = cli_dry_run_read(choice, input, &err);
    int code = check || err.status == OV_E_OPTION ? answer(input, check, check ? NULL : &err)
                                                  : fail(input, &err);
    ov_check_free(check);
    return code;
}

int cmd_dry_run(const struct cli_args *args)
{
    struct cli_choices choices = {.args = args};
    struct cli_input input;
    const char *importer = cli_value(args, OPT_IMPORTER, NULL);
    bool at_site = cli_has(args, OPT_SITE), of_export = cli_has(args, OPT_EXPORTID);
    if (of_export && !at_site)
        return cli_fail(
            "`--exportid` refers to an export on a site: specify the site with `--site`");
    if (args->operand_count != (of_export ? 0u : 1u))
        return cli_fail(of_export
                            ? OV_N_("`dry-run --exportid` takes no file")
                            : OV_N_("`orgvet dry-run` takes one file, or `-` for standard input"));
    if (!at_site && importer && !ov_importer_find(ov_text_of(importer)))
        return unknown_importer(importer);
    struct cli_choice *choice =
        of_export ? cli_choice_for(&choices, ".") : cli_choice_to_read(&choices, args->operands[0]);
    const char *path = choice && !of_export ? choice->args.operands[0] : NULL;
    int code = EXIT_FAILED;
    if (choice && of_export)
        code = cli_site_dry_run(&choices, choice, NULL);
    else if (choice && cli_input_open(&input, path, cli_name_of(&choice->args, path), true)) {
        code =
            at_site ? cli_site_dry_run(&choices, choice, &input) : answer_offline(choice, &input);
        cli_input_close(&input);
    }
    cli_choices_deinit(&choices);
    return code;
}
