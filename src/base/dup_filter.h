/* base/dup_filter.h: filters duplicate candidates out of many hashes: approximate, but fast, and in
 * two to four bytes per hash. What certainly occurs only once is dropped; the remaining candidates
 * need an exact comparison. */
#ifndef BASE_DUP_FILTER_H
#define BASE_DUP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orgvet/base.h"

/* Sets to 0 each hash that certainly equals no other; hashes that are 0 are ignored. Hashes that
 * occur more than once are kept, along with some that do not (about one in eight). False when out
 * of memory. */
OV_MUST_USE bool ov_dup_filter_keep(uint32_t *hashes, size_t count);

#endif
