/* org/keys.h: the bytes of identifiers, each kept once and named by a 32-bit number. They stay
 * where they are until the end. One byte of overhead for keys under 255 bytes. */
#ifndef ORG_KEYS_H
#define ORG_KEYS_H

#include "base/text.h"

enum {
    OV_KEY_CHUNK = 1 << 18 /* bytes of a chunk; a longer key has consecutive ones of its own */
};

struct ov_keys {
    char **chunks; /* where each OV_KEY_CHUNK of the numbers' space lies */
    bool *owned;   /* whether the chunk is the start of an allocation */
    size_t count, chunks_capacity, owned_capacity;
    size_t used; /* bytes used in the last chunk */
};

/* Keeps a text. OV_E_LIMIT when there are 4 GiB of them. */
OV_MUST_USE enum ov_status ov_keys_put(struct ov_keys *keys, struct ov_text text, uint32_t *key,
                                       struct ov_error *err);
struct ov_text ov_keys_get(const struct ov_keys *keys, uint32_t key);
void ov_keys_deinit(struct ov_keys *keys);

#endif
