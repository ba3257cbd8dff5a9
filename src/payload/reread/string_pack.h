/* payload/reread/string_pack.h: many texts kept one behind the other: four bytes more than their
 * own each. */
#ifndef PAYLOAD_REREAD_STRING_PACK_H
#define PAYLOAD_REREAD_STRING_PACK_H

#include <stdbool.h>

#include "orgvet/base.h"

struct ov_string_pack {
    char *bytes; /* owned */
    size_t len, capacity;
};

/* Adds a text of less than 4 GiB; false when there is no memory. It can be taken from where `len`
 * was before. */
OV_MUST_USE bool ov_string_pack_put(struct ov_string_pack *texts, struct ov_text text);
/* The text at *at, until one is added; moves *at behind it. */
struct ov_text ov_string_pack_take(const struct ov_string_pack *texts, size_t *at);
void ov_string_pack_deinit(struct ov_string_pack *texts);

#endif
