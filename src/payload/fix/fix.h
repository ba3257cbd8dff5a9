/* payload/fix/fix.h: what is known of a file that is being mended, for what tells of it. */
#ifndef PAYLOAD_FIX_FIX_H
#define PAYLOAD_FIX_FIX_H

#include "payload/fix/rewrite.h"

struct ov_fix {
    const struct ov_check *before;  /* borrowed: the file as it is */
    const struct ov_source *source; /* borrowed */
    struct ov_fix_options options;
    struct ov_survey survey;
    struct ov_edits edits;
    unsigned kinds, left; /* of the whole file: those that are mended, and those that are not */
    unsigned left_why[OV_FIX_KINDS]; /* index of the rule that speaks against it */
    char delimiter;
    struct ov_check *after; /* owned: the mended file; NULL while it is the same */
    bool sorted;            /* rows are put in order, those of `after` */
    uint64_t moved;
    unsigned vettings, guessings; /* so far */
};

/* The check of the file as it will be. */
static inline const struct ov_check *ov_fix_current(const struct ov_fix *fix)
{
    return fix->after ? fix->after : fix->before;
}

#endif
