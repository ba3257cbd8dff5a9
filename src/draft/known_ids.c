/* draft/known_ids.c: see known_ids.h. */
#include "draft/known_ids.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/search.h"
#include "vet/check_access.h"

bool ov_known_ids_init(struct ov_known_ids *ids, const struct ov_check *check)
{
    const struct ov_forest *forest = ov_check_forest(check);
    *ids = (struct ov_known_ids){malloc((forest->count + (size_t)1) * sizeof *ids->hashes), 0};
    if (!ids->hashes)
        return false;
    for (ov_node row = 0; row < forest->count; row++) {
        struct ov_text id = ov_forest_id(forest, row);
        if (id.len)
            ids->hashes[ids->count++] = ov_hash(id, 0);
    }
    if (ids->count)
        qsort(ids->hashes, ids->count, sizeof *ids->hashes, ov_by_number);
    return true;
}

void ov_known_ids_deinit(struct ov_known_ids *ids)
{
    free(ids->hashes);
    *ids = (struct ov_known_ids){0};
}

static bool is_before(const void *hashes, size_t index, const void *hash)
{
    return ((const uint64_t *)hashes)[index] < *(const uint64_t *)hash;
}

bool ov_known_ids_has(const struct ov_known_ids *ids, struct ov_text id)
{
    uint64_t hash = ov_hash(id, 0);
    size_t at = ov_lower_bound(ids->hashes, 0, ids->count, &hash, is_before);
    return at < ids->count && ids->hashes[at] == hash;
}
