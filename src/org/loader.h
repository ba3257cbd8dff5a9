/* org/loader.h: rows on their way into a forest. Gathers them in batches, so that a batch's memory
 * can be asked for before it is needed, and lets a second thread add them where there is one: what
 * comes out is the same. */
#ifndef ORG_LOADER_H
#define ORG_LOADER_H

#include "org/forest.h"

enum {
    OV_BATCH_ROWS = 2048,
    OV_THREAD_ROWS = 4096, /* smaller files start no thread */
};

struct ov_loader;

/* A loader into a forest, which nobody else touches from the row OV_THREAD_ROWS on until
 * ov_loader_finish. threads: how many may be used in all, 1 or more. */
OV_MUST_USE struct ov_loader *ov_loader_new(struct ov_forest *forest, unsigned threads);
/* Waits for the other thread. */
void ov_loader_free(struct ov_loader *loader);

/* Says how many rows there will probably be; may be said again. Nothing but time and memory depends
 * on it. */
void ov_loader_expect(struct ov_loader *loader, uint64_t rows);

/* Adds a row; an empty text is none. A failure may be one of earlier rows. */
OV_MUST_USE enum ov_status ov_loader_add(struct ov_loader *loader, struct ov_text id,
                                         struct ov_text parent, bool broken, struct ov_error *err);

/* Waits until all rows are added. Call it once, last. */
OV_MUST_USE enum ov_status ov_loader_finish(struct ov_loader *loader, struct ov_error *err);

#endif
