/* draft/compare.h: compares a vetted file with the framework that it is imported into: the changes
 * that make the framework equal to the file. */
#ifndef DRAFT_COMPARE_H
#define DRAFT_COMPARE_H

#include "draft/view.h"

struct ov_compare {
    struct ov_snapshot *before, *after; /* owned: the framework, the file */
    struct ov_diff *diff;               /* owned */
};

/* Compares the view's file with the framework. before: the finished snapshot of the framework,
 * whose ownership is taken even on failure. The view is borrowed for the call; its check must
 * outlive the result. NULL on failure. ov_compare_free takes NULL. */
OV_MUST_USE struct ov_compare *ov_compare_new(const struct ov_view *view,
                                              struct ov_snapshot *before, struct ov_error *err);
void ov_compare_free(struct ov_compare *compare);
/* Approximate memory in use, in bytes. */
uint64_t ov_compare_size(const struct ov_compare *compare);

/* Writes all changes as a JSON object: `summary` with the counts, `text` with each change in
 * words, up to OV_REPLY_MAX_TEXT bytes (`cut`: there are more), and `left_out`, the number of items
 * of the framework skipped because they have no identifier or a duplicate one. name: the file's
 * name. Fails with OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_compare_put(const struct ov_compare *compare, struct ov_text name,
                                          enum ov_language language, struct ov_json *json,
                                          struct ov_error *err);
/* Writes how a row of the file, given by its identifier, changes, as the member `change`, an
 * object: `added`; or `other` (further fields differ), `from` (old parent; null: none) and `was`
 * (old name). Nothing when it does not change. Running out of memory sets json->out->failed. */
void ov_compare_put_row(const struct ov_compare *compare, struct ov_text id, struct ov_json *json);
/* The name of an item of the framework, borrowed; empty when it has no item with this identifier.
 */
struct ov_text ov_compare_name(const struct ov_compare *compare, struct ov_text id);

/* The kinds of changes of a row. */
enum ov_changed { OV_ADDED, OV_MOVED, OV_RENAMED, OV_CHANGED /* in other fields */ };
/* Whether the file's row with this identifier is changed in this way. */
bool ov_compare_is(const struct ov_compare *compare, struct ov_text id, enum ov_changed what);

#endif
