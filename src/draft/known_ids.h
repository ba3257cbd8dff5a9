/* draft/known_ids.h: the identifiers of a vetted file, to look up others. They are kept as 64-bit
 * hashes: what comes of them is a proposal, which the user sees. */
#ifndef DRAFT_KNOWN_IDS_H
#define DRAFT_KNOWN_IDS_H

#include "orgvet/check.h"

struct ov_known_ids {
    uint64_t *hashes; /* owned; ascending */
    size_t count;
};

/* Reads the identifiers of all rows; false: out of memory. The caller calls
 * ov_known_ids_deinit, also then. */
OV_MUST_USE bool ov_known_ids_init(struct ov_known_ids *ids, const struct ov_check *check);
void ov_known_ids_deinit(struct ov_known_ids *ids);
/* Whether some row has an identifier. */
bool ov_known_ids_has(const struct ov_known_ids *ids, struct ov_text id);

#endif
