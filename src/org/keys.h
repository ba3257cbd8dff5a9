/* org/keys.h: identifiers as 16-byte keys. A text of up to 15 bytes is stored in the key; of a
 * longer one the key has the address and the length. */
#ifndef ORG_KEYS_H
#define ORG_KEYS_H

#include <string.h>

#include "base/hash.h"
#include "base/text.h"

enum {
    OV_KEY_INLINE = 15,       /* maximum length of a text stored in its key, bytes */
    OV_KEY_BROKEN = 0xFD,     /* tag: not even an empty parent */
    OV_KEY_LINK = 0xFE,       /* tag: not a text, but the number of another row */
    OV_KEY_LONG = 0xFF,       /* tag: words[0] is the address, halves[2] the length */
    OV_KEY_CHUNK = 256 * 1024 /* size of a chunk of long texts, bytes */
};

struct ov_key {
    union {
        unsigned char bytes[16]; /* the last one is the length of the text, or a tag */
        uint32_t halves[4];      /* [0] of a link: the row; [2] of a long key: the length, bytes */
        uint64_t words[2];
    };
};

/* The length of a short key's text, or a tag. */
static inline unsigned ov_key_tag(const struct ov_key *key)
{
    return key->bytes[15];
}

/* Loads up to eight bytes as a number, in memory order. */
static inline uint64_t ov_key_word(const char *p, size_t n)
{
    uint64_t word = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    /* overlapping loads of fixed sizes: no call, no trip through memory */
    if (n >= 8) {
        memcpy(&word, p, 8);
    } else if (n >= 4) {
        uint32_t low, high;
        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
        word = low | (uint64_t)high << (8 * (n - 4));
    } else if (n) {
        word = (uint64_t)(unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << (8 * (n / 2)) |
               (uint64_t)(unsigned char)p[n - 1] << (8 * (n - 1));
    }
#else
    memcpy(&word, p, n < 8 ? n : 8);
#endif
    return word;
}

/* The key of a text of at most 4 GiB; a long key borrows the text. */
static inline struct ov_key ov_key_of(struct ov_text text)
{
    struct ov_key key;
    if (text.len > OV_KEY_INLINE) {
        key.words[0] = (uint64_t)(uintptr_t)text.ptr;
        key.words[1] = 0;
        key.halves[2] = (uint32_t)text.len;
        key.bytes[15] = OV_KEY_LONG;
        return key;
    }
    key.words[0] = ov_key_word(text.ptr, text.len);
    key.words[1] = text.len > 8 ? ov_key_word(text.ptr + 8, text.len - 8) : 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    key.words[1] |= (uint64_t)text.len << 56;
#else
    key.bytes[15] = (unsigned char)text.len;
#endif
    return key;
}

/* A key that refers to another row. */
static inline struct ov_key ov_key_link(uint32_t row)
{
    struct ov_key key = {.words = {0, 0}};
    key.halves[0] = row;
    key.bytes[15] = OV_KEY_LINK;
    return key;
}

/* The text of a key that is not a link; for a short one a view into *key. */
static inline struct ov_text ov_key_text(const struct ov_key *key)
{
    if (ov_key_tag(key) == OV_KEY_LONG)
        return (struct ov_text){(const char *)(uintptr_t)key->words[0], key->halves[2]};
    return (struct ov_text){(const char *)key->bytes, ov_key_tag(key)};
}

/* Whether two keys have the same text; not for links. */
static inline bool ov_key_equal(const struct ov_key *a, const struct ov_key *b)
{
    if (a->words[1] != b->words[1]) /* long keys: tag and length */
        return false;
    return a->words[0] == b->words[0] ||
           (ov_key_tag(a) == OV_KEY_LONG && ov_text_equal(ov_key_text(a), ov_key_text(b)));
}

/* The hash of a key, seeded, so that a hostile file cannot force collisions. */
static inline uint32_t ov_key_hash(const struct ov_key *key, uint64_t hash_key)
{
    uint64_t hash = ov_key_tag(key) == OV_KEY_LONG ? ov_hash(ov_key_text(key), hash_key)
                                                   : ov_hash_16(key->bytes, hash_key);
    return (uint32_t)(hash >> 32);
}

/* Storage for the texts of long keys; they never move. {0} is empty. */
struct ov_keys {
    char **chunks; /* owned */
    size_t count, capacity;
    char *next;  /* the first free byte of the last chunk … */
    size_t left; /* … and the number of free bytes */
};

/* Copies a long key's text into the storage and updates the key; leaves other keys unchanged. False
 * when out of memory. */
OV_MUST_USE bool ov_keys_keep(struct ov_keys *keys, struct ov_key *key);
/* Frees all texts. */
void ov_keys_deinit(struct ov_keys *keys);

#endif
