/* report/excerpt.c: see excerpt.h. Reads a window of bounded size around the place, however long
 * the line is. */
#include "report/excerpt.h"

#include <string.h>

#include "base/unicode.h"
#include "csv/decode.h"

enum {
    BEFORE = 240,   /* bytes read before the place; even, for UTF-16 */
    AFTER = 480,    /* and after it */
    LEFT = 60,      /* terminal columns shown before the place */
    CODE_MOST = 10, /* maximum terminal columns of one escaped code point */
    WIDTH = 100,    /* terminal columns shown in total */
};

/* Decodes bytes of the file into a window. */
static bool decode(const char *encoding, struct ov_text bytes, bool at_start,
                   struct ov_window *window)
{
    struct ov_decoder *decoder = ov_decoder_new(encoding, 0, NULL);
    bool ok = decoder &&
              ov_decoder_decide(decoder, at_start ? bytes : (struct ov_text){"", 0}, true, NULL) ==
                  OV_OK &&
              ov_decoder_feed(decoder, bytes, true, window, NULL) == OV_OK;
    ov_decoder_free(decoder);
    return ok;
}

static size_t line_end(struct ov_text text)
{
    size_t end = 0;
    while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
        end++;
    return end;
}

/* The length of the cell at the start of the rest of a line, quotes included, in bytes. */
static size_t cell_length(struct ov_text rest, char delimiter)
{
    size_t at = 0;
    bool quoted = rest.len && rest.ptr[0] == '"';
    if (quoted)
        for (at = 1; at < rest.len; at++) {
            if (rest.ptr[at] != '"')
                continue;
            if (at + 1 == rest.len || rest.ptr[at + 1] != '"')
                break;
            at++;
        }
    while (at < rest.len && rest.ptr[at] != delimiter)
        at++;
    return at;
}

/* Appends a code point so that a terminal only displays it; returns its width in columns. */
static size_t put_visible(struct ov_buf *out, const char *p, size_t len, uint32_t code)
{
    size_t before = out->len;
    if (code == UINT32_MAX) {
        for (size_t i = 0; i < len; i++)
            ov_buf_format(out, "\\x%02X", (unsigned)(unsigned char)p[i]);
    } else if (code == '\t') {
        ov_buf_char(out, ' ');
    } else if (code < 0x80 && ov_unicode_is_unprintable(code)) {
        ov_buf_format(out, "\\x%02X", (unsigned)code);
    } else if (ov_unicode_is_unprintable(code)) {
        ov_buf_format(out, "\\u{%04X}", (unsigned)code);
    } else {
        ov_buf_put(out, p, len);
        return ov_unicode_width(code);
    }
    return out->len - before;
}

/* Appends as much of a text as fits into `room` columns; returns the columns used. */
static size_t put_fitting(struct ov_buf *out, struct ov_text text, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        size_t taken = ov_utf8_next(text.ptr + i, text.ptr + text.len, &code);
        if (used + CODE_MOST > room) {
            ov_buf_string(out, "…");
            return used + 1;
        }
        used += put_visible(out, text.ptr + i, taken, code);
        i += taken;
    }
    return used;
}

/* The last LEFT code points of a text; *cut: something was left out. */
static struct ov_text tail(struct ov_text text, bool *cut)
{
    size_t start = text.len, codes = 0;
    while (start > 0 && codes < LEFT) {
        do
            start--;
        while (start > 0 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80);
        codes++;
    }
    *cut = start > 0;
    return (struct ov_text){text.ptr + start, text.len - start};
}

static void put_repeated(struct ov_buf *out, char c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ov_buf_char(out, c);
}

struct line {
    struct ov_text before, rest; /* before the place, and from the place on */
    bool cut;                    /* the start of the line is left out */
    size_t cell;                 /* length of the cell at the start of `rest`, bytes */
    uint64_t number;
};

static void put_line(struct ov_buf *out, const struct line *line, const char *color,
                     const char *reset)
{
    size_t start = out->len;
    ov_buf_format(out, "  %llu | ", (unsigned long long)line->number);
    size_t gutter = out->len - start;
    size_t left = line->cut ? 1 : 0;
    if (line->cut)
        ov_buf_string(out, "…");
    left += put_fitting(out, line->before, WIDTH);
    struct ov_text cell = {line->rest.ptr, line->cell};
    struct ov_text after = {line->rest.ptr + line->cell, line->rest.len - line->cell};
    size_t width = put_fitting(out, cell, left < WIDTH ? WIDTH - left : 0);
    if (left + width + CODE_MOST < WIDTH)
        put_fitting(out, after, WIDTH - left - width);
    ov_buf_char(out, '\n');
    put_repeated(out, ' ', gutter > 2 ? gutter - 2 : 0); /* 0: out of memory */
    ov_buf_string(out, "| ");
    put_repeated(out, ' ', left);
    ov_buf_string(out, color);
    put_repeated(out, '^', width ? width : 1);
    ov_buf_string(out, reset);
    ov_buf_char(out, '\n');
}

void ov_report_excerpt(struct ov_buf *out, const struct ov_check_result *result,
                       const struct ov_finding *finding, const struct ov_source *source,
                       const char *caret_color, const char *reset)
{
    char bytes[BEFORE + AFTER];
    uint64_t offset = finding->place.byte_offset;
    size_t before = offset < BEFORE ? (size_t)offset : BEFORE;
    size_t got = source->read_at(source->ctx, offset - before, bytes, before + AFTER);
    struct ov_window left = {0}, right = {0};
    if (got >= before &&
        decode(result->encoding, (struct ov_text){bytes, before}, before == offset, &left) &&
        decode(result->encoding, (struct ov_text){bytes + before, got - before}, offset == 0,
               &right)) {
        struct ov_text head = {left.text, left.len};
        struct line line = {.rest = {right.text, right.len}, .number = finding->place.line};
        size_t start = head.len;
        while (start > 0 && head.ptr[start - 1] != '\n' && head.ptr[start - 1] != '\r')
            start--;
        line.before = tail((struct ov_text){head.ptr + start, head.len - start}, &line.cut);
        line.cut |= start == 0 && before < offset;
        line.rest.len = line_end(line.rest);
        line.cell = cell_length(line.rest, result->delimiter);
        if (line.before.len + line.rest.len || finding->row > 0)
            put_line(out, &line, caret_color, reset);
    }
    ov_window_deinit(&left);
    ov_window_deinit(&right);
}
