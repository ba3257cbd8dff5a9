/* report/place.c: see place.h. */
#include "report/place.h"

#include "base/unicode.h"

void ov_put_cell_name(struct ov_buf *out, struct ov_place place)
{
    char letters[16];
    size_t at = sizeof letters;
    for (uint64_t column = place.column; column; column = (column - 1) / 26)
        letters[--at] = (char)('A' + (column - 1) % 26);
    ov_buf_put(out, letters + at, sizeof letters - at);
    ov_buf_decimal(out, place.line);
}

void ov_put_place(struct ov_buf *out, const struct ov_check_result *result, struct ov_place place)
{
    ov_buf_char(out, ':');
    if (result->is_workbook) {
        ov_buf_escaped(out, result->sheet);
        ov_buf_char(out, '!');
        ov_put_cell_name(out, place);
        return;
    }
    ov_buf_decimal(out, place.line);
    ov_buf_char(out, ':');
    ov_buf_decimal(out, place.column);
}

void ov_json_put_place(struct ov_json *json, const struct ov_check_result *result,
                       struct ov_place place, int64_t row)
{
    ov_json_number(json, "line", place.line);
    ov_json_number(json, "column", place.column);
    if (result->is_workbook) {
        struct ov_buf name = {0};
        ov_put_cell_name(&name, place);
        ov_json_null(json, "byte_offset");
        ov_json_text(json, "sheet", result->sheet);
        ov_json_text(json, "cell", ov_buf_view(&name));
        json->out->failed |= name.failed;
        ov_buf_deinit(&name);
    } else {
        ov_json_number(json, "byte_offset", place.byte_offset);
    }
    if (row >= 0)
        ov_json_signed(json, "row", row);
}
