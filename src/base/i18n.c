/* base/i18n.c: translation. English is the language of the source; other languages are catalogues
 * (base/po/) that the build turns into tables. */
#include "base/i18n.h"

#include "base/unicode.h"

#include <stdlib.h>

struct entry {
    const char *text, *translated;
};

static const struct entry german[] = {
#include "de.inc"
};

static int by_text(const void *key, const void *entry)
{
    return strcmp(key, ((const struct entry *)entry)->text);
}

const char *ov_translate(enum ov_language language, const char *text)
{
    if (language != OV_GERMAN || !text)
        return text;
    const struct entry *found =
        bsearch(text, german, sizeof german / sizeof *german, sizeof *german, by_text);
    return found ? found->translated : text;
}

const char *ov_language_tag(enum ov_language language)
{
    return language == OV_GERMAN ? "de" : "en";
}

/* Whether a tag (`de`, `de-AT`, `de_DE.UTF-8`) denotes a language. */
static bool is_of(struct ov_text tag, enum ov_language language)
{
    const char *wanted = ov_language_tag(language);
    if (tag.len > 2 && strchr("-_.@", tag.ptr[2]))
        tag.len = 2;
    return ov_text_equal_nocase(tag, ov_text_of(wanted));
}

/* The weight of `;q=0.8`, in thousandths; 1000 without one (RFC 9110, section 12.4.2). */
static unsigned weight_of(struct ov_text parameters)
{
    unsigned weight = 0, unit = 1000;
    const char *q = parameters.len ? memchr(parameters.ptr, '=', parameters.len) : NULL;
    if (!q)
        return unit;
    for (const char *at = q + 1; at < parameters.ptr + parameters.len; at++) {
        if (*at >= '0' && *at <= '9') {
            weight += (unsigned)(*at - '0') * unit;
            unit /= 10;
        } else if (*at != '.') {
            break;
        }
    }
    return weight;
}

enum ov_language ov_language_of(struct ov_text tags)
{
    enum ov_language best = OV_ENGLISH;
    unsigned most = 0;
    while (tags.len) {
        const char *comma = memchr(tags.ptr, ',', tags.len);
        struct ov_text one = {tags.ptr, comma ? (size_t)(comma - tags.ptr) : tags.len};
        tags.ptr += one.len + (comma != NULL);
        tags.len -= one.len + (comma != NULL);
        const char *semicolon = one.len ? memchr(one.ptr, ';', one.len) : NULL;
        struct ov_text parameters = {0};
        if (semicolon) {
            parameters = (struct ov_text){semicolon, (size_t)(one.ptr + one.len - semicolon)};
            one.len = (size_t)(semicolon - one.ptr);
        }
        unsigned weight = weight_of(parameters);
        for (int language = 0; language < OV_LANGUAGES; language++) {
            if (weight > most && is_of(ov_text_trim(one), (enum ov_language)language)) {
                most = weight;
                best = (enum ov_language)language;
            }
        }
    }
    return best;
}

void ov_buf_number_in(struct ov_buf *buf, uint64_t number, enum ov_language language)
{
    size_t from = buf->len;
    ov_buf_number(buf, number);
    for (size_t i = from; language == OV_GERMAN && i < buf->len; i++)
        if (buf->ptr[i] == ',')
            buf->ptr[i] = '.';
}

static void expand(struct ov_buf *buf, enum ov_language language, const char *text,
                   const struct ov_text *others, size_t count,
                   void (*append)(struct ov_buf *buf, struct ov_text text))
{
    for (const char *at = ov_translate(language, text); *at;) {
        size_t plain = strcspn(at, "{"), index = (size_t)(at[plain] ? at[plain + 1] - '0' : 0);
        ov_buf_put(buf, at, plain);
        at += plain;
        if (*at && index < count && at[2] == '}') {
            append(buf, others[index]);
            at += 3;
        } else if (*at) {
            ov_buf_char(buf, *at++);
        }
    }
}

void ov_buf_say(struct ov_buf *buf, enum ov_language language, const char *text,
                const struct ov_text *others, size_t count)
{
    expand(buf, language, text, others, count, ov_buf_text);
}

void ov_buf_say_escaped(struct ov_buf *buf, enum ov_language language, const char *text,
                        const struct ov_text *others, size_t count)
{
    expand(buf, language, text, others, count, ov_buf_escaped);
}

void ov_buf_say_count(struct ov_buf *buf, enum ov_language language, uint64_t count,
                      const char *one, const char *many)
{
    struct ov_buf number = {0};
    ov_buf_number_in(&number, count, language);
    ov_buf_say(buf, language, count == 1 ? one : many, OV_OTHERS(ov_buf_view(&number)));
    buf->failed |= number.failed;
    ov_buf_deinit(&number);
}
