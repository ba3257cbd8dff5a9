/* cli/cmd_emit.c: `orgvet emit`: the validated payload. */
#include <signal.h>
#include <string.h>

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/vet.h"

/* The output files. */
enum { PAYLOAD, QUARANTINE, RECEIPT, OUTPUTS };
static const enum cli_option_id output_options[] = {OPT_FILE_OUTPUT, OPT_QUARANTINE, OPT_RECEIPT};

struct emission {
    const struct cli_args *args;
    struct ov_emit_options options;
    const char *paths[OUTPUTS];
    struct cli_output outputs[OUTPUTS];
    size_t open; /* number of outputs opened so far */
};

static enum ov_status feed_emit(void *ctx, const void *bytes, size_t len, struct ov_error *err)
{
    return ov_emit_feed(ctx, bytes, len, err);
}

/* The name of the framework: the file name without folder and extension, or the importer's for
 * standard input. Borrowed. */
static struct ov_text framework_of(const struct cli_input *input, const struct ov_check *check)
{
    const char *slash = strrchr(input->name, '/'), *name = slash ? slash + 1 : input->name;
    const char *dot = strrchr(name, '.');
    if (strcmp(input->name, "<stdin>") == 0)
        return ov_text_of(ov_importer_name(ov_check_result(check)->importer));
    return (struct ov_text){name, dot && dot > name ? (size_t)(dot - name) : strlen(name)};
}

static bool parse_options(struct emission *emission)
{
    const char *format = cli_value(emission->args, OPT_EMIT_FORMAT, "json");
    if (!ov_payload_format_find(ov_text_of(format), &emission->options.format)) {
        cli_fail("unknown format `%s`; it must be json, ndjson or csv", format);
        return false;
    }
    for (size_t i = 0; i < OUTPUTS; i++) {
        const char *path = cli_value(emission->args, output_options[i], NULL);
        emission->paths[i] = path;
        if (path && cli_is_read(emission->args, path)) {
            cli_fail("`%s` is an input file and cannot be overwritten", path);
            return false;
        }
        for (size_t j = 0; j < i; j++) {
            if (path && emission->paths[j] && strcmp(path, emission->paths[j]) == 0) {
                cli_fail("`%s` is specified for two outputs", path);
                return false;
            }
        }
    }
    const char *payload = emission->paths[PAYLOAD];
    for (size_t i = QUARANTINE; i < OUTPUTS; i++) {
        if (emission->paths[i] && strcmp(emission->paths[i], "-") == 0 &&
            (!payload || strcmp(payload, "-") == 0)) {
            cli_fail(
                "standard output is reserved for the payload: give a file for the other output");
            return false;
        }
    }
    return true;
}

static bool open_outputs(struct emission *emission)
{
    for (; emission->open < OUTPUTS; emission->open++) {
        size_t i = emission->open;
        if ((i == PAYLOAD || emission->paths[i]) &&
            !cli_output_open(&emission->outputs[i], emission->paths[i]))
            return false;
    }
    emission->options.out = &emission->outputs[PAYLOAD].sink;
    emission->options.quarantine =
        emission->paths[QUARANTINE] ? &emission->outputs[QUARANTINE].sink : NULL;
    return true;
}

/* Closes the outputs; keep: whether the files are to appear. They appear in reverse order, the
 * quarantine before the payload, so that no row is ever missing from both. */
static bool close_outputs(struct emission *emission, bool keep)
{
    bool fine = true;
    while (emission->open > 0) {
        size_t i = --emission->open;
        if (i == PAYLOAD || emission->paths[i])
            fine &= cli_output_close(&emission->outputs[i], keep && fine);
    }
    return fine;
}

static bool write_all(struct emission *emission, struct cli_input *input, struct ov_emit *emit,
                      struct ov_receipt *receipt, struct ov_error *err)
{
    const struct ov_sink *sink = &emission->outputs[RECEIPT].sink;
    return cli_read_again(input, feed_emit, emit, err) &&
           ov_emit_finish(emit, receipt, err) == OV_OK &&
           (!emission->paths[RECEIPT] || ov_receipt_write(receipt, sink, err) == OV_OK);
}

