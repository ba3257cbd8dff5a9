/* report/place.h: places as people and programs read them: line and column of a text, sheet and
 * cell of a workbook. */
#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include "base/json.h"
#include "orgvet/check.h"

/* Appends the name of a cell: `B7`. */
void ov_put_cell_name(struct ov_buf *out, struct ov_place place);
/* Appends a place behind a path: `:7:2`, or `:Positions!B7`. */
void ov_put_place(struct ov_buf *out, const struct ov_check_result *result, struct ov_place place);
/* Writes the members of a place; row: negative: none. */
void ov_json_put_place(struct ov_json *json, const struct ov_check_result *result,
                       struct ov_place place, int64_t row);

#endif
