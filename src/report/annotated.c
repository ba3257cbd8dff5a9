/* report/annotated.c: the format `csv`: the file, in UTF-8 with its mark, with two extra columns,
 * `orgvet_codes` and `orgvet_messages`, that list the findings of each row; those that a file had
 * before are left out. Surplus cells, beyond the header, follow these columns. A blank record is a
 * blank line. What is about those, the file or its header is not in it: it has the file's own rows
 * alone. */
#include "base/error.h"
#include "csv/quote.h"
#include "finding/message.h"
#include "payload/reread/rows.h"
#include "report/report.h"
#include "report/row_items.h"

struct writer {
    struct ov_report *report;
    const struct ov_check *check;
    struct ov_row_items items;
    struct ov_buf codes, messages, cell;
    char delimiter;
};

/* Collects the findings of a record. */
static void collect(struct writer *writer, const struct ov_record *record)
{
    const struct ov_names names = ov_vet_names(writer->check);
    const struct ov_item *item;
    writer->codes.len = writer->messages.len = 0;
    while ((item = ov_row_items_next(&writer->items, record)) != NULL)
        ov_put_finding(item, &names, &writer->codes, &writer->messages);
}

static void put_columns(struct writer *writer, struct ov_text codes, struct ov_text messages)
{
    struct ov_buf *out = &writer->report->out;
    ov_buf_char(out, writer->delimiter);
    ov_buf_csv(out, codes, writer->delimiter);
    ov_buf_char(out, writer->delimiter);
    ov_buf_csv(out, messages, writer->delimiter);
}

static void put_cell(struct writer *writer, const struct ov_record *record, size_t column)
{
    writer->cell.len = 0;
    ov_put_shown_cell(&writer->cell, writer->check, record, column);
    ov_buf_csv(&writer->report->out, ov_buf_view(&writer->cell), writer->delimiter);
}

static enum ov_status on_record(void *ctx, const struct ov_record *record,
                                const struct ov_values *values, struct ov_error *err)
{
    struct writer *writer = ctx;
    struct ov_buf *out = &writer->report->out;
    size_t columns = ov_check_facts(writer->check)->header_count;
    bool first = true;
    (void)values;
    if (record->row != 0)
        collect(writer, record);
    if (record->row < 0 && ov_is_blank(record)) {
        ov_buf_char(out, '\n');
        return ov_report_flush(writer->report, false, err);
    }
    for (size_t i = 0; i < columns; i++) {
        if (ov_is_own_column(ov_check_headers(writer->check)[i]))
            continue;
        if (!first)
            ov_buf_char(out, writer->delimiter);
        if (i < record->kept)
            put_cell(writer, record, i);
        first = false;
    }
    if (record->row == 0)
        put_columns(writer, OV_TEXT("orgvet_codes"), OV_TEXT("orgvet_messages"));
    else
        put_columns(writer, ov_buf_view(&writer->codes), ov_buf_view(&writer->messages));
    for (size_t i = columns; i < record->kept; i++) {
        ov_buf_char(out, writer->delimiter);
        put_cell(writer, record, i);
    }
    ov_buf_char(out, '\n');
    return ov_report_flush(writer->report, false, err);
}

static enum ov_status close_csv(struct ov_report *report, const struct ov_vetted_file *file,
                                struct ov_error *err)
{
    const struct ov_check *check = file->check;
    struct writer writer = {.report = report, .check = check, .items.check = check};
    struct ov_rows rows;
    bool wide = ov_check_choices(check)->read.wide_delimiter != 0;
    bool comma = wide || ov_check_result(check)->is_workbook;
    writer.delimiter = comma ? ',' : ov_check_result(check)->delimiter;
    enum ov_status status = ov_rows_init(&rows, check, on_record, &writer, err);
    rows.every = true;
    ov_buf_string(&report->out, OV_UTF8_MARK);
    if (status == OV_OK && ov_check_is_read(check))
        status = ov_rows_read(&rows, file->source, err);
    report->out.failed |= writer.codes.failed || writer.messages.failed || writer.cell.failed;
    ov_rows_deinit(&rows);
    ov_buf_deinit(&writer.codes);
    ov_buf_deinit(&writer.messages);
    ov_buf_deinit(&writer.cell);
    return status;
}

const struct ov_format ov_format_csv = {
    .name = "csv", .reads = true, .single = true, .rows_only = true, .close = close_csv};
