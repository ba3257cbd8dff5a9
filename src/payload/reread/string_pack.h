/* payload/reread/string_pack.h: many texts stored back to back, with four bytes of overhead each.
 */
#ifndef PAYLOAD_REREAD_STRING_PACK_H
#define PAYLOAD_REREAD_STRING_PACK_H

#include <stdbool.h>

#include "orgvet/base.h"

/* {0} is empty. */
struct ov_string_pack {
    char *bytes;          /* owned */
    size_t len, capacity; /* bytes */
};

/* Appends a copy of a text of less than 4 GiB; false when out of memory. Its offset, for
 * ov_string_pack_take, is the value of `len` before the call. */
OV_MUST_USE bool ov_string_pack_put(struct ov_string_pack *texts, struct ov_text text);
/* The text at offset *at, borrowed until the next one is added; advances *at to the one after it.
 */
struct ov_text ov_string_pack_take(const struct ov_string_pack *texts, size_t *at);
/* Frees the texts; the pack is empty again. */
void ov_string_pack_deinit(struct ov_string_pack *texts);

#endif
