/* book/values.h: the text of a workbook's values as people see it: numbers in their shortest form,
 * dates as ISO 8601 (ECMA-376 part 1, 18.8.30 and 18.17.4). */
#ifndef BOOK_VALUES_H
#define BOOK_VALUES_H

#include "base/text.h"

/* How a number is shown. */
enum ov_shown_as { OV_AS_NUMBER, OV_AS_DATE, OV_AS_TIME, OV_AS_DATE_TIME, OV_AS_ZEROS };

struct ov_number_format {
    enum ov_shown_as as;
    unsigned digits; /* OV_AS_ZEROS: at least so many */
};

/* The format that a code says: `0.00`, `dd/mm/yyyy`, `00000`. */
struct ov_number_format ov_number_format(struct ov_text code);
/* The format with a number that has no code in the file (18.8.30). */
struct ov_number_format ov_builtin_format(unsigned number);

/* Appends a number, written as XML Schema writes a double; date1904: days count from 1904. Text
 * that is not a number is appended as it is. */
void ov_put_number(struct ov_buf *out, struct ov_text number, struct ov_number_format format,
                   bool date1904);

#endif
