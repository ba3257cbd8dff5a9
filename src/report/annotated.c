/* report/annotated.c: the format `csv`: the file, in UTF-8, with two extra columns, `orgvet_codes`
 * and `orgvet_messages`, that list the findings of each row. Surplus cells, beyond the header,
 * follow these columns. Findings that are not about a row (the file, the header) are in an
 * additional last row. */
#include "base/error.h"
#include "csv/quote.h"
#include "finding/message.h"
#include "payload/reread/rows.h"
#include "report/report.h"
#include "vet/check_access.h"

struct writer {
    struct ov_report *report;
    const struct ov_check *check;
    size_t next; /* index of the first item not written yet */
    struct ov_buf codes, messages;
};

/* Whether a finding is about the file or its header. */
static bool is_of_no_row(const struct ov_item *item)
{
    return item->row == 0 || (item->row == OV_NO_ROW && item->rule != OV_R108 &&
                              (item->rule < OV_R114 || item->rule > OV_R116));
}

static void append_item(struct writer *writer, const struct ov_item *item)
{
    const struct ov_names names = ov_vet_names(writer->check);
    ov_buf_string(&writer->codes, writer->codes.len ? " " : "");
    ov_buf_string(&writer->codes, ov_rule_at(item->rule)->code);
    ov_buf_string(&writer->messages, writer->messages.len ? " | " : "");
    ov_item_message(item, &names, &writer->messages);
    size_t before = writer->messages.len;
    ov_buf_string(&writer->messages, "; ");
    ov_item_help(item, &names, &writer->messages);
    if (writer->messages.len == before + 2)
        writer->messages.len = before;
}

/* The delimiter of the report: the file's, or a comma for one beyond ASCII. */
static char written_delimiter(const struct ov_check *check)
{
    bool wide = ov_check_choices(check)->read.wide_delimiter != 0;
    return wide ? ',' : ov_check_result(check)->delimiter;
}

/* Collects the findings of a record. */
static void collect(struct writer *writer, const struct ov_record *record)
{
    const struct ov_list *list = ov_check_list(writer->check);
    writer->codes.len = writer->messages.len = 0;
    for (; writer->next < list->count; writer->next++) {
        const struct ov_item *item = &list->items[writer->next];
        if (is_of_no_row(item))
            continue;
        bool here = record->row > 0 ? item->row == (uint64_t)record->row
                                    : item->row == OV_NO_ROW &&
                                          item->place.byte_offset == record->place.byte_offset;
        if (!here)
            return;
        append_item(writer, item);
    }
}

/* Appends a cell; invalid UTF-8 becomes U+FFFD. */
static void put_cell(struct ov_buf *out, const struct ov_cell *cell, char delimiter)
{
    struct ov_buf valid = {0};
    const char *p = cell->text.ptr, *end = p + cell->text.len;
    if (!(cell->flags & (OV_CELL_INVALID | OV_CELL_BROKEN | OV_CELL_LARGE))) {
        ov_buf_csv(out, cell->text, delimiter);
        return;
    }
    while (p < end) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        ov_buf_put(&valid, code == UINT32_MAX ? "\xEF\xBF\xBD" : p, code == UINT32_MAX ? 3 : taken);
        p += taken;
    }
    ov_buf_csv(out, ov_buf_view(&valid), delimiter);
    out->failed |= valid.failed;
    ov_buf_deinit(&valid);
}

static void put_columns(struct writer *writer, char delimiter)
{
    struct ov_buf *out = &writer->report->out;
    ov_buf_char(out, delimiter);
    ov_buf_csv(out, ov_buf_view(&writer->codes), delimiter);
    ov_buf_char(out, delimiter);
    ov_buf_csv(out, ov_buf_view(&writer->messages), delimiter);
}

static void put_header_columns(struct ov_buf *out, char delimiter)
{
    ov_buf_char(out, delimiter);
    ov_buf_string(out, "orgvet_codes");
    ov_buf_char(out, delimiter);
    ov_buf_string(out, "orgvet_messages");
}

