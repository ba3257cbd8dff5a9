/* draft/filter.h: finds the rows of a view that match a filter. */
#ifndef DRAFT_FILTER_H
#define DRAFT_FILTER_H

#include "base/text.h"

struct ov_view; /* draft/view.h */

/* A filter on rows; all conditions must hold. */
struct ov_view_filter {
    int rule;            /* index of the rule of a finding; -1: any */
    int severity;        /* enum ov_severity, or -1: any */
    bool only;           /* only rows with findings */
    struct ov_text text; /* contained in a cell or message; empty: any */
    bool names;          /* search for the text only in the identifier and the name */
};

/* The cached result of a filter. */
struct ov_filtered {
    struct ov_buf key; /* identifies the filter; empty: unused entry */
    uint32_t *rows;    /* owned: row numbers from 0, ascending; NULL: all rows */
    uint32_t count;    /* rows that match */
    uint64_t used;     /* turn of the last use */
};
enum { OV_VIEW_FILTERED = 4 };

/* Frees a result and marks its entry as unused. */
void ov_filtered_clear(struct ov_filtered *filtered);
/* The rows that match a filter; cached in the view, which owns the result until OV_VIEW_FILTERED
 * other filters have been used. NULL on failure. */
OV_MUST_USE const struct ov_filtered *
ov_filtered(struct ov_view *view, const struct ov_view_filter *filter, struct ov_error *err);
/* The row at a position of a result; position: less than its count. */
static inline uint32_t ov_filtered_row(const struct ov_filtered *filtered, uint32_t place)
{
    return filtered->rows ? filtered->rows[place] : place;
}
/* The position of the first row that is not before `row`; the count if there is none. */
uint32_t ov_filtered_place(const struct ov_filtered *filtered, uint32_t row);

#endif
