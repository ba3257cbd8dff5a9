/* payload/fix/fix.h: the state of a fix (orgvet/fix.h), shared by fix.c and fix_text.c. */
#ifndef PAYLOAD_FIX_FIX_H
#define PAYLOAD_FIX_FIX_H

#include "payload/fix/rewrite.h"

struct ov_fix {
    const struct ov_check *before;  /* borrowed: check of the original file */
    const struct ov_source *source; /* borrowed: its bytes */
    struct ov_fix_options options;
    struct ov_survey survey; /* of the original file */
    struct ov_edits edits;   /* of its cells */
    /* whole-file fixes, 1 << enum ov_fix_kind, or-ed: those to apply; those needed, but given up */
    unsigned kinds, left;
    unsigned left_why[OV_FIX_KINDS]; /* per kind in `left`: index of the rule that prevents it, or
                                        OV_NO_RULE */
    char delimiter;                  /* of the fixed file, with OV_FIX_DELIMITER */
    struct ov_check *after;       /* owned: check of the fixed file; NULL while nothing is fixed */
    bool sorted;                  /* rows are moved after their parents */
    uint64_t moved;               /* rows moved after their parents */
    unsigned vettings, guessings; /* checks of the fixed file so far; those of them that compared by
                                     edit distance */
};

/* The check of the file with the fixes accepted so far; borrowed. */
static inline const struct ov_check *ov_fix_current(const struct ov_fix *fix)
{
    return fix->after ? fix->after : fix->before;
}

#endif
