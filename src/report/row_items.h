/* report/row_items.h: the findings of each record, for reports that are copies of the file. */
#ifndef REPORT_ROW_ITEMS_H
#define REPORT_ROW_ITEMS_H

#include "vet/check_access.h"

/* Whether a finding is about the file or its header. */
bool ov_is_of_no_row(const struct ov_item *item);

/* Whether all cells of a record are empty, so that it is no row. */
bool ov_is_blank(const struct ov_record *record);

/* {.check = …} is before the first record. */
struct ov_row_items {
    const struct ov_check *check;
    size_t next; /* index of the first finding that was not returned yet */
};
/* The next finding of a record below the header; NULL: it has no more. Records must come in their
 * order, and each until NULL; borrowed. */
const struct ov_item *ov_row_items_next(struct ov_row_items *items, const struct ov_record *record);

/* Appends the code of a finding to `codes`, and what it says and how to fix it to `messages`. */
void ov_put_finding(const struct ov_item *item, const struct ov_names *names, struct ov_buf *codes,
                    struct ov_buf *messages);

/* Appends a cell's text as it may be shown: U+FFFD for bytes that are no characters, redacted if
 * the check is. */
void ov_put_shown_cell(struct ov_buf *out, const struct ov_check *check,
                       const struct ov_record *record, size_t column);

#endif
