/* csv/decode.c: see decode.h. The only file that includes iconv. */
#include "csv/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct ov_decoder {
    struct ov_encoding encoding;
    bool undecided;          /* the head was ASCII: decided at the first byte above 0x7F */
    struct ov_buf held_back; /* undecided: the bytes from there on, up to OV_HEAD_SIZE */
    bool utf8;               /* passed through */
    size_t unit;             /* bytes of a code unit: 1, 2 or 4 */
    bool held;               /* the converter holds back a character … */
    uint64_t held_at;        /* … whose offset is this */
    uint32_t wide;           /* the code point of a delimiter beyond ASCII; 0: none */
    bool chosen;             /* by the caller */
    iconv_t converter;       /* (iconv_t)-1 when utf8 or not yet decided */
    uint64_t consumed;       /* bytes of the file received and decoded */
    char tail[32];           /* a sequence split at the end of the last feed */
    size_t tail_len;
    size_t bom; /* bytes of byte-order mark still to drop */
};

/* The encoded size of `count` letters, a byte-order mark included, in bytes; 0 when unknown. */
static size_t encoded_size(const char *name, size_t count)
{
    char letters[] = "AA", out[32], *from = letters, *to = out;
    size_t from_left = count, to_left = sizeof out;
    iconv_t converter = iconv_open(ov_encoding_iconv(name), "UTF-8");
    if (converter == (iconv_t)-1)
        return 0;
    size_t rc = iconv(converter, &from, &from_left, &to, &to_left);
    iconv_close(converter);
    return rc == (size_t)-1 ? 0 : sizeof out - to_left;
}

/* Switches to decoder->encoding. */
static enum ov_status use_encoding(struct ov_decoder *decoder, struct ov_error *err)
{
    const char *name = decoder->encoding.name;
    decoder->utf8 = strcmp(name, "UTF-8") == 0;
    if (decoder->utf8)
        return OV_OK;
    if (decoder->converter != (iconv_t)-1)
        iconv_close(decoder->converter);
    decoder->converter = iconv_open("UTF-8", ov_encoding_iconv(name));
    if (decoder->converter == (iconv_t)-1) {
        if (errno == ENOMEM)
            return ov_fail_memory(err);
        return ov_fail(err, OV_E_OPTION,
                       "unknown encoding `%s`; name another one, or save the file as CSV UTF-8",
                       name);
    }
    size_t one = encoded_size(name, 1), two = encoded_size(name, 2);
    decoder->unit = two - one == 2 || two - one == 4 ? two - one : 1;
    return OV_OK;
}

/* Uses the encoding that the caller names. */
static enum ov_status choose(struct ov_decoder *decoder, const char *name, struct ov_error *err)
{
    if (strlen(name) >= sizeof decoder->encoding.name || !*name)
        return ov_fail(err, OV_E_OPTION, "unknown encoding `%.40s`", name);
    strcpy(decoder->encoding.name, name);
    decoder->encoding.sure = true;
    return use_encoding(decoder, err);
}

struct ov_decoder *ov_decoder_new(const char *encoding, uint32_t wide, struct ov_error *err)
{
    struct ov_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) {
        ov_fail_memory(err);
        return NULL;
    }
    decoder->converter = (iconv_t)-1;
    decoder->chosen = encoding != NULL;
    decoder->wide = wide;
    if (encoding && choose(decoder, ov_encoding_iana(encoding), err) != OV_OK) {
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
    ov_buf_deinit(&decoder->held_back);
    free(decoder);
}

/* A mark of the encoding that the caller chose is dropped too. */
static size_t mark_of_chosen(const struct ov_decoder *decoder, struct ov_text head)
{
    size_t len;
    const char *marked = ov_encoding_mark(head, &len), *chosen = decoder->encoding.name;
    bool same = marked && (strcmp(chosen, marked) == 0 ||
                           (strlen(chosen) == 6 && strncmp(chosen, marked, 6) == 0));
    return same ? len : 0;
}

enum ov_status ov_decoder_decide(struct ov_decoder *decoder, struct ov_text head, bool complete,
                                 struct ov_error *err)
{
    if (decoder->chosen) {
        decoder->bom = mark_of_chosen(decoder, head);
        return OV_OK;
    }
    enum ov_status status = ov_encoding_detect(head, complete, &decoder->encoding, err);
    decoder->bom = decoder->encoding.mark;
    decoder->undecided =
        !complete && ov_ascii_prefix(head) == head.len && !decoder->encoding.by_zeros;
    return status == OV_OK ? use_encoding(decoder, err) : status;
}

