/* page/draft_cache.h: an LRU cache of views, with limits on memory and disk. A view that was
 * dropped is created again when needed. */
#ifndef PAGE_DRAFT_CACHE_H
#define PAGE_DRAFT_CACHE_H

#include "draft/view.h"

struct ov_draft_cache;

/* NULL on failure; the caller frees it. ov_draft_cache_free takes NULL; no view may be in use. */
OV_MUST_USE struct ov_draft_cache *ov_draft_cache_new(struct ov_error *err);
void ov_draft_cache_free(struct ov_draft_cache *cache);

/* Creates a view; NULL on failure. */
typedef struct ov_view *ov_view_make(void *ctx, struct ov_error *err);

/* The view for a key, for the caller's exclusive use until ov_draft_cache_give; waits while another
 * caller has it. A missing view is created by make(). Two views are created at a time, and one per
 * owner, so that an owner's large files do not block others; *busy: the owner already has too many
 * being created or waiting. NULL on failure, which is not cached. */
OV_MUST_USE struct ov_view *ov_draft_cache_take(struct ov_draft_cache *cache, int64_t owner,
                                                struct ov_text key, ov_view_make *make, void *ctx,
                                                bool *busy, struct ov_error *err);
/* Returns the view. fit: it can be reused; false after a read failure. */
void ov_draft_cache_give(struct ov_draft_cache *cache, struct ov_view *view, bool fit);

#endif
