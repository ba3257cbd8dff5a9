/* base/search.h: binary search in anything that is ordered and indexed. */
#ifndef BASE_SEARCH_H
#define BASE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the entry at an index comes before the key. `list` and `key` are those given to
 * ov_lower_bound. */
typedef bool ov_is_before(const void *list, size_t index, const void *key);

/* The first index in from..to-1 whose entry does not come before the key; `to` if there is none.
 * The entries that come before it must be the first ones. Inline, so that the compiler specialises
 * it for `is_before`. */
static inline size_t ov_lower_bound(const void *list, size_t from, size_t to, const void *key,
                                    ov_is_before *is_before)
{
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (is_before(list, middle, key))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The order of two uint64_t, for qsort and bsearch. */
static inline int ov_by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

#endif
