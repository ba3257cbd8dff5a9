/* csv/encoding.c: see encoding.h. The only file that includes uchardet. */
#include "csv/encoding.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#include "base/error.h"
#include "base/unicode.h"

enum {
    SAMPLE = 64 * 1024, /* bytes of lines beyond ASCII that are passed to uchardet, which is slow */
    BYTES = 256,
    NO_CHARACTER = 0xFFFD,
};
#define WESTERN "windows-1252"

/* --- names --- */

static const struct {
    const char *given, *iana;
} names[] = {
    {"utf8", "UTF-8"},
    {"utf-8", "UTF-8"},
    {"utf16", "UTF-16"},
    {"utf-16", "UTF-16"},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
    {"utf32", "UTF-32"},
    {"utf-32", "UTF-32"},
    {"utf-32le", "UTF-32LE"},
    {"utf-32be", "UTF-32BE"},
    {"latin1", "ISO-8859-1"},
    {"latin-1", "ISO-8859-1"},
    {"iso-8859-1", "ISO-8859-1"},
    {"cp437", "IBM437"},
    {"cp850", "IBM850"},
    {"cp852", "IBM852"},
    {"cp866", "IBM866"},
    {"cp932", "CP932"},
    {"windows-31j", "CP932"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"euc-jp", "EUC-JP"},
    {"euc-kr", "EUC-KR"},
    {"uhc", "CP949"},
    {"cp949", "CP949"},
    {"gbk", "GBK"},
    {"gb2312", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "Big5"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"mac", "macintosh"},
    {"macroman", "macintosh"},
    {"mac-roman", "macintosh"},
    {"macintosh", "macintosh"},
    {"tis-620", "windows-874"},
    {"cp874", "windows-874"},
    {"cp1250", "windows-1250"},
    {"cp1251", "windows-1251"},
    {"cp1252", WESTERN},
    {"cp1253", "windows-1253"},
    {"cp1254", "windows-1254"},
    {"cp1255", "windows-1255"},
    {"cp1256", "windows-1256"},
    {"cp1257", "windows-1257"},
    {"cp1258", "windows-1258"},
};

const char *ov_encoding_iana(const char *given)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(given, names[i].given) == 0 || strcasecmp(given, names[i].iana) == 0)
            return names[i].iana;
    return given;
}

const char *ov_encoding_iconv(const char *name)
{
#ifndef __GLIBC__ /* musl's Shift_JIS is that of Windows */
    if (strcmp(name, "CP932") == 0)
        return "SHIFT_JIS";
#endif
    return name;
}

/* The encoding for a name of uchardet: the Windows code page that contains a part of ISO 8859. */
static const struct {
    const char *part, *page;
} pages[] = {
    {"ISO-8859-1", WESTERN},          {"ISO-8859-2", "windows-1250"},
    {"ISO-8859-3", WESTERN},          {"ISO-8859-4", WESTERN},
    {"ISO-8859-5", "windows-1251"},   {"ISO-8859-7", "windows-1253"},
    {"ISO-8859-9", "windows-1254"},   {"ISO-8859-10", WESTERN},
    {"ISO-8859-13", "windows-1257"},  {"ISO-8859-14", WESTERN},
    {"ISO-8859-15", WESTERN},         {"ISO-8859-16", WESTERN},
    {"WINDOWS-1250", "windows-1250"}, {"WINDOWS-1251", "windows-1251"},
    {"WINDOWS-1252", WESTERN},        {"WINDOWS-1253", "windows-1253"},
    {"WINDOWS-1254", "windows-1254"}, {"WINDOWS-1255", "windows-1255"},
    {"WINDOWS-1256", "windows-1256"}, {"WINDOWS-1257", "windows-1257"},
    {"WINDOWS-1258", "windows-1258"},
};

static const char *page_of(const char *guess)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcasecmp(guess, pages[i].part) == 0)
            return pages[i].page;
    return guess;
}

/* --- marks and zero bytes --- */

const char *ov_encoding_mark(struct ov_text head, size_t *len)
{
    static const struct {
        const char *mark;
        size_t len;
        const char *name;
    } marks[] = {
        {"\xEF\xBB\xBF", 3, "UTF-8"},    {"\xFF\xFE\0\0", 4, "UTF-32LE"},
        {"\0\0\xFE\xFF", 4, "UTF-32BE"}, {"\xFF\xFE", 2, "UTF-16LE"},
        {"\xFE\xFF", 2, "UTF-16BE"},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        *len = marks[i].len;
        if (head.len >= *len && memcmp(head.ptr, marks[i].mark, *len) == 0)
            return marks[i].name;
    }
    *len = 0;
    return NULL;
}

