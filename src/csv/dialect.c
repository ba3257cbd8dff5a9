/* csv/dialect.c: see dialect.h. Reads the sample once with each delimiter and takes the one with
 * which most records agree on a number of columns above one. */
#include "csv/dialect.h"

#include "base/error.h"
#include "csv/decode.h"
#include "csv/dispatch.h"

enum { RECORDS = 100 /* that are examined */ };
static const char candidates[] = ",;\t|:";

/* The number of columns of the first records with one delimiter. */
struct columns {
    size_t count;
    size_t of[RECORDS]; /* 0 for a record with malformed quotes */
};

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct columns *columns = ctx;
    (void)err;
    if (record->row >= 0 && columns->count < RECORDS)
        columns->of[columns->count++] = record->error ? 0 : record->count;
    return OV_OK;
}

/* How well a delimiter fits. */
struct fit {
    size_t records;  /* examined */
    size_t agreeing; /* of these, with the most frequent number of columns above one */
    size_t columns;  /* that number */
    bool header;     /* the first record has more than one column */
};

static struct fit measure_fit(const struct columns *columns)
{
    struct fit best = {0};
    for (size_t i = 0; i < columns->count; i++) {
        size_t same = 0;
        for (size_t k = 0; k < columns->count; k++)
            same += columns->of[k] == columns->of[i];
        if (columns->of[i] > 1 && same > best.agreeing)
            best = (struct fit){.agreeing = same, .columns = columns->of[i]};
    }
    best.records = columns->count;
    best.header = columns->count > 0 && columns->of[0] > 1;
    return best;
}

static bool better(struct fit a, struct fit b)
{
    size_t x = a.agreeing * b.records,
           y = b.agreeing * a.records; /* the shares, cross-multiplied */
    if (b.agreeing == 0 || x != y)
        return b.agreeing == 0 || x > y;
    if (a.header != b.header)
        return a.header;
    return a.columns > b.columns;
}

/* Reads a sample with a delimiter. */
static enum ov_status run_sample(struct ov_text sample, bool complete, char delimiter,
                                 struct ov_record_sink *sink, struct ov_error *err)
{
    struct ov_window window = {0};
    struct ov_cursor cursor;
    ov_cursor_init(&cursor, &window);
    struct ov_dispatch dispatch;
    enum ov_status status;
    if (!ov_dispatch_init(&dispatch, NULL, delimiter, OV_MAX_CELL, &cursor, sink) ||
        (sample.len && !ov_window_append(&window, sample.ptr, sample.len)))
        status = ov_fail_memory(err);
    else
        status = ov_dispatch_run(&dispatch, complete, err);
    ov_dispatch_deinit(&dispatch);
    ov_window_deinit(&window);
    return status;
}

static enum ov_status read_sample(struct ov_text sample, bool complete, char delimiter,
                                  struct columns *columns, struct ov_error *err)
{
    struct ov_record_sink sink = {.on_record = on_record, .ctx = columns};
    return run_sample(sample, complete, delimiter, &sink, err);
}

enum ov_status ov_dialect_guess(struct ov_text sample, bool complete, struct ov_dialect *dialect,
                                struct ov_error *err)
{
    struct fit best = {0};
    *dialect = (struct ov_dialect){.delimiter = ','};
    for (const char *candidate = candidates; *candidate; candidate++) {
        struct columns columns = {0};
        enum ov_status status = read_sample(sample, complete, *candidate, &columns, err);
        if (status != OV_OK)
            return status;
        struct fit fit = measure_fit(&columns);
        bool clear = fit.agreeing > 0 && fit.agreeing * 10 >= columns.count * 9;
        /* a character that merely occurs in some cells is not a delimiter: most records, or the
         * first one, must have it */
        bool likely = fit.agreeing * 2 > columns.count || (fit.agreeing && fit.header);
        if (!likely || !better(fit, best))
            continue;
        best = fit;
        dialect->delimiter = *candidate;
        dialect->fitting = clear ? *candidate : 0;
        dialect->columns = clear ? fit.columns : 0;
    }
    return OV_OK;
}

/* Whether a delimiter clearly fits: nine in ten records agree. */
static enum ov_status fits_clearly(struct ov_text sample, bool complete, char delimiter,
                                   size_t *width, struct ov_error *err)
{
    struct columns columns = {0};
    enum ov_status status = read_sample(sample, complete, delimiter, &columns, err);
    struct fit fit = measure_fit(&columns);
    *width = fit.agreeing > 1 && fit.agreeing * 10 >= columns.count * 9 ? fit.columns : 0;
    return status;
}

/* The sample with a character beyond ASCII as one byte. */
static bool narrow(struct ov_text sample, const char *wide, struct ov_buf *out)
{
    size_t len = strlen(wide);
    for (size_t at = 0; at < sample.len;) {
        bool here = at + len <= sample.len && memcmp(sample.ptr + at, wide, len) == 0;
        ov_buf_char(out, here ? OV_WIDE_DELIMITER : sample.ptr[at]);
        at += here ? len : 1;
    }
    return !out->failed;
}

