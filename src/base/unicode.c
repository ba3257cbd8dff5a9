/* base/unicode.c: see unicode.h. The only file that includes utf8proc. */
#include "base/unicode.h"

#include "base/error.h"

#include <stdlib.h>
#include <utf8proc.h>

bool ov_unicode_is_space(uint32_t code)
{
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool ov_unicode_is_letter(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool ov_unicode_is_upper(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool ov_unicode_is_invisible(uint32_t code)
{
    return code == 0xAD || (code >= 0x200B && code <= 0x200D) || code == 0x2060 || code == 0xFEFF;
}

struct ov_text ov_unicode_trim_any(struct ov_text text)
{
    uint32_t code;
    const char *end = text.ptr + text.len;
    while (text.len) {
        size_t taken = ov_utf8_next(text.ptr, end, &code);
        if (!ov_unicode_is_space(code))
            break;
        text.ptr += taken;
        text.len -= taken;
    }
    while (text.len) {
        size_t start = text.len - 1;
        while (start > 0 && text.len - start < 4 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80)
            start--;
        size_t taken = ov_utf8_next(text.ptr + start, text.ptr + text.len, &code);
        if (start + taken != text.len || !ov_unicode_is_space(code))
            break;
        text.len = start;
    }
    return text;
}

bool ov_unicode_is_blank(struct ov_text text)
{
    return text.len == 0 || ov_unicode_trim(text).len == 0;
}

size_t ov_unicode_indent(struct ov_text text)
{
    size_t width = 0;
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        uint32_t code;
        p += ov_utf8_next(p, end, &code);
        if (!ov_unicode_is_space(code))
            return width;
        width += code == '\t' ? 4 : 1;
    }
    return width;
}

/* Longer texts are only ASCII-folded: no identifier is that long, and normalisation sorts combining
 * marks in quadratic time. */
enum { FOLD_MAX = 1024 };

static void put_folded(struct ov_buf *buf, struct ov_text text)
{
    size_t from = buf->len;
    bool ascii = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        ascii = ascii && (unsigned char)c < 0x80;
        ov_buf_char(buf, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
    }
    if (ascii || text.len > FOLD_MAX)
        return;
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t length =
        utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &mapped,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
    if (length >= 0) {
        buf->len = from;
        ov_buf_put(buf, mapped, (size_t)length);
    } else if (length == UTF8PROC_ERROR_NOMEM) {
        buf->failed = true;
    } /* else ill-formed: keep the ASCII-folded bytes */
    free(mapped);
}

void ov_unicode_fold(struct ov_text text, struct ov_buf *buf)
{
    buf->len = 0;
    put_folded(buf, ov_unicode_trim(text));
}

void ov_unicode_fold_to_search(struct ov_text text, struct ov_buf *buf)
{
    buf->len = 0;
    while (text.len) {
        struct ov_text piece = ov_utf8_cut(text, FOLD_MAX);
        if (piece.len == 0) /* ill-formed */
            piece.len = text.len < FOLD_MAX ? text.len : FOLD_MAX;
        put_folded(buf, piece);
        text.ptr += piece.len;
        text.len -= piece.len;
    }
}

void ov_unicode_fold_words(struct ov_text text, struct ov_buf *buf)
{
    utf8proc_uint8_t *mapped = NULL;
    bool within = false;
    buf->len = 0;
    utf8proc_ssize_t length =
        utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &mapped,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                         UTF8PROC_STRIPMARK);
    buf->failed |= length == UTF8PROC_ERROR_NOMEM;
    const char *p = (const char *)mapped, *end = length > 0 ? p + length : p;
    while (p < end) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
        bool part = ov_unicode_is_letter(code) || code == '#' ||
                    (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_NO);
        if (part)
            ov_buf_put(buf, p, taken);
        else if (within)
            ov_buf_char(buf, ' ');
        within = part;
        p += taken;
    }
    if (within)
        ov_buf_char(buf, ' ');
    free(mapped);
}

/* Folded look-alikes of Latin letters in other scripts (after Unicode's confusables.txt), and
 * dashes; sorted by code point. */
