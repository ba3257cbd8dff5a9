/* payload/fix/verify.h: decides whether a fixed file is better than before. It is when it has no
 * new findings and every row that had a valid parent still has the same one; edits that prevent
 * this are undone. */
#ifndef PAYLOAD_FIX_VERIFY_H
#define PAYLOAD_FIX_VERIFY_H

#include "payload/fix/edits.h"

enum ov_verdict {
    OV_BETTER,   /* no new findings, no changed parents */
    OV_UNDONE,   /* some edits were turned off: try again */
    OV_HOPELESS, /* it is worse, but not because of edits that can be undone */
};

/* Compares the check of the fixed file (`is`) with the one before (`was`) and turns off the edits
 * that made it worse. Rows have the same numbers in both. gentle: for a new cycle only one changed
 * parent is undone, otherwise all. Fails with OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_verify_fix(const struct ov_check *was, const struct ov_check *is,
                                         struct ov_edits *edits, bool gentle,
                                         enum ov_verdict *verdict, struct ov_error *err);

/* Whether both checks have the same number of findings for each rule; for files that differ only in
 * the order of rows. */
bool ov_verify_sorted(const struct ov_check *was, const struct ov_check *is);

#endif
