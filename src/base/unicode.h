/* base/unicode.h: functions that need Unicode's tables (utf8proc). Ill-formed sequences are copied
 * unchanged and have no character properties. */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* The property White_Space (PropList.txt): ASCII blanks and line ends, NBSP, ideographic space … */
bool ov_unicode_is_space(uint32_t code);

/* Whether a code point is a letter of any script (categories L*); an upper or title case one. */
bool ov_unicode_is_letter(uint32_t code);
bool ov_unicode_is_upper(uint32_t code);

/* Whether a code point is invisible and takes no space: soft hyphen, zero-width spaces and joiners,
 * byte-order mark. */
bool ov_unicode_is_invisible(uint32_t code);

/* What ov_unicode_trim does when an end may be white space. */
struct ov_text ov_unicode_trim_any(struct ov_text text);

/* Strips white space at both ends; a view into text. */
static inline struct ov_text ov_unicode_trim(struct ov_text text)
{
    if (text.len == 0 || (text.ptr[0] > ' ' && text.ptr[0] < 0x7F && text.ptr[text.len - 1] > ' ' &&
                          text.ptr[text.len - 1] < 0x7F))
        return text;
    return ov_unicode_trim_any(text);
}

/* Whether the text is empty or only white space. */
bool ov_unicode_is_blank(struct ov_text text);
/* The width of the white space at the start; a tab counts as four. */
size_t ov_unicode_indent(struct ov_text text);

/* Replaces buf's contents by the comparison form of an identifier: trimmed, NFKC, case folded. */
void ov_unicode_fold(struct ov_text text, struct ov_buf *buf);
/* The same for searching: not trimmed, and for texts of any length. */
void ov_unicode_fold_to_search(struct ov_text text, struct ov_buf *buf);

/* Replaces buf's contents by the words of a text, for comparing headings: folded, without marks;
 * each run of letters and digits is followed by a space. */
void ov_unicode_fold_words(struct ov_text text, struct ov_buf *buf);

/* Replaces buf's contents by a form in which look-alikes are equal: folded, with Cyrillic and Greek
 * letters that look Latin, and the digits 0 and 1, replaced by Latin letters. */
void ov_unicode_skeleton(struct ov_text text, struct ov_buf *buf);
/* Replaces buf's contents by a form in which identifiers are equal that look the same: folded,
 * without invisible characters, with dashes and look-alike letters of other scripts made one. */
void ov_unicode_likeness(struct ov_text text, struct ov_buf *buf);

/* The width of a code point in terminal columns: 0, 1 or 2. */
unsigned ov_unicode_width(uint32_t code);

/* Whether a code point is unsafe for a terminal: controls, bidirectional and other format
 * characters, surrogates, unassigned. */
bool ov_unicode_is_unprintable(uint32_t code);

/* The windows-1252 byte of a code point, or -1. */
int ov_unicode_to_cp1252(uint32_t code);

/* Appends a text for people, at most 80 code points of it, or all (_whole): controls, ill-formed
 * bytes and `##[`, which build servers interpret as a command, are escaped. */
void ov_buf_escaped(struct ov_buf *out, struct ov_text text);
void ov_buf_escaped_whole(struct ov_buf *out, struct ov_text text);

#endif
