/* base/glob.c: see glob.h. Translates a glob to a regular expression, so that matching is bounded.
 *
 * Not by pcre2_pattern_convert: where wildcards match `/`, as in identifiers, it writes a stray
 * character into negated classes (10.42 to 10.48-DEV: `[!a]` becomes `[^sa]`, which does not match
 * `s`), and it rejects `[:a:]`. */
#include "base/glob.h"

#include "base/error.h"
#include "base/text.h"

enum { LONGEST = 4096 /* maximum length of a glob, bytes */ };

static void put_literal(struct ov_buf *regex, char c)
{
    if (ov_text_kinds((struct ov_text){&c, 1}) == OV_BYTE_MARK)
        ov_buf_char(regex, '\\');
    ov_buf_char(regex, c);
}

/* Appends the translation of the `*` or `**` at the start of rest; returns the bytes consumed. */
static size_t put_star(struct ov_buf *regex, struct ov_text rest, bool path, bool at_part)
{
    bool any = rest.len > 1 && rest.ptr[1] == '*';
    if (path && any && at_part && rest.len > 2 && rest.ptr[2] == '/') {
        ov_buf_string(regex, "(?:.*/)?"); /* also matches no folder at all */
        return 3;
    }
    ov_buf_string(regex, path && !any ? "[^/]*" : ".*");
    return any ? 2 : 1;
}

/* Appends the class at the start of rest; returns the bytes consumed, 0 when it is not closed. */
static size_t put_class(struct ov_buf *regex, struct ov_text rest, bool path)
{
    size_t i = 1;
    bool others = i < rest.len && (rest.ptr[i] == '!' || rest.ptr[i] == '^');
    ov_buf_string(regex, path ? "(?!/)[" : "[");
    if (others)
        ov_buf_char(regex, '^');
    i += others;
    for (size_t first = i; i < rest.len && (rest.ptr[i] != ']' || i == first); i++) {
        if (rest.ptr[i] == '-')
            ov_buf_char(regex, '-');
        else if (rest.ptr[i] == '\\' && i + 1 < rest.len)
            put_literal(regex, rest.ptr[++i]);
        else
            put_literal(regex, rest.ptr[i]);
    }
    ov_buf_char(regex, ']');
    return i < rest.len ? i + 1 : 0;
}

static enum ov_status translate(struct ov_text glob, bool path, struct ov_buf *regex,
                                struct ov_error *err)
{
    bool anywhere = path && !memchr(glob.ptr, '/', glob.len);
    ov_buf_string(regex, anywhere ? "(?s)(?:\\A|/)" : "(?s)\\A");
    for (size_t i = 0; i < glob.len;) {
        struct ov_text rest = {glob.ptr + i, glob.len - i};
        size_t took = 1;
        if (rest.ptr[0] == '*')
            took = put_star(regex, rest, path, i == 0 || glob.ptr[i - 1] == '/');
        else if (rest.ptr[0] == '?')
            ov_buf_string(regex, path ? "[^/]" : ".");
        else if (rest.ptr[0] == '[')
            took = put_class(regex, rest, path);
        else if (rest.ptr[0] == '\\' && rest.len > 1)
            put_literal(regex, rest.ptr[took++]);
        else if (rest.ptr[0] == '\\')
            return ov_fail(err, OV_E_OPTION, "nothing follows the final `\\`");
        else
            put_literal(regex, rest.ptr[0]);
        if (took == 0)
            return ov_fail(err, OV_E_OPTION, "the `[` at character %zu is not closed",
                           ov_utf8_count((struct ov_text){glob.ptr, i}) + 1);
        i += took;
    }
    ov_buf_string(regex, "\\z");
    return regex->failed ? ov_fail_memory(err) : OV_OK;
}

struct ov_pattern *ov_glob_new(struct ov_text glob, bool path, struct ov_error *err)
{
    struct ov_buf regex = {0};
    struct ov_error why = OV_ERROR_LIKE(err);
    struct ov_pattern *pattern = NULL;
    if (glob.len == 0 || glob.len > LONGEST)
        ov_fail(err, OV_E_OPTION, glob.len ? "it is too long" : "it is empty");
    else if (translate(glob, path, &regex, err) == OV_OK &&
             !(pattern = ov_pattern_new(ov_buf_view(&regex), &why)))
        ov_fail(err, why.status, "%s",
                why.status == OV_E_OPTION ? "it contains an invalid `[…]`" : why.message);
    ov_buf_deinit(&regex);
    return pattern;
}

static bool is_wild(char c)
{
    return c == '*' || c == '?' || c == '[' || c == '\\';
}

/* The length of the wildcard, class or escaped character at the start of a valid glob, in bytes. */
static size_t wild_length(struct ov_text rest)
{
    if (rest.ptr[0] == '\\')
        return 2;
    if (rest.ptr[0] != '[')
        return 1;
    struct ov_buf regex = {0};
    size_t length = put_class(&regex, rest, false);
    ov_buf_deinit(&regex);
    return length;
}

enum ov_glob_kind ov_glob_literal(struct ov_text glob, size_t most, struct ov_text *literal)
{
    struct ov_text best = {glob.ptr, 0};
    for (size_t i = 0; i < glob.len;) {
        size_t first = i;
        while (i < glob.len && !is_wild(glob.ptr[i]))
            i++;
        if (i - first > best.len)
            best = (struct ov_text){glob.ptr + first, i - first};
        if (i < glob.len)
            i += wild_length((struct ov_text){glob.ptr + i, glob.len - i});
    }
    *literal = best;
    if (best.len == glob.len)
        return OV_GLOB_WHOLE;
    if (best.len > most)
        literal->len = most;
    if (best.ptr == glob.ptr)
        return OV_GLOB_BEGINS;
    if (best.ptr + best.len != glob.ptr + glob.len)
        return OV_GLOB_HOLDS;
    literal->ptr += best.len - literal->len;
    return OV_GLOB_ENDS;
}
