/* payload/fix/edits.h: changes of cells that would mend findings. */
#ifndef PAYLOAD_FIX_EDITS_H
#define PAYLOAD_FIX_EDITS_H

#include "orgvet/fix.h"
#include "vet/check_access.h"

enum {
    OV_NO_RULE = OV_RULES,     /* a row would hang on another parent */
    OV_TOO_MUCH = OV_RULES + 1 /* too much depends on each other to be found out */
};

/* One change of one cell. Of several in a cell the last kind counts. */
struct ov_edit {
    uint32_t row; /* from 1 */
    uint32_t column;
    uint8_t kind; /* enum ov_fix_kind */
    uint8_t why;  /* of one that is off: the index of the rule that speaks against it, or
                     OV_NO_RULE */
    bool on;
    bool tried;               /* it was on when the file was last rewritten */
    bool kept;                /* on for good: the file with it was found better */
    bool fresh;               /* not yet in its place in the list */
    struct ov_place place;    /* in the file as it was given */
    struct ov_text value, to; /* arena; `to` of OV_FIX_SPACE is found in the cell: empty */
};

/* {0} is none. */
struct ov_edits {
    struct ov_edit *items; /* in order of row, column, kind */
    size_t count, capacity;
    struct ov_arena arena;
};

void ov_edits_deinit(struct ov_edits *edits);

/* Turns on the edits of some kinds (1 << enum ov_fix_kind, or-ed) that mend what `check` has found;
 * adds those that are not there. `original` is the check of the file as it was given: rows have the
 * same numbers in both. How many were turned on goes to *count. */
OV_MUST_USE enum ov_status ov_edits_propose(struct ov_edits *edits, const struct ov_check *check,
                                            const struct ov_check *original, unsigned kinds,
                                            const struct ov_fix_options *options, size_t *count,
                                            struct ov_error *err);

/* The kind of edit that mends a finding, or OV_FIX_KINDS. */
enum ov_fix_kind ov_edits_kind(const struct ov_item *item);

/* How sure the suggestion of an OV402 is, in percent. */
unsigned ov_edits_confidence(const struct ov_item *item);

/* The index of the first edit of a row, or of a later one when it has none. */
size_t ov_edits_find(const struct ov_edits *edits, uint32_t row);

/* The file is going to be rewritten with those that are on. */
void ov_edits_try(struct ov_edits *edits);
/* Keeps those that are on. */
void ov_edits_keep(struct ov_edits *edits);

/* Turns off the edits of a row in a column, or in all (OV_NO_COLUMN), for the sake of a rule; how
 * many were tried and are not kept: those that were turned off since then are among them. */
size_t ov_edits_undo(struct ov_edits *edits, uint32_t row, uint32_t column, unsigned why);

/* Whether some edits of a cell were tried and are not kept. */
bool ov_edits_can_undo(const struct ov_edits *edits, uint32_t row, uint32_t column);

/* Turns off those of identifiers and parents, in these two columns. */
void ov_edits_undo_columns(struct ov_edits *edits, uint32_t a, uint32_t b, unsigned why);

/* Turns off all that are not kept; how many were tried. */
size_t ov_edits_undo_all(struct ov_edits *edits, unsigned why);

/* How many of a kind are on, or off. */
uint64_t ov_edits_count(const struct ov_edits *edits, enum ov_fix_kind kind, bool on);

#endif