/* Delimiters that are never guessed. */
static enum ov_status rare_delimiter(struct ov_text sample, bool complete, const char **fitting,
                                     size_t *columns, struct ov_error *err)
{
    static const char narrow_ones[] = "~^\x01\x1F";
    static const char *const wide_ones[] = {"，", "、", "；", "｜", "¦", "§"};
    enum ov_status status = OV_OK;
    for (const char *one = narrow_ones; *one && !*columns && status == OV_OK; one++) {
        status = fits_clearly(sample, complete, *one, columns, err);
        *fitting = ov_delimiter_name(*one);
    }
    for (size_t i = 0; i < sizeof wide_ones / sizeof *wide_ones && !*columns && status == OV_OK;
         i++) {
        struct ov_buf text = {0};
        status = narrow(sample, wide_ones[i], &text)
                     ? fits_clearly(ov_buf_view(&text), complete, OV_WIDE_DELIMITER, columns, err)
                     : ov_fail_memory(err);
        *fitting = wide_ones[i];
        ov_buf_deinit(&text);
    }
    return status;
}

/* The texts of the records that are one quoted cell, a line each. */
struct quoted_lines {
    struct ov_buf text;
    size_t quoted, others;
};

static enum ov_status on_quoted(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct quoted_lines *lines = ctx;
    (void)err;
    if (record->row < 0)
        return OV_OK;
    bool quoted = record->kept == 1 && record->cells[0].flags & OV_CELL_QUOTED;
    lines->quoted += quoted;
    lines->others += !quoted;
    if (quoted) {
        ov_buf_text(&lines->text, record->cells[0].text);
        ov_buf_char(&lines->text, '\n');
    }
    return OV_OK;
}

static enum ov_status within_quotes(struct ov_text sample, bool complete, size_t *columns,
                                    struct ov_error *err)
{
    struct quoted_lines lines = {0};
    struct ov_dialect dialect = {0};
    struct ov_record_sink sink = {.on_record = on_quoted, .ctx = &lines};
    enum ov_status status = run_sample(sample, complete, ',', &sink, err);
    if (status == OV_OK && lines.text.failed)
        status = ov_fail_memory(err);
    if (status == OV_OK && lines.quoted > 1 && lines.quoted >= 9 * lines.others)
        status = ov_dialect_guess(ov_buf_view(&lines.text), true, &dialect, err);
    *columns = dialect.fitting ? dialect.columns : 0;
    ov_buf_deinit(&lines.text);
    return status;
}

enum { STARTS = 32 /* columns of fixed width that are looked for */ };

/* Where words begin behind two spaces or more in the first line; their number. */
static size_t find_starts(struct ov_text line, size_t starts[STARTS])
{
    size_t count = 0;
    for (size_t i = 2; i < line.len && count < STARTS; i++)
        if (line.ptr[i] != ' ' && line.ptr[i - 1] == ' ' && line.ptr[i - 2] == ' ')
            starts[count++] = i;
    return count;
}

/* Whether the columns are aligned by spaces; the number of columns, or 0. */
static size_t fixed_widths(struct ov_text sample)
{
    size_t starts[STARTS], count = 0, lines = 0, aligned = 0, reached = 0;
    while (sample.len) {
        const char *end = memchr(sample.ptr, '\n', sample.len);
        struct ov_text line = {sample.ptr, end ? (size_t)(end - sample.ptr) : sample.len};
        sample.ptr += line.len + (end != NULL);
        sample.len -= line.len + (end != NULL);
        line = (struct ov_text){line.ptr, ov_text_trim(line).len
                                              ? (size_t)(ov_text_trim(line).ptr - line.ptr) +
                                                    ov_text_trim(line).len
                                              : 0};
        if (line.len == 0)
            continue;
        if (lines++ == 0) {
            count = find_starts(line, starts);
            continue;
        }
        bool fine = true;
        for (size_t i = 0; i < count && fine; i++)
            fine = starts[i] >= line.len || line.ptr[starts[i] - 1] == ' ';
        aligned += fine;
        reached += count && line.len > starts[0] && line.ptr[starts[0]] != ' ';
    }
    bool all = count && lines > 2 && aligned * 10 >= (lines - 1) * 9 && reached * 2 >= lines - 1;
    return all ? count + 1 : 0;
}

enum ov_status ov_dialect_why(struct ov_text sample, bool complete, char delimiter,
                              enum ov_one_column *why, const char **fitting, size_t *columns,
                              struct ov_error *err)
{
    struct ov_dialect dialect;
    enum ov_status status = ov_dialect_guess(sample, complete, &dialect, err);
    *why = OV_ONE_COLUMN_FINE;
    *fitting = NULL;
    *columns = 0;
    if (status != OV_OK)
        return status;
    if (dialect.fitting) {
        *columns = dialect.columns;
        *fitting = ov_delimiter_name(dialect.fitting);
        *why = dialect.fitting == delimiter ? OV_ONE_COLUMN_FINE : OV_ONE_COLUMN_DELIMITER;
        return OV_OK;
    }
    if ((status = within_quotes(sample, complete, columns, err)) != OV_OK)
        return status;
    if (*columns) {
        *why = OV_ONE_COLUMN_QUOTES;
        return OV_OK;
    }
    if ((status = rare_delimiter(sample, complete, fitting, columns, err)) != OV_OK)
        return status;
    if (*columns) {
        *why = OV_ONE_COLUMN_DELIMITER;
        return OV_OK;
    }
    *fitting = NULL;
    *columns = fixed_widths(sample);
    *why = *columns ? OV_ONE_COLUMN_WIDTHS : OV_ONE_COLUMN_FINE;
    return OV_OK;
}
