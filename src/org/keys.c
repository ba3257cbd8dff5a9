/* org/keys.c: see keys.h. A key is its length (one byte, or 255 and four bytes) and its bytes. */
#include "org/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

enum { LONG_KEY = 255, LONG_HEADER = 5 };

/* Adds one allocation of enough consecutive chunks for `bytes`. */
static enum ov_status add_chunks(struct ov_keys *keys, size_t bytes, struct ov_error *err)
{
    size_t wanted = (bytes + OV_KEY_CHUNK - 1) / OV_KEY_CHUNK;
    if (keys->count + wanted > UINT32_MAX / OV_KEY_CHUNK)
        return ov_fail(err, OV_E_LIMIT, "the identifiers have more than 4 GiB");
    char *bytes_new = malloc(wanted * OV_KEY_CHUNK);
    if (!bytes_new ||
        !ov_grow(&keys->chunks, &keys->chunks_capacity, keys->count + wanted,
                 sizeof *keys->chunks) ||
        !ov_grow(&keys->owned, &keys->owned_capacity, keys->count + wanted, sizeof *keys->owned)) {
        free(bytes_new);
        return ov_fail_memory(err);
    }
    for (size_t i = 0; i < wanted; i++) {
        keys->chunks[keys->count + i] = bytes_new + i * OV_KEY_CHUNK;
        keys->owned[keys->count + i] = i == 0;
    }
    keys->count += wanted;
    keys->used = 0;
    return OV_OK;
}

enum ov_status ov_keys_put(struct ov_keys *keys, struct ov_text text, uint32_t *key,
                           struct ov_error *err)
{
    size_t header = text.len < LONG_KEY ? 1 : LONG_HEADER, bytes = header + text.len;
    if (keys->count == 0 || OV_KEY_CHUNK - keys->used < bytes) {
        enum ov_status status = add_chunks(keys, bytes, err);
        if (status != OV_OK)
            return status;
    }
    size_t first = keys->count - 1;
    if (bytes > OV_KEY_CHUNK) /* it has the newest chunks to itself */
        first = keys->count - (bytes + OV_KEY_CHUNK - 1) / OV_KEY_CHUNK;
    char *at = keys->chunks[first] + keys->used;
    *key = (uint32_t)(first * OV_KEY_CHUNK + keys->used);
    at[0] = (char)(header == 1 ? text.len : LONG_KEY);
    if (header == LONG_HEADER) {
        uint32_t length = (uint32_t)text.len;
        memcpy(at + 1, &length, sizeof length);
    }
    if (text.len)
        memcpy(at + header, text.ptr, text.len);
    keys->used = bytes > OV_KEY_CHUNK ? OV_KEY_CHUNK : keys->used + bytes;
    return OV_OK;
}

struct ov_text ov_keys_get(const struct ov_keys *keys, uint32_t key)
{
    const char *at = keys->chunks[key / OV_KEY_CHUNK] + key % OV_KEY_CHUNK;
    uint32_t length = (unsigned char)at[0];
    if (length < LONG_KEY)
        return (struct ov_text){at + 1, length};
    memcpy(&length, at + 1, sizeof length);
    return (struct ov_text){at + LONG_HEADER, length};
}

void ov_keys_deinit(struct ov_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->owned[i])
            free(keys->chunks[i]);
    free(keys->chunks);
    free(keys->owned);
    *keys = (struct ov_keys){0};
}
