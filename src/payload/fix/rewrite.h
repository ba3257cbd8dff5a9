/* payload/fix/rewrite.h: a file with changes applied, piece by piece. What is not changed is
 * copied. */
#ifndef PAYLOAD_FIX_REWRITE_H
#define PAYLOAD_FIX_REWRITE_H

#include "payload/fix/edits.h"

/* A piece of the file: whole lines, as they are and as they become, in UTF-8. Either may be empty.
 */
typedef enum ov_status ov_piece_fn(void *ctx, struct ov_text old, struct ov_text mended,
                                   struct ov_error *err);

struct ov_rewrite {
    const struct ov_check *check;   /* of the file as it is, made with options.keep_for_reread */
    const struct ov_source *source; /* its bytes */
    struct ov_edits *edits;         /* those that cannot be applied are turned off */
    unsigned kinds;                 /* of what is of the whole file: 1 << enum ov_fix_kind, or-ed */
    char delimiter;                 /* what OV_FIX_DELIMITER is, or would be, mended to */
    struct ov_text line_end;        /* with OV_FIX_LINE_ENDS, or order */
    const struct ov_check
        *order;            /* puts rows behind their parents, as this check has them; or NULL */
    ov_piece_fn *on_piece; /* or NULL */
    void *ctx;
};

/* What the file is like, and what became of it. */
struct ov_survey {
    uint64_t lf, crlf, cr; /* line ends outside cells */
    uint64_t blank;        /* blank rows */
    uint64_t stuck;        /* rows that cannot have the other delimiter */
    uint64_t invalid;      /* places of bytes that are invalid in the file's encoding */
    unsigned torn;  /* index of the rule of the first row of which it cannot be told where its
                       cells end; or OV_NO_RULE */
    uint64_t moved; /* rows put behind their parents */
    bool bom;       /* it is UTF-8 and has a byte-order mark */
    bool converted; /* its text as UTF-8 is made of other bytes */
    bool sep;       /* it begins with a `sep=` line */
};

/* OV_E_IO when the file is not the one that was vetted. */
OV_MUST_USE enum ov_status ov_rewrite_run(const struct ov_rewrite *how, struct ov_survey *survey,
                                          struct ov_error *err);

#endif
