/* org/keys.c: see keys.h. */
#include "org/keys.h"

#include <stdlib.h>

#include "base/mem.h"

bool ov_keys_keep(struct ov_keys *keys, struct ov_key *key)
{
    if (ov_key_tag(key) != OV_KEY_LONG)
        return true;
    struct ov_text text = ov_key_text(key);
    if (text.len > keys->left) {
        size_t size = text.len > OV_KEY_CHUNK ? text.len : OV_KEY_CHUNK;
        if (!ov_grow(&keys->chunks, &keys->capacity, keys->count + 1, sizeof *keys->chunks))
            return false;
        char *chunk = malloc(size);
        if (!chunk)
            return false;
        keys->chunks[keys->count++] = keys->next = chunk;
        keys->left = size;
    }
    memcpy(keys->next, text.ptr, text.len);
    key->words[0] = (uint64_t)(uintptr_t)keys->next;
    keys->next += text.len;
    keys->left -= text.len;
    return true;
}

void ov_keys_deinit(struct ov_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        free(keys->chunks[i]);
    free(keys->chunks);
    *keys = (struct ov_keys){0};
}
