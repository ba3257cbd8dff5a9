/* base/xml.c: see xml.h. */
#include "base/xml.h"

#include "base/unicode.h"

/* Whether XML allows the code point (XML 1.0, production 2). */
static bool is_xml(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0xD800) ||
           (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code < 0x110000);
}

void ov_buf_xml(struct ov_buf *out, struct ov_text text, enum ov_xml_style style)
{
    const char *p = text.ptr, *end = p + text.len;
    while (p < end) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        switch (code) {
        case '&': ov_buf_string(out, "&amp;"); break;
        case '<': ov_buf_string(out, "&lt;"); break;
        case '>': ov_buf_string(out, "&gt;"); break;
        case '"': ov_buf_string(out, "&quot;"); break;
        case '#': /* build servers interpret `##[` as a command */
            ov_buf_string(out, end - p >= 3 && p[1] == '#' && p[2] == '[' ? "&#35;" : "#");
            break;
        case '\t':
        case '\n':
            if (style == OV_XML_CONTENT) {
                ov_buf_char(out, (char)code);
                break;
            }
            /* fall through */
        case '\r': ov_buf_format(out, "&#%u;", (unsigned)code); break;
        default:
            if (code >= 0x7F && code != UINT32_MAX && ov_unicode_is_unprintable(code) &&
                is_xml(code))
                ov_buf_format(out, "&#%u;", (unsigned)code);
            else if (is_xml(code))
                ov_buf_put(out, p, taken);
            else
                ov_buf_string(out, "\xEF\xBF\xBD");
        }
        p += taken;
    }
}
