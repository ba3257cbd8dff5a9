/* cli/cmd_dry_run.c: `orgvet dry-run`: what the import service would answer, offline. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* Reads all of an input into a check; false when it could not be read, after a message, or on a
 * failure, which err has. */
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

/* The check that is asked about, as `submit` would make it but for what is a matter of rows. err is
 * in English: its message becomes a part of the service's answer. NULL on failure. */
static struct ov_check *read_file(const struct cli_choice *choice, struct cli_input *input,
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
        .file_name = input->name};
    struct ov_check *check = ov_check_new(&options, err);
    if (check && cli_apply_settings(args, check, err) == OV_OK &&
        cli_apply_root_markers(args, check, err) == OV_OK && feed(input, check, err))
        return check;
    ov_check_free(check);
    return NULL;
}

/* What is worth knowing beside the answer, which is about settings alone. */
static void add_note(const struct cli_input *input, const struct ov_check *check)
{
    if (ov_check_result(check)->severities[OV_ERROR])
        cli_note("%s: a dry run does not look at rows; `orgvet check` finds errors in them",
                 input->name);
}

static int fail(const struct cli_input *input, const struct ov_error *err)
{
    return err->message[0] ? cli_fail("%s: %s", input->name, err->message) : EXIT_FAILED;
}

/* --- offline --- */

/* Answers for a check, or for what made its settings fail. */
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
        cli_note("%s: these are the settings for the canonical form, which `submit` would upload, "
                 "since the site would not read the file itself as it is read here: %.*s",
                 input->name, (int)reasons.len, reasons.ptr);
    if (status == OV_OK && !refused)
        add_note(input, check);
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

/* --- at a site --- */

/* Prints the site's JSON as it came, on one line: control characters, which JSON has no use for but
 * between values, become spaces. */
static void print_answer(struct ov_text answer)
{
    for (size_t i = 0; i < answer.len; i++) {
        unsigned char c = (unsigned char)answer.ptr[i];
        unsigned char next = i + 1 < answer.len ? (unsigned char)answer.ptr[i + 1] : 0;
        bool c1 = c == 0xC2 && next >= 0x80 && next <= 0x9F;
        putchar(c < 0x20 || c == 0x7F || c1 ? ' ' : c);
        i += c1;
    }
    putchar('\n');
}

static int ask(struct ov_client *client, const struct ov_client_work *work)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id;
    enum ov_status status = ov_client_schedule(client, work, &id, &err);
    struct ov_text answer = ov_client_refusal(client).object;
    if (status != OV_OK && (status != OV_E_REFUSED || !ov_client_refusal(client).errorcode.len))
        return cli_client_fail(&err);
    print_answer(answer);
    int code = cli_finish();
    return code == EXIT_FINE && status != OV_OK ? EXIT_REFUSED : code;
}

/* The work that the options say, but for the file. False after a message. */
static bool work_of(const struct cli_args *args, struct ov_client_work *work)
{
    uint64_t exportid;
    const char *importer = cli_value(args, OPT_IMPORTER, NULL);
    const struct ov_importer *known = importer ? ov_importer_find(ov_text_of(importer)) : NULL;
    if (!cli_number(args, OPT_EXPORTID, 0, &exportid))
        return false;
    *work = (struct ov_client_work){.tenant = cli_value(args, OPT_SITE_TENANT, NULL),
                                    .notenant = cli_has(args, OPT_NOTENANT),
                                    .exportid = (int64_t)exportid,
                                    .dry_run = true};
    if (importer)
        work->kind = ov_text_of(known ? ov_importer_class(known) : importer);
    return true;
}

/* Uploads what `submit` would upload, and asks about it with what `submit` would send. */
static int ask_about_form(struct ov_client *client, struct ov_client_work *work,
                          struct cli_input *input, struct ov_check *check)
{
    struct cli_form form;
    char sha256[65];
    int code = cli_form_init(&form, input, check);
    if (code == EXIT_FINE)
        code = cli_upload(client, form.input, &work->item, sha256);
    if (code == EXIT_FINE) {
        work->kind = ov_text_of(ov_importer_class(ov_check_result(check)->importer));
        if (ov_form_settings(form.upload).len > 2)
            work->settings = ov_form_settings(form.upload);
        code = ask(client, work);
    }
    if (code == EXIT_FINE)
        add_note(input, check);
    cli_form_deinit(&form);
    return code;
}

