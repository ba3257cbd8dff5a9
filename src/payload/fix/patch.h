/* payload/fix/patch.h: writes the differences between two texts as a unified diff (POSIX diff -u)
 * while the pieces of both arrive. */
#ifndef PAYLOAD_FIX_PATCH_H
#define PAYLOAD_FIX_PATCH_H

#include "base/text.h"
#include "orgvet/fix.h"

enum { OV_PATCH_CONTEXT = 3 /* unchanged lines around a change */ };

struct ov_patch {
    const struct ov_patch_options *options;   /* borrowed */
    const struct ov_sink *out;                /* borrowed */
    uint64_t old_line, new_line;              /* numbers of the next lines, from 1 */
    struct ov_buf same[2 * OV_PATCH_CONTEXT]; /* circular: unchanged lines not yet in a hunk */
    size_t first, count;                      /* of the circular buffer */
    struct ov_buf hunk;                       /* lines of the open hunk */
    struct ov_buf old, fixed;                 /* incomplete last line of each text */
    bool open, started;                       /* a hunk is open; the file header was written */
    uint64_t old_start, new_start, old_count, new_count; /* of the open hunk, in lines */
};

/* Borrows options and out. ov_patch_deinit frees. */
void ov_patch_init(struct ov_patch *patch, const struct ov_patch_options *options,
                   const struct ov_sink *out);
void ov_patch_deinit(struct ov_patch *patch);
/* Adds the next pieces of both texts (an ov_piece_fn; ctx is the patch). Lines end with LF;
 * incomplete ones are kept until the rest arrives. Fails with OV_E_MEMORY, or as the sink does. */
OV_MUST_USE enum ov_status ov_patch_put(void *ctx, struct ov_text old, struct ov_text fixed,
                                        struct ov_error *err);
/* Writes the rest; fails as ov_patch_put does. */
OV_MUST_USE enum ov_status ov_patch_end(struct ov_patch *patch, struct ov_error *err);

#endif
