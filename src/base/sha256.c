/* base/sha256.c: see sha256.h. The only file that includes nettle. */
#include "base/sha256.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <stdlib.h>

struct ov_sha256 {
    struct sha256_ctx state;
};

struct ov_sha256 *ov_sha256_new(void)
{
    struct ov_sha256 *sha = malloc(sizeof *sha);
    if (sha)
        sha256_init(&sha->state);
    return sha;
}

void ov_sha256_add(struct ov_sha256 *sha, const void *bytes, size_t len)
{
    if (len)
        sha256_update(&sha->state, len, bytes);
}

static void put_hex(const uint8_t bytes[SHA256_DIGEST_SIZE], char hex[OV_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_DIGEST_SIZE; i++) {
        hex[i * 2] = digits[bytes[i] >> 4];
        hex[i * 2 + 1] = digits[bytes[i] & 15];
    }
    hex[OV_SHA256_HEX - 1] = '\0';
}

void ov_sha256_hex(struct ov_sha256 *sha, char hex[OV_SHA256_HEX])
{
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_digest(&sha->state, sizeof bytes, bytes);
    put_hex(bytes, hex);
}

void ov_hmac_hex(struct ov_text key, struct ov_text text, char hex[OV_SHA256_HEX])
{
    struct hmac_sha256_ctx state;
    uint8_t bytes[SHA256_DIGEST_SIZE];
    hmac_sha256_set_key(&state, key.len, (const uint8_t *)key.ptr);
    hmac_sha256_update(&state, text.len, (const uint8_t *)text.ptr);
    hmac_sha256_digest(&state, sizeof bytes, bytes);
    put_hex(bytes, hex);
}

void ov_sha256_base64(struct ov_sha256 *sha, char base64[OV_SHA256_BASE64])
{
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_digest(&sha->state, sizeof bytes, bytes);
    base64_encode_raw(base64, sizeof bytes, bytes);
    base64[OV_SHA256_BASE64 - 1] = '\0';
}

void ov_sha256_free(struct ov_sha256 *sha)
{
    free(sha);
}