/* Asks about the file as it is: one that orgvet itself would refuse for its settings, or of which
 * it cannot say what it is. */
static int ask_about_bytes(struct ov_client *client, struct ov_client_work *work,
                           struct cli_input *input, const struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_text settings = {0};
    const struct ov_sink sink = cli_text_sink(&settings);
    char sha256[65];
    int code = EXIT_FAILED;
    if (ov_check_has_columns(check))
        work->kind = ov_text_of(ov_importer_class(ov_check_result(check)->importer));
    if (ov_check_given_settings(check, &sink, &err) != OV_OK)
        cli_fail("%s", err.message);
    else
        code = cli_upload(client, input, &work->item, sha256);
    if (settings.len > 2)
        work->settings = (struct ov_text){settings.ptr, settings.len};
    if (code == EXIT_FINE)
        code = ask(client, work);
    free(settings.ptr);
    return code;
}

/* Whether orgvet itself would accept the settings. */
static bool accepts(struct ov_check *check)
{
    struct ov_error err = {0};
    struct cli_text text = {0};
    const struct ov_sink sink = cli_text_sink(&text);
    bool refused = true;
    bool known = ov_check_has_columns(check) &&
                 ov_check_dry_run(check, NULL, &sink, &refused, &err) == OV_OK;
    free(text.ptr);
    return known && !refused;
}

/* --- the command --- */

static int answer_here(const struct cli_choice *choice, struct cli_input *input)
{
    struct ov_error err = {0};
    struct ov_check *check = read_file(choice, input, &err);
    int code = check || err.status == OV_E_OPTION ? answer(input, check, check ? NULL : &err)
                                                  : fail(input, &err);
    ov_check_free(check);
    return code;
}

static int answer_there(struct cli_choices *choices, const struct cli_choice *choice,
                        struct cli_input *input, struct ov_client_work *work)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_check *check = read_file(choice, input, &err);
    struct ov_client *client = check ? cli_client(choices, &choice->args) : NULL;
    int code = EXIT_FAILED;
    if (!check)
        code = fail(input, &err);
    else if (client && accepts(check))
        code = ask_about_form(client, work, input, check);
    else if (client)
        code = ask_about_bytes(client, work, input, check);
    ov_client_free(client);
    ov_check_free(check);
    return code;
}

static int about_export(struct cli_choices *choices, const struct cli_choice *choice,
                        const struct ov_client_work *work)
{
    struct ov_client *client = cli_client(choices, &choice->args);
    int code = client ? ask(client, work) : EXIT_FAILED;
    ov_client_free(client);
    return code;
}

static int about_file(struct cli_choices *choices, const struct cli_choice *choice,
                      struct ov_client_work *work, bool at_site)
{
    struct cli_input input;
    const struct cli_args *args = &choice->args;
    if (!cli_input_open(&input, args->operands[0], cli_name_of(args, args->operands[0]), true))
        return EXIT_FAILED;
    int code = at_site ? answer_there(choices, choice, &input, work) : answer_here(choice, &input);
    cli_input_close(&input);
    return code;
}

int cmd_dry_run(const struct cli_args *args)
{
    struct cli_choices choices = {.args = args};
    struct ov_client_work work;
    const char *importer = cli_value(args, OPT_IMPORTER, NULL);
    bool at_site = cli_has(args, OPT_SITE), of_export = cli_has(args, OPT_EXPORTID);
    if (of_export && !at_site)
        return cli_fail("`--exportid` is known to a site alone: name it by --site");
    if (args->operand_count != (of_export ? 0u : 1u))
        return cli_fail(of_export
                            ? OV_N_("`dry-run --exportid` takes no file")
                            : OV_N_("`orgvet dry-run` takes one file, or `-` for standard input"));
    if (!at_site && importer && !ov_importer_find(ov_text_of(importer)))
        return unknown_importer(importer);
    const struct cli_choice *choice = cli_choice_for(&choices, of_export ? "." : args->operands[0]);
    int code = EXIT_FAILED;
    if (choice && work_of(&choice->args, &work))
        code = of_export ? about_export(&choices, choice, &work)
                         : about_file(&choices, choice, &work, at_site);
    cli_choices_deinit(&choices);
    return code;
}
