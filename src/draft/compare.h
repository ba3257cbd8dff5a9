/* draft/compare.h: a vetted file beside the framework that it is imported into: what would have to
 * change for the framework to be as the file is. */
#ifndef DRAFT_COMPARE_H
#define DRAFT_COMPARE_H

#include "draft/view.h"

struct ov_compare {
    struct ov_snapshot *before, *after; /* owned: the framework, the file */
    struct ov_diff *diff;               /* owned */
};

/* NULL on failure. before: the framework, finished; taken over, whatever comes of it.
 * ov_compare_free takes NULL. */
OV_MUST_USE struct ov_compare *ov_compare_new(const struct ov_view *view,
                                              struct ov_snapshot *before, struct ov_error *err);
void ov_compare_free(struct ov_compare *compare);
/* Bytes of memory that it takes, roughly. */
uint64_t ov_compare_size(const struct ov_compare *compare);

/* Appends all of it as JSON: `summary` with its numbers, `text` with each change in words, as far
 * as they find room (else `cut`), and how many items of the framework are `left_out`, since they
 * have no identifier. */
OV_MUST_USE enum ov_status ov_compare_put(const struct ov_compare *compare, struct ov_text name,
                                          enum ov_language language, struct ov_buf *out,
                                          struct ov_error *err);
/* Appends what changes of a row of the file, by its identifier, as a member `change` behind a
 * comma: `added`, or `from` (its parent; null: none), `was` (its name), `other`; nothing when it is
 * as it was. */
void ov_compare_put_row(const struct ov_compare *compare, struct ov_text id, struct ov_buf *out);
/* The name of an item of the framework; empty when it has none of this identifier. */
struct ov_text ov_compare_name(const struct ov_compare *compare, struct ov_text id);

/* What can be asked of a row. */
enum ov_changed { OV_ADDED, OV_MOVED, OV_RENAMED, OV_CHANGED /* in other details */ };
bool ov_compare_is(const struct ov_compare *compare, struct ov_text id, enum ov_changed what);

#endif
