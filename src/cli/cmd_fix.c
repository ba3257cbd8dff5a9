/* cli/cmd_fix.c: `orgvet fix`: fixes simple problems. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/paths.h"
#include "cli/vet.h"

struct fixing {
    const struct cli_args *args;
    struct cli_choices choices;
    struct ov_fix_options options;
    const char *copy; /* borrowed: the file of --output, for the fixed version; NULL: not given */
    bool write, color;
};

static bool parse_options(struct fixing *fixing)
{
    const struct cli_args *args = fixing->args;
    uint64_t confidence;
    fixing->write = cli_has(args, OPT_WRITE);
    fixing->copy = cli_value(args, OPT_FIXED_OUTPUT, NULL);
    fixing->options = (struct ov_fix_options){.unsafe = cli_has(args, OPT_UNSAFE),
                                              .sort = cli_has(args, OPT_SORT)};
    if (!cli_number(args, OPT_CONFIDENCE, 75, &confidence) ||
        !cli_color(args, STDOUT_FILENO, &fixing->color))
        return false;
    if (cli_has(args, OPT_CONFIDENCE) && !fixing->options.unsafe) {
        cli_fail("`--confidence` needs `--unsafe`: it sets the minimum confidence for guesses");
        return false;
    }
    if (confidence < 1 || confidence > 100) {
        cli_fail("`--confidence` takes a percentage from 1 to 100");
        return false;
    }
    fixing->options.confidence = (unsigned)confidence;
    if (fixing->write && fixing->copy) {
        cli_fail("`--write` and `--output` cannot be combined: `--write` changes the file itself, "
                 "`--output` writes another file");
        return false;
    }
    if (fixing->copy && args->operand_count > 1) {
        cli_fail("`--output` can only take the fixed version of a single file: specify exactly one "
                 "FILE");
        return false;
    }
    if (fixing->copy && cli_is_workbook_name(fixing->copy)) {
        cli_fail("the fixed file is CSV: `--output` needs another name than `%s`", fixing->copy);
        return false;
    }
    if (fixing->copy && cli_is_read(args, fixing->copy)) {
        cli_fail("`%s` is an input file: use `--write` to change it", fixing->copy);
        return false;
    }
    return true;
}

/* Writes the fixed file, or the patch; returns the exit code. */
static int write_fixed(const struct fixing *fixing, struct ov_fix *fix, struct cli_input *input)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    const char *path = fixing->write ? input->path : fixing->copy;
    bool fixed = fixing->write || fixing->copy, done;
    bool in_place = fixing->write && strcmp(path, "-") != 0;
    if (in_place && !ov_fix_is_needed(fix))
        return EXIT_FINE; /* there is nothing to fix */
    if (in_place && input->about.st_nlink > 1 && !cli_has(fixing->args, OPT_BREAK_LINKS)) {
        cli_fail("`%s` has other hard links, which would keep the old content: `--break-links` "
                 "changes the file under this name only, `--output` writes another file",
                 input->name);
        return EXIT_FAILED;
    }
    if (!cli_output_open(&output, path))
        return EXIT_FAILED;
    output.before = in_place && output.temporary ? &input->about : NULL;
    if (in_place && output.temporary && !output.keeps) {
        cli_fail("`%s`: owner, group, access control list or extended attributes could not be "
                 "preserved; use `--output` to write another file",
                 input->name);
        cli_output_close(&output, false);
        return EXIT_FAILED;
    }
    if (!fixed)
        cli_output_guard(&output, CLI_GUARD_TEXT);
    if (fixed) {
        done = ov_fix_write(fix, &output.sink, &err) == OV_OK;
    } else {
        const struct ov_patch_options options = {.name = ov_text_of(input->name),
                                                 .color = fixing->color,
                                                 .escape = isatty(STDOUT_FILENO) == 1 ||
                                                           output.guard != CLI_GUARD_NONE};
        done = ov_fix_write_patch(fix, &options, &output.sink, &err) == OV_OK;
    }
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    bool broken_pipe = output.broken_pipe;
    if (in_place)
        cli_input_release(input); /* Windows replaces no file that is open */
    if (cli_output_close(&output, done) && done)
        return EXIT_FINE;
    return broken_pipe ? EXIT_PIPE : EXIT_FAILED;
}

static int print_summary(const struct fixing *fixing, const struct ov_fix *fix,
                         const struct cli_input *input)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    if (cli_has(fixing->args, OPT_QUIET))
        return EXIT_FINE;
    cli_output_standard(&output, STDERR_FILENO);
    cli_output_guard(&output, CLI_GUARD_TEXT);
    if (ov_fix_write_summary(fix, ov_text_of(input->name), fixing->write || fixing->copy,
                             &output.sink, &err) == OV_OK)
        return EXIT_FINE;
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    return EXIT_FAILED;
}

static int fix_vetted(struct fixing *fixing, const struct cli_vetting *vetting,
                      struct cli_input *input, struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    if (!cli_encoding_is_sure(input, check) || !cli_can_read_again(input))
        return EXIT_FAILED;
    struct ov_fix *fix = ov_fix_new(check, &input->source, &fixing->options, &err);
    if (!fix)
        return cli_fail("%s: %s", input->name, err.message);
    bool has_columns = ov_fix_summary(fix).has_columns;
    bool fine = has_columns || cli_print_findings(vetting, input, check, false);
    int code = fine ? write_fixed(fixing, fix, input) : EXIT_FAILED;
    if (code == EXIT_FINE)
        code = print_summary(fixing, fix, input);
    if (code == EXIT_FINE &&
        (!has_columns || (cli_has(fixing->args, OPT_CHECK) && ov_fix_is_needed(fix))))
        code = EXIT_FINDINGS;
    ov_fix_free(fix);
    return code;
}

