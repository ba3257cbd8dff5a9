/* server/store/row_json.c: see row_json.h. */
#include "server/store/row_json.h"

#include <time.h>

#include "base/error.h"

static void put_time(struct ov_json *json, const char *name, int64_t seconds)
{
    char text[40];
    struct tm utc;
    time_t time = (time_t)seconds;
    gmtime_r(&time, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    ov_json_string(json, name, text);
}

static enum ov_status put_list(const struct ov_query *row, const struct ov_row_field *field,
                               struct ov_json *json, struct ov_error *err)
{
    struct ov_query query;
    ov_json_list(json, field->name);
    ov_query_begin(&query, row->sql, field->list, OV_BIND(OV_SQL_I(ov_query_int(row, 0))), err);
    while (ov_query_next(&query))
        ov_json_text(json, NULL, ov_query_text(&query, 0));
    ov_json_end(json);
    return ov_query_end(&query);
}

enum ov_status ov_row_json(const struct ov_query *query, const struct ov_row_field *fields,
                           struct ov_json *json, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    int column = 0;
    ov_json_object(json, NULL);
    for (const struct ov_row_field *field = fields; field->name && status == OV_OK; field++) {
        if (field->kind == OV_ROW_LIST) {
            status = put_list(query, field, json, err);
            continue;
        }
        if (ov_query_is_null(query, column))
            ov_json_null(json, field->name);
        else if (field->kind == OV_ROW_TEXT)
            ov_json_text(json, field->name, ov_query_text(query, column));
        else if (field->kind == OV_ROW_NUMBER)
            ov_json_signed(json, field->name, ov_query_int(query, column));
        else if (field->kind == OV_ROW_FLAG)
            ov_json_bool(json, field->name, ov_query_int(query, column) != 0);
        else
            put_time(json, field->name, ov_query_int(query, column));
        column++;
    }
    ov_json_end(json);
    return status == OV_OK && json->out->failed ? ov_fail_memory(err) : status;
}

enum ov_status ov_rows_json(struct ov_sql *sql, const char *text, const struct ov_sql_value *values,
                            size_t count, const struct ov_row_field *fields, struct ov_json *json,
                            struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(&query, sql, text, values, count, err);
    while (status == OV_OK && ov_query_next(&query))
        status = ov_row_json(&query, fields, json, err);
    enum ov_status ended = ov_query_end(&query);
    return status == OV_OK ? ended : status;
}
