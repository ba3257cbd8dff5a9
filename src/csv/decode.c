/* csv/decode.c: see decode.h. The only file that includes iconv. */
#include "csv/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"

struct ov_decoder {
    char name[64];
    bool decided;
    bool guessed_utf16;
    bool utf8;         /* passed through */
    size_t unit;       /* bytes of a code unit: 1, 2 or 4 */
    bool held;         /* the converter holds back a character … */
    uint64_t held_at;  /* … whose offset is this */
    bool chosen;       /* by the caller */
    iconv_t converter; /* (iconv_t)-1 when utf8 or not yet decided */
    uint64_t consumed; /* bytes of the file received and decoded */
    char tail[32];     /* a sequence split at the end of the last feed */
    size_t tail_len;
    size_t bom; /* bytes of byte-order mark still to drop */
};

static const struct {
    const char *mark;
    size_t len;
    const char *name;
} marks[] = {
    {"\xEF\xBB\xBF", 3, "UTF-8"},
    {"\xFF\xFE", 2, "UTF-16LE"},
    {"\xFE\xFF", 2, "UTF-16BE"},
};

/* IANA's names for common spellings. */
static const struct {
    const char *given, *iana;
} names[] = {
    {"utf8", "UTF-8"},
    {"utf-8", "UTF-8"},
    {"cp1252", "windows-1252"},
    {"windows-1252", "windows-1252"},
    {"latin1", "ISO-8859-1"},
    {"latin-1", "ISO-8859-1"},
    {"iso-8859-1", "ISO-8859-1"},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
    {"utf-16", "UTF-16"},
    {"utf16", "UTF-16"},
};

static const char *iana_name(const char *given)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(given, names[i].given) == 0)
            return names[i].iana;
    return given;
}

/* The encoded size of `count` letters, a byte-order mark included, in bytes; 0 when unknown. */
static size_t encoded_size(const char *name, size_t count)
{
    char letters[] = "AA", out[32], *from = letters, *to = out;
    size_t from_left = count, to_left = sizeof out;
    iconv_t converter = iconv_open(name, "UTF-8");
    if (converter == (iconv_t)-1)
        return 0;
    size_t rc = iconv(converter, &from, &from_left, &to, &to_left);
    iconv_close(converter);
    return rc == (size_t)-1 ? 0 : sizeof out - to_left;
}

/* Switches to an encoding. */
static enum ov_status use_encoding(struct ov_decoder *decoder, const char *name,
                                   struct ov_error *err)
{
    if (strlen(name) >= sizeof decoder->name || !*name)
        return ov_fail(err, OV_E_OPTION, "unknown encoding `%.40s`", name);
    strcpy(decoder->name, name);
    decoder->utf8 = strcmp(name, "UTF-8") == 0;
    if (decoder->utf8)
        return OV_OK;
    if (decoder->converter != (iconv_t)-1)
        iconv_close(decoder->converter);
    decoder->converter = iconv_open("UTF-8", name);
    if (decoder->converter == (iconv_t)-1) {
        if (errno == ENOMEM)
            return ov_fail_memory(err);
        return ov_fail(err, OV_E_OPTION,
                       "unknown encoding `%s`; `iconv --list` lists the encodings known here",
                       name);
    }
    size_t one = encoded_size(name, 1), two = encoded_size(name, 2);
    decoder->unit = two - one == 2 || two - one == 4 ? two - one : 1;
    return OV_OK;
}

struct ov_decoder *ov_decoder_new(const char *encoding, struct ov_error *err)
{
    struct ov_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) {
        ov_fail_memory(err);
        return NULL;
    }
    decoder->converter = (iconv_t)-1;
    decoder->chosen = encoding != NULL;
    if (encoding && use_encoding(decoder, iana_name(encoding), err) != OV_OK) {
        ov_decoder_free(decoder);
        return NULL;
    }
    return decoder;
}

