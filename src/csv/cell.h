/* csv/cell.h: the cells of a record, by the number of their column. */
#ifndef CSV_CELL_H
#define CSV_CELL_H

#include "orgvet/records.h"

/* The text of a cell; empty when the record does not have it, or when there is no such column
 * (below 0). */
static inline struct ov_text ov_cell_text(const struct ov_record *record, int column)
{
    if (column < 0 || (size_t)column >= record->kept)
        return (struct ov_text){0};
    return record->cells[column].text;
}

#endif
