/* book/strings.c: see strings.h. */
#include "book/strings.h"

#include <stdlib.h>

#include "base/mem.h"
#include "book/xml.h"

struct reading {
    struct ov_strings *strings;
    struct ov_xml *xml;
    bool in_text;
    unsigned phonetic; /* depth in what says how to pronounce it */
    size_t start;      /* of the string in the bytes */
    bool failed, large;
};

static void on_start(void *ctx, const char *name, const char **attributes)
{
    struct reading *reading = ctx;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        reading->start = reading->strings->bytes.len;
    else if (strcmp(name, "rPh") == 0)
        reading->phonetic++;
    else if (strcmp(name, "t") == 0)
        reading->in_text = reading->phonetic == 0;
}

static void on_text(void *ctx, struct ov_text text)
{
    struct reading *reading = ctx;
    if (reading->in_text)
        ov_buf_text(&reading->strings->bytes, text);
}

static void on_end(void *ctx, const char *name)
{
    struct reading *reading = ctx;
    struct ov_strings *strings = reading->strings;
    if (strcmp(name, "t") == 0) {
        reading->in_text = false;
    } else if (strcmp(name, "rPh") == 0 && reading->phonetic) {
        reading->phonetic--;
    } else if (strcmp(name, "si") == 0) {
        ov_unescape_string(&strings->bytes, reading->start);
        reading->failed |=
            strings->bytes.failed ||
            !ov_grow(&strings->ends, &strings->capacity, strings->count + 1, sizeof *strings->ends);
        reading->large |= strings->bytes.len > UINT32_MAX;
        if (reading->failed || reading->large)
            ov_xml_stop(reading->xml);
        else
            strings->ends[strings->count++] = (uint32_t)strings->bytes.len;
    }
}

bool ov_strings_read(struct ov_strings *strings, struct ov_archive *archive, int64_t member,
                     ov_problem *problem)
{
    struct ov_xml xml = {.start = on_start, .end = on_end, .text = on_text};
    struct reading reading = {.strings = strings, .xml = &xml};
    xml.ctx = &reading;
    bool fine = ov_xml_read(&xml, archive, member, problem) && !reading.failed && !reading.large;
    if (reading.large)
        *problem = ov_problem_large;
    return fine;
}

void ov_strings_deinit(struct ov_strings *strings)
{
    ov_buf_deinit(&strings->bytes);
    free(strings->ends);
    *strings = (struct ov_strings){0};
}

struct ov_text ov_strings_get(const struct ov_strings *strings, uint64_t index)
{
    if (index >= strings->count)
        return (struct ov_text){0};
    uint32_t start = index ? strings->ends[index - 1] : 0;
    return (struct ov_text){strings->bytes.ptr + start, strings->ends[index] - start};
}

/* The code of `_xHHHH_`; -1: the text does not begin so. */
static long escape_at(struct ov_text text)
{
    long code = 0;
    if (text.len < 7 || text.ptr[0] != '_' || text.ptr[1] != 'x' || text.ptr[6] != '_')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        char c = text.ptr[i];
        int digit = c >= '0' && c <= '9'                     ? c - '0'
                    : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                             : -1;
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code >= 0xD800 && code < 0xE000 ? -1 : code;
}

bool ov_is_escape(struct ov_text text)
{
    return escape_at(text) >= 0;
}

void ov_unescape_string(struct ov_buf *buf, size_t from)
{
    struct ov_text text = {buf->ptr + from, buf->len - from};
    struct ov_buf out = {0};
    if (buf->failed || text.len < 7 || ov_text_find(text, OV_TEXT("_x")) == text.len)
        return;
    for (size_t i = 0; i < text.len;) {
        long code = escape_at((struct ov_text){text.ptr + i, text.len - i});
        if (code >= 0)
            ov_buf_code_point(&out, (uint32_t)code);
        else
            ov_buf_char(&out, text.ptr[i]);
        i += code >= 0 ? 7 : 1;
    }
    buf->len = from;
    ov_buf_text(buf, ov_buf_view(&out));
    buf->failed |= out.failed;
    ov_buf_deinit(&out);
}
