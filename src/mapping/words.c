/* mapping/words.c: see words.h. */
#include "mapping/words.h"

#include <stdlib.h>

#include "base/unicode.h"

enum { HEADING_MAX = 200 /* bytes; a longer text is not a heading */ };

/* One word of the table, folded. */
struct word {
    struct ov_text text; /* arena */
    unsigned role;
    bool open_start, open_end; /* `*word`, `word*` */
};

struct ov_words {
    struct word *items; /* owned */
    size_t count, capacity;
    struct ov_arena arena;
    bool *failed; /* owned: out of memory; sticky */
};

static const struct {
    unsigned role;
    const char *words;
} table[] = {
#define OV_WORDS(role, words) {OV_ROLE_##role, words},
#include "mapping/words.def"
#undef OV_WORDS
};

/* Whether a word begins between two characters of a heading: at camelCase. */
static bool is_hump(uint32_t before, uint32_t code)
{
    return ov_unicode_is_upper(code) && ov_unicode_is_letter(before) &&
           !ov_unicode_is_upper(before);
}

void ov_words_of(struct ov_text heading, struct ov_buf *buf)
{
    struct ov_buf spaced = {0};
    uint32_t before = 0;
    const char *p = heading.ptr, *end = p + (heading.len > HEADING_MAX ? 0 : heading.len);
    buf->len = 0;
    while (p < end) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        if (is_hump(before, code))
            ov_buf_char(&spaced, ' ');
        if (!ov_unicode_is_invisible(code))
            ov_buf_put(&spaced, p, taken);
        before = code;
        p += taken;
    }
    ov_unicode_fold_words(ov_buf_view(&spaced), buf);
    buf->failed |= spaced.failed;
    ov_buf_deinit(&spaced);
}

/* Adds a word of the table. */
static bool add_word(struct ov_words *words, unsigned role, struct ov_text text,
                     struct ov_buf *scratch)
{
    struct word word = {.role = role};
    if (text.ptr[0] == '*') {
        word.open_start = true;
        text.ptr++;
        text.len--;
    }
    if (text.len && text.ptr[text.len - 1] == '*') {
        word.open_end = true;
        text.len--;
    }
    ov_unicode_fold_words(text, scratch);
    struct ov_text folded = ov_text_trim(ov_buf_view(scratch));
    if (scratch->failed ||
        !ov_grow(&words->items, &words->capacity, words->count + 1, sizeof *words->items) ||
        !ov_arena_copy(&words->arena, folded, &word.text))
        return false;
    words->items[words->count++] = word;
    return true;
}

struct ov_words *ov_words_new(void)
{
    struct ov_words *words = calloc(1, sizeof *words);
    struct ov_buf scratch = {0};
    bool fine = words && (words->failed = calloc(1, sizeof *words->failed)) != NULL;
    for (size_t i = 0; fine && i < sizeof table / sizeof *table; i++) {
        for (const char *p = table[i].words; fine && *p;) {
            size_t len = strcspn(p, " ");
            if (len)
                fine = add_word(words, table[i].role, (struct ov_text){p, len}, &scratch);
            p += len + (p[len] == ' ');
        }
    }
    ov_buf_deinit(&scratch);
    if (fine)
        return words;
    ov_words_free(words);
    return NULL;
}

void ov_words_free(struct ov_words *words)
{
    if (!words)
        return;
    free(words->items);
    free(words->failed);
    ov_arena_deinit(&words->arena);
    free(words);
}

bool ov_words_failed(const struct ov_words *words)
{
    return words && *words->failed;
}

static bool begins_with(struct ov_text text, struct ov_text start)
{
    return text.len >= start.len && memcmp(text.ptr, start.ptr, start.len) == 0;
}

static bool ends_with(struct ov_text text, struct ov_text end)
{
    return text.len >= end.len && memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}

static bool contains(struct ov_text text, struct ov_text part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
            return true;
    return false;
}

static bool matches(const struct word *word, struct ov_text token)
{
    if (word->open_start && word->open_end)
        return false; /* compared with all words together */
    if (word->open_start)
        return ends_with(token, word->text) && token.len > word->text.len;
    if (word->open_end)
        return begins_with(token, word->text);
    return ov_text_equal(token, word->text);
}

/* The roles of one word of a heading. */
static unsigned roles_of(const struct ov_words *words, struct ov_text token)
{
    unsigned roles = 0;
    for (size_t i = 0; i < words->count; i++)
        if (matches(&words->items[i], token))
            roles |= words->items[i].role;
    return roles;
}

unsigned ov_words_roles(const struct ov_words *words, struct ov_text heading, size_t *count)
{
    unsigned roles = 0;
    struct ov_buf split = {0}, joined = {0};
    *count = 0;
    ov_words_of(heading, &split);
    for (size_t at = 0; !split.failed && at < split.len;) {
        const char *space = memchr(split.ptr + at, ' ', split.len - at);
        struct ov_text token = {split.ptr + at, (size_t)(space - split.ptr) - at};
        roles |= roles_of(words, token);
        ov_buf_text(&joined, token);
        at += token.len + 1;
        ++*count;
    }
    for (size_t i = 0; !joined.failed && i < words->count; i++)
        if (words->items[i].open_start && words->items[i].open_end &&
            contains(ov_buf_view(&joined), words->items[i].text))
            roles |= words->items[i].role;
    *words->failed |= split.failed || joined.failed;
    ov_buf_deinit(&split);
    ov_buf_deinit(&joined);
    return roles;
}
