/* cli/baseline.c: --baseline and --write-baseline. */
#include <stdlib.h>
#include <string.h>

#include "cli/baseline.h"
#include "cli/args.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/paths.h"
#include "cli/vet.h"

enum { LARGEST = 1 << 30, /* bytes of a baseline file */ GONE_SHOWN = 10 };

/* The name of a vetted file in a baseline: its path relative to the baseline's folder, so that it
 * does not depend on where orgvet runs. NULL after a message; the caller frees it. */
static char *name_in(const char *folder, const struct cli_input *input)
{
    return cli_path_in(folder, strcmp(input->path, "-") == 0 ? input->name : input->path);
}

static bool read_known(struct cli_baseline *baseline)
{
    struct ov_error err = {.language = cli_language()};
    size_t len = 0;
    char *json = cli_read_file(baseline->read, LARGEST, &len);
    if (!json)
        return false;
    baseline->known = ov_baseline_new(&err);
    if (baseline->known)
        err.status = ov_baseline_read(baseline->known, (struct ov_text){json, len}, &err);
    free(json);
    if (err.message[0])
        cli_fail("`%s` cannot be used as a baseline: %s", baseline->read, err.message);
    return err.status == OV_OK && (baseline->read_folder = cli_folder_of(baseline->read));
}

bool cli_baseline_init(struct cli_baseline *baseline, const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    *baseline =
        (struct cli_baseline){.read = cli_value(args, OPT_BASELINE, NULL),
                              .write = cli_value(args, OPT_WRITE_BASELINE, NULL),
                              .quiet = cli_has(args, OPT_QUIET),
                              .redact = cli_has(args, OPT_REDACT) || cli_has(args, OPT_REDACT_KEY)};
    if (baseline->read && !read_known(baseline))
        return false;
    if (!baseline->write)
        return true;
    if (cli_has(args, OPT_REDACT) && !cli_has(args, OPT_REDACT_KEY)) {
        cli_fail(
            "`--write-baseline` with `--redact` needs `--redact-key`: with a random key no later "
            "run would recognise the findings");
        return false;
    }
    if (strcmp(baseline->write, "-") == 0 || cli_is_read(args, baseline->write)) {
        cli_fail("`--write-baseline` must write to a separate file, not `%s`", baseline->write);
        return false;
    }
    baseline->found = ov_baseline_new(&err);
    if (!baseline->found)
        cli_fail("%s", err.message);
    return baseline->found && (baseline->write_folder = cli_folder_of(baseline->write));
}

void cli_baseline_deinit(struct cli_baseline *baseline)
{
    ov_baseline_free(baseline->known);
    ov_baseline_free(baseline->found);
    free(baseline->read_folder);
    free(baseline->write_folder);
    *baseline = (struct cli_baseline){0};
}

static void note_gone(const struct cli_input *input, struct ov_text code, struct ov_text message)
{
    cli_note("%s: gone since the baseline: %.*s%s%.*s", input->name, (int)code.len, code.ptr,
             message.len ? ": " : "", (int)message.len, message.len ? message.ptr : "");
}

/* Notes how many findings are known and which of the baseline no longer occur. */
static void note_known_and_gone(const struct cli_baseline *baseline, const struct cli_input *input,
                                struct ov_text name, uint64_t known)
{
    struct ov_text code, message;
    size_t index = 0;
    uint64_t gone = 0;
    if (known)
        cli_note(known == 1 ? OV_N_("%s: %llu known finding in the baseline not shown")
                            : OV_N_("%s: %llu known findings in the baseline not shown"),
                 input->name, (unsigned long long)known);
    while (ov_baseline_next_gone(baseline->known, name, &index, &code, &message)) {
        if (baseline->redact)
            message.len = 0;
        if (gone++ < GONE_SHOWN)
            note_gone(input, code, message);
    }
    if (gone > GONE_SHOWN)
        cli_note("%s: %llu more gone since the baseline", input->name,
                 (unsigned long long)(gone - GONE_SHOWN));
    if (gone)
        cli_note("%s: use `--write-baseline %s` to remove findings that no longer occur",
                 input->name, baseline->read);
}

static bool hide_known(struct cli_baseline *baseline, const struct cli_input *input,
                       struct ov_check *check, struct ov_error *err)
{
    uint64_t known;
    char *name = name_in(baseline->read_folder, input);
    bool fine =
        name && ov_check_hide(check, baseline->known, ov_text_of(name), &known, err) == OV_OK;
    if (fine && !baseline->quiet)
        note_known_and_gone(baseline, input, ov_text_of(name), known);
    free(name);
    return fine;
}

static bool add_all(struct cli_baseline *baseline, const struct cli_input *input,
                    struct ov_check *check, struct ov_error *err)
{
    uint64_t known;
    char *name = name_in(baseline->write_folder, input);
    bool fine = name && ov_baseline_add(baseline->found, check, ov_text_of(name), err) == OV_OK &&
                ov_check_hide(check, baseline->found, ov_text_of(name), &known, err) == OV_OK;
    if (fine)
        baseline->count += known;
    free(name);
    return fine;
}

bool cli_baseline_apply(struct cli_baseline *baseline, const struct cli_input *input,
                        struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    bool fine = true;
    if (baseline->write)
        fine = add_all(baseline, input, check, &err);
    else if (baseline->read)
        fine = hide_known(baseline, input, check, &err);
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    return fine;
}

bool cli_baseline_finish(struct cli_baseline *baseline)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    if (!baseline->write)
        return true;
    if (!cli_output_open(&output, baseline->write))
        return false;
    bool done = ov_baseline_write(baseline->found, &output.sink, &err) == OV_OK;
    if (err.message[0])
        cli_fail("%s", err.message);
    if (!cli_output_close(&output, done) || !done)
        return false;
    if (!baseline->quiet)
        cli_note(
            baseline->count == 1
                ? OV_N_("%s: %llu finding written; `--baseline %s` now reports only new ones")
                : OV_N_("%s: %llu findings written; `--baseline %s` now reports only new ones"),
            baseline->write, (unsigned long long)baseline->count, baseline->write);
    if (!baseline->quiet && !baseline->redact && baseline->count)
        cli_note(
            "%s: its messages contain cell values: store it only where the checked file itself "
            "may be stored, or write it with `--redact-key`",
            baseline->write);
    return true;
}
