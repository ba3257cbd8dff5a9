/* base/key_filter.h: a set of 64-bit keys that can only be added to, and that knows for certain of
 * most other keys that they are not in it (a Bloom filter whose bits for a key are in one word): in
 * two bytes per key. Keys must be mixed (ov_hash_number). */
#ifndef BASE_KEY_FILTER_H
#define BASE_KEY_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orgvet/base.h"

/* {0} has no room and must be grown first. */
struct ov_key_filter {
    uint64_t *words; /* owned */
    size_t count;    /* of words */
    size_t keys;     /* added since it was grown */
};

/* A number below `count`, in the order of the keys. */
static inline size_t ov_key_spread(uint64_t key, size_t count)
{
    return (size_t)((key >> 32) * count >> 32);
}

static inline uint64_t *ov_key_filter_word(const struct ov_key_filter *filter, uint64_t key)
{
    return &filter->words[ov_key_spread(key, filter->count)];
}

/* Four bits, of the lower half of the key. */
static inline uint64_t ov_key_filter_bits(uint64_t key)
{
    return UINT64_C(1) << (key & 63) | UINT64_C(1) << (key >> 6 & 63) |
           UINT64_C(1) << (key >> 12 & 63) | UINT64_C(1) << (key >> 18 & 63);
}

/* Whether a key may be in the filter; false: it certainly is not. In a full filter that is wrong of
 * one in two hundred keys. */
static inline bool ov_key_filter_may_have(const struct ov_key_filter *filter, uint64_t key)
{
    uint64_t bits = ov_key_filter_bits(key);
    return (*ov_key_filter_word(filter, key) & bits) == bits;
}

/* Adds a key. The filter must have been grown, and should not be full. */
static inline void ov_key_filter_add(struct ov_key_filter *filter, uint64_t key)
{
    *ov_key_filter_word(filter, key) |= ov_key_filter_bits(key);
    filter->keys++;
}

bool ov_key_filter_is_full(const struct ov_key_filter *filter);

/* Makes the filter larger, for `expected` keys if that is not too far from what it has now, and
 * empties it: the caller adds all keys again. False when out of memory: nothing changed. */
OV_MUST_USE bool ov_key_filter_grow(struct ov_key_filter *filter, uint64_t expected);

void ov_key_filter_deinit(struct ov_key_filter *filter);

#endif
