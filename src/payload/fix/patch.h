/* payload/fix/patch.h: the difference of two texts as a unified diff (POSIX diff -u), written as
 * the pieces come. */
#ifndef PAYLOAD_FIX_PATCH_H
#define PAYLOAD_FIX_PATCH_H

#include "base/text.h"
#include "orgvet/fix.h"

enum { OV_PATCH_CONTEXT = 3 /* unchanged lines around a change */ };

struct ov_patch {
    const struct ov_patch_options *options;   /* borrowed */
    const struct ov_sink *out;                /* borrowed */
    uint64_t old_line, new_line;              /* numbers of the next lines */
    struct ov_buf same[2 * OV_PATCH_CONTEXT]; /* a ring of unchanged lines not yet in a hunk */
    size_t first, count;                      /* of the ring */
    struct ov_buf hunk;                       /* the lines of the hunk that is open */
    struct ov_buf old, mended;                /* of a line that is not whole yet */
    bool open, begun;
    uint64_t old_start, new_start, old_count, new_count; /* of the hunk */
};

void ov_patch_init(struct ov_patch *patch, const struct ov_patch_options *options,
                   const struct ov_sink *out);
void ov_patch_deinit(struct ov_patch *patch);
/* Takes the next pieces of both texts (ctx is the patch). Lines end with LF; one that is not whole
 * waits for its rest. */
OV_MUST_USE enum ov_status ov_patch_put(void *ctx, struct ov_text old, struct ov_text mended,
                                        struct ov_error *err);
OV_MUST_USE enum ov_status ov_patch_end(struct ov_patch *patch, struct ov_error *err);

#endif
