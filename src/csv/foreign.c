/* csv/foreign.c: see foreign.h. */
#include "csv/foreign.h"

#include "base/error.h"
#include "base/unicode.h"

enum { LOOKED_AT = 4096 /* bytes of markup, or of what follows it */ };

static const char *by_magic(struct ov_text head)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *what;
    } formats[] = {
        {"PK\x05\x06", 4, OV_N_("an empty zip archive")},
        {"%PDF-", 5, OV_N_("a PDF document")},
        {"\x1F\x8B", 2, OV_N_("a gzip archive")},
        {"\x89PNG\r\n\x1A\n", 8, OV_N_("a PNG image")},
        {"+/v8", 4, OV_N_("text in UTF-7")},
        {"+/v9", 4, OV_N_("text in UTF-7")},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (head.len >= formats[i].len && !memcmp(head.ptr, formats[i].magic, formats[i].len))
            return formats[i].what;
    return NULL;
}

/* A compound file ([MS-CFB]): an old workbook, or a new one that is encrypted ([MS-OFFCRYPTO]); its
 * directory names the streams. */
static const char *by_directory(struct ov_text head)
{
    static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    enum { SHIFT_AT = 30, DIRECTORY_AT = 48, HEADER = 512, DIRECTORY = 4096 };
    if (!ov_text_begins(head, OV_TEXT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
        return NULL;
    if (head.len < HEADER)
        return OV_N_("an old Excel workbook");
    const unsigned char *at = (const unsigned char *)head.ptr + DIRECTORY_AT;
    uint64_t sector =
        (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
    uint64_t start = (sector + 1) << (head.ptr[SHIFT_AT] == 12 ? 12 : 9);
    if (start >= head.len)
        return OV_N_("an old Excel workbook, or one with a password");
    struct ov_text directory = {head.ptr + start, head.len - (size_t)start};
    if (directory.len > DIRECTORY)
        directory.len = DIRECTORY;
    return ov_text_find(directory, (struct ov_text){encrypted, sizeof encrypted - 1}) <
                   directory.len
               ? OV_N_("a workbook with a password")
               : OV_N_("an old Excel workbook");
}

static bool begins_with(struct ov_text text, const char *start)
{
    struct ov_text begin = {text.ptr, strlen(start)};
    return text.len >= begin.len && ov_text_equal_nocase(begin, ov_text_of(start));
}

static bool contains(struct ov_text text, const char *part)
{
    struct ov_text looked_at = {text.ptr, text.len < LOOKED_AT ? text.len : LOOKED_AT};
    return ov_text_contains_nocase(looked_at, ov_text_of(part));
}

static const char *by_markup(struct ov_text text)
{
    static const char *const html[] = {"<!doctype html", "<html", "<head", "<body", "<table"};
    for (size_t i = 0; i < sizeof html / sizeof *html; i++)
        if (begins_with(text, html[i]))
            return OV_N_("a web page (HTML)");
    if (!begins_with(text, "<?xml"))
        return NULL;
    if (contains(text, "urn:schemas-microsoft-com:office:spreadsheet"))
        return OV_N_("an Excel workbook in XML (SpreadsheetML)");
    return contains(text, "<html") ? OV_N_("a web page (HTML)") : OV_N_("an XML file");
}

/* An object or a list in which the first thing is what JSON allows there (RFC 8259). */
static const char *by_json(struct ov_text text)
{
    if (text.len < 2 || (text.ptr[0] != '{' && text.ptr[0] != '['))
        return NULL;
    struct ov_text rest = ov_text_trim((struct ov_text){text.ptr + 1, text.len - 1});
    const char *allowed = text.ptr[0] == '{' ? "\"}" : "{[";
    return rest.len && strchr(allowed, rest.ptr[0]) ? OV_N_("a JSON file") : NULL;
}

static int base64(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The length of a sequence of UTF-7 (RFC 2152) behind its `+`, up to and with its `-`, if all its
 * characters are letters beyond ASCII; otherwise 0. */
static size_t utf7_letters(const char *p, const char *end)
{
    uint32_t bits = 0;
    unsigned count = 0, letters = 0;
    for (const char *at = p; at < end; at++) {
        int digit = base64(*at);
        if (digit < 0)
            return *at == '-' && letters && count < 6 && bits == 0 ? (size_t)(at - p) + 1 : 0;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count < 16)
            continue;
        count -= 16;
        if (bits >> count < 0x80 || !ov_unicode_is_letter(bits >> count))
            return 0;
        bits &= (1u << count) - 1;
        letters++;
    }
    return 0;
}

/* Text in ASCII with two sequences of UTF-7 or more. */
static const char *by_utf7(struct ov_text head)
{
    unsigned sequences = 0;
    const char *end = head.ptr + head.len;
    if (ov_ascii_prefix(head) != head.len)
        return NULL;
    for (const char *p = head.ptr; p < end && (p = memchr(p, '+', (size_t)(end - p))) != NULL; p++)
        sequences += utf7_letters(p + 1, end) > 0;
    return sequences >= 2 ? OV_N_("text in UTF-7") : NULL;
}

bool ov_is_zip(struct ov_text head)
{
    return head.len >= 4 && memcmp(head.ptr, "PK\x03\x04", 4) == 0;
}

const char *ov_foreign_format(struct ov_text head)
{
    const char *what = by_magic(head);
    if (!what)
        what = by_directory(head);
    struct ov_text text = head;
    if (ov_text_begins(head, OV_TEXT(OV_UTF8_MARK)))
        text = (struct ov_text){head.ptr + 3, head.len - 3};
    text = ov_text_trim(text);
    if (!what)
        what = by_markup(text);
    if (!what)
        what = by_json(text);
    return what ? what : by_utf7(head);
}