void ov_decoder_free(struct ov_decoder *decoder)
{
    if (!decoder)
        return;
    if (decoder->converter != (iconv_t)-1)
        iconv_close(decoder->converter);
    free(decoder);
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

enum ov_status ov_decoder_decide(struct ov_decoder *decoder, struct ov_text head, bool complete,
                                 struct ov_error *err)
{
    const char *name = NULL;
    decoder->decided = true;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        bool marked = head.len >= marks[i].len && !memcmp(head.ptr, marks[i].mark, marks[i].len);
        bool same = !decoder->chosen || !strcmp(decoder->name, marks[i].name) ||
                    (!strcmp(decoder->name, "UTF-16") && marks[i].len == 2);
        if (marked && same) {
            name = marks[i].name;
            decoder->bom = marks[i].len;
        }
    }
    if (!name && decoder->chosen)
        return OV_OK;
    if (!name) {
        name = utf16_by_zeros(head, complete);
        decoder->guessed_utf16 = name != NULL;
    }
    if (!name) {
        bool incomplete;
        bool valid = ov_utf8_valid_prefix(head, &incomplete) == head.len;
        name = valid || (incomplete && !complete) ? "UTF-8" : "windows-1252";
    }
    return use_encoding(decoder, name, err);
}

/* Appends UTF-8 unchanged and marks invalid bytes. *consumed is the number of bytes used. False
 * when out of memory. */
static bool feed_utf8(struct ov_window *window, struct ov_text bytes, bool last, size_t *consumed)
{
    size_t at = 0;
    while (at < bytes.len) {
        struct ov_text rest = {bytes.ptr + at, bytes.len - at};
        bool incomplete;
        size_t valid = ov_utf8_valid_prefix(rest, &incomplete);
        if (!ov_window_append(window, rest.ptr, valid))
            return false;
        at += valid;
        if (at == bytes.len || (incomplete && !last))
            break;
        uint32_t code;
        size_t bad = ov_utf8_next(bytes.ptr + at, bytes.ptr + bytes.len, &code);
        if (!ov_window_mark_invalid(window, bytes.ptr + at, bad) ||
            !ov_window_append(window, bytes.ptr + at, bad))
            return false;
        at += bad;
    }
    *consumed = at;
    return true;
}

/* Converts one character of at least `unit` bytes that begins at *in. Returns its length in bytes,
 * 0 when it is truncated, or -1 when no character begins there. */
static int convert_one(iconv_t converter, const char *in, size_t len, size_t unit, char out[8],
                       size_t *out_len)
{
    for (size_t n = unit; n <= len && n <= 8; n++) {
        char *from = (char *)(uintptr_t)in, *to = out;
        size_t from_left = n, to_left = 8;
        size_t rc = iconv(converter, &from, &from_left, &to, &to_left);
        if (rc != (size_t)-1) {
            *out_len = 8 - to_left;
            if (*out_len)
                return (int)n;
        } else if (errno != EINVAL) {
            iconv(converter, NULL, NULL, NULL, NULL);
            return -1;
        }
        if (from != in) /* a shift sequence, without output */
            return (int)n;
    }
    return len >= 8 ? -1 : 0;
}

/* Appends the converter's output for a character at `origin`. A character held back comes out
 * first, with its own origin. A byte-order mark at the start of the file is dropped. */
static bool append_converted(struct ov_decoder *decoder, struct ov_window *window, const char *out,
                             size_t len, uint64_t origin)
{
    const char *end = out + len;
    if (len == 0) {
        decoder->held_at = decoder->held ? decoder->held_at : origin;
        decoder->held = true;
        return true;
    }
    while (out < end) {
        uint32_t code;
        size_t taken = ov_utf8_next(out, end, &code);
        uint64_t at = decoder->held ? decoder->held_at : origin;
        bool mark = code == 0xFEFF && at == 0;
        if (!mark && !ov_window_append_at(window, out, taken, at))
            return false;
        out += taken;
        if (decoder->held && out == end) { /* now the new one is held back instead */
            decoder->held_at = origin;
            return true;
        }
        decoder->held = false;
    }
    return true;
}

