/* finding/message.c: see message.h. The templates are messages.def and notes.def. */
#include "finding/message.h"

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "base/i18n.h"
#include "base/shell.h"
#include "base/unicode.h"

static const struct {
    const char *message, *help;
} words[OV_MESSAGES] = {
#define OV_MESSAGE(name, message, help) [OV_M_##name] = {message, help},
#include "finding/messages.def"
#undef OV_MESSAGE
};

const char *ov_note_text(enum ov_note note, enum ov_language language)
{
    static const char *const notes[OV_NOTES] = {
#define OV_NOTE(name, text) [OV_N_##name] = (text),
#include "finding/notes.def"
#undef OV_NOTE
    };
    return ov_translate(language, notes[note]);
}

void ov_buf_redacted(struct ov_buf *out, struct ov_text key, struct ov_text text, bool identifier)
{
    char hex[OV_SHA256_HEX];
    if (text.len == 0)
        return;
    if (!identifier) {
        ov_buf_string(out, "withheld");
        return;
    }
    ov_hmac_hex(key, text, hex);
    ov_buf_char(out, '#');
    ov_buf_put(out, hex, 8);
}

/* Whether the texts of an item come from a row and must be redacted. */
static bool is_secret(const struct ov_item *item, const struct ov_names *names)
{
    return names->redact_key.len && item->row != 0 && item->row != OV_NO_ROW;
}

void ov_item_text(const struct ov_item *item, const struct ov_names *names, struct ov_text text,
                  struct ov_buf *out)
{
    bool job = item->rule == OV_R601 || item->rule == OV_R602;
    bool identifier = item->header != OV_NO_COLUMN && (job || item->header == names->id_column ||
                                                       item->header == names->parent_column);
    if (is_secret(item, names))
        ov_buf_redacted(out, names->redact_key, text, identifier);
    else if (ov_rule_at(item->rule)->code[2] == '2') /* a mapping rule: the text is a header */
        ov_buf_escaped(out, ov_names_header(names, text));
    else
        ov_buf_escaped(out, text);
}

static void put_id(const struct ov_names *names, struct ov_text id, struct ov_buf *out)
{
    if (names->redact_key.len)
        ov_buf_redacted(out, names->redact_key, id, true);
    else
        ov_buf_escaped(out, id);
}

static void put_where(const struct ov_item *item, const struct ov_names *names, struct ov_buf *out)
{
    char line[24];
    snprintf(line, sizeof line, "%llu", (unsigned long long)item->n);
    if (item->n)
        ov_buf_say(out, names->language,
                   names->workbook ? OV_N_(" (row {0})") : OV_N_(" (line {0})"),
                   OV_OTHERS(ov_text_of(line)));
    else if (item->rule == OV_R402)
        ov_buf_string(out, ov_translate(names->language, " (in the target framework)"));
}

/* The cycle as A → B → A, its middle left out when it is long. */
static void put_loop(const struct ov_item_detail *detail, const struct ov_names *names,
                     struct ov_buf *out)
{
    enum { HEAD = 6 };
    for (size_t i = 0; i < detail->loop_count; i++) {
        if (i == HEAD && detail->loop_count > HEAD + 1) {
            ov_buf_string(out, "… → ");
            i = detail->loop_count - 1;
        }
        ov_buf_char(out, '`');
        put_id(names, names->id(names->run, detail->loop[i]), out);
        ov_buf_string(out, "` → ");
    }
    ov_buf_char(out, '`');
    put_id(names, names->id(names->run, detail->loop[0]), out);
    ov_buf_char(out, '`');
}

static void put_columns(const struct ov_names *names, struct ov_buf *out)
{
    enum { MOST = 8 };
    for (size_t i = 0; i < names->header_count; i++) {
        if (i == MOST) {
            ov_buf_string(out, ", …");
            break;
        }
        ov_buf_string(out, i ? ", `" : "`");
        ov_buf_escaped(out, ov_names_header(names, names->headers[i]));
        ov_buf_char(out, '`');
    }
}

/* FIELD=HEADING as a word of a shell command. */
static void put_argument(struct ov_text field, const struct ov_names *names, struct ov_text heading,
                         struct ov_buf *out)
{
    struct ov_buf word = {0};
    ov_buf_text(&word, field);
    ov_buf_char(&word, '=');
    ov_buf_text(&word, ov_names_header(names, heading));
    ov_buf_shell(out, ov_buf_view(&word));
    out->failed |= word.failed;
    ov_buf_deinit(&word);
}

