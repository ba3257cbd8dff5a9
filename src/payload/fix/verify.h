/* payload/fix/verify.h: whether a mended file is better than before. It is when nothing new is
 * found in it and no row hangs on another parent; what stands against that is undone. */
#ifndef PAYLOAD_FIX_VERIFY_H
#define PAYLOAD_FIX_VERIFY_H

#include "payload/fix/edits.h"

enum ov_verdict {
    OV_BETTER,   /* nothing speaks against it */
    OV_UNDONE,   /* edits were turned off: try again */
    OV_HOPELESS, /* it is worse, and that is not the edits' fault */
};

/* Holds the check of the mended file against the one before. The rows of both have the same
 * numbers. gentle: of a new loop one of the changed parents is undone, else all. */
OV_MUST_USE enum ov_status ov_verify_fix(const struct ov_check *was, const struct ov_check *is,
                                         struct ov_edits *edits, bool gentle,
                                         enum ov_verdict *verdict, struct ov_error *err);

/* Whether both have the same number of findings of each rule: of files that differ in the order of
 * rows. */
bool ov_verify_sorted(const struct ov_check *was, const struct ov_check *is);

#endif
