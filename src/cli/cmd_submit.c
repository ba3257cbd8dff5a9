/* cli/cmd_submit.c: `orgvet submit`: vets, uploads, compares, schedules, waits and reports. */
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/site.h"
#include "cli/vet.h"

enum { RECEIPT_MAX = 64 * 1024 };

struct submission {
    struct cli_choices *choices;
    const struct cli_args *args;
    struct ov_client *client;
    struct ov_client_work work;
    unsigned differences;
};

/* Sets the tenant options. */
static void fill_work(struct submission *submission)
{
    submission->work.tenant = cli_value(submission->args, OPT_SITE_TENANT, NULL);
    submission->work.notenant = cli_has(submission->args, OPT_NOTENANT);
}

static void put_difference(void *ctx, const char *key, const char *here, const char *there)
{
    struct submission *submission = ctx;
    if (submission->differences++ == 0)
        cli_note("the site would use different settings from those the file was vetted with:");
    cli_note("  %s: `%s` here, `%s` on the site", key, here, there);
}

/* The source file's SHA-256 in a receipt, "" on failure; false after a message. */
static bool read_receipt(const char *path, char sha256[65])
{
    static const char key[] = "\"source_sha256\":\"";
    size_t len;
    char *text = cli_read_file(path, RECEIPT_MAX, &len);
    sha256[0] = '\0';
    for (size_t i = 0; text && i + sizeof key - 1 + 64 <= len; i++) {
        if (memcmp(text + i, key, sizeof key - 1) != 0)
            continue;
        memcpy(sha256, text + i + sizeof key - 1, 64);
        sha256[64] = '\0';
    }
    if (text && !sha256[0])
        cli_fail("`%s` is not a receipt from `orgvet emit`", path);
    free(text);
    return sha256[0] != '\0';
}

/* Requests a dry run and compares its settings with `here`, if not empty. EXIT_FINE if they are the
 * same. */
static int compare(struct submission *submission, struct ov_text here)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id;
    submission->work.dry_run = true;
    enum ov_status status = ov_client_schedule(submission->client, &submission->work, &id, &err);
    submission->work.dry_run = false;
    if (status != OV_OK)
        return cli_client_fail(&err);
    if (here.len == 0)
        return EXIT_FINE;
    if (ov_settings_compare(here, ov_client_settings(submission->client), put_difference,
                            submission, &err) != OV_OK)
        return cli_fail("cannot read the site's settings: %s", err.message);
    if (submission->differences == 0)
        return EXIT_FINE;
    cli_fail("nothing was scheduled; use --map, --identifier or --settings to set the values to "
             "use");
    return EXIT_REFUSED;
}

static int schedule(struct submission *submission)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id;
    if (ov_client_schedule(submission->client, &submission->work, &id, &err) != OV_OK)
        return cli_client_fail(&err);
    if (cli_has(submission->args, OPT_NO_WAIT)) {
        printf("%lld\n", (long long)id);
        return cli_finish();
    }
    printf(cli_say("import %lld was scheduled\n"), (long long)id);
    fflush(stdout);
    int code = cli_wait(submission->client, submission->args, false, id);
    if (code != EXIT_FINE && code != EXIT_REFUSED)
        return code;
    if (!cli_print_log(submission->client, id, &err) && err.status == OV_E_REFUSED)
        cli_note("the site does not provide its log to programs; see import %lld on the site",
                 (long long)id);
    else if (err.status != OV_OK)
        return cli_client_fail(&err);
    if (code == EXIT_FINE)
        printf("%s\n", cli_say("imported"));
    int finished = cli_finish();
    if (code != EXIT_FINE)
        cli_fail("import %lld failed", (long long)id);
    return finished == EXIT_FINE ? code : finished;
}

/* Uploads the file, and schedules the import if what was sent is what was vetted. */
static int submit_form(struct submission *submission, const struct cli_form *form)
{
    char sha256[65];
    const struct ov_check *check = ov_form_check(form->upload);
    struct ov_text settings = ov_form_settings(form->upload);
    submission->work.kind = ov_text_of(ov_importer_class(ov_check_result(check)->importer));
    if (settings.len > 2)
        submission->work.settings = settings;
    int code = cli_upload(submission->client, form->input, &submission->work.item, sha256);
    if (code != EXIT_FINE)
        return code;
    if (strcmp(sha256, ov_check_sha256(check)) != 0)
        return cli_fail("`%s` changed after it was vetted; nothing was scheduled",
                        form->input->name);
    code = compare(submission, ov_check_result(check)->settings);
    return code == EXIT_FINE ? schedule(submission) : code;
}

/* Vets the form to be uploaded as the site will read it; EXIT_FINE if it has no errors. */
static int vet_form(const struct cli_vetting *vetting, const struct cli_form *form)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_soundness soundness;
    if (ov_form_vet(form->upload, &form->input->source, &err) != OV_OK ||
        ov_check_soundness(ov_form_check(form->upload), &soundness, &err) != OV_OK)
        return cli_fail("%s: %s", form->input->name, err.message);
    if (!soundness.errors)
        return EXIT_FINE;
    if (!cli_print_findings(vetting, form->input, ov_form_check(form->upload), false))
        return EXIT_FAILED;
    cli_note("nothing was submitted: the site reads the file by its own settings only and would "
             "refuse it because of these errors");
    return EXIT_FINDINGS;
}

