/* base/sha256.h: SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104), using nettle. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "orgvet/base.h"

enum {
    OV_SHA256_HEX = 65,    /* 64 hexadecimal digits and a NUL */
    OV_SHA256_BASE64 = 45, /* 44 characters and a NUL */
};

struct ov_sha256;

/* NULL when out of memory; ov_sha256_free takes NULL. */
struct ov_sha256 *ov_sha256_new(void);
/* Hashes the next bytes. */
void ov_sha256_add(struct ov_sha256 *sha, const void *bytes, size_t len);
/* Writes the digest in hexadecimal and resets the state. */
void ov_sha256_hex(struct ov_sha256 *sha, char hex[OV_SHA256_HEX]);
/* The same in Base64 (RFC 4648, section 4). */
void ov_sha256_base64(struct ov_sha256 *sha, char base64[OV_SHA256_BASE64]);
void ov_sha256_free(struct ov_sha256 *sha);

/* HMAC-SHA256 (RFC 2104) of a text, in hexadecimal; the key may have any length. */
void ov_hmac_hex(struct ov_text key, struct ov_text text, char hex[OV_SHA256_HEX]);

#endif
