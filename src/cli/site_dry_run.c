/* cli/site_dry_run.c: `orgvet dry-run --site`: the answer of a site to a dry run. */
#include <stdlib.h>

#include "cli/site_dry_run.h"
#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/cmd_dry_run.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/site.h"

/* Prints the site's JSON on one line. Control characters, which valid JSON has only as white space
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

static int ask_site(struct ov_client *client, const struct ov_client_work *work)
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

/* The work described by the options, without the file; false after a message. */
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

/* Uploads the form that `submit` would upload, and requests a dry run with the same settings. */
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
        code = ask_site(client, work);
    }
    if (code == EXIT_FINE)
        cli_dry_run_note(input, check);
    cli_form_deinit(&form);
    return code;
}

/* Requests a dry run of the file as it is, when orgvet itself would refuse its settings or does not
 * recognise its columns. */
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
        code = ask_site(client, work);
    free(settings.ptr);
    return code;
}

/* Whether orgvet itself would accept the settings. */
static bool accepts_settings(struct ov_check *check)
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

static int ask_about_file(struct cli_choices *choices, const struct cli_choice *choice,
                          struct cli_input *input, struct ov_client_work *work)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_check *check = cli_dry_run_read(choice, input, &err);
    struct ov_client *client = check ? cli_client(choices, &choice->args) : NULL;
    int code = EXIT_FAILED;
    if (!check)
        code = err.message[0] ? cli_fail("%s: %s", input->name, err.message) : EXIT_FAILED;
    else if (client && accepts_settings(check))
        code = ask_about_form(client, work, input, check);
    else if (client)
        code = ask_about_bytes(client, work, input, check);
    ov_client_free(client);
    ov_check_free(check);
    return code;
}

static int ask_about_export(struct cli_choices *choices, const struct cli_choice *choice,
                            const struct ov_client_work *work)
{
    struct ov_client *client = cli_client(choices, &choice->args);
    int code = client ? ask_site(client, work) : EXIT_FAILED;
    ov_client_free(client);
    return code;
}

int cli_site_dry_run(struct cli_choices *choices, const struct cli_choice *choice,
                     struct cli_input *input)
{
    struct ov_client_work work;
    if (!work_of(&choice->args, &work))
        return EXIT_FAILED;
    return input ? ask_about_file(choices, choice, input, &work)
                 : ask_about_export(choices, choice, &work);
}
