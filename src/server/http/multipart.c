/* server/http/multipart.c: see multipart.h. A delimiter is CR LF `--` boundary. The first one may
 * be at the very start, so the reader starts as if a CR LF had preceded. Bytes that may begin a
 * delimiter need no buffer: they equal the delimiter's first `matched` bytes. */
#include "server/http/multipart.h"

#include <stdlib.h>

enum state {
    PREAMBLE, /* before the first delimiter: skipped */
    MARKED,   /* after a delimiter: `--` ends the body, CR LF starts a part */
    HEADERS,
    CONTENT,
    EPILOGUE, /* after the closing delimiter: skipped */
};

struct ov_multipart {
    struct ov_multipart_handler handler;
    enum state state;
    enum ov_multipart_problem problem;
    struct ov_buf delimiter; /* CR LF `--` boundary */
    size_t matched;          /* bytes of it seen so far */
    struct ov_buf line;      /* the rest of a delimiter's line; the headers of a part */
    unsigned parts;
};

const char *ov_multipart_problem_text(enum ov_multipart_problem problem)
{
    static const char *const texts[] = {
        [OV_MULTIPART_FINE] = "nothing is wrong",
        [OV_MULTIPART_STOPPED] = "it was stopped",
        [OV_MULTIPART_BAD] = "the body is no multipart/form-data",
        [OV_MULTIPART_HEADER] = "the headers of a part are longer than 8192 bytes",
        [OV_MULTIPART_TOO_MANY] = "more than 1000 parts",
        [OV_MULTIPART_NUL] = "a NUL byte in the headers of a part",
        [OV_MULTIPART_TRUNCATED] = "the body ends before its closing boundary",
    };
    return texts[problem];
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The value of a parameter, `; name="value"`, in a header's value. A backslash before a quote or a
 * backslash is removed (RFC 2045 quoted-string; browsers and curl write %22 instead). False if not
 * found. */
static bool parameter(struct ov_text header, struct ov_text name, struct ov_buf *value)
{
    const char *at = header.ptr, *end = at + header.len;
    while ((at = memchr(at, ';', (size_t)(end - at)))) {
        for (at++; at < end && is_blank(*at);)
            at++;
        const char *begin = at;
        while (at < end && *at != '=' && *at != ';' && !is_blank(*at))
            at++;
        bool is_it = ov_text_equal_nocase((struct ov_text){begin, (size_t)(at - begin)}, name);
        while (at < end && is_blank(*at))
            at++;
        if (at == end || *at != '=')
            continue;
        for (at++; at < end && is_blank(*at);)
            at++;
        value->len = 0;
        bool quoted = at < end && *at == '"';
        for (at += quoted; at < end && *at != (quoted ? '"' : ';'); at++) {
            if (quoted && *at == '\\' && at + 1 < end && (at[1] == '"' || at[1] == '\\'))
                at++;
            ov_buf_char(value, *at);
        }
        if (quoted && at == end)
            return false; /* unterminated quote */
        if (!quoted)
            value->len = ov_text_trim(ov_buf_view(value)).len;
        if (is_it)
            return !value->failed;
        if (at == end)
            return false;
    }
    return false;
}

struct ov_multipart *ov_multipart_new(struct ov_text content_type,
                                      const struct ov_multipart_handler *handler)
{
    struct ov_multipart *multipart = calloc(1, sizeof *multipart);
    if (!multipart)
        return NULL;
    multipart->handler = *handler;
    multipart->line.maximum = OV_MULTIPART_HEADERS;
    struct ov_buf boundary = {.maximum = OV_MULTIPART_BOUNDARY};
    bool found = parameter(content_type, OV_TEXT("boundary"), &boundary) && boundary.len;
    ov_buf_string(&multipart->delimiter, "\r\n--");
    ov_buf_text(&multipart->delimiter, ov_buf_view(&boundary));
    found = found && !multipart->delimiter.failed;
    multipart->matched = 2;
    ov_buf_deinit(&boundary);
    if (found)
        return multipart;
    ov_multipart_free(multipart);
    return NULL;
}

void ov_multipart_free(struct ov_multipart *multipart)
{
    if (!multipart)
        return;
    ov_buf_deinit(&multipart->line);
    ov_buf_deinit(&multipart->delimiter);
    free(multipart);
}

static void fail(struct ov_multipart *multipart, enum ov_multipart_problem problem)
{
    if (multipart->problem == OV_MULTIPART_FINE)
        multipart->problem = problem;
}

static void put_content(struct ov_multipart *multipart, const char *bytes, size_t len)
{
    if (multipart->state == CONTENT && len && multipart->problem == OV_MULTIPART_FINE &&
        !multipart->handler.bytes(multipart->handler.ctx, bytes, len))
        fail(multipart, OV_MULTIPART_STOPPED);
}

/* Handles a complete delimiter. */
static void delimited(struct ov_multipart *multipart)
{
    bool was_content = multipart->state == CONTENT;
    multipart->state = MARKED;
    multipart->matched = 0;
    multipart->line.len = 0;
    if (was_content && !multipart->handler.end(multipart->handler.ctx))
        fail(multipart, OV_MULTIPART_STOPPED);
}

/* Reads content, or the preamble; returns the number of bytes read. */
static size_t take_content(struct ov_multipart *multipart, const char *bytes, size_t len)
{
    size_t at = 0, begin = 0;
    if (multipart->matched == 0) {
        const char *cr = memchr(bytes, '\r', len);
        at = cr ? (size_t)(cr - bytes) : len;
    }
    for (; at < len && multipart->state != MARKED; at++) {
        if (bytes[at] == multipart->delimiter.ptr[multipart->matched]) {
            if (multipart->matched == 0) {
                put_content(multipart, bytes + begin, at - begin);
                begin = at;
            }
            if (++multipart->matched == multipart->delimiter.len) {
                delimited(multipart);
                return at + 1;
            }
            continue;
        }
        if (multipart->matched) { /* not a delimiter: the matched bytes are content */
            put_content(multipart, multipart->delimiter.ptr, multipart->matched);
            begin = at;
            multipart->matched = 0;
            if (bytes[at] == '\r') {
                multipart->matched = 1;
                continue;
            }
        }
        const char *cr = memchr(bytes + at, '\r', len - at);
        at = cr ? (size_t)(cr - bytes) - 1 : len - 1;
    }
    if (multipart->matched == 0)
        put_content(multipart, bytes + begin, len - begin);
    return len;
}

/* Handles the end of a part's headers. */
static void begin_part(struct ov_multipart *multipart)
{
    struct ov_buf name = {0}, file_name = {0};
    struct ov_text rest = ov_buf_view(&multipart->line);
    bool named = false, is_file = false, quoted_printable = false;
    while (rest.len) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        struct ov_text line = {rest.ptr, end ? (size_t)(end - rest.ptr) : rest.len};
        const char *colon = memchr(line.ptr, ':', line.len);
        struct ov_text key = {line.ptr, colon ? (size_t)(colon - line.ptr) : 0};
        if (ov_text_equal_nocase(key, OV_TEXT("content-disposition"))) {
            named = parameter(line, OV_TEXT("name"), &name);
            is_file = parameter(line, OV_TEXT("filename"), &file_name);
        }
        if (ov_text_equal_nocase(key, OV_TEXT("content-transfer-encoding")))
            quoted_printable = ov_text_contains_nocase(line, OV_TEXT("quoted-printable")) ||
                               ov_text_contains_nocase(line, OV_TEXT("base64"));
        rest.ptr += line.len + (end != NULL);
        rest.len -= line.len + (end != NULL);
    }
    bool nul = memchr(multipart->line.ptr, 0, multipart->line.len) != NULL;
    multipart->state = CONTENT;
    if (nul)
        fail(multipart, OV_MULTIPART_NUL);
    else if (!named || quoted_printable || name.failed || file_name.failed)
        fail(multipart, OV_MULTIPART_BAD);
    else if (++multipart->parts > OV_MULTIPART_PARTS)
        fail(multipart, OV_MULTIPART_TOO_MANY);
    else if (!multipart->handler.part(multipart->handler.ctx, ov_buf_view(&name), is_file,
                                      is_file ? ov_buf_view(&file_name) : (struct ov_text){0}))
        fail(multipart, OV_MULTIPART_STOPPED);
    ov_buf_deinit(&name);
    ov_buf_deinit(&file_name);
}