/* Whether the receipt, if given, is for this file; false after a message. */
static bool has_receipt(const struct submission *submission, const struct cli_input *input,
                        const struct ov_check *check)
{
    char receipt[65];
    const char *path = cli_value(submission->args, OPT_SUBMIT_RECEIPT, NULL);
    if (!path)
        return true;
    if (!read_receipt(path, receipt))
        return false;
    if (strcmp(receipt, ov_check_sha256(check)) == 0)
        return true;
    cli_fail("`%s` is not the file the receipt was issued for, or it has changed since",
             input->name);
    return false;
}

/* Submits a vetted file in the form that the site reads as it was vetted. */
static int submit_input(struct submission *submission, const struct cli_vetting *vetting,
                        struct cli_input *input, struct ov_check *check)
{
    struct cli_form form;
    if (!cli_encoding_is_sure(input, check) || !has_receipt(submission, input, check))
        return EXIT_FAILED;
    int code = cli_form_init(&form, input, check);
    if (code == EXIT_FINE)
        code = vet_form(vetting, &form);
    if (code == EXIT_FINE)
        code = submit_form(submission, &form);
    cli_form_deinit(&form);
    return code;
}

/* The rule of the first error that --severity would have lowered; NULL: none. */
static const struct ov_rule *lowered_error(const struct cli_args *args, struct ov_check *check)
{
    struct ov_finding finding;
    ov_check_rewind(check);
    while (ov_check_next(check, &finding) == OV_OK && finding.rule)
        if (finding.severity == OV_ERROR && cli_severity(args, finding.rule->code) < OV_ERROR)
            return finding.rule;
    return NULL;
}

/* Prints the findings; EXIT_FINE if the file can be imported. */
static int check_importable(struct cli_choice *choice, struct cli_input *input,
                            struct ov_check *check)
{
    struct ov_soundness soundness;
    struct ov_error err = {.language = cli_language()};
    if (ov_check_result(check)->importer_assumed) {
        struct cli_output output;
        bool refused;
        cli_output_standard(&output, 2);
        if (ov_check_dry_run(check, NULL, &output.sink, &refused, &err) != OV_OK)
            return cli_fail("%s", err.message);
        return EXIT_FINDINGS;
    }
    if (ov_check_soundness(check, &soundness, &err) != OV_OK)
        return cli_fail("%s", err.message);
    if (!cli_print_findings(&choice->vetting, input, check, false))
        return EXIT_FAILED;
    if (!soundness.errors)
        return EXIT_FINE;
    const struct ov_rule *lowered = lowered_error(&choice->args, check);
    if (lowered)
        cli_note(
            "nothing was submitted: the site would refuse %s (%s), regardless of `--severity` or "
            "the configuration",
            lowered->code, lowered->name);
    else
        cli_note("nothing was submitted");
    return EXIT_FINDINGS;
}

static int submit_file(struct submission *submission, struct cli_choice *choice)
{
    struct cli_input input;
    struct ov_check *check;
    choice->vetting.options.importer_required = choice->vetting.for_site = true;
    if (cli_vet(&choice->vetting, submission->args->operands[0], &input, &check) != CLI_VETTED)
        return EXIT_FAILED;
    int code = check_importable(choice, &input, check);
    if (code == EXIT_FINE) {
        submission->client = cli_client(submission->choices, submission->args);
        code = submission->client ? submit_input(submission, &choice->vetting, &input, check)
                                  : EXIT_FAILED;
    }
    ov_check_free(check);
    cli_input_close(&input);
    return code;
}

static int submit_export(struct submission *submission)
{
    uint64_t id;
    if (!cli_number(submission->args, OPT_EXPORTID, 0, &id))
        return EXIT_FAILED;
    submission->work.exportid = (int64_t)id;
    submission->client = cli_client(submission->choices, submission->args);
    int code = submission->client ? compare(submission, (struct ov_text){0}) : EXIT_FAILED;
    return code == EXIT_FINE ? schedule(submission) : code;
}

int cmd_submit(const struct cli_args *args)
{
    struct cli_choices choices = {.args = args};
    bool of_export = cli_has(args, OPT_EXPORTID);
    if (args->operand_count != (of_export ? 0u : 1u))
        return cli_fail(of_export ? OV_N_("`submit --exportid` takes no file")
                                  : OV_N_("`submit` takes one file, or `-` for standard input"));
    struct cli_choice *choice = cli_choice_to_read(&choices, of_export ? "." : args->operands[0]);
    int code = EXIT_FAILED;
    if (choice) {
        struct submission submission = {.choices = &choices, .args = &choice->args};
        fill_work(&submission);
        code = of_export ? submit_export(&submission) : submit_file(&submission, choice);
        ov_client_free(submission.client);
    }
    cli_choices_deinit(&choices);
    return code;
}
