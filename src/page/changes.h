/* page/changes.h: a vetted file beside the framework that it is imported into: what would have to
 * change for the framework to be as the file is. */
#ifndef PAGE_CHANGES_H
#define PAGE_CHANGES_H

#include "page/look.h"
#include "server/http/request.h"

struct ov_changes {
    struct ov_snapshot *before, *after; /* owned: the framework, the file */
    struct ov_diff *diff;               /* owned */
};

/* NULL on failure. The store is read by the request. ov_changes_free takes NULL. */
OV_MUST_USE struct ov_changes *ov_changes_new(const struct ov_look *look,
                                              struct ov_request *request, int64_t framework,
                                              struct ov_error *err);
void ov_changes_free(struct ov_changes *changes);
/* Bytes of memory that it takes, roughly. */
uint64_t ov_changes_size(const struct ov_changes *changes);

/* Appends all of it as JSON: `summary` with its numbers, `text` with each change in words, as far
 * as they find room (else `cut`), and how many items of the framework are `left_out`, since they
 * have no identifier. */
OV_MUST_USE enum ov_status ov_changes_put(const struct ov_changes *changes, struct ov_text name,
                                          enum ov_language language, struct ov_buf *out,
                                          struct ov_error *err);
/* Appends what changes of a row of the file, by its identifier, as a member `change` behind a
 * comma: `added`, or `from` (its parent; null: none), `was` (its name), `other`; nothing when it is
 * as it was. */
void ov_changes_put_row(const struct ov_changes *changes, struct ov_text id, struct ov_buf *out);
/* The name of an item of the framework; empty when it has none of this identifier. */
struct ov_text ov_changes_name(const struct ov_changes *changes, struct ov_text id);

/* What can be asked of a row. */
enum ov_changed { OV_ADDED, OV_MOVED, OV_RENAMED, OV_CHANGED /* in other details */ };
bool ov_changes_is(const struct ov_changes *changes, struct ov_text id, enum ov_changed what);

#endif
