/* book/xlsx.h: workbooks of ECMA-376 (SpreadsheetML): .xlsx, .xlsm. */
#ifndef BOOK_XLSX_H
#define BOOK_XLSX_H

#include "book/book_parts.h"

/* Opens the parts of a workbook, once its archive is open; *is: it is one of this format. False:
 * *problem, or NULL when out of memory. */
bool ov_xlsx_open(struct ov_book *book, bool *is, ov_problem *problem);

#endif
