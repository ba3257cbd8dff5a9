/* payload/fix/edits.h: the list of cell edits that would fix findings. */
#ifndef PAYLOAD_FIX_EDITS_H
#define PAYLOAD_FIX_EDITS_H

#include "orgvet/fix.h"
#include "vet/check_access.h"

enum {
    OV_NO_RULE = OV_RULES,     /* a row would get another parent */
    OV_TOO_MUCH = OV_RULES + 1 /* too many interdependent edits to determine the cause */
};

/* One edit of one cell. If several edits of a cell are on, the last one by kind counts. */
struct ov_edit {
    uint32_t row;    /* from 1 */
    uint32_t column; /* from 0 */
    uint8_t kind;    /* enum ov_fix_kind */
    uint8_t why;     /* if off: index of the rule it would violate, OV_NO_RULE or OV_TOO_MUCH */
    bool on;         /* it is to be applied */
    bool tried;      /* it was on when the file was last rewritten */
    bool kept;       /* it stays on: the rewritten file with it was accepted */
    bool fresh;      /* just added, the list is not sorted yet */
    struct ov_place place; /* in the original file */
    /* arena: old and new text; `to` is empty for OV_FIX_SPACE, which trims the cell */
    struct ov_text value, to;
};

/* A list of edits; {0} is empty. */
struct ov_edits {
    struct ov_edit *items; /* owned; sorted by row, column, kind */
    size_t count, capacity;
    struct ov_arena arena; /* of the texts */
};

/* Frees the edits; the list is empty again. */
void ov_edits_deinit(struct ov_edits *edits);

/* Whether the column is that of the names, whose indentation must stay because there is no column
 * for the parent. */
bool ov_edits_keep_indent(const struct ov_check *check, uint32_t column);

/* A cell of a column without the white space around it; of such a column, only that behind it. A
 * view into text. */
struct ov_text ov_edits_trim(const struct ov_check *check, uint32_t column, struct ov_text text);

/* Turns on the edits of some kinds (1 << enum ov_fix_kind, or-ed) that fix findings of `check`,
 * adding those not in the list yet. `original` is the check of the file as it was given; rows have
 * the same numbers in both. *count: how many were turned on. Fails with OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_edits_propose(struct ov_edits *edits, const struct ov_check *check,
                                            const struct ov_check *original, unsigned kinds,
                                            const struct ov_fix_options *options, size_t *count,
                                            struct ov_error *err);

/* The kind of edit that fixes a finding; OV_FIX_KINDS when none does. */
enum ov_fix_kind ov_edits_kind(const struct ov_item *item);

/* The confidence of the suggestion of an OV402, in percent. */
unsigned ov_edits_confidence(const struct ov_item *item);

/* The index of the first edit of a row (from 1) or, if it has none, of a later row; the count if
 * there is none. */
size_t ov_edits_find(const struct ov_edits *edits, uint32_t row);

/* To be called before the file is rewritten: marks the edits that are on as tried. */
void ov_edits_try(struct ov_edits *edits);
/* Marks the edits that are on as kept. */
void ov_edits_keep(struct ov_edits *edits);

/* Turns off the tried edits of a row in one column, or in all (OV_NO_COLUMN), except those that are
 * kept. why: the reason, see ov_edit. Returns how many such edits there are, including those that
 * had been turned off already. */
size_t ov_edits_undo(struct ov_edits *edits, uint32_t row, uint32_t column, unsigned why);

/* Whether some edit of a cell was tried and is not kept. */
bool ov_edits_can_undo(const struct ov_edits *edits, uint32_t row, uint32_t column);

/* Turns off all edits in two columns, those of identifiers and parents, except those that are kept.
 */
void ov_edits_undo_columns(struct ov_edits *edits, uint32_t a, uint32_t b, unsigned why);

/* Turns off all tried edits that are not kept; returns how many there are. */
size_t ov_edits_undo_all(struct ov_edits *edits, unsigned why);

/* The number of edits of a kind that are on, or that are off. */
uint64_t ov_edits_count(const struct ov_edits *edits, enum ov_fix_kind kind, bool on);

#endif
