/* report/record.c: records as lines of JSON, for `orgvet records`, and of CSV. */
#include "base/error.h"
#include "csv/quote.h"
#include "report/report.h"

static void put_cells(struct ov_json *json, const struct ov_record *record)
{
    for (size_t i = 0; i < record->kept; i++) {
        struct ov_place place = ov_cell_place(record, i);
        ov_json_object(json, NULL);
        ov_json_number(json, "column", place.column);
        ov_json_number(json, "byte_offset", place.byte_offset);
        ov_json_text(json, "text", record->cells[i].text);
        ov_json_end(json);
    }
}

static void put_object(struct ov_json *json, const struct ov_record *record)
{
    ov_json_object(json, NULL);
    ov_json_number(json, "line", record->place.line);
    ov_json_number(json, "byte_offset", record->place.byte_offset);
    if (record->row < 0)
        ov_json_null(json, "row");
    else
        ov_json_signed(json, "row", record->row);
    ov_json_list(json, "cells");
    put_cells(json, record);
    ov_json_end(json);
    if (record->error)
        ov_json_string(json, "error", record->error->code);
    ov_json_end(json);
}

static void put_list(struct ov_json *json, const struct ov_record *record)
{
    ov_json_list(json, NULL);
    for (size_t i = 0; i < record->kept; i++)
        ov_json_text(json, NULL, record->cells[i].text);
    ov_json_end(json);
}

enum { USUAL = 512 /* bytes: more than most lines */ };

enum ov_status ov_record_write(const struct ov_record *record, bool places,
                               const struct ov_sink *sink, struct ov_error *err)
{
    struct ov_buf line = {0};
    struct ov_json json = {.out = &line};
    ov_buf_room(&line, USUAL);
    if (places)
        put_object(&json, record);
    else
        put_list(&json, record);
    ov_buf_char(&line, '\n');
    return ov_buf_write(&line, sink, err);
}

enum ov_status ov_record_write_csv(const struct ov_record *record, const struct ov_sink *sink,
                                   struct ov_error *err)
{
    struct ov_buf line = {0};
    ov_buf_room(&line, USUAL);
    for (size_t i = 0; i < record->kept; i++) {
        if (i)
            ov_buf_char(&line, ',');
        ov_buf_csv(&line, record->cells[i].text, ',');
    }
    ov_buf_char(&line, '\n');
    return ov_buf_write(&line, sink, err);
}
