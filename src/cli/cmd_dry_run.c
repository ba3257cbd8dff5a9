/* cli/cmd_dry_run.c: `orgvet dry-run`: what the import service would answer, offline. */
#include <stdlib.h>
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
    struct ov_error err = {.language = cli_language()};
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
    struct ov_error err = {0}; /* its message is a part of the service's answer: in English */
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

/* --- at a site --- */

/* The settings that were given, as the service is to have them; false after a message. */
static bool given_settings(const struct cli_args *args, struct cli_text *text)
{
    struct ov_error err = {.language = cli_language()};
    const struct ov_sink sink = cli_text_sink(text);
    struct ov_check *check = ov_check_new(&(struct ov_check_options){0}, &err);
    bool good = check && cli_apply_settings(args, check, &err) == OV_OK &&
                ov_check_given_settings(check, &sink, &err) == OV_OK;
    if (!good)
        cli_fail("%s", err.message);
    ov_check_free(check);
    return good;
}

/* Reads all of an input, so that there is a copy of what cannot be read twice. */
static bool read_through(struct cli_input *input)
{
    static char buf[64 * 1024];
    long n = 1;
    while (!input->seekable && n > 0)
        n = cli_input_read(input, buf, sizeof buf);
    cli_input_fail(input);
    return n >= 0;
}

static int ask(struct ov_client *client, const struct ov_client_work *work)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id;
    enum ov_status status = ov_client_schedule(client, work, &id, &err);
    struct ov_text answer = ov_client_refusal(client).object;
    if (status != OV_OK && (status != OV_E_REFUSED || !ov_client_refusal(client).errorcode.len))
        return cli_client_fail(&err);
    printf("%.*s\n", (int)answer.len, answer.ptr);
    int code = cli_finish();
    return code == EXIT_FINE && status != OV_OK ? EXIT_REFUSED : code;
}

static int ask_about_file(struct ov_client *client, const struct cli_args *args,
                          struct ov_client_work *work)
{
    struct cli_input input;
    char sha256[65];
    int code = EXIT_FAILED;
    if (!cli_input_open(&input, args->operands[0], cli_name_of(args, args->operands[0]), true))
        return EXIT_FAILED;
    if (read_through(&input))
        code = cli_upload(client, &input, &work->item, sha256);
    cli_input_close(&input);
    return code == EXIT_FINE ? ask(client, work) : code;
}

static int dry_run_at_site(const struct cli_args *args)
{
    struct cli_text settings = {0};
    uint64_t exportid;
    const char *importer = cli_value(args, OPT_IMPORTER, NULL);
    if (!cli_number(args, OPT_EXPORTID, 0, &exportid) || !given_settings(args, &settings))
        return EXIT_FAILED;
    struct ov_client_work work = {.tenant = cli_value(args, OPT_SITE_TENANT, NULL),
                                  .notenant = cli_has(args, OPT_NOTENANT),
                                  .exportid = (int64_t)exportid,
                                  .dry_run = true};
    if (importer) {
        const struct ov_importer *known = ov_importer_find(ov_text_of(importer));
        work.kind = ov_text_of(known ? ov_importer_class(known) : importer);
    }
    if (settings.len > 2)
        work.settings = (struct ov_text){settings.ptr, settings.len};
    struct ov_client *client = cli_client(args);
    int code = !client    ? EXIT_FAILED
               : exportid ? ask(client, &work)
                          : ask_about_file(client, args, &work);
    ov_client_free(client);
    free(settings.ptr);
    return code;
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
    bool at_site = cli_has(args, OPT_SITE), of_export = cli_has(args, OPT_EXPORTID);
    if (of_export && !at_site)
        return cli_fail("`--exportid` is known to a site alone: name it by --site");
    if (args->operand_count != (of_export ? 0u : 1u))
        return cli_fail(
            of_export ? OV_SAID("`dry-run --exportid` takes no file")
                      : OV_SAID("`orgvet dry-run` takes one file, or `-` for standard input"));
    if (!at_site && importer && !ov_importer_find(ov_text_of(importer)))
        return unknown_importer(importer);
    const struct cli_choice *choice = cli_choice_for(&choices, of_export ? "." : args->operands[0]);
    int code = EXIT_FAILED;
    if (choice)
        code = at_site ? dry_run_at_site(&choice->args) : dry_run(choice);
    cli_choices_deinit(&choices);
    return code;
}
