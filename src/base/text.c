/* base/text.c: see text.h. */
#include "base/text.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct ov_text ov_text_of(const char *string)
{
    return (struct ov_text){string, string ? strlen(string) : 0};
}

bool ov_text_equal(struct ov_text a, struct ov_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int ov_text_compare(struct ov_text a, struct ov_text b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool ov_text_equal_nocase(struct ov_text a, struct ov_text b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool ov_text_contains_nocase(struct ov_text text, struct ov_text part)
{
    for (size_t i = 0; part.len <= text.len && i <= text.len - part.len; i++)
        if (ov_text_equal_nocase((struct ov_text){text.ptr + i, part.len}, part))
            return true;
    return false;
}

size_t ov_text_find(struct ov_text text, struct ov_text part)
{
    for (size_t at = 0; at + part.len <= text.len; at++) {
        const char *found = memchr(text.ptr + at, part.ptr[0], text.len - part.len - at + 1);
        if (!found)
            break;
        at = (size_t)(found - text.ptr);
        if (memcmp(found, part.ptr, part.len) == 0)
            return at;
    }
    return text.len;
}

struct ov_text ov_text_in_brackets(struct ov_text text)
{
    size_t at = text.len ? text.len - 1 : 0;
    if (at < 2 || (text.ptr[at] != ')' && text.ptr[at] != ']'))
        return (struct ov_text){0};
    size_t last = at;
    char open = text.ptr[at] == ')' ? '(' : '[';
    while (at && text.ptr[at] != open)
        at--;
    if (text.ptr[at] != open)
        return (struct ov_text){0};
    return (struct ov_text){text.ptr + at + 1, last - at - 1};
}

bool ov_text_is_digits(struct ov_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

bool ov_text_number(struct ov_text text, int64_t *number)
{
    *number = 0;
    if (!ov_text_is_digits(text) || text.len > 18)
        return false;
    for (size_t i = 0; i < text.len; i++)
        *number = *number * 10 + (text.ptr[i] - '0');
    return true;
}

uint32_t ov_text_number_up_to(struct ov_text text, uint32_t most)
{
    int64_t number;
    ov_text_number(text, &number);
    return number > most ? most : (uint32_t)number;
}

unsigned ov_text_kinds(struct ov_text text)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        kinds |= c >= '0' && c <= '9'   ? OV_BYTE_DIGIT
                 : c >= 'A' && c <= 'Z' ? OV_BYTE_UPPER
                 : c >= 'a' && c <= 'z' ? OV_BYTE_LOWER
                 : c > ' ' && c < 0x7F  ? OV_BYTE_MARK
                                        : OV_BYTE_OTHER;
    }
    return kinds;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool ov_text_same_but_digits(struct ov_text a, struct ov_text b)
{
    if (a.len != b.len)
        return ov_text_is_digits(a) && ov_text_is_digits(b);
    for (size_t i = 0; i < a.len; i++) {
        bool digits = a.ptr[i] >= '0' && a.ptr[i] <= '9' && b.ptr[i] >= '0' && b.ptr[i] <= '9';
        if (a.ptr[i] != b.ptr[i] && !digits)
            return false;
    }
    return true;
}

struct ov_text ov_text_trim(struct ov_text text)
{
    while (text.len && is_space(text.ptr[text.len - 1]))
        text.len--;
    while (text.len && is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    return text;
}

/* The range of second bytes that a lead byte allows (Unicode, table 3-7); later bytes are always
 * 80..BF. */
static void second_range(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

size_t ov_utf8_next(const char *p, const char *end, uint32_t *code)
{
    unsigned char lead = (unsigned char)*p;
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    *code = UINT32_MAX;
    if (lead < 0xC2 || lead > 0xF4)
        return 1;
    unsigned char low, high;
    second_range(lead, &low, &high);
    uint32_t value = lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        unsigned char c = p + i < end ? (unsigned char)p[i] : 0;
        if (c < low || c > high)
            return i;
        value = value << 6 | (c & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *code = value;
    return length;
}

/* Eight bytes at a time. */
static size_t ascii_prefix(const char *p, size_t len)
{
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < len && (unsigned char)p[i] < 0x80)
        i++;
    return i;
}

size_t ov_ascii_prefix(struct ov_text text)
{
    return ascii_prefix(text.ptr, text.len);
}

size_t ov_utf8_count(struct ov_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len;) {
        size_t ascii = ascii_prefix(text.ptr + i, text.len - i);
        count += ascii;
        i += ascii;
        if (i < text.len) {
            uint32_t code;
            i += ov_utf8_next(text.ptr + i, text.ptr + text.len, &code);
            count++;
        }
    }
    return count;
}

size_t ov_utf8_count_valid(struct ov_text text)
{
    size_t count = text.len, i = 0;
    for (; i + 8 <= text.len; i += 8) { /* subtracts continuation bytes, 10xxxxxx */
        uint64_t word;
        memcpy(&word, text.ptr + i, 8);
        uint64_t follow = word >> 7 & ~word >> 6 & UINT64_C(0x0101010101010101);
        count -= (size_t)(follow * UINT64_C(0x0101010101010101) >> 56);
    }
    for (; i < text.len; i++)
        count -= ((unsigned char)text.ptr[i] & 0xC0) == 0x80;
    return count;
}

/* Whether the bytes from p to end are a proper prefix of a valid sequence. */
static bool is_cut_off(const char *p, const char *end)
{
    unsigned char lead = (unsigned char)*p;
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || (size_t)(end - p) >= length)
        return false;
    uint32_t code;
    return ov_utf8_next(p, end, &code) == (size_t)(end - p);
}

size_t ov_utf8_valid_prefix(struct ov_text text, bool *incomplete)
{
    size_t i = 0;
    if (incomplete)
        *incomplete = false;
    while (i < text.len) {
        unsigned char lead = (unsigned char)text.ptr[i];
        if (lead < 0x80) {
            i += ascii_prefix(text.ptr + i, text.len - i);
            continue;
        }
        if (lead >= 0xC2 && lead < 0xE0 && i + 1 < text.len &&
            ((unsigned char)text.ptr[i + 1] & 0xC0) == 0x80) { /* most non-ASCII text */
            i += 2;
            continue;
        }
        uint32_t code;
        size_t taken = ov_utf8_next(text.ptr + i, text.ptr + text.len, &code);
        if (code == UINT32_MAX) {
            if (incomplete)
                *incomplete = is_cut_off(text.ptr + i, text.ptr + text.len);
            break;
        }
        i += taken;
    }
    return i;
}

struct ov_text ov_utf8_cut(struct ov_text text, size_t bytes)
{
    if (text.len <= bytes)
        return text;
    while (bytes > 0 && ((unsigned char)text.ptr[bytes] & 0xC0) == 0x80)
        bytes--;
    return (struct ov_text){text.ptr, bytes};
}

bool ov_buf_room(struct ov_buf *buf, size_t len)
{
    size_t most = buf->maximum ? buf->maximum : SIZE_MAX / 2;
    if (buf->failed || len > most - buf->len ||
        !ov_grow(&buf->ptr, &buf->capacity, buf->len + len, 1)) {
        buf->failed = true;
        return false;
    }
    if (buf->capacity > most)
        buf->capacity = most;
    return true;
}

void ov_buf_format(struct ov_buf *buf, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length < 0) {
        buf->failed = true;
    } else if ((size_t)length < sizeof small) {
        ov_buf_put(buf, small, (size_t)length);
    } else {
        char *large = malloc((size_t)length + 1);
        if (!large) {
            buf->failed = true;
            return;
        }
        va_start(args, format);
        vsnprintf(large, (size_t)length + 1, format, args);
        va_end(args);
        ov_buf_put(buf, large, (size_t)length);
        free(large);
    }
}

void ov_buf_percent(struct ov_buf *buf, struct ov_text text, const char *plain)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    (c && (strchr("-._~", c) || strchr(plain, c)));
        if (kept)
            ov_buf_char(buf, c);
        else
            ov_buf_format(buf, "%%%02X", (unsigned)(unsigned char)c);
    }
}