static const struct {
    uint32_t code;
    char latin;
} look_alikes[] = {
    {0x0131, 'i'}, {0x03B1, 'a'}, {0x03B2, 'b'}, {0x03B5, 'e'}, {0x03B6, 'z'}, {0x03B7, 'h'},
    {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03BC, 'm'}, {0x03BD, 'n'}, {0x03BF, 'o'}, {0x03C1, 'p'},
    {0x03C4, 't'}, {0x03C5, 'y'}, {0x03C7, 'x'}, {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'},
    {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'},
    {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'},
    {0x04CF, 'l'}, {0x2010, '-'}, {0x2011, '-'}, {0x2012, '-'}, {0x2013, '-'}, {0x2014, '-'},
    {0x2015, '-'}, {0x2212, '-'},
};

static uint32_t latin_of(uint32_t code)
{
    for (size_t i = 0; code >= 0x80 && i < sizeof look_alikes / sizeof *look_alikes; i++)
        if (look_alikes[i].code == code)
            return (uint32_t)look_alikes[i].latin;
    return code;
}

/* Replaces the look-alikes in buf; a sequence never gets longer. */
static void replace_look_alikes(struct ov_buf *buf, bool digits, bool invisible)
{
    size_t out = 0;
    for (size_t i = 0; i < buf->len;) {
        uint32_t code;
        size_t taken = ov_utf8_next(buf->ptr + i, buf->ptr + buf->len, &code);
        uint32_t latin = code == UINT32_MAX ? code : latin_of(code);
        if (digits)
            latin = latin == '0' ? 'o' : latin == '1' || latin == 'i' ? 'l' : latin;
        if (invisible && ov_unicode_is_invisible(code)) {
            i += taken;
            continue;
        }
        if (latin != code)
            buf->ptr[out++] = (char)latin;
        for (size_t k = 0; latin == code && k < taken; k++)
            buf->ptr[out++] = buf->ptr[i + k];
        i += taken;
    }
    buf->len = out;
}

void ov_unicode_skeleton(struct ov_text text, struct ov_buf *buf)
{
    ov_unicode_fold(text, buf);
    replace_look_alikes(buf, true, false);
}

void ov_unicode_likeness(struct ov_text text, struct ov_buf *buf)
{
    ov_unicode_fold(text, buf);
    replace_look_alikes(buf, false, true);
}

unsigned ov_unicode_width(uint32_t code)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)code);
    return width < 0 ? 0 : (unsigned)width;
}

bool ov_unicode_is_unprintable(uint32_t code)
{
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default: return false;
    }
}

/* The code points of the bytes 80..9F in windows-1252; 0 if unassigned. */
static const uint16_t cp1252_high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

int ov_unicode_to_cp1252(uint32_t code)
{
    if (code < 0x80 || (code >= 0xA0 && code <= 0xFF))
        return (int)code;
    for (int i = 0; i < 32; i++)
        /* 81, 8D, 8F, 90 and 9D are unassigned; lenient decoders map them to C1 */
        if (cp1252_high[i] == code || (cp1252_high[i] == 0 && code == 0x80u + (uint32_t)i))
            return 0x80 + i;
    return -1;
}

enum { SHOWN_MAX = 80 /* code points of a value shown in a message */ };

/* Appends the code point at p, or its ill-formed bytes, escaped; returns the bytes consumed. */
static size_t put_escaped(struct ov_buf *out, const char *p, const char *end)
{
    uint32_t code;
    size_t taken = ov_utf8_next(p, end, &code);
    if (code == UINT32_MAX)
        for (size_t i = 0; i < taken; i++)
            ov_buf_format(out, "\\x%02X", (unsigned)(unsigned char)p[i]);
    else if (code == '\n')
        ov_buf_string(out, "\\n");
    else if (code == '\r')
        ov_buf_string(out, "\\r");
    else if (code == '\t')
        ov_buf_string(out, "\\t");
    else if (code < 0x80 && (code < 0x20 || code == 0x7F))
        ov_buf_format(out, "\\x%02X", (unsigned)code);
    else if (code >= 0x80 && ov_unicode_is_unprintable(code))
        ov_buf_format(out, "\\u{%04X}", (unsigned)code);
    else if (ov_begins_command(p, end))
        ov_buf_string(out, "\\x23");
    else
        ov_buf_put(out, p, taken);
    return taken;
}

void ov_buf_escaped_whole(struct ov_buf *out, struct ov_text text)
{
    for (const char *p = text.len ? text.ptr : "", *end = p + text.len; p < end;)
        p += put_escaped(out, p, end);
}

void ov_buf_escaped(struct ov_buf *out, struct ov_text text)
{
    const char *p = text.len ? text.ptr : "", *end = p + text.len;
    for (int shown = 0; p < end && shown < SHOWN_MAX; shown++)
        p += put_escaped(out, p, end);
    if (p < end)
        ov_buf_string(out, "…");
}

enum ov_status ov_write_escaped(const struct ov_sink *out, struct ov_text text,
                                struct ov_error *err)
{
    struct ov_buf escaped = {0};
    ov_buf_escaped_whole(&escaped, text);
    return ov_buf_write(&escaped, out, err);
}
