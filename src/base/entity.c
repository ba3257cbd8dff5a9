/* base/entity.c: see entity.h. */
#include "base/entity.h"

enum { LONGEST = 10 /* of a reference, bytes, with `&` and `;` */ };

static const struct {
    const char *name, *text;
} entities[] = {
    {"amp", "&"},       {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},
    {"nbsp", "\u00A0"}, {"auml", "ä"},   {"ouml", "ö"},   {"uuml", "ü"},   {"Auml", "Ä"},
    {"Ouml", "Ö"},      {"Uuml", "Ü"},   {"szlig", "ß"},  {"eacute", "é"}, {"egrave", "è"},
    {"ecirc", "ê"},     {"euml", "ë"},   {"agrave", "à"}, {"aacute", "á"}, {"acirc", "â"},
    {"atilde", "ã"},    {"aring", "å"},  {"aelig", "æ"},  {"ccedil", "ç"}, {"iacute", "í"},
    {"icirc", "î"},     {"iuml", "ï"},   {"ntilde", "ñ"}, {"oacute", "ó"}, {"ocirc", "ô"},
    {"otilde", "õ"},    {"oslash", "ø"}, {"oelig", "œ"},  {"uacute", "ú"}, {"ugrave", "ù"},
    {"ucirc", "û"},     {"Eacute", "É"}, {"Egrave", "È"}, {"Agrave", "À"}, {"Aacute", "Á"},
    {"Aring", "Å"},     {"Ccedil", "Ç"}, {"Oslash", "Ø"}, {"Iacute", "Í"}, {"Ntilde", "Ñ"},
    {"Oacute", "Ó"},    {"Uacute", "Ú"}, {"ndash", "–"},  {"mdash", "—"},  {"lsquo", "‘"},
    {"rsquo", "’"},     {"ldquo", "“"},  {"rdquo", "”"},  {"laquo", "«"},  {"raquo", "»"},
    {"hellip", "…"},    {"euro", "€"},   {"copy", "©"},   {"reg", "®"},    {"middot", "·"},
    {"scaron", "š"},    {"Scaron", "Š"}, {"yacute", "ý"},
};

/* The code point of `#228` or `#xE4`; 0: it is neither. */
static uint32_t number_of(struct ov_text name)
{
    bool hex = name.len > 2 && (name.ptr[1] == 'x' || name.ptr[1] == 'X');
    uint32_t code = 0;
    for (size_t i = hex ? 2 : 1; i < name.len; i++) {
        char c = name.ptr[i];
        unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
                         : hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f'
                             ? (unsigned)((c | 0x20) - 'a' + 10)
                             : 16;
        if (digit == 16 || code > 0x10FFFF)
            return 0;
        code = code * (hex ? 16 : 10) + digit;
    }
    return name.len > 1 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) ? code : 0;
}

/* Appends the character of a reference at the start of the text; returns its length, 0: none. */
static size_t put_reference(struct ov_text text, struct ov_buf *out)
{
    const char *end = memchr(text.ptr, ';', text.len < LONGEST ? text.len : LONGEST);
    if (text.ptr[0] != '&' || !end)
        return 0;
    struct ov_text name = {text.ptr + 1, (size_t)(end - text.ptr) - 1};
    uint32_t code = name.len && name.ptr[0] == '#' ? number_of(name) : 0;
    if (code)
        ov_buf_code_point(out, code);
    for (size_t i = 0; !code && i < sizeof entities / sizeof *entities; i++)
        if (ov_text_equal(name, ov_text_of(entities[i].name))) {
            ov_buf_string(out, entities[i].text);
            code = 1;
        }
    return code ? name.len + 2 : 0;
}

bool ov_decode_entities(struct ov_text text, struct ov_buf *out)
{
    size_t before = out->len;
    bool any = false;
    for (size_t at = 0; at < text.len;) {
        struct ov_text rest = {text.ptr + at, text.len - at};
        size_t taken = put_reference(rest, out);
        any |= taken > 0;
        if (!taken)
            ov_buf_char(out, text.ptr[at]);
        at += taken ? taken : 1;
    }
    if (!any)
        out->len = before;
    return any;
}