/* Detects UTF-16 without a byte-order mark by the zero bytes in every other position of mostly
 * Latin text. A whole file of odd length is not UTF-16. */
static const char *utf16_by_zeros(struct ov_text head, bool complete)
{
    size_t zeros[2] = {0, 0}, half = head.len / 2;
    if (half < 2 || (complete && head.len % 2))
        return NULL;
    for (size_t i = 0; i < half * 2; i++)
        zeros[i & 1] += head.ptr[i] == '\0';
    if (zeros[1] * 2 > half && zeros[0] * 10 < half)
        return "UTF-16LE";
    if (zeros[0] * 2 > half && zeros[1] * 10 < half)
        return "UTF-16BE";
    return NULL;
}

/* --- UTF-8 --- */

static bool is_high(char c)
{
    return (unsigned char)c >= 0x80;
}

/* The length of the run of bytes above 0x7F at p. */
static size_t high_run(const char *p, const char *end)
{
    const char *at = p;
    while (at < end && is_high(*at))
        at++;
    return (size_t)(at - p);
}

/* Whether at least nine in ten runs of bytes above 0x7F are valid UTF-8; a run that is cut off at
 * the end of an incomplete head counts if it can still become valid. */
static bool is_mostly_utf8(struct ov_text head, bool complete)
{
    const char *end = head.ptr + head.len;
    uint64_t runs = 0, valid = 0;
    for (const char *p = head.ptr; p < end;) {
        p += ov_ascii_prefix((struct ov_text){p, (size_t)(end - p)});
        size_t len = high_run(p, end);
        if (len == 0)
            break;
        bool incomplete, good = ov_utf8_valid_prefix((struct ov_text){p, len}, &incomplete) == len;
        runs++;
        valid += good || (incomplete && !complete && p + len == end);
        p += len;
    }
    return valid * 10 >= runs * 9;
}

/* --- other encodings --- */

/* The characters of a single-byte encoding; NO_CHARACTER for a byte that it does not use. False if
 * iconv does not know it, or it is not such an encoding. */
static bool characters_of(const char *name, uint32_t characters[BYTES])
{
    iconv_t converter = iconv_open("UTF-32LE", ov_encoding_iconv(name));
    if (converter == (iconv_t)-1)
        return false;
    bool single = true;
    for (int byte = 0; byte < BYTES && single; byte++) {
        char in = (char)byte, *from = &in;
        unsigned char out[8];
        char *to = (char *)out;
        size_t from_left = 1, to_left = sizeof out;
        iconv(converter, NULL, NULL, NULL, NULL);
        bool good = iconv(converter, &from, &from_left, &to, &to_left) != (size_t)-1;
        if (good) /* for a character that it holds back */
            iconv(converter, NULL, NULL, &to, &to_left);
        characters[byte] = good && to_left == sizeof out - 4
                               ? out[0] | (uint32_t)out[1] << 8 | (uint32_t)out[2] << 16
                               : NO_CHARACTER;
        single = byte >= 0x80 || characters[byte] == (uint32_t)byte;
    }
    iconv_close(converter);
    return single;
}

static bool knows(const char *name)
{
    iconv_t converter = iconv_open("UTF-8", ov_encoding_iconv(name));
    if (converter == (iconv_t)-1)
        return false;
    iconv_close(converter);
    return true;
}

/* What is asked of a head beyond ASCII. */
struct survey {
    struct ov_text head;
    bool used[BYTES]; /* the bytes in it */
    uint32_t western[BYTES];
};

static void note_bytes(struct survey *survey)
{
    for (size_t i = 0; i < survey->head.len; i++)
        survey->used[(unsigned char)survey->head.ptr[i]] = true;
}

/* Whether the head can be read with these characters. */
static bool fits(const struct survey *survey, const uint32_t characters[BYTES])
{
    for (int byte = 0x80; byte < BYTES; byte++)
        if (survey->used[byte] && characters[byte] == NO_CHARACTER)
            return false;
    return true;
}

/* Whether an encoding gives the same text as windows-1252. */
static bool same_as_western(const struct survey *survey, const char *name)
{
    uint32_t characters[BYTES];
    if (!characters_of(name, characters))
        return false;
    for (int byte = 0x80; byte < BYTES; byte++)
        if (survey->used[byte] && characters[byte] != survey->western[byte])
            return false;
    return true;
}