static void note_emitted(const struct emission *emission, const struct cli_input *input,
                         const struct ov_receipt *receipt)
{
    const char *path = emission->paths[QUARANTINE];
    uint64_t all = receipt->held_back + receipt->rows;
    if (receipt->held_back)
        cli_note(path ? OV_N_("%s: %llu of %llu rows held back and written to %s")
                      : OV_N_("%s: %llu of %llu rows held back and dropped%s"),
                 input->name, (unsigned long long)receipt->held_back, (unsigned long long)all,
                 path ? path : "");
    if (receipt->has_id && emission->options.format == OV_PAYLOAD_CSV)
        cli_note("the identifier is in a separate column: import this with the setting "
                 "{\"identifier\":\"id\"}");
}

/* Writes the importable rows; the caller has decided that this is wanted. Returns the exit code. */
static int emit_sound(struct emission *emission, struct cli_input *input, struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_receipt receipt = {0};
    bool done = false;
    emission->options.framework = framework_of(input, check);
    if (open_outputs(emission)) {
        struct ov_emit *emit = ov_emit_new(check, &emission->options, &err);
        done = emit && write_all(emission, input, emit, &receipt, &err);
        ov_emit_free(emit);
    }
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    bool broken_pipe = emission->outputs[PAYLOAD].broken_pipe;
    if (!close_outputs(emission, done) || !done)
        return broken_pipe ? EXIT_PIPE : EXIT_FAILED;
    note_emitted(emission, input, &receipt);
    return receipt.held_back ? EXIT_FINDINGS : EXIT_FINE;
}

static int emit_file(struct emission *emission, const struct cli_vetting *vetting,
                     struct cli_input *input, struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    bool keep_going = cli_has(emission->args, OPT_KEEP_GOING) || emission->paths[QUARANTINE];
    struct ov_soundness soundness;
    if (!cli_encoding_is_sure(input, check))
        return EXIT_FAILED;
    if (ov_check_soundness(check, &soundness, &err) != OV_OK)
        return cli_fail("%s: %s", input->name, err.message);
    const uint64_t *findings = ov_check_result(check)->severities;
    bool quiet = cli_has(emission->args, OPT_QUIET);
    if ((findings[OV_ERROR] || (findings[OV_WARNING] && !quiet)) &&
        !cli_print_findings(vetting, input, check, false))
        return EXIT_FAILED;
    if (!soundness.errors)
        return emit_sound(emission, input, check);
    if (keep_going && soundness.has_header) {
        int code = emit_sound(emission, input, check);
        return code == EXIT_FINE ? EXIT_FINDINGS : code;
    }
    if (keep_going)
        cli_fail("%s: nothing was written: there are errors and no header", input->name);
    else
        cli_fail(
            findings[OV_ERROR]
                ? OV_N_(
                      "%s: nothing was written: there are errors (use `--quarantine FILE` to set the "
                      "affected rows aside)")
                : OV_N_(
                      "%s: nothing was written: some rows cannot be imported (use `--quarantine FILE` to "
                      "set them aside)"),
            input->name);
    return EXIT_FINDINGS;
}

int cmd_emit(const struct cli_args *args)
{
    struct emission emission = {.args = args};
    struct cli_choices choices = {.args = args};
    struct cli_choice *choice;
    struct cli_input input;
    struct ov_check *check;
    signal(SIGPIPE, SIG_IGN); /* so that temporary files are removed */
    if (args->operand_count != 1)
        return cli_fail("`orgvet emit` takes one file, or `-` for standard input");
    int code = EXIT_FAILED;
    if (parse_options(&emission) && (choice = cli_choice_to_read(&choices, args->operands[0])) &&
        cli_vet(&choice->vetting, args->operands[0], &input, &check) == CLI_VETTED) {
        code = emit_file(&emission, &choice->vetting, &input, check);
        cli_input_close(&input);
        ov_check_free(check);
    }
    cli_choices_deinit(&choices);
    return code;
}
