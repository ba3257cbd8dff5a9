/* org/loader.h: passes rows to a forest in batches, so that the memory of a batch can be
 * prefetched, and so that a second thread, if allowed, can add them. The result is the same either
 * way. */
#ifndef ORG_LOADER_H
#define ORG_LOADER_H

#include "org/forest.h"

enum {
    OV_BATCH_ROWS = 2048,
    OV_THREAD_ROWS = 4096, /* smaller files do not start a thread */
};

struct ov_loader;

/* A loader for a forest, which the caller must not access from row OV_THREAD_ROWS on until
 * ov_loader_finish. threads: maximum, the caller's included, 1 or more. NULL when out of memory. */
OV_MUST_USE struct ov_loader *ov_loader_new(struct ov_forest *forest, unsigned threads);
/* Waits for the other thread; takes NULL. */
void ov_loader_free(struct ov_loader *loader);

/* Sets the estimated number of rows; may be called repeatedly. Affects only time and memory. */
void ov_loader_expect(struct ov_loader *loader, uint64_t rows);

/* Adds a row; the texts are copied, an empty one means none. May return the failure of an earlier
 * row. */
OV_MUST_USE enum ov_status ov_loader_add(struct ov_loader *loader, struct ov_text id,
                                         struct ov_text parent, bool broken, struct ov_error *err);

/* Waits until all rows have been added; returns the first failure. Call it once, last. */
OV_MUST_USE enum ov_status ov_loader_finish(struct ov_loader *loader, struct ov_error *err);

#endif
