/* report/record.c: records as JSON lines, for `orgvet records`. */
#include "base/error.h"
#include "report/report.h"

static void put_cells(struct ov_buf *line, const struct ov_record *record, bool places)
{
    ov_buf_char(line, '[');
    for (size_t i = 0; i < record->kept; i++) {
        const struct ov_cell *cell = &record->cells[i];
        struct ov_place place = places ? ov_cell_place(record, i) : (struct ov_place){0};
        if (i)
            ov_buf_char(line, ',');
        if (places)
            ov_buf_format(line, "{\"column\":%llu,\"byte_offset\":%llu,\"text\":",
                          (unsigned long long)place.column, (unsigned long long)place.byte_offset);
        ov_buf_json(line, cell->text, OV_JSON_PLAIN);
        if (places)
            ov_buf_char(line, '}');
    }
    ov_buf_char(line, ']');
}

static void put_object(struct ov_buf *line, const struct ov_record *record)
{
    ov_buf_format(line, "{\"line\":%llu,\"byte_offset\":%llu,\"row\":",
                  (unsigned long long)record->place.line,
                  (unsigned long long)record->place.byte_offset);
    if (record->row < 0)
        ov_buf_string(line, "null");
    else
        ov_buf_format(line, "%lld", (long long)record->row);
    ov_buf_string(line, ",\"cells\":");
    put_cells(line, record, true);
    if (record->error)
        ov_buf_format(line, ",\"error\":\"%s\"", record->error->code);
    ov_buf_char(line, '}');
}

enum ov_status ov_record_write(const struct ov_record *record, bool places,
                               const struct ov_sink *sink, struct ov_error *err)
{
    struct ov_buf line = {0};
    if (places)
        put_object(&line, record);
    else
        put_cells(&line, record, false);
    ov_buf_char(&line, '\n');
    enum ov_status status =
        line.failed ? ov_fail_memory(err) : sink->write(sink->ctx, line.ptr, line.len, err);
    ov_buf_deinit(&line);
    return status;
}