void ov_buf_number(struct ov_buf *buf, uint64_t number)
{
    char digits[32];
    size_t at = sizeof digits;
    unsigned count = 0;
    do {
        if (count && count % 3 == 0)
            digits[--at] = ',';
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
        count++;
    } while (number);
    ov_buf_put(buf, digits + at, sizeof digits - at);
}

void ov_buf_decimal(struct ov_buf *buf, uint64_t number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char digits[20];
    size_t at = sizeof digits;
    for (; number >= 100; number /= 100)
        memcpy(digits + (at -= 2), pairs + number % 100 * 2, 2);
    if (number >= 10)
        memcpy(digits + (at -= 2), pairs + number * 2, 2);
    else
        digits[--at] = (char)('0' + number);
    ov_buf_put(buf, digits + at, sizeof digits - at);
}

struct ov_text ov_buf_view(const struct ov_buf *buf)
{
    return (struct ov_text){buf->len ? buf->ptr : "", buf->len};
}

void ov_buf_deinit(struct ov_buf *buf)
{
    free(buf->ptr);
    *buf = (struct ov_buf){0};
}

enum ov_status ov_buf_take(void *buf, const char *data, size_t len, struct ov_error *err)
{
    struct ov_buf *to = buf;
    ov_buf_put(to, data, len);
    return to->failed ? ov_fail_memory(err) : OV_OK;
}

