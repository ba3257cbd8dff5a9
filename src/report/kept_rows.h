/* report/kept_rows.h: which rows a report shows of a file that has more than fit: those with
 * findings, and those above them. */
#ifndef REPORT_KEPT_ROWS_H
#define REPORT_KEPT_ROWS_H

#include "vet/check_access.h"

/* {0} keeps all. */
struct ov_kept_rows {
    const struct ov_check *check;
    unsigned char *bits; /* owned: a bit per row; NULL: all rows are kept */
    uint64_t left;       /* that may still be kept */
};

/* Chooses at most `most` rows of a finished check. False when out of memory. */
OV_MUST_USE bool ov_kept_rows_init(struct ov_kept_rows *kept, const struct ov_check *check,
                                   uint64_t most);
void ov_kept_rows_deinit(struct ov_kept_rows *kept);
bool ov_is_kept(const struct ov_kept_rows *kept, ov_node row);

#endif
