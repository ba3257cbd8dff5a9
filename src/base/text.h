/* base/text.h: length-counted texts, and a buffer to build them. Handles bytes and UTF-8; Unicode
 * tables are in base/unicode.h. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "orgvet/base.h"

#define OV_TEXT(literal) ((struct ov_text){(literal), sizeof(literal) - 1})
/* The mark of UTF-8 at the start of a file (U+FEFF). */
#define OV_UTF8_MARK "\xEF\xBB\xBF"

/* Arguments for printf's "%.*s"; the text must be shorter than 2 GiB. */
#define OV_FMT(text) (int)(text).len, (text).ptr

/* Equality of bytes. */
bool ov_text_equal(struct ov_text a, struct ov_text b);
/* Whether a text begins with another. */
static inline bool ov_text_begins(struct ov_text text, struct ov_text start)
{
    return text.len >= start.len && (start.len == 0 || memcmp(text.ptr, start.ptr, start.len) == 0);
}

/* Compares bytes: less than, equal to or greater than 0. */
int ov_text_compare(struct ov_text a, struct ov_text b);
/* Equality, ignoring the case of ASCII letters. */
bool ov_text_equal_nocase(struct ov_text a, struct ov_text b);
/* Whether text contains part, ignoring the case of ASCII letters. */
bool ov_text_contains_nocase(struct ov_text text, struct ov_text part);
/* Where the text first contains part, which is not empty; text.len: nowhere. */
size_t ov_text_find(struct ov_text text, struct ov_text part);
/* What is in the brackets, round or square, at the end of a text; {0} when it does not end so. */
struct ov_text ov_text_in_brackets(struct ov_text text);
/* Whether the text consists of ASCII digits only, at least one. */
bool ov_text_is_digits(struct ov_text text);
/* Parses 1 to 18 ASCII digits, leading zeros allowed; otherwise false, and *number is 0. */
bool ov_text_number(struct ov_text text, int64_t *number);
/* The same, at most `most`; 0 if it is not a number. */
uint32_t ov_text_number_up_to(struct ov_text text, uint32_t most);
/* Classes of bytes, or-ed. */
enum ov_byte_kind {
    OV_BYTE_DIGIT = 1,
    OV_BYTE_UPPER = 2,
    OV_BYTE_LOWER = 4,
    OV_BYTE_MARK = 8,   /* other printable ASCII */
    OV_BYTE_OTHER = 16, /* space, control characters, non-ASCII */
};
/* The classes of all bytes of a text. */
unsigned ov_text_kinds(struct ov_text text);
/* Whether both texts are numbers, or have the same length and differ only in digits. */
bool ov_text_same_but_digits(struct ov_text a, struct ov_text b);
/* Strips ASCII white space at both ends; a view into text. */
struct ov_text ov_text_trim(struct ov_text text);

/* Decodes one code point at p (< end). Returns its length, 1 to 4 bytes. For an ill-formed sequence
 * *code is UINT32_MAX, and the length is that of its maximal subpart (Unicode 15, section 3.9,
 * U+FFFD substitution). */
size_t ov_utf8_next(const char *p, const char *end, uint32_t *code);
/* The length of the longest prefix that is ASCII, in bytes. */
size_t ov_ascii_prefix(struct ov_text text);
/* The number of code points; an ill-formed maximal subpart counts as one. */
size_t ov_utf8_count(struct ov_text text);
/* The same for valid UTF-8, faster. */
size_t ov_utf8_count_valid(struct ov_text text);
/* The length of the longest valid prefix, in bytes. *incomplete (may be NULL) is set when the rest
 * is only the truncated beginning of a valid sequence. */
size_t ov_utf8_valid_prefix(struct ov_text text, bool *incomplete);
/* The longest prefix of at most `bytes` bytes that does not split a sequence; a view into text. */
struct ov_text ov_utf8_cut(struct ov_text text, size_t bytes);

/* A growable byte buffer. {0} is empty and unbounded. Failure is sticky: afterwards appending does
 * nothing and `failed` stays true, so that callers check once at the end. */
struct ov_buf {
    char *ptr;       /* owned; not NUL-terminated */
    size_t len;      /* bytes in use */
    size_t capacity; /* bytes allocated, or maximum if that is less */
    size_t maximum;  /* limit of len, bytes; 0: none */
    bool failed;     /* out of memory, or over maximum */
};

/* Reserves `len` more bytes; on failure returns false and marks the buffer as failed. */
bool ov_buf_room(struct ov_buf *buf, size_t len);

/* Appends bytes, a text, a NUL-terminated string, a single byte. */
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

/* Appends a code point (not a surrogate) as UTF-8. */
void ov_buf_code_point(struct ov_buf *buf, uint32_t code);
/* Appends formatted output, as printf. */
void ov_buf_format(struct ov_buf *buf, const char *format, ...) OV_PRINTF(2, 3);
/* Appends a number with commas between thousands, 1,204; ov_buf_decimal without. */
void ov_buf_number(struct ov_buf *buf, uint64_t number);
void ov_buf_decimal(struct ov_buf *buf, uint64_t number);
/* The contents; a view that is valid until the buffer changes. */
struct ov_text ov_buf_view(const struct ov_buf *buf);
/* Frees the bytes; the buffer is empty afterwards. */
void ov_buf_deinit(struct ov_buf *buf);
/* Writes the contents and frees them, also on failure: OV_E_MEMORY when the buffer has failed, and
 * the sink's. */
OV_MUST_USE enum ov_status ov_buf_write(struct ov_buf *buf, const struct ov_sink *out,
                                        struct ov_error *err);

/* Appends to the buffer `buf`: the function of an ov_sink. */
enum ov_status ov_buf_take(void *buf, const char *data, size_t len, struct ov_error *err);

/* Whether p starts with `##[`, which build servers interpret as a command. */
bool ov_begins_command(const char *p, const char *end);

/* Appends the text percent-encoded (RFC 3986, section 2), except unreserved characters and those in
 * `plain`. */
void ov_buf_percent(struct ov_buf *buf, struct ov_text text, const char *plain);

/* The Damerau-Levenshtein distance (optimal string alignment) of two texts in code points, or bound
 * + 1 if it is above bound. Texts of more than 64 code points, apart from a common ASCII prefix and
 * suffix, count as too far. */
unsigned ov_text_distance(struct ov_text a, struct ov_text b, unsigned bound);

#endif
