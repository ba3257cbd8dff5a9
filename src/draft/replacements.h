/* draft/replacements.h: fixes that replace a value of a column by another, wherever it occurs. */
#ifndef DRAFT_REPLACEMENTS_H
#define DRAFT_REPLACEMENTS_H

#include "draft/view.h"
#include "vet/check_access.h"

struct ov_replacement {
    size_t item;   /* index of the first finding that it fixes */
    uint64_t rows; /* findings that it fixes; 0: the finding cannot be fixed so */
    struct ov_text from, to;
    uint64_t hash; /* of all that it is */
};

/* How a finding can be fixed; texts are the arena's. OV_E_MEMORY or OV_E_IO on failure. */
OV_MUST_USE enum ov_status ov_replacement_of(struct ov_view *view, size_t item,
                                             struct ov_arena *arena, struct ov_replacement *found,
                                             struct ov_error *err);
/* How sure it is that a finding's suggestion is right, in percent. */
unsigned ov_replacement_percent(const struct ov_item *item);

/* Initially {0}. */
struct ov_replacements {
    struct ov_replacement *items; /* owned; those that fix most first */
    size_t count;
    struct ov_arena arena; /* of the texts */
};
/* Finds the replacements for all findings that are kept, each once. The caller calls
 * ov_replacements_deinit, also after a failure: OV_E_MEMORY or OV_E_IO. */
OV_MUST_USE enum ov_status ov_replacements_find(struct ov_view *view, struct ov_replacements *found,
                                                struct ov_error *err);
void ov_replacements_deinit(struct ov_replacements *replacements);

#endif
