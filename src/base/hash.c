/* base/hash.c: see hash.h. The only file that includes xxHash (inlined, so nothing is linked). */
#include "base/hash.h"

#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t ov_hash_key(void)
{
    uint64_t key;
    if (getrandom(&key, sizeof key, GRND_NONBLOCK) == (ssize_t)sizeof key)
        return key;
    struct timespec now = {0}; /* no entropy yet, early at boot: use the clock and an address */
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ov_hash_number((uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)&key);
}

bool ov_random(void *bytes, size_t len)
{
    char *at = bytes;
    while (len) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

uint64_t ov_hash(struct ov_text text, uint64_t key)
{
    return XXH3_64bits_withSeed(text.ptr, text.len, key);
}

uint64_t ov_hash_16(const unsigned char bytes[16], uint64_t key)
{
    return XXH3_64bits_withSeed(bytes, 16, key); /* fixed length: compiles to a few instructions */
}

static void put_hex(XXH128_hash_t hash, char hex[33])
{
    snprintf(hex, 33, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
}

void ov_hash_hex(struct ov_text text, char hex[33])
{
    put_hex(XXH3_128bits(text.ptr, text.len), hex);
}

struct ov_digest {
    XXH3_state_t state;
};

struct ov_digest *ov_digest_new(void)
{
    struct ov_digest *digest = aligned_alloc(alignof(struct ov_digest), sizeof *digest);
    if (digest)
        XXH3_128bits_reset(&digest->state);
    return digest;
}

void ov_digest_add(struct ov_digest *digest, struct ov_text text)
{
    XXH3_128bits_update(&digest->state, text.ptr, text.len);
}

void ov_digest_hex(const struct ov_digest *digest, char hex[33])
{
    put_hex(XXH3_128bits_digest(&digest->state), hex);
}

void ov_digest_free(struct ov_digest *digest)
{
    free(digest);
}
