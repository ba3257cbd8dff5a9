/* page/looks.h: the looks that are kept: the last ones, within bounds of memory and disk. What was
 * dropped is made again when it is asked for. */
#ifndef PAGE_LOOKS_H
#define PAGE_LOOKS_H

#include "page/look.h"

struct ov_looks;

/* NULL on failure. ov_looks_free takes NULL; no look is in use then. */
OV_MUST_USE struct ov_looks *ov_looks_new(struct ov_error *err);
void ov_looks_free(struct ov_looks *looks);

/* Makes the look that was not there. */
typedef struct ov_look *ov_look_make(void *ctx, struct ov_error *err);

/* The look of a key, for the caller alone until ov_looks_give; waits for whoever has it. Two are
 * made at a time, one for each owner, so that nobody's large files keep others waiting; *busy: the
 * owner has others being made and waiting already. NULL on failure, which the next caller does not
 * find. */
OV_MUST_USE struct ov_look *ov_looks_take(struct ov_looks *looks, int64_t owner, struct ov_text key,
                                          ov_look_make *make, void *ctx, bool *busy,
                                          struct ov_error *err);
/* fit: it can be used again; not after a failure while it was read. */
void ov_looks_give(struct ov_looks *looks, struct ov_look *look, bool fit);

#endif
