/* server/store/row_json.h: the rows of a statement as JSON objects (RFC 8259). */
#ifndef SERVER_STORE_ROW_JSON_H
#define SERVER_STORE_ROW_JSON_H

#include "base/json.h"
#include "server/store/sql.h"

/* A member, of the next column; null where that is null. */
struct ov_row_field {
    const char *name; /* NULL: there are no more */
    enum ov_row_kind {
        OV_ROW_NUMBER,
        OV_ROW_TEXT,
        OV_ROW_FLAG, /* a number: whether it is not 0 */
        OV_ROW_TIME, /* seconds since 1970, written as ISO 8601 in UTC */
        OV_ROW_LIST, /* no column: the texts that `list` gives for the first column, as ?1 */
    } kind;
    const char *list;
};

/* Writes each row of a statement as an object, as elements of the list that the caller opened. */
OV_MUST_USE enum ov_status ov_rows_json(struct ov_sql *sql, const char *text,
                                        const struct ov_sql_value *values, size_t count,
                                        const struct ov_row_field *fields, struct ov_json *json,
                                        struct ov_error *err);
/* The same for the current row of a query alone. */
OV_MUST_USE enum ov_status ov_row_json(const struct ov_query *query,
                                       const struct ov_row_field *fields, struct ov_json *json,
                                       struct ov_error *err);

#endif