static bool is_ascii_letter(uint32_t code)
{
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
}

/* Letters of Latin-1, and those that windows-1252 adds. */
static bool is_western_letter(uint32_t code)
{
    return is_ascii_letter(code) ||
           (code >= 0xC0 && code <= 0xFF && code != 0xD7 && code != 0xF7) || code == 0x152 ||
           code == 0x153 || code == 0x160 || code == 0x161 || code == 0x178 || code == 0x17D ||
           code == 0x17E;
}

static bool is_upper(uint32_t code)
{
    return (code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE) || code == 0x152 ||
           code == 0x160 || code == 0x178 || code == 0x17D;
}

/* Characters that Western texts have besides letters. Some of their bytes are letters in other code
 * pages, so these are usual only where a letter would not be: `£` before a number, `²` behind a
 * unit, `º` and `ª` behind a number or a short word. */
static bool is_usual(uint32_t before, uint32_t code, uint32_t after, size_t word)
{
    static const uint32_t always[] = {0x20AC, 0x201A, 0x201E, 0x2026, 0x2039, 0x203A,
                                      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
                                      0x2014, 0x2122, 0xA0,   0xA7,   0xA9,   0xAB,
                                      0xAE,   0xB0,   0xB4,   0xB7,   0xBB};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (code == always[i])
            return true;
    switch (code) {
    case 0xA1: /* ¡ ¿ */
    case 0xBF: return !is_western_letter(before) && is_western_letter(after);
    case 0xA3: return !is_western_letter(before) && !is_western_letter(after);
    case 0xB2: /* ² ³ */
    case 0xB3: return before == 'm' && word <= 2 && !is_western_letter(after);
    case 0xBA: /* º ª */
    case 0xAA: return (word <= 2 && before > ' ') && !is_western_letter(after);
    default: return false;
    }
}

/* Whether every character is what a Western text has, in the place where it has it. */
static bool reads_as_western(const struct survey *survey)
{
    const unsigned char *bytes = (const unsigned char *)survey->head.ptr;
    size_t word = 0; /* letters before this byte */
    for (size_t i = 0; i < survey->head.len; i++) {
        uint32_t code = survey->western[bytes[i]];
        bool letter = is_western_letter(code);
        if (bytes[i] >= 0x80) {
            uint32_t before = i ? survey->western[bytes[i - 1]] : 0;
            uint32_t after = i + 1 < survey->head.len ? survey->western[bytes[i + 1]] : 0;
            if (!letter && !is_usual(before, code, after, word))
                return false;
            bool inside = is_western_letter(before) && is_western_letter(after);
            if (bytes[i] < 0xA0 && inside && code != 0x2019 &&
                (!letter || is_upper(code) != is_upper(before)))
                return false;
        }
        word = letter ? word + 1 : 0;
    }
    return true;
}

/* Passes the lines that have bytes above 0x7F to uchardet; its guess, empty if there is none. The
 * caller deletes *detector. */
static const char *guess(struct ov_text head, uchardet_t detector)
{
    size_t left = SAMPLE;
    const char *end = head.ptr + head.len;
    for (const char *line = head.ptr; line < end && left;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t len = (size_t)((stop ? stop + 1 : end) - line), take = len < left ? len : left;
        bool high = false;
        for (size_t i = 0; i < len && !high; i++)
            high = is_high(line[i]);
        if (high) {
            if (uchardet_handle_data(detector, line, take) != 0)
                return "";
            left -= take;
        }
        line += len;
    }
    uchardet_data_end(detector);
    return uchardet_get_charset(detector);
}

/* How badly a text reads with these characters: unused bytes, symbols and changes of case within
 * words. */
static uint64_t badness(const struct survey *survey, const uint32_t characters[BYTES])
{
    uint64_t bad = 0;
    const unsigned char *bytes = (const unsigned char *)survey->head.ptr;
    size_t len = survey->head.len < SAMPLE ? survey->head.len : SAMPLE;
    for (size_t i = 0; i < len; i++) {
        uint32_t code = characters[bytes[i]], before = i ? characters[bytes[i - 1]] : 0;
        if (bytes[i] < 0x80)
            continue;
        if (code == NO_CHARACTER || (code >= 0x80 && code < 0xA0))
            bad += 4;
        else if (!ov_unicode_is_letter(code))
            bad += ov_unicode_is_letter(before) && code != 0x2019 ? 3 : 0;
        else if (ov_unicode_is_upper(code) && ov_unicode_is_letter(before) &&
                 !ov_unicode_is_upper(before))
            bad += 2;
    }
    return bad;
}

