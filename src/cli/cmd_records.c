/* cli/cmd_records.c: `orgvet records`: the records as the reader sees them, not mapped or
 * vetted. */
#include <string.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/mapping.h"
#include "cli/message.h"
#include "cli/output.h"

struct printing {
    struct cli_output output;
    struct ov_sink gather; /* writes into buf, which is flushed to the output */
    char buf[64 * 1024];
    size_t len;
    bool places;
    bool malformed;
};

static enum ov_status flush(struct printing *printing, struct ov_error *err)
{
    size_t len = printing->len;
    printing->len = 0;
    return printing->output.sink.write(printing->output.sink.ctx, printing->buf, len, err);
}

static enum ov_status gather(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    struct printing *printing = ctx;
    enum ov_status status = OV_OK;
    if (len > sizeof printing->buf - printing->len)
        status = flush(printing, err);
    if (status != OV_OK)
        return status;
    if (len > sizeof printing->buf)
        return printing->output.sink.write(printing->output.sink.ctx, data, len, err);
    memcpy(printing->buf + printing->len, data, len);
    printing->len += len;
    return OV_OK;
}

static enum ov_status print(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct printing *printing = ctx;
    if (record->count == 0) /* an empty line is not a record */
        return OV_OK;
    printing->malformed |= record->error != NULL;
    return ov_record_write(record, printing->places, &printing->gather, err);
}

static enum ov_status read_all(struct cli_input *input, struct ov_reader *reader,
                               struct ov_error *err)
{
    static char buf[64 * 1024];
    long n;
    while ((n = cli_input_read(input, buf, sizeof buf)) > 0) {
        enum ov_status status = ov_reader_feed(reader, buf, (size_t)n, err);
        if (status != OV_OK)
            return status;
    }
    cli_input_fail(input);
    return n < 0 ? OV_E_IO : ov_reader_finish(reader, err);
}

int cmd_records(const struct cli_args *args)
{
    struct ov_read_options options;
    struct ov_error err = {.language = cli_language()};
    struct cli_input input;
    static struct printing printing;
    printing.places = cli_has(args, OPT_PLACES);
    printing.gather = (struct ov_sink){gather, &printing};
    if (args->operand_count != 1)
        return cli_fail("`orgvet records` takes one file, or `-` for standard input");
    if (!cli_read_options(args, &options) ||
        !cli_input_open(&input, args->operands[0], args->operands[0], false))
        return EXIT_FAILED;
    int code = EXIT_FINE;
    struct ov_reader *reader = ov_reader_new(&options, print, &printing, &err);
    if (!reader || !cli_output_open(&printing.output, NULL) ||
        read_all(&input, reader, &err) != OV_OK || flush(&printing, &err) != OV_OK) {
        if (err.message[0])
            cli_fail("%s: %s", args->operands[0], err.message);
        code = EXIT_FAILED;
    } else if (ov_reader_foreign(reader)) {
        cli_fail("%s: this is %s, not a CSV file", args->operands[0],
                 cli_say(ov_reader_foreign(reader)));
        code = EXIT_FINDINGS;
    } else if (printing.malformed) {
        code = EXIT_FINDINGS;
    }
    ov_reader_free(reader);
    cli_input_close(&input);
    return code;
}
