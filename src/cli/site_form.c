/* cli/site_form.c: the form in which a file is uploaded: the file itself, or its canonical form in
 * a temporary file. */
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/site.h"
#include "cli/vet.h"

/* Writes the canonical form to a temporary file; returns the exit code. */
static int write_canonical(struct cli_form *form, const struct cli_input *file)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_sink sink;
    if (!cli_input_make(&form->canonical, file->name, &sink))
        return EXIT_FAILED;
    form->input = &form->canonical;
    if (ov_form_write(form->upload, &sink, &err) == OV_OK)
        return EXIT_FINE;
    cli_fail("%s: %s", file->name, err.message);
    return err.status == OV_E_OPTION ? EXIT_FINDINGS : EXIT_FAILED;
}

int cli_form_init(struct cli_form *form, struct cli_input *file, struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    *form = (struct cli_form){.input = file};
    if (!cli_can_read_again(file))
        return EXIT_FAILED;
    form->upload = ov_form_new(check, &file->source, &err);
    if (!form->upload)
        return cli_fail("%s: %s", file->name, err.message);
    if (!ov_form_reasons(form->upload))
        return EXIT_FINE;
    struct ov_text reasons = ov_form_reasons_text(form->upload);
    cli_note("%s: the site receives the canonical form (UTF-8, commas, the importer's own "
             "columns), because it would read the file itself differently: %.*s",
             file->name, (int)reasons.len, reasons.ptr);
    return write_canonical(form, file);
}

void cli_form_deinit(struct cli_form *form)
{
    if (form->input == &form->canonical)
        cli_input_close(&form->canonical);
    ov_form_free(form->upload);
    *form = (struct cli_form){0};
}
