/* base/hash.h: hashes of bytes (xxHash). */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "orgvet/base.h"

/* A key that nobody outside the process knows, so that a hostile file cannot make its texts
 * collide. Results never depend on it. */
uint64_t ov_hash_key(void);

/* Fills with random bytes that nobody can guess; false when the system gives none. */
OV_MUST_USE bool ov_random(void *bytes, size_t len);

/* XXH3, 64 bits, of the text under a key. Keys that are to tell kinds of texts apart must differ in
 * many bits (ov_hash_number): with keys that lie close together short texts collide. */
uint64_t ov_hash(struct ov_text text, uint64_t key);

/* The same of 16 bytes. */
uint64_t ov_hash_16(const unsigned char bytes[16], uint64_t key);

/* Spreads a number over 64 bits; a bijection. */
uint64_t ov_hash_number(uint64_t number);

/* XXH3, 128 bits, as 32 hexadecimal digits and a NUL. The same on every machine, for ever: it
 * makes fingerprints. */
void ov_hash_hex(struct ov_text text, char hex[33]);

/* The same of a text that comes in pieces; NULL when there is no memory. ov_digest_free takes
 * NULL. */
struct ov_digest;
struct ov_digest *ov_digest_new(void);
void ov_digest_add(struct ov_digest *digest, struct ov_text text);
void ov_digest_hex(const struct ov_digest *digest, char hex[33]);
void ov_digest_free(struct ov_digest *digest);

#endif
