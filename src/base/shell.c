/* base/shell.c: see shell.h. */
#include "base/shell.h"

#include "base/unicode.h"

static bool is_simple(struct ov_text word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        bool fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    (c != '\0' && strchr("_-./=:,", c));
        if (!fine)
            return false;
    }
    return word.len > 0;
}

static void put_quoted(struct ov_buf *out, struct ov_text word)
{
    ov_buf_char(out, '\'');
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] == '\'')
            ov_buf_string(out, "'\\''");
        else
            ov_buf_char(out, word.ptr[i]);
    ov_buf_char(out, '\'');
}

static void put_with_escapes(struct ov_buf *out, struct ov_text word)
{
    ov_buf_string(out, "$'");
    for (const char *p = word.ptr, *end = p + word.len; p < end;) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        if (code == UINT32_MAX)
            ov_buf_format(out, "\\x%02X", (unsigned)(unsigned char)*p);
        else if (code >= ' ' && code < 0x7F && code != '\'' && code != '\\' && code != '#')
            ov_buf_char(out, *p);
        else
            ov_buf_format(out, code < 0x80 ? "\\x%02X" : "\\U%08X", (unsigned)code);
        p += code == UINT32_MAX ? 1 : taken;
    }
    ov_buf_char(out, '\'');
}

void ov_buf_shell(struct ov_buf *out, struct ov_text word)
{
    struct ov_buf escaped = {0};
    ov_buf_escaped_whole(&escaped, word);
    if (is_simple(word))
        ov_buf_text(out, word);
    else if (ov_text_equal(ov_buf_view(&escaped), word))
        put_quoted(out, word);
    else
        put_with_escapes(out, word);
    out->failed |= escaped.failed;
    ov_buf_deinit(&escaped);
}
