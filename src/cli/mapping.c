/* cli/mapping.c: options that several commands share. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

bool cli_read_options(const struct cli_args *args, struct ov_read_options *options)
{
    uint64_t max_cell;
    const char *delimiter = cli_value(args, OPT_DELIMITER, "auto");
    *options = (struct ov_read_options){.encoding = cli_value(args, OPT_ENCODING, NULL)};
    if (!ov_delimiter_parse(ov_text_of(delimiter), &options->delimiter)) {
        cli_fail("the delimiter cannot be `%s`; it can be `,` `;` `|` `:` tab or auto", delimiter);
        return false;
    }
    if (!cli_number(args, OPT_SKIP, 0, &options->skip) ||
        !cli_number(args, OPT_MAX_CELL, 0, &max_cell))
        return false;
    if (cli_has(args, OPT_MAX_CELL) && (max_cell == 0 || max_cell > UINT32_MAX / 4)) {
        cli_fail("`--max-cell` must be from 1 to %lu bytes", (unsigned long)UINT32_MAX / 4);
        return false;
    }
    options->max_cell = (size_t)max_cell;
    return true;
}

static enum ov_status apply_json(struct ov_check *check, const char *given, struct ov_error *err)
{
    if (given[0] != '@')
        return ov_check_set_json(check, ov_text_of(given), err);
    size_t len;
    char *text = cli_read_file(given + 1, &len);
    if (!text) {
        err->status = OV_E_IO; /* the message is out already */
        return OV_E_IO;
    }
    enum ov_status status = ov_check_set_json(check, (struct ov_text){text, len}, err);
    free(text);
    return status;
}

/* Sets PREFIX + FIELD of an argument FIELD=VALUE. */
static enum ov_status apply_field(struct ov_check *check, const struct cli_given *given,
                                  const char *prefix, struct ov_error *err)
{
    struct ov_text field, value;
    char key[128];
    if (!cli_split(given->id, given->value, &field, &value)) {
        err->status = OV_E_IO;
        return OV_E_IO;
    }
    int length = snprintf(key, sizeof key, "%s%.*s", prefix, (int)field.len, field.ptr);
    if (length < 0 || (size_t)length >= sizeof key)
        length = sizeof key - 1; /* too long for any field: it will not be known */
    return ov_check_set(check, (struct ov_text){key, (size_t)length}, value, err);
}

enum ov_status cli_apply_settings(const struct cli_args *args, struct ov_check *check,
                                  struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < args->option_count && status == OV_OK; i++)
        if (args->options[i].id == OPT_SETTINGS)
            status = apply_json(check, args->options[i].value, err);
    for (size_t i = 0; i < args->option_count && status == OV_OK; i++) {
        const struct cli_given *given = &args->options[i];
        if (given->id == OPT_MAP)
            status = apply_field(check, given, "csvmapping:", err);
        else if (given->id == OPT_DEFAULT)
            status = apply_field(check, given, "csvdefault:", err);
        else if (given->id == OPT_IDENTIFIER)
            status = ov_check_set(check, ov_text_of("identifier"), ov_text_of(given->value), err);
    }
    return status;
}

/* Identifiers that are being read from a file of --existing. */
struct existing {
    struct ov_check *check;
    size_t column;
};

static bool text_is(struct ov_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

/* The column of a header idnumber, id or code; without one the file is a plain list. */
static bool find_column(const struct ov_record *header, size_t *column)
{
    static const char *const names[] = {"idnumber", "id", "code"};
    for (size_t n = 0; n < 3; n++) {
        for (size_t i = 0; i < header->kept; i++) {
            if (text_is(header->cells[i].text, names[n])) {
                *column = i;
                return true;
            }
        }
    }
    *column = 0;
    return false;
}

static enum ov_status add_existing(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct existing *existing = ctx;
    if (record->row == 0 && find_column(record, &existing->column))
        return OV_OK;
    if (record->row < 0 || record->error || existing->column >= record->kept)
        return OV_OK;
    return ov_check_add_existing(existing->check, record->cells[existing->column].text, err);
}

static bool apply_existing_file(const char *path, struct ov_check *check)
{
    static char buf[64 * 1024];
    struct existing existing = {.check = check};
    struct ov_error err = {0};
    struct cli_input input;
    const struct ov_read_options options = {0};
    if (!cli_input_open(&input, path, path, false))
        return false;
    struct ov_reader *reader = ov_reader_new(&options, add_existing, &existing, &err);
    enum ov_status status = reader ? OV_OK : err.status;
    long n = 0;
    while (status == OV_OK && (n = cli_input_read(&input, buf, sizeof buf)) > 0)
        status = ov_reader_feed(reader, buf, (size_t)n, &err);
    if (status == OV_OK && n == 0)
        status = ov_reader_finish(reader, &err);
    const char *foreign = reader && status == OV_OK ? ov_reader_foreign(reader) : NULL;
    if (status != OV_OK)
        cli_fail("cannot read `%s`: %s", path, err.message);
    if (foreign)
        cli_fail("cannot read `%s`: it is %s, not a CSV file", path, foreign);
    ov_reader_free(reader);
    cli_input_close(&input);
    return status == OV_OK && n == 0 && !foreign;
}

bool cli_apply_existing(const struct cli_args *args, struct ov_check *check)
{
    for (size_t i = 0; i < args->option_count; i++)
        if (args->options[i].id == OPT_EXISTING &&
            !apply_existing_file(args->options[i].value, check))
            return false;
    return true;
}
