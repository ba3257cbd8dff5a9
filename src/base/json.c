/* base/json.c: see json.h. */
#include "base/json.h"

#include "base/error.h"

static void put_code(struct ov_buf *buf, uint32_t code)
{
    if (code >= 0x10000) {
        code -= 0x10000;
        ov_buf_format(buf, "\\u%04x\\u%04x", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
    } else {
        ov_buf_format(buf, "\\u%04x", code);
    }
}

/* The short escape of a code point (RFC 8259, section 7), or 0. */
static char short_escape(uint32_t code)
{
    switch (code) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
    }
}

/* Bytes that need no escape in any style, wherever they are: printable ASCII but `"#/<\`. */
static const bool is_plain[256] = {
    [0x20] = 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, /* space to / */
    [0x30] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, /* 0 to ? */
    [0x40] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* @ to O */
    [0x50] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, /* P to _ */
    [0x60] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* ` to o */
    [0x70] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, /* p to DEL */
};

/* The number of leading plain bytes. */
static size_t plain_prefix(const char *p, const char *end)
{
    const char *start = p;
    while (p < end && is_plain[(unsigned char)*p])
        p++;
    return (size_t)(p - start);
}

/* Controls other than C0 (the caller handles those), bidirectional controls, and line separators of
 * JavaScript. */
static bool is_control(uint32_t code)
{
    return (code >= 0x7F && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

void ov_buf_json(struct ov_buf *buf, struct ov_text text, enum ov_json_style style)
{
    const char *p = text.len ? text.ptr : "", *end = p + text.len;
    ov_buf_char(buf, '"');
    while (p < end) {
        size_t plain = plain_prefix(p, end);
        ov_buf_put(buf, p, plain);
        p += plain;
        if (p == end)
            break;
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        bool valid = code != UINT32_MAX;
        code = valid ? code : 0xFFFD;
        char escape = short_escape(code);
        if (escape) {
            ov_buf_char(buf, '\\');
            ov_buf_char(buf, escape);
        } else if (code == '/' && style == OV_JSON_PHP) {
            ov_buf_string(buf, "\\/");
        } else if (code < 0x20 || (code == '<' && style == OV_JSON_HTML) ||
                   (code >= 0x80 && style == OV_JSON_PHP) || is_control(code) ||
                   ov_begins_command(p, end)) {
            put_code(buf, code);
        } else if (valid) {
            ov_buf_put(buf, p, taken);
        } else {
            ov_buf_string(buf, "\xEF\xBF\xBD");
        }
        p += taken;
    }
    ov_buf_char(buf, '"');
}

/* Writes what is between two values, before the key of the second one. */
static void separate(struct ov_json *json)
{
    if (json->any)
        ov_buf_char(json->out, ',');
    if (json->line)
        ov_buf_char(json->out, '\n');
    json->any = json->depth > 0;
    json->line = false;
}

/* Whether the next value is a member of an object, which has a key. */
static bool is_in_object(const struct ov_json *json)
{
    return json->depth > 0 && !(json->lists & 1);
}

struct ov_buf *ov_json_begin_value(struct ov_json *json, struct ov_text key)
{
    separate(json);
    if (is_in_object(json)) {
        ov_buf_json(json->out, key, json->style);
        ov_buf_char(json->out, ':');
    }
    return json->out;
}

/* The same for a NUL-terminated key; most need no escape, and reading them once shows that. */
static struct ov_buf *begin_value(struct ov_json *json, const char *key)
{
    struct ov_buf *out = json->out;
    size_t len = 0;
    while (key && is_plain[(unsigned char)key[len]])
        len++;
    if (!key || key[len] != '\0' || !is_in_object(json))
        return ov_json_begin_value(json, ov_text_of(key));
    separate(json);
    ov_buf_char(out, '"');
    ov_buf_put(out, key, len);
    ov_buf_put(out, "\":", 2);
    return out;
}

static void begin(struct ov_json *json, const char *key, bool list)
{
    begin_value(json, key);
    json->out->failed |= json->depth >= OV_JSON_DEPTH;
    json->lists = json->lists << 1 | list;
    json->depth++;
    json->any = false;
    ov_buf_char(json->out, list ? '[' : '{');
}

void ov_json_object(struct ov_json *json, const char *key)
{
    begin(json, key, false);
}

void ov_json_list(struct ov_json *json, const char *key)
{
    begin(json, key, true);
}

void ov_json_end(struct ov_json *json)
{
    if (json->depth == 0) {
        json->out->failed = true;
        return;
    }
    if (json->line)
        ov_buf_char(json->out, '\n');
    ov_buf_char(json->out, json->lists & 1 ? ']' : '}');
    json->lists >>= 1;
    json->depth--;
    json->any = json->depth > 0;
    json->line = false;
}

void ov_json_line(struct ov_json *json)
{
    json->line = true;
}

void ov_json_text(struct ov_json *json, const char *key, struct ov_text text)
{
    ov_buf_json(begin_value(json, key), text, json->style);
}

void ov_json_string(struct ov_json *json, const char *key, const char *string)
{
    ov_json_text(json, key, ov_text_of(string));
}

void ov_json_nonempty(struct ov_json *json, const char *key, struct ov_text text)
{
    if (text.len)
        ov_json_text(json, key, text);
}

void ov_json_text_or_null(struct ov_json *json, const char *key, struct ov_text text)
{
    if (text.len)
        ov_json_text(json, key, text);
    else
        ov_json_null(json, key);
}

void ov_json_number(struct ov_json *json, const char *key, uint64_t number)
{
    ov_buf_decimal(begin_value(json, key), number);
}

void ov_json_signed(struct ov_json *json, const char *key, int64_t number)
{
    begin_value(json, key);
    if (number < 0)
        ov_buf_char(json->out, '-');
    ov_buf_decimal(json->out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void ov_json_bool(struct ov_json *json, const char *key, bool yes)
{
    ov_json_raw(json, key, yes ? OV_TEXT("true") : OV_TEXT("false"));
}

void ov_json_null(struct ov_json *json, const char *key)
{
    ov_json_raw(json, key, OV_TEXT("null"));
}

void ov_json_raw(struct ov_json *json, const char *key, struct ov_text value)
{
    ov_buf_text(begin_value(json, key), value);
}

enum ov_status ov_write_json(const struct ov_sink *out, struct ov_text text, struct ov_error *err)
{
    struct ov_buf json = {0};
    ov_buf_json(&json, text, OV_JSON_PLAIN);
    return ov_buf_write(&json, out, err);
}
