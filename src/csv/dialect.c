/* csv/dialect.c: see dialect.h. Reads the sample once with each delimiter and takes the one with
 * which most records agree on a number of columns above one. */
#include "csv/dialect.h"

#include "base/error.h"
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

static enum ov_status read_sample(struct ov_text sample, bool complete, char delimiter,
                                  struct columns *columns, struct ov_error *err)
{
    struct ov_window window = {0};
    struct ov_cursor cursor;
    ov_cursor_init(&cursor, &window);
    struct ov_record_sink sink = {.on_record = on_record, .ctx = columns};
    struct ov_dispatch dispatch;
    enum ov_status status;
    if (!ov_dispatch_init(&dispatch, NULL, delimiter, OV_MAX_CELL, &cursor, &sink) ||
        (sample.len && !ov_window_append(&window, sample.ptr, sample.len)))
        status = ov_fail_memory(err);
    else
        status = ov_dispatch_run(&dispatch, complete, err);
    ov_dispatch_deinit(&dispatch);
    ov_window_deinit(&window);
    return status;
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
