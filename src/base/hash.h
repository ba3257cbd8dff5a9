/* base/hash.h: hashes of bytes (xxHash), and random bytes. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "orgvet/base.h"

/* A key unknown outside the process, so that a hostile file cannot force collisions. Results never
 * depend on it. */
uint64_t ov_hash_key(void);

/* Fills `bytes` with cryptographically random bytes; false when the system provides none. */
OV_MUST_USE bool ov_random(void *bytes, size_t len);

/* XXH3, 64 bits, seeded with `key`. Keys that separate kinds of texts must differ in many bits
 * (ov_hash_number): with similar keys, short texts collide. */
uint64_t ov_hash(struct ov_text text, uint64_t key);

/* The same for 16 bytes. */
uint64_t ov_hash_16(const unsigned char bytes[16], uint64_t key);

/* Mixes a number over 64 bits; a bijection. */
static inline uint64_t ov_hash_number(uint64_t number)
{
    number ^= number >> 32;
    number *= UINT64_C(0xE9846AF9B1A615D);
    number ^= number >> 32;
    number *= UINT64_C(0xE9846AF9B1A615D);
    return number ^ number >> 28;
}

/* XXH3, 128 bits, as 32 hexadecimal digits and a NUL. Stable across machines and versions:
 * fingerprints depend on it. */
void ov_hash_hex(struct ov_text text, char hex[33]);

/* The same, computed incrementally; ov_digest_new returns NULL when out of memory, ov_digest_free
 * takes NULL. */
struct ov_digest;
struct ov_digest *ov_digest_new(void);
/* Hashes the next piece of the text. */
void ov_digest_add(struct ov_digest *digest, struct ov_text text);
/* Writes the hash of all pieces so far. */
void ov_digest_hex(const struct ov_digest *digest, char hex[33]);
void ov_digest_free(struct ov_digest *digest);

#endif
