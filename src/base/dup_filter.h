/* base/dup_filter.h: which of many hashes come more than once: nearly, but quickly, and in two to
 * four bytes for each. What surely comes once is sorted out; what is left is worth a closer look.
 */
#ifndef BASE_DUP_FILTER_H
#define BASE_DUP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orgvet/base.h"

/* Sets to 0 each hash that no other one equals; 0 stands for nothing. Hashes that come more than
 * once stay, and some that do not (about one in eight). False when there is no memory. */
OV_MUST_USE bool ov_dup_filter_keep(uint32_t *hashes, size_t count);

#endif