/* Whether a text reads well as Western text, but badly in the single-byte encoding that was
 * guessed, or that is one of DOS or of old Macs: of a few accents the detector knows little. */
static bool is_implausible(const struct survey *survey, const char *name)
{
    uint32_t characters[BYTES];
    if (!characters_of(name, characters) || !fits(survey, characters) ||
        !fits(survey, survey->western) || !reads_as_western(survey))
        return false;
    return strncmp(name, "IBM", 3) == 0 || strncmp(name, "MAC-", 4) == 0 ||
           badness(survey, characters) > 0;
}

static bool is_listed(const struct ov_encoding *encoding, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(encoding->likely[i], name) == 0)
            return true;
    return false;
}

/* Lists the likeliest encodings: the guess, then those with which the text reads best. */
static void list_likely(const struct survey *survey, struct ov_encoding *encoding)
{
    static const char *const others[] = {WESTERN,        "windows-1250", "windows-1251", "IBM850",
                                         "macintosh",    "windows-1254", "windows-1253", "KOI8-R",
                                         "windows-1257", "IBM852",       "ISO-8859-2"};
    enum { OTHERS = sizeof others / sizeof *others };
    uint64_t bad[OTHERS];
    size_t count = 0;
    for (size_t i = 0; i < OTHERS; i++) {
        uint32_t characters[BYTES];
        bad[i] = characters_of(others[i], characters) ? badness(survey, characters) : UINT64_MAX;
    }
    encoding->likely[count++] = encoding->name;
    while (count < OV_ENCODING_LIKELY) {
        size_t best = OTHERS;
        for (size_t i = 0; i < OTHERS; i++)
            if (!is_listed(encoding, count, others[i]) && bad[i] != UINT64_MAX &&
                (best == OTHERS || bad[i] < bad[best]))
                best = i;
        if (best == OTHERS)
            return;
        encoding->likely[count++] = others[best];
    }
}

/* Chooses from a guess of uchardet's; an empty one means that it has none. */
static void choose(struct survey *survey, const char *guessed, struct ov_encoding *encoding)
{
    const char *name = guessed;
    uint32_t characters[BYTES];
    bool western = strcasecmp(guessed, "ISO-8859-1") == 0 ||
                   strcasecmp(guessed, "ISO-8859-15") == 0 ||
                   strcasecmp(guessed, "WINDOWS-1252") == 0;
    if (characters_of(page_of(guessed), characters) && fits(survey, characters))
        name = page_of(guessed);
    bool known = *name && knows(name);
    if (!known || same_as_western(survey, name) || is_implausible(survey, name))
        name = WESTERN;
    snprintf(encoding->name, sizeof encoding->name, "%s", ov_encoding_iana(name));
    bool alike = same_as_western(survey, "windows-1250") && same_as_western(survey, "windows-1254");
    encoding->sure = strcmp(encoding->name, "UTF-8") == 0 ||
                     (known && strcmp(name, WESTERN) == 0 && (western || alike) &&
                      fits(survey, survey->western) && reads_as_western(survey));
    if (!encoding->sure)
        list_likely(survey, encoding);
}

static enum ov_status detect_other(struct ov_text head, struct ov_encoding *encoding,
                                   struct ov_error *err)
{
    struct survey *survey = calloc(1, sizeof *survey);
    uchardet_t detector = uchardet_new();
    enum ov_status status = OV_OK;
    if (survey && detector && characters_of(WESTERN, survey->western)) {
        survey->head = head;
        note_bytes(survey);
        choose(survey, guess(head, detector), encoding);
    } else {
        status = ov_fail_memory(err);
    }
    if (detector)
        uchardet_delete(detector);
    free(survey);
    return status;
}

enum ov_status ov_encoding_detect(struct ov_text head, bool complete, struct ov_encoding *encoding,
                                  struct ov_error *err)
{
    *encoding = (struct ov_encoding){.sure = true};
    const char *name = ov_encoding_mark(head, &encoding->mark);
    if (!name) {
        name = utf16_by_zeros(head, complete);
        encoding->by_zeros = name != NULL;
    }
    if (!name && is_mostly_utf8(head, complete))
        name = "UTF-8";
    if (!name)
        return detect_other(head, encoding, err);
    snprintf(encoding->name, sizeof encoding->name, "%s", name);
    return OV_OK;
}
