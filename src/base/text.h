/* base/text.h: length-counted texts, and a buffer that builds them. Knows bytes and UTF-8, no
 * Unicode tables (base/unicode.h has those). */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "orgvet/base.h"

#define OV_TEXT(literal) ((struct ov_text){(literal), sizeof(literal) - 1})
/* For printf's "%.*s"; the text must be shorter than 2 GiB. */
#define OV_FMT(text) (int)(text).len, (text).ptr

bool ov_text_equal(struct ov_text a, struct ov_text b);
/* Byte-wise order: less than, equal to or greater than 0. */
int ov_text_compare(struct ov_text a, struct ov_text b);
/* Equal when ASCII letters are folded. */
bool ov_text_equal_nocase(struct ov_text a, struct ov_text b);
bool ov_text_contains_nocase(struct ov_text text, struct ov_text part);
/* Whether it is one or more ASCII digits and nothing else. */
bool ov_text_is_digits(struct ov_text text);
/* The number that a text of 1 to 18 ASCII digits is, zeros before it or not; else false, and 0. */
bool ov_text_number(struct ov_text text, int64_t *number);
/* Kinds of bytes, or-ed. */
enum ov_byte_kind {
    OV_BYTE_DIGIT = 1,
    OV_BYTE_UPPER = 2,
    OV_BYTE_LOWER = 4,
    OV_BYTE_MARK = 8,   /* other printable ASCII */
    OV_BYTE_OTHER = 16, /* space, control characters, non-ASCII */
};
/* The kinds of all bytes of a text. */
unsigned ov_text_kinds(struct ov_text text);
/* Whether two different texts are two numbers, or as long and different in digits alone. */
bool ov_text_same_but_digits(struct ov_text a, struct ov_text b);
/* Without ASCII white space at both ends; a view into text. */
struct ov_text ov_text_trim(struct ov_text text);

/* Reads one code point at p (< end). Returns the bytes it takes, 1 to 4. On an ill-formed sequence
 * *code is UINT32_MAX and the return is the length of its maximal subpart (Unicode 15, section
 * 3.9, U+FFFD substitution). */
size_t ov_utf8_next(const char *p, const char *end, uint32_t *code);
/* Code points, an ill-formed maximal subpart counting as one. */
size_t ov_utf8_count(struct ov_text text);
/* The same of a text that is valid. */
size_t ov_utf8_count_valid(struct ov_text text);
/* The length of the longest valid prefix. *incomplete (may be NULL) says whether what follows it
 * is only the cut-off beginning of a valid sequence. */
size_t ov_utf8_valid_prefix(struct ov_text text, bool *incomplete);
/* The longest prefix of at most `bytes` bytes that does not cut a sequence. */
struct ov_text ov_utf8_cut(struct ov_text text, size_t bytes);

/* Bytes that grow. {0} is empty and unbounded. Failure is sticky: after one, puts do nothing and
 * `failed` stays true, so that a caller checks once at the end. */
struct ov_buf {
    char *ptr;       /* owned; not NUL-terminated */
    size_t len;      /* bytes in use */
    size_t capacity; /* bytes allocated, or maximum when that is less */
    size_t maximum;  /* most bytes it may hold; 0 = no bound */
    bool failed;     /* no memory, or over maximum */
};

/* Makes room for so many bytes more; false and a failed buffer when there is none. */
bool ov_buf_room(struct ov_buf *buf, size_t len);

static inline void ov_buf_put(struct ov_buf *buf, const void *bytes, size_t len)
{
    if (len == 0 || buf->failed || (len > buf->capacity - buf->len && !ov_buf_room(buf, len)))
        return;
    memcpy(buf->ptr + buf->len, bytes, len);
    buf->len += len;
}

static inline void ov_buf_text(struct ov_buf *buf, struct ov_text text)
{
    ov_buf_put(buf, text.ptr, text.len);
}

static inline void ov_buf_string(struct ov_buf *buf, const char *string)
{
    ov_buf_put(buf, string, strlen(string));
}

static inline void ov_buf_char(struct ov_buf *buf, char byte)
{
    ov_buf_put(buf, &byte, 1);
}

void ov_buf_format(struct ov_buf *buf, const char *format, ...) OV_PRINTF(2, 3);
/* A number with commas between thousands, 1,204, or without. */
void ov_buf_number(struct ov_buf *buf, uint64_t number);
void ov_buf_decimal(struct ov_buf *buf, uint64_t number);
struct ov_text ov_buf_view(const struct ov_buf *buf);
void ov_buf_deinit(struct ov_buf *buf);

/* Whether a build server would take what begins at p for a command of its own: `##[`. */
bool ov_begins_command(const char *p, const char *end);

/* How strings leave as JSON (RFC 8259, section 7). What is not valid UTF-8 becomes U+FFFD; C0 and
 * C1 controls and those of direction are escaped, and `##[`, which build servers take for a
 * command.
 */
enum ov_json_style {
    OV_JSON_PLAIN, /* `"` and `\` escaped too, UTF-8 kept */
    OV_JSON_PHP,   /* as PHP's json_encode without flags: `/` and all non-ASCII escaped too */
    OV_JSON_HTML,  /* for a script element of HTML: `<` escaped too */
};
/* Appends the text as a JSON string, quotes included. */
void ov_buf_json(struct ov_buf *buf, struct ov_text text, enum ov_json_style style);

/* Appends the text percent-encoded (RFC 3986, section 2), but for unreserved characters and those
 * of `plain`. */
void ov_buf_percent(struct ov_buf *buf, struct ov_text text, const char *plain);

/* The Damerau-Levenshtein distance (optimal string alignment) of two texts in code points, or
 * bound + 1 when it is above bound. Texts of more than 64 code points count as too far. */
unsigned ov_text_distance(struct ov_text a, struct ov_text b, unsigned bound);

#endif