static bool feed_iconv(struct ov_decoder *decoder, struct ov_window *window, struct ov_text bytes,
                       bool last, size_t *consumed)
{
    size_t at = 0, unit = decoder->unit;
    while (at < bytes.len) {
        char out[8];
        size_t out_len = 0;
        int taken =
            convert_one(decoder->converter, bytes.ptr + at, bytes.len - at, unit, out, &out_len);
        if (taken == 0 && !last)
            break;
        uint64_t origin = decoder->consumed + at;
        if (taken > 0) {
            if (!append_converted(decoder, window, out, out_len, origin))
                return false;
            at += (size_t)taken;
        } else {
            size_t bad = bytes.len - at < unit ? bytes.len - at : unit;
            if (!ov_window_mark_invalid(window, bytes.ptr + at, bad) ||
                !ov_window_append_at(window, "\xEF\xBF\xBD", 3, origin))
                return false;
            at += bad;
        }
    }
    *consumed = at;
    return true;
}

/* Flushes what the converter holds back at the end of the file. */
static bool flush_iconv(struct ov_decoder *decoder, struct ov_window *window)
{
    char out[8], *to = out;
    size_t left = sizeof out;
    if (!decoder->held)
        return true;
    decoder->held = false;
    return iconv(decoder->converter, NULL, NULL, &to, &left) == (size_t)-1 ||
           ov_window_append_at(window, out, sizeof out - left, decoder->held_at);
}

/* Decodes contiguous bytes, and keeps a truncated sequence in the tail. */
static enum ov_status feed_piece(struct ov_decoder *decoder, struct ov_text bytes, bool last,
                                 struct ov_window *window, struct ov_error *err)
{
    size_t consumed = 0;
    if (decoder->bom) {
        decoder->consumed = decoder->bom;
        window->base = decoder->bom;
        bytes.ptr += decoder->bom;
        bytes.len -= decoder->bom;
        decoder->bom = 0;
    }
    bool ok = decoder->utf8 ? feed_utf8(window, bytes, last, &consumed)
                            : feed_iconv(decoder, window, bytes, last, &consumed);
    if (!ok)
        return ov_fail_memory(err);
    decoder->consumed += consumed;
    window->end = decoder->consumed;
    decoder->tail_len = bytes.len - consumed;
    if (decoder->tail_len)
        memmove(decoder->tail, bytes.ptr + consumed, decoder->tail_len);
    return OV_OK;
}

static enum ov_status feed_all(struct ov_decoder *decoder, struct ov_text bytes, bool last,
                               struct ov_window *window, struct ov_error *err)
{
    /* Complete the sequence kept in the tail, one byte at a time. */
    while (decoder->tail_len && bytes.len) {
        decoder->tail[decoder->tail_len] = *bytes.ptr++;
        bytes.len--;
        struct ov_text tail = {decoder->tail, decoder->tail_len + 1};
        enum ov_status status = feed_piece(decoder, tail, last && !bytes.len, window, err);
        if (status != OV_OK)
            return status;
    }
    if (bytes.len == 0 && decoder->tail_len && last)
        return feed_piece(decoder, (struct ov_text){decoder->tail, decoder->tail_len}, true, window,
                          err);
    if (bytes.len == 0)
        return OV_OK;
    return feed_piece(decoder, bytes, last, window, err);
}

enum ov_status ov_decoder_feed(struct ov_decoder *decoder, struct ov_text bytes, bool last,
                               struct ov_window *window, struct ov_error *err)
{
    enum ov_status status = feed_all(decoder, bytes, last, window, err);
    if (status == OV_OK && last && !decoder->utf8 && !flush_iconv(decoder, window))
        status = ov_fail_memory(err);
    return status;
}

const char *ov_decoder_name(const struct ov_decoder *decoder)
{
    return decoder->name[0] ? decoder->name : "UTF-8";
}

bool ov_decoder_guessed_utf16(const struct ov_decoder *decoder)
{
    return decoder->guessed_utf16;
}

const char *ov_decode_foreign(struct ov_text head)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *what;
    } foreign[] = {
        {"PK\x03\x04", 4, OV_N_("an Excel workbook or a zip archive")},
        {"PK\x05\x06", 4, OV_N_("an empty zip archive")},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, OV_N_("an old Excel workbook")},
        {"%PDF-", 5, OV_N_("a PDF document")},
        {"\x1F\x8B", 2, OV_N_("a gzip archive")},
        {"\x89PNG\r\n\x1A\n", 8, OV_N_("a PNG image")},
    };
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (head.len >= foreign[i].len && !memcmp(head.ptr, foreign[i].magic, foreign[i].len))
            return foreign[i].what;
    return NULL;
}
