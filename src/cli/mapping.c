/* cli/mapping.c: options that several commands share. */
#include <stdlib.h>
#include <string.h>

#include "cli/mapping.h"
#include "cli/args.h"
#include "cli/input.h"
#include "cli/message.h"

enum { EXISTING_MAX = 1 << 30 /* largest file of --existing in bytes */ };

bool cli_read_options(const struct cli_args *args, struct ov_read_options *options)
{
    uint64_t max_cell, skip;
    const char *delimiter = cli_value(args, OPT_DELIMITER, "auto");
    *options = (struct ov_read_options){.encoding = cli_value(args, OPT_ENCODING, NULL),
                                        .sheet = cli_value(args, OPT_SHEET, NULL),
                                        .reader = cli_value(args, OPT_READER, NULL)};
    if (!ov_delimiter_parse(ov_text_of(delimiter), &options->delimiter, &options->wide_delimiter)) {
        cli_fail("invalid delimiter `%s`; it must be one character, tab or auto", delimiter);
        return false;
    }
    bool skips = false; /* --skip was given last: a configuration may set the header's line too */
    for (size_t i = 0; i < args->option_count; i++)
        if (args->options[i].id == OPT_SKIP || args->options[i].id == OPT_HEADER_ROW)
            skips = args->options[i].id == OPT_SKIP;
    if (!cli_number(args, OPT_SKIP, 0, &skip) ||
        !cli_number(args, OPT_HEADER_ROW, 0, &options->header_row) ||
        !cli_number(args, OPT_MAX_WORKBOOK, 0, &options->max_workbook) ||
        !cli_number(args, OPT_MAX_CELL, 0, &max_cell))
        return false;
    if (cli_has(args, OPT_HEADER_ROW) && options->header_row == 0) {
        cli_fail("`--header-row` takes the number of a line, counted from 1");
        return false;
    }
    if (skips)
        options->header_row = skip + 1;
    if (cli_has(args, OPT_MAX_CELL) && (max_cell == 0 || max_cell > 1 << 30)) {
        cli_fail("`--max-cell` must be from 1 to %d bytes", 1 << 30);
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
    char *text = cli_read_file(given + 1, 1 << 20, &len);
    if (!text) {
        err->status = OV_E_IO; /* the message has been printed */
        return OV_E_IO;
    }
    enum ov_status status = ov_check_set_json(check, (struct ov_text){text, len}, err);
    free(text);
    return status;
}

/* Sets PREFIX + FIELD from an argument FIELD=VALUE. */
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
        length = sizeof key - 1; /* longer than any field: reported as unknown */
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

/* Reads a file of --existing. */
struct existing {
    struct cli_ids *ids;
    size_t column;      /* index of the identifier column */
    bool listed;        /* a plain list: no column is named idnumber, id or code */
    uint64_t malformed; /* line of the first record that cannot be read; 0: none */
};

/* Whether a header is the lower-case word, ignoring case, spaces, `_` and `-`. */
static bool text_is(struct ov_text text, const char *word)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || c == '_' || c == '-')
            continue;
        if (!*word || (c != *word && c != *word - ('a' - 'A')))
            return false;
        word++;
    }
    return *word == '\0';
}

/* Finds the column of a header idnumber, id or code, in this order of preference. */
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
    return false;
}

static enum ov_status add_id(struct cli_ids *ids, struct ov_text id, struct ov_error *err)
{
    if (id.len == 0)
        return OV_OK;
    struct cli_id *added = malloc(sizeof *added + id.len);
    if (!added) {
        err->status = OV_E_MEMORY;
        snprintf(err->message, sizeof err->message, "out of memory");
        return OV_E_MEMORY;
    }
    memcpy(added->bytes, id.ptr, id.len);
    added->len = id.len;
    added->next = ids->first;
    ids->first = added;
    return OV_OK;
}

static enum ov_status add_existing(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct existing *existing = ctx;
    if (record->row == 0 && !existing->listed) {
        existing->listed = !find_column(record, &existing->column);
        return OV_OK;
    }
    if (record->row < 0 || existing->listed)
        return OV_OK;
    if (record->error || record->invalid_count || existing->column >= record->kept) {
        if (!existing->malformed)
            existing->malformed = record->place.line;
        return OV_OK;
    }
    return add_id(existing->ids, record->cells[existing->column].text, err);
}

/* Reads a plain list: each line that is not empty is an identifier. */
static enum ov_status add_lines(struct cli_ids *ids, struct ov_text text, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    if (text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0) {
        text.ptr += 3;
        text.len -= 3;
    }
    while (text.len && status == OV_OK) {
        struct ov_text line = {text.ptr, 0};
        while (line.len < text.len && text.ptr[line.len] != '\n' && text.ptr[line.len] != '\r')
            line.len++;
        status = add_id(ids, line, err);
        text.ptr += line.len + (line.len < text.len);
        text.len -= line.len + (line.len < text.len);
    }
    return status;
}

static bool read_existing(const char *path, struct cli_ids *ids)
{
    struct existing existing = {.ids = ids};
    struct ov_error err = {.language = cli_language()};
    const struct ov_read_options options = {0};
    const struct cli_id *before = ids->first;
    size_t len;
    char *text = cli_read_file(path, EXISTING_MAX, &len);
    if (!text)
        return false;
    struct ov_reader *reader = ov_reader_new(&options, add_existing, &existing, &err);
    enum ov_status status = reader ? ov_reader_feed(reader, text, len, &err) : err.status;
    if (status == OV_OK)
        status = ov_reader_finish(reader, &err);
    const char *foreign = reader && status == OV_OK ? ov_reader_foreign(reader) : NULL;
    if (status == OV_OK && existing.listed)
        status = add_lines(ids, (struct ov_text){text, len}, &err);
    bool fine = status == OV_OK && !foreign && !existing.malformed;
    if (status != OV_OK)
        cli_fail("cannot read `%s`: %s", path, err.message);
    else if (foreign)
        cli_fail("cannot read `%s`: it is %s, not a CSV file", path, cli_say(foreign));
    else if (existing.malformed)
        cli_fail("cannot read `%s`: line %llu is malformed; `orgvet records --places` shows it",
                 path, (unsigned long long)existing.malformed);
    else if (ids->first == before)
        cli_note("%s: no identifiers found in this `--existing` file", path);
    ov_reader_free(reader);
    free(text);
    return fine;
}

bool cli_read_existing(const struct cli_args *args, struct cli_ids *ids)
{
    for (size_t i = 0; i < args->option_count; i++)
        if (args->options[i].id == OPT_EXISTING && !read_existing(args->options[i].value, ids))
            return false;
    return true;
}

enum ov_status cli_apply_existing(const struct cli_ids *ids, struct ov_check *check,
                                  struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (const struct cli_id *id = ids->first; id && status == OV_OK; id = id->next)
        status = ov_check_add_existing(check, (struct ov_text){id->bytes, id->len}, err);
    return status;
}

void cli_ids_deinit(struct cli_ids *ids)
{
    while (ids->first) {
        struct cli_id *next = ids->first->next;
        free(ids->first);
        ids->first = next;
    }
}
