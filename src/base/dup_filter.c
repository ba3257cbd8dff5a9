/* base/dup_filter.c: see dup_filter.h. Two bit maps, indexed by the upper bits of the hash: seen
 * once, and seen again. */
#include "base/dup_filter.h"

#include <stdlib.h>

#include "base/mem.h"

enum { AHEAD = 32, BITS_EACH = 8 };

bool ov_dup_filter_keep(uint32_t *hashes, size_t count)
{
    unsigned width = 10; /* of an index, in bits */
    while (width < 32 && (UINT64_C(1) << width) < (uint64_t)count * BITS_EACH)
        width++;
    size_t words = (size_t)1 << (width - 6);
    uint64_t *seen = calloc(words * 2, sizeof *seen);
    if (!seen)
        return false;
    uint64_t *again = seen + words;
    ov_mem_use_huge_pages(seen, words * 2 * sizeof *seen);
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(&seen[hashes[i + AHEAD] >> (32 - width) >> 6], 1);
        uint32_t at = hashes[i] >> (32 - width);
        uint64_t bit = UINT64_C(1) << (at & 63);
        if (!hashes[i])
            continue;
        if (seen[at >> 6] & bit)
            again[at >> 6] |= bit;
        seen[at >> 6] |= bit;
    }
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(&again[hashes[i + AHEAD] >> (32 - width) >> 6]);
        uint32_t at = hashes[i] >> (32 - width);
        if (!(again[at >> 6] >> (at & 63) & 1))
            hashes[i] = 0;
    }
    free(seen);
    return true;
}