/* Reads the rest of a delimiter's line. */
static void take_mark(struct ov_multipart *multipart, char c)
{
    struct ov_buf *line = &multipart->line;
    ov_buf_char(line, c);
    if (line->len == 2 && line->ptr[0] == '-' && line->ptr[1] == '-') {
        multipart->state = EPILOGUE;
    } else if (line->len >= 2 && line->ptr[line->len - 2] == '\r' && c == '\n') {
        line->len = 0;
        multipart->state = HEADERS;
    } else if (c != '\r' && c != '-' && !is_blank(c)) {
        fail(multipart, OV_MULTIPART_BAD);
    }
}

static void take_header(struct ov_multipart *multipart, char c)
{
    struct ov_buf *line = &multipart->line;
    ov_buf_char(line, c);
    if (line->failed)
        fail(multipart, OV_MULTIPART_HEADER);
    else if ((line->len == 2 && memcmp(line->ptr, "\r\n", 2) == 0) ||
             (line->len >= 4 && memcmp(line->ptr + line->len - 4, "\r\n\r\n", 4) == 0))
        begin_part(multipart);
}

enum ov_multipart_problem ov_multipart_feed(struct ov_multipart *multipart, const char *bytes,
                                            size_t len)
{
    for (size_t at = 0; at < len && multipart->problem == OV_MULTIPART_FINE;) {
        switch (multipart->state) {
        case PREAMBLE:
        case CONTENT: at += take_content(multipart, bytes + at, len - at); break;
        case MARKED: take_mark(multipart, bytes[at++]); break;
        case HEADERS: take_header(multipart, bytes[at++]); break;
        case EPILOGUE: at = len; break;
        }
    }
    if (multipart->line.failed)
        fail(multipart, OV_MULTIPART_HEADER);
    return multipart->problem;
}

enum ov_multipart_problem ov_multipart_finish(struct ov_multipart *multipart)
{
    if (multipart->state != EPILOGUE)
        fail(multipart, OV_MULTIPART_TRUNCATED);
    return multipart->problem;
}