enum ov_status ov_buf_write(struct ov_buf *buf, const struct ov_sink *out, struct ov_error *err)
{
    enum ov_status status =
        buf->failed ? ov_fail_memory(err) : out->write(out->ctx, buf->ptr, buf->len, err);
    ov_buf_deinit(buf);
    return status;
}

bool ov_begins_command(const char *p, const char *end)
{
    return end - p >= 3 && p[0] == '#' && p[1] == '#' && p[2] == '[';
}

enum { DISTANCE_MAX = 64 };

/* Decodes a text; false when it has more than DISTANCE_MAX code points. */
static bool to_codes(struct ov_text text, uint32_t *codes, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < text.len;) {
        if (*count == DISTANCE_MAX)
            return false;
        i += ov_utf8_next(text.ptr + i, text.ptr + text.len, &codes[(*count)++]);
    }
    return true;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* The distance between code point sequences, computed within `bound` of the diagonal: cells outside
 * that band exceed the bound. */
static unsigned banded_distance(const uint32_t *x, size_t n, const uint32_t *y, size_t m,
                                unsigned bound)
{
    unsigned rows[3][DISTANCE_MAX + 1]; /* the last two rows and the current one, in rotation */
    if (n > DISTANCE_MAX || m > DISTANCE_MAX)
        return bound + 1;
    for (size_t j = 0; j <= m; j++) {
        rows[0][j] = (unsigned)j;
        rows[1][j] = rows[2][j] = bound + 1;
    }
    for (size_t i = 1; i <= n; i++) {
        unsigned *before = rows[(i + 1) % 3], *above = rows[(i - 1) % 3], *row = rows[i % 3];
        size_t from = i > bound ? i - bound : 1, to = i + bound < m ? i + bound : m;
        unsigned least = row[from - 1] = from == 1 ? (unsigned)i : bound + 1;
        for (size_t j = from; j <= to; j++) {
            unsigned up = j < i + bound ? above[j] + 1 : bound + 1;
            /* j - 1 is in the band of the row above, or its border, which the analyzer cannot see:
             * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
            row[j] = min3(up, row[j - 1] + 1, above[j - 1] + (x[i - 1] != y[j - 1]));
            if (i > 1 && j > from && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] &&
                before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
            least = row[j] < least ? row[j] : least;
        }
        if (least > bound)
            return bound + 1;
    }
    return rows[n % 3][m] <= bound ? rows[n % 3][m] : bound + 1;
}

unsigned ov_text_distance(struct ov_text a, struct ov_text b, unsigned bound)
{
    uint32_t x[DISTANCE_MAX], y[DISTANCE_MAX];
    size_t n, m, same = 0;
    while (a.len && b.len && a.ptr[a.len - 1] == b.ptr[b.len - 1] &&
           (unsigned char)a.ptr[a.len - 1] < 0x80) {
        a.len--;
        b.len--;
    }
    while (same < a.len && same < b.len && a.ptr[same] == b.ptr[same] &&
           (unsigned char)a.ptr[same] < 0x80)
        same++;
    if (!to_codes((struct ov_text){a.ptr + same, a.len - same}, x, &n) ||
        !to_codes((struct ov_text){b.ptr + same, b.len - same}, y, &m) || n > m + bound ||
        m > n + bound)
        return bound + 1;
    return banded_distance(x, n, y, m, bound);
}

const char *ov_text_nearest(struct ov_text text, const char *const *words, size_t count,
                            unsigned bound)
{
    const char *nearest = NULL;
    char folded[256];
    if (text.len > sizeof folded)
        return NULL;
    for (size_t i = 0; i < text.len; i++)
        folded[i] = lower(text.ptr[i]);
    for (size_t i = 0; i < count; i++) {
        char word[256];
        size_t length = strlen(words[i]);
        if (length > sizeof word)
            continue;
        for (size_t k = 0; k < length; k++)
            word[k] = lower(words[i][k]);
        unsigned distance = ov_text_distance((struct ov_text){folded, text.len},
                                             (struct ov_text){word, length}, bound);
        if (distance <= bound) {
            nearest = words[i];
            if (distance == 0)
                break;
            bound = distance - 1;
        }
    }
    return nearest;
}

void ov_buf_code_point(struct ov_buf *out, uint32_t code)
{
    char bytes[4];
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(leads[len] | code);
    ov_buf_put(out, bytes, len);
}
