/* vet/variants.c: see variants.h. */
#include "vet/variants.h"

#include <string.h>

#include "base/unicode.h"

void ov_squeeze(struct ov_buf *buf)
{
    size_t out = 0;
    for (size_t i = 0; i < buf->len;) {
        uint32_t code;
        size_t taken = ov_utf8_next(buf->ptr + i, buf->ptr + buf->len, &code);
        if (!ov_unicode_is_space(code) && !ov_unicode_is_invisible(code)) {
            memmove(buf->ptr + out, buf->ptr + i, taken);
            out += taken;
        }
        i += taken;
    }
    buf->len = out;
}

void ov_unzero(struct ov_buf *buf)
{
    size_t out = 0;
    bool in_number = false;
    for (size_t i = 0; i < buf->len; i++) {
        char c = buf->ptr[i];
        bool digit = c >= '0' && c <= '9';
        bool last = i + 1 == buf->len || buf->ptr[i + 1] < '0' || buf->ptr[i + 1] > '9';
        if (c == '0' && !in_number && !last)
            continue;
        in_number = digit;
        buf->ptr[out++] = c;
    }
    buf->len = out;
}

/* The value without `="…"` or a `'` around it, and without `.0` behind a whole number. */
static struct ov_text unwrap(struct ov_text text)
{
    if (text.len > 3 && text.ptr[0] == '=' && text.ptr[1] == '"' && text.ptr[text.len - 1] == '"')
        return (struct ov_text){text.ptr + 2, text.len - 3};
    if (text.len > 1 && text.ptr[0] == '\'')
        text = (struct ov_text){text.ptr + 1, text.len - 1};
    size_t digits = 0, zeros = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    if (digits == 0 || digits + 1 >= text.len ||
        (text.ptr[digits] != '.' && text.ptr[digits] != ','))
        return text;
    while (digits + 1 + zeros < text.len && text.ptr[digits + 1 + zeros] == '0')
        zeros++;
    return digits + 1 + zeros == text.len ? (struct ov_text){text.ptr, digits} : text;
}

/* The part of a parent's cell that may be an identifier; empty if there is no such part. */
static struct ov_text part_of(struct ov_text text, enum ov_variant variant)
{
    static const char *const marks[] = {" - ", " – ", " / ", " | ", ": "};
    if (variant == OV_VARIANT_BRACKETS)
        return ov_text_in_brackets(text);
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
        size_t len = strlen(marks[m]);
        for (size_t i = 1; i + len < text.len; i++)
            if (memcmp(text.ptr + i, marks[m], len) == 0)
                return variant == OV_VARIANT_FIRST
                           ? (struct ov_text){text.ptr, i}
                           : (struct ov_text){text.ptr + i + len, text.len - i - len};
    }
    return (struct ov_text){0};
}

struct ov_text ov_identifier_inside(struct ov_text cell, unsigned variant)
{
    return part_of(cell, (enum ov_variant)(OV_VARIANT_BRACKETS + variant));
}

struct ov_text ov_variant_of(struct ov_text text, enum ov_variant variant, bool missing,
                             struct ov_buf *buf)
{
    if (variant >= OV_VARIANT_BRACKETS)
        return missing ? part_of(text, variant) : text;
    if (variant == OV_VARIANT_WRITTEN)
        return unwrap(text);
    if (variant == OV_VARIANT_SKELETON) {
        ov_unicode_skeleton(text, buf);
    } else if (variant == OV_VARIANT_BARE) {
        buf->len = 0;
        ov_buf_text(buf, text);
    } else {
        ov_unicode_fold(text, buf);
    }
    ov_squeeze(buf);
    if (variant == OV_VARIANT_UNZEROED)
        ov_unzero(buf);
    return ov_buf_view(buf);
}