/* "parent `X` not found in this file", or in which files it was not found. */
static void put_missing(const struct ov_item *item, const struct ov_names *names,
                        struct ov_buf *out)
{
    struct ov_buf value = {0};
    ov_item_text(item, names, item->value, &value);
    ov_buf_say(
        out, names->language,
        item->rule == OV_R601   ? "position `{0}` not found in any of the given positions files"
        : item->rule == OV_R602 ? "department `{0}` not found in any of the given departments files"
                                : "parent `{0}` not found in this file",
        OV_OTHERS(ov_buf_view(&value)));
    out->failed |= value.failed;
    ov_buf_deinit(&value);
}

static void put_placeholder(struct ov_text name, const struct ov_item *item,
                            const struct ov_names *names, struct ov_buf *out)
{
    if (ov_text_equal(name, OV_TEXT("value")))
        ov_item_text(item, names, item->value, out);
    else if (ov_text_equal(name, OV_TEXT("id")))
        put_id(names, item->id, out);
    else if (ov_text_equal(name, OV_TEXT("header")))
        ov_buf_escaped(out, ov_item_header(item, names));
    else if (ov_text_equal(name, OV_TEXT("field")))
        ov_buf_escaped(out, ov_item_field(item, names));
    else if (ov_text_equal(name, OV_TEXT("suggestion")))
        ov_item_text(item, names, item->suggestion, out);
    else if (ov_text_equal(name, OV_TEXT("field=header")))
        put_argument(ov_item_field(item, names), names, ov_item_header(item, names), out);
    else if (ov_text_equal(name, OV_TEXT("field=suggestion")))
        put_argument(ov_item_field(item, names), names, item->suggestion, out);
    else if (ov_text_equal(name, OV_TEXT("field=value")))
        put_argument(ov_item_field(item, names), names, item->value, out);
    else if (ov_text_equal(name, OV_TEXT("suggestion=header")))
        put_argument(item->suggestion, names, ov_item_header(item, names), out);
    else if (ov_text_equal(name, OV_TEXT("shell suggestion")))
        ov_buf_shell(out, item->suggestion);
    else if (ov_text_equal(name, OV_TEXT("columns")))
        put_columns(names, out);
    else if (ov_text_equal(name, OV_TEXT("n")))
        ov_buf_number_in(out, item->n, names->language);
    else if (ov_text_equal(name, OV_TEXT("cells")))
        ov_buf_say_count(out, names->language, item->n, "{0} cell", "{0} cells");
    else if (ov_text_equal(name, OV_TEXT("m")))
        ov_buf_number_in(out, item->m, names->language);
    else if (ov_text_equal(name, OV_TEXT("missing")))
        put_missing(item, names, out);
    else if (ov_text_equal(name, OV_TEXT("where")))
        put_where(item, names, out);
    else if (item->detail && (item->rule == OV_R402 || item->rule == OV_R405) &&
             ov_text_equal(name, OV_TEXT("extra")))
        put_id(names, item->detail->extra, out); /* the other identifier */
    else if (item->detail && ov_text_equal(name, OV_TEXT("extra")))
        ov_buf_escaped(out, item->detail->extra);
    else if (item->detail && ov_text_equal(name, OV_TEXT("loop")))
        put_loop(item->detail, names, out);
    else if (item->detail && ov_text_equal(name, OV_TEXT("line")))
        ov_buf_format(out, "%llu", (unsigned long long)item->detail->cut_line);
}

/* Appends words of a template. A workbook is never written: what `fix` would change in a file, it
 * writes as CSV. */
static void put_words(struct ov_text text, const struct ov_names *names, struct ov_buf *out)
{
    const struct ov_text write = OV_TEXT("--write");
    while (names->workbook && text.len) {
        size_t at = ov_text_find(text, write);
        ov_buf_put(out, text.ptr, at);
        if (at == text.len)
            return;
        ov_buf_string(out, "--output FILE.csv");
        text = (struct ov_text){text.ptr + at + write.len, text.len - at - write.len};
    }
    ov_buf_text(out, text);
}

static void expand(const char *template, const struct ov_item *item, const struct ov_names *names,
                   struct ov_buf *out)
{
    while (*template) {
        size_t plain = strcspn(template, "{");
        put_words((struct ov_text){template, plain}, names, out);
        template += plain;
        const char *close = *template ? strchr(template, '}') : NULL;
        if (!close)
            break;
        struct ov_text name = {template + 1, (size_t)(close - template - 1)};
        if (name.len && name.ptr[0] >= 'a' && name.ptr[0] <= 'z')
            put_placeholder(name, item, names, out);
        else /* a literal brace, as in a JSON example */
            ov_buf_put(out, template, (size_t)(close - template + 1));
        template = close + 1;
    }
}

void ov_item_message(const struct ov_item *item, const struct ov_names *names, struct ov_buf *out)
{
    expand(ov_translate(names->language, words[item->message].message), item, names, out);
}

void ov_item_help(const struct ov_item *item, const struct ov_names *names, struct ov_buf *out)
{
    expand(ov_translate(names->language, words[item->message].help), item, names, out);
}
