/* payload/fix/rewrite.h: rewrites a vetted file with fixes applied, piece by piece. Everything else
 * is copied unchanged, converted to UTF-8. */
#ifndef PAYLOAD_FIX_REWRITE_H
#define PAYLOAD_FIX_REWRITE_H

#include "payload/fix/edits.h"

/* Receives a piece of the file: the original text and the fixed one, both as UTF-8 and borrowed for
 * the call. Either may be empty. A failure stops the rewriting. */
typedef enum ov_status ov_piece_fn(void *ctx, struct ov_text old, struct ov_text fixed,
                                   struct ov_error *err);

/* What to rewrite, and how. All pointers are borrowed. */
struct ov_rewrite {
    const struct ov_check *check;   /* of the original file, made with options.keep_for_reread */
    const struct ov_source *source; /* its bytes */
    struct ov_edits *edits;         /* applied if on; turned off if they cannot be */
    unsigned kinds;                 /* whole-file fixes: 1 << enum ov_fix_kind, or-ed */
    char delimiter; /* the new delimiter, with OV_FIX_DELIMITER; survey.stuck refers to it too */
    struct ov_text line_end; /* the new line end, with OV_FIX_LINE_ENDS; also ends the last row,
                                with `order` */
    const struct ov_check *order; /* if not NULL: rows are moved after their parents there */
    ov_piece_fn *on_piece;        /* or NULL */
    void *ctx;                    /* of on_piece */
};

/* Facts about the original file and its rewriting. */
struct ov_survey {
    uint64_t lf, crlf, cr; /* line ends outside cells, in the original file */
    uint64_t blank;        /* blank rows */
    uint64_t titles;       /* lines above the header, without a `sep=` line */
    uint64_t headers;      /* repeated headers */
    uint64_t not_rows;     /* totals and comments */
    uint64_t stuck;        /* records that cannot be converted to the new delimiter */
    uint64_t invalid;      /* byte sequences invalid in the file's encoding */
    unsigned torn; /* index of the rule violated by the first record whose cells have no certain end
                      (OV105, OV106); or OV_NO_RULE */
    uint64_t moved; /* rows moved after their parents */
    bool bom;       /* it is UTF-8 with a byte-order mark */
    bool converted; /* its bytes differ from its text in UTF-8 */
    bool sep;       /* it starts with a `sep=` line */
};

/* Rewrites the whole file and fills in *survey. OV_E_IO when the file is not the one that was
 * vetted; else OV_E_MEMORY, or the failures of the reader and of on_piece. */
OV_MUST_USE enum ov_status ov_rewrite_run(const struct ov_rewrite *how, struct ov_survey *survey,
                                          struct ov_error *err);

#endif
