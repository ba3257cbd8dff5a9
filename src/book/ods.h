/* book/ods.h: workbooks of OpenDocument 1.2 (part 1, 9): .ods. */
#ifndef BOOK_ODS_H
#define BOOK_ODS_H

#include "book/book_parts.h"

/* Opens the parts of a workbook, once its archive is open; *is: it is one of this format. False:
 * *problem, or NULL when out of memory. */
bool ov_ods_open(struct ov_book *book, bool *is, ov_problem *problem);

#endif
