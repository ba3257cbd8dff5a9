/* vet/lines.h: which records below the header are not rows (OV114 to OV116). */
#ifndef VET_LINES_H
#define VET_LINES_H

#include "vet/check_internal.h"

/* What a record is that is not blank. OV_LINE_TOTAL: it may be a line of totals; whether it is one
 * is known when no ordinary row follows, and the hierarchy is (ov_is_total). */
enum ov_line ov_line_of(const struct ov_check *check, const struct ov_record *record);
/* Reports a record that is not a row; a comment, a repeated header, or a line of totals. */
void ov_report_line(struct ov_check *check, const struct ov_record *record, enum ov_line line);

/* Reports a row whose identifier is `#` before something else than an error value. */
void ov_report_commented(struct ov_check *check, struct ov_vetted *vetted);

/* A copy of a record, for when it is known what it is. */
struct ov_kept_record {
    struct ov_kept_record *next;
    struct ov_record record; /* refers to the copy */
    struct ov_place *places; /* owned, as are all below */
    struct ov_cell *cells;
    struct ov_invalid *invalid;
    char *text;
};
/* NULL when out of memory; ov_kept_record_free takes NULL and does not free `next`. */
OV_MUST_USE struct ov_kept_record *ov_kept_record_new(const struct ov_record *record);
void ov_kept_record_free(struct ov_kept_record *kept);

/* Whether a record that may be a line of totals is one: its parent is not a row, and no row names
 * it as its parent. All rows are in the forest, which is not resolved yet. */
bool ov_is_total(const struct ov_check *check, const struct ov_record *record);

#endif