/* --- the sheet of a workbook, as CSV --- */

struct copying {
    struct ov_reader *reader; /* owned */
    struct ov_sink sink;
    uint64_t line; /* of the sheet, that comes next */
    bool unkept;   /* a formula has no value */
};

static enum ov_status copy_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct copying *copying = ctx;
    enum ov_status status = OV_OK;
    for (; copying->line < record->place.line && status == OV_OK; copying->line++)
        status = copying->sink.write(copying->sink.ctx, "\n", 1, err);
    copying->line++;
    for (size_t i = 0; i < record->kept; i++)
        copying->unkept |= (record->cells[i].flags & OV_CELL_UNKEPT) != 0;
    return status == OV_OK ? ov_record_write_csv(record, &copying->sink, err) : status;
}

static enum ov_status copy_bytes(void *ctx, const void *bytes, size_t len, struct ov_error *err)
{
    return ov_reader_feed(((struct copying *)ctx)->reader, bytes, len, err);
}

/* Writes the sheet, from its header on, to a temporary file; false after a message. */
static bool copy_sheet(struct cli_input *input, const struct ov_read_options *read,
                       struct cli_input *csv)
{
    struct ov_error err = {.language = cli_language()};
    struct copying copying = {.line = read->header_row ? read->header_row : 1};
    if (!cli_input_make(csv, input->name, &copying.sink))
        return false;
    copying.reader = ov_reader_new(read, copy_record, &copying, &err);
    bool fine = copying.reader && cli_read_again(input, copy_bytes, &copying, &err) &&
                ov_reader_finish(copying.reader, &err) == OV_OK;
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    ov_reader_free(copying.reader);
    if (fine && copying.unkept)
        cli_fail("%s: formulas without a value would be lost; open the workbook in a spreadsheet "
                 "program and save it there",
                 input->name);
    return fine && !copying.unkept && cli_input_made(csv);
}

static int fix_workbook(struct fixing *fixing, const struct cli_vetting *vetting,
                        struct cli_input *input, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    struct ov_read_options read = vetting->options.read;
    struct cli_vetting own = *vetting; /* of the CSV; what it owns stays the original's */
    struct cli_input csv = {.fd = -1};
    struct ov_check *checked;
    char *sheet = strndup(result->sheet.ptr, result->sheet.len);
    int code = EXIT_FAILED;
    read.sheet = sheet;
    read.header_row = result->header_row;
    if (!sheet)
        cli_fail("out of memory");
    else if (!fixing->copy)
        cli_fail("%s: a workbook itself is not changed: `--output FILE.csv` writes the fixed sheet "
                 "as CSV",
                 input->name);
    else if (cli_can_read_again(input) && copy_sheet(input, &read, &csv)) {
        own.options.read = (struct ov_read_options){.encoding = "utf-8",
                                                    .delimiter = ',',
                                                    .header_row = result->header_row != 0,
                                                    .max_cell = read.max_cell,
                                                    .reader = read.reader};
        own.options.importer = result->importer;
        if (cli_vet_input(&own, &csv, &checked) == CLI_VETTED) {
            code = fix_vetted(fixing, &own, &csv, checked);
            ov_check_free(checked);
        }
    }
    cli_input_close(&csv);
    free(sheet);
    return code;
}

static int fix_file(struct fixing *fixing, const char *path)
{
    struct cli_input input;
    struct ov_check *check;
    struct cli_choice *choice = cli_choice_to_read(&fixing->choices, path);
    int code = EXIT_FAILED;
    if (!choice || !cli_input_open(&input, path, cli_name_of(&choice->args, path), true))
        return EXIT_FAILED;
    enum cli_fit fit = cli_fit_of(choice, &input);
    cli_note_fit(choice, input.name, fit);
    if (fit >= CLI_UNNAMED) {
        code = EXIT_FINE;
    } else if (cli_vet_input(&choice->vetting, &input, &check) == CLI_VETTED) {
        code = ov_check_result(check)->is_workbook
                   ? fix_workbook(fixing, &choice->vetting, &input, check)
                   : fix_vetted(fixing, &choice->vetting, &input, check);
        ov_check_free(check);
    }
    cli_input_close(&input);
    return code;
}

int cmd_fix(const struct cli_args *args)
{
    struct fixing fixing = {.args = args, .choices.args = args};
    signal(SIGPIPE, SIG_IGN); /* so that temporary files are removed */
    if (args->operand_count == 0)
        return cli_fail("`orgvet fix` takes files, or `-` for standard input");
    if (!parse_options(&fixing))
        return EXIT_FAILED;
    int code = EXIT_FINE;
    for (size_t i = 0; i < args->operand_count && code != EXIT_PIPE; i++) {
        int one = fix_file(&fixing, args->operands[i]);
        code = one > code ? one : code;
    }
    cli_choices_deinit(&fixing.choices);
    return code;
}
