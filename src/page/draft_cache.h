/* page/draft_cache.h: the views that are kept: the last ones, within bounds of memory and disk.
 * What was dropped is made again when it is asked for. */
#ifndef PAGE_DRAFT_CACHE_H
#define PAGE_DRAFT_CACHE_H

#include "draft/view.h"

struct ov_draft_cache;

/* NULL on failure. ov_draft_cache_free takes NULL; no view is in use then. */
OV_MUST_USE struct ov_draft_cache *ov_draft_cache_new(struct ov_error *err);
void ov_draft_cache_free(struct ov_draft_cache *cache);

/* Makes the view that was not there. */
typedef struct ov_view *ov_view_make(void *ctx, struct ov_error *err);

/* The view of a key, for the caller alone until ov_draft_cache_give; waits for whoever has it. Two
 * are made at a time, one for each owner, so that nobody's large files keep others waiting; *busy:
 * the owner has others being made and waiting already. NULL on failure, which the next caller does
 * not find. */
OV_MUST_USE struct ov_view *ov_draft_cache_take(struct ov_draft_cache *cache, int64_t owner,
                                                struct ov_text key, ov_view_make *make, void *ctx,
                                                bool *busy, struct ov_error *err);
/* fit: it can be used again; not after a failure while it was read. */
void ov_draft_cache_give(struct ov_draft_cache *cache, struct ov_view *view, bool fit);

#endif