/* Appends a cell, redacted if redaction is on. */
static void put_visible(struct writer *writer, const struct ov_record *record, size_t column,
                        char delimiter)
{
    const struct ov_check *check = writer->check;
    bool identifier = (int)column == ov_check_facts(check)->id_column ||
                      (int)column == ov_check_facts(check)->parent_column;
    struct ov_text text = record->cells[column].text;
    struct ov_names names = ov_vet_names(check);
    if (ov_check_choices(check)->redact && record->row != 0)
        ov_buf_redacted(&writer->report->out, ov_check_choices(check)->redact_key, text,
                        identifier);
    else if (ov_check_choices(check)->redact)
        ov_buf_csv(&writer->report->out, ov_names_header(&names, text), delimiter);
    else
        put_cell(&writer->report->out, &record->cells[column], delimiter);
}

static enum ov_status on_record(void *ctx, const struct ov_record *record,
                                const struct ov_values *values, struct ov_error *err)
{
    struct writer *writer = ctx;
    struct ov_buf *out = &writer->report->out;
    char delimiter = written_delimiter(writer->check);
    size_t columns = ov_check_facts(writer->check)->header_count;
    (void)values;
    if (record->row != 0)
        collect(writer, record);
    for (size_t i = 0; i < columns; i++) {
        if (i)
            ov_buf_char(out, delimiter);
        if (i < record->kept)
            put_visible(writer, record, i, delimiter);
    }
    if (record->row == 0)
        put_header_columns(out, delimiter);
    else
        put_columns(writer, delimiter);
    for (size_t i = columns; i < record->kept; i++) {
        ov_buf_char(out, delimiter);
        put_visible(writer, record, i, delimiter);
    }
    ov_buf_char(out, '\n');
    return ov_report_flush(writer->report, false, err);
}

/* Whether the rows can be read: not with a wrong delimiter. */
static bool is_read(const struct ov_check *check)
{
    return ov_check_facts(check)->has_header && !ov_check_facts(check)->stopped;
}

/* Appends the row of findings that are not about a row. */
static void put_last_row(struct writer *writer)
{
    const struct ov_list *list = ov_check_list(writer->check);
    char delimiter = written_delimiter(writer->check);
    writer->codes.len = writer->messages.len = 0;
    for (size_t i = 0; i < list->count; i++)
        if (is_of_no_row(&list->items[i]))
            append_item(writer, &list->items[i]);
    if (writer->codes.len == 0)
        return;
    if (!is_read(writer->check)) {
        ov_buf_string(&writer->report->out, "orgvet_codes,orgvet_messages\n");
        ov_buf_csv(&writer->report->out, ov_buf_view(&writer->codes), ',');
        ov_buf_char(&writer->report->out, ',');
        ov_buf_csv(&writer->report->out, ov_buf_view(&writer->messages), ',');
    } else {
        for (size_t i = 1; i < ov_check_facts(writer->check)->header_count; i++)
            ov_buf_char(&writer->report->out, delimiter);
        put_columns(writer, delimiter);
    }
    ov_buf_char(&writer->report->out, '\n');
}

/* Does nothing: findings are written by close_csv, when all are known. */
static enum ov_status ignore_finding(struct ov_report *report, const struct ov_vetted_file *file,
                                     const struct ov_finding *finding, struct ov_error *err)
{
    (void)report;
    (void)file;
    (void)finding;
    (void)err;
    return OV_OK;
}

static enum ov_status close_csv(struct ov_report *report, const struct ov_vetted_file *file,
                                struct ov_error *err)
{
    struct writer writer = {.report = report, .check = file->check};
    struct ov_rows rows;
    enum ov_status status = ov_rows_init(&rows, file->check, on_record, &writer, err);
    rows.every = true;
    if (status == OV_OK && is_read(file->check))
        status = ov_rows_read(&rows, file->source, err);
    if (status == OV_OK)
        put_last_row(&writer);
    report->out.failed |= writer.codes.failed || writer.messages.failed;
    ov_rows_deinit(&rows);
    ov_buf_deinit(&writer.codes);
    ov_buf_deinit(&writer.messages);
    return status;
}

const struct ov_format ov_format_csv = {
    .name = "csv", .reads = true, .single = true, .put = ignore_finding, .close = close_csv};