/* Appends valid UTF-8; a delimiter beyond ASCII as one byte. */
static bool append_valid(const struct ov_decoder *decoder, struct ov_window *window,
                         struct ov_text text, uint64_t origin)
{
    static const char delimiter = OV_WIDE_DELIMITER;
    if (!decoder->wide)
        return ov_window_append(window, text.ptr, text.len);
    for (size_t at = 0; at < text.len;) {
        uint32_t code;
        size_t taken = ov_utf8_next(text.ptr + at, text.ptr + text.len, &code);
        bool wide = code == decoder->wide;
        if (!ov_window_append_at(window, wide ? &delimiter : text.ptr + at, wide ? 1 : taken,
                                 origin + at))
            return false;
        at += taken;
    }
    return true;
}

/* Appends UTF-8 unchanged and marks invalid bytes. *consumed is the number of bytes used. False
 * when out of memory. */
static bool feed_utf8(const struct ov_decoder *decoder, struct ov_window *window,
                      struct ov_text bytes, bool last, size_t *consumed)
{
    size_t at = 0;
    while (at < bytes.len) {
        struct ov_text rest = {bytes.ptr + at, bytes.len - at};
        bool incomplete;
        size_t valid = ov_utf8_valid_prefix(rest, &incomplete);
        if (!append_valid(decoder, window, (struct ov_text){rest.ptr, valid},
                          decoder->consumed + at))
            return false;
        at += valid;
        if (at == bytes.len || (incomplete && !last))
            break;
        uint32_t code;
        size_t bad = ov_utf8_next(bytes.ptr + at, bytes.ptr + bytes.len, &code);
        if (!ov_window_mark_invalid(window, bytes.ptr + at, bad) ||
            !(decoder->wide
                  ? ov_window_append_at(window, bytes.ptr + at, bad, decoder->consumed + at)
                  : ov_window_append(window, bytes.ptr + at, bad)))
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
        bool wide = decoder->wide && code == decoder->wide;
        static const char delimiter = OV_WIDE_DELIMITER;
        if (!mark && !ov_window_append_at(window, wide ? &delimiter : out, wide ? 1 : taken, at))
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
    bool ok = decoder->utf8 ? feed_utf8(decoder, window, bytes, last, &consumed)
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

/* Once enough bytes are known, or no more will come, decides and decodes them. */
static enum ov_status decide_late(struct ov_decoder *decoder, bool last, struct ov_window *window,
                                  struct ov_error *err)
{
    struct ov_text bytes = ov_buf_view(&decoder->held_back);
    if (!last && bytes.len < OV_HEAD_SIZE)
        return OV_OK;
    decoder->undecided = false;
    enum ov_status status = ov_encoding_detect(bytes, last, &decoder->encoding, err);
    if (status == OV_OK)
        status = use_encoding(decoder, err);
    if (status == OV_OK)
        status = feed_all(decoder, bytes, last, window, err);
    ov_buf_deinit(&decoder->held_back);
    return status;
}

/* While only ASCII was seen: passes it through, and holds back what begins with another byte. */
static enum ov_status feed_undecided(struct ov_decoder *decoder, struct ov_text bytes, bool last,
                                     struct ov_window *window, struct ov_error *err)
{
    size_t ascii = decoder->held_back.len ? 0 : ov_ascii_prefix(bytes);
    enum ov_status status = OV_OK;
    if (ascii)
        status = feed_all(decoder, (struct ov_text){bytes.ptr, ascii}, false, window, err);
    ov_buf_put(&decoder->held_back, bytes.ptr + ascii, bytes.len - ascii);
    if (decoder->held_back.failed)
        return ov_fail_memory(err);
    if (status == OV_OK && decoder->held_back.len)
        status = decide_late(decoder, last, window, err);
    return status;
}

enum ov_status ov_decoder_feed(struct ov_decoder *decoder, struct ov_text bytes, bool last,
                               struct ov_window *window, struct ov_error *err)
{
    enum ov_status status = decoder->undecided ? feed_undecided(decoder, bytes, last, window, err)
                                               : feed_all(decoder, bytes, last, window, err);
    if (status == OV_OK && last && !decoder->utf8 && !flush_iconv(decoder, window))
        status = ov_fail_memory(err);
    return status;
}

const struct ov_encoding *ov_decoder_encoding(const struct ov_decoder *decoder)
{
    return &decoder->encoding;
}
