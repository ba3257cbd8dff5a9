/* base/key_filter.c: see key_filter.h. */
#include "base/key_filter.h"

#include <stdlib.h>

#include "base/mem.h"

enum { FIRST_WORDS = 512, KEYS_A_WORD = 4, GROWTH_MOST = 32 };

bool ov_key_filter_is_full(const struct ov_key_filter *filter)
{
    return filter->keys >= filter->count * KEYS_A_WORD;
}

bool ov_key_filter_grow(struct ov_key_filter *filter, uint64_t expected)
{
    size_t count = filter->count ? filter->count * 2 : FIRST_WORDS;
    size_t most = count / 2 * GROWTH_MOST;
    uint64_t wanted = expected / KEYS_A_WORD + 1;
    if (count < wanted)
        count = wanted < most ? (size_t)wanted : most;
    uint64_t *words = calloc(count, sizeof *words);
    if (!words)
        return false;
    ov_mem_use_huge_pages(words, count * sizeof *words);
    free(filter->words);
    *filter = (struct ov_key_filter){.words = words, .count = count};
    return true;
}

void ov_key_filter_deinit(struct ov_key_filter *filter)
{
    free(filter->words);
    *filter = (struct ov_key_filter){0};
}
