/* base/unicode.h: what needs Unicode's tables (utf8proc). Ill-formed sequences pass unchanged
 * where a text is returned and count as no character property. */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* White_Space of Unicode (PropList.txt): ASCII blanks and line ends, NBSP, ideographic space … */
bool ov_unicode_is_space(uint32_t code);

/* Without white space at both ends; a view into text. */
struct ov_text ov_unicode_trim(struct ov_text text);

/* Whether it is empty or white space alone. */
bool ov_unicode_is_blank(struct ov_text text);

/* Replaces buf's content by the form under which two identifiers look the same: trimmed, NFKC,
 * case folded. */
void ov_unicode_fold(struct ov_text text, struct ov_buf *buf);
/* The same without trimming, and of texts of any length, to be searched in. */
void ov_unicode_fold_to_search(struct ov_text text, struct ov_buf *buf);

/* Replaces buf's content by the form under which look-alike letters are the same: folded, with
 * Cyrillic and Greek letters that look Latin, and the digits 0 and 1, written as Latin letters. */
void ov_unicode_skeleton(struct ov_text text, struct ov_buf *buf);

/* Terminal columns of a code point: 0, 1 or 2. */
unsigned ov_unicode_width(uint32_t code);

/* Whether a terminal should not be sent it: controls, bidirectional and other format characters,
 * surrogates, unassigned. */
bool ov_unicode_is_unprintable(uint32_t code);

/* The byte that windows-1252 has for a code point, or -1. */
int ov_unicode_to_cp1252(uint32_t code);

/* Appends a text for people: controls, ill-formed bytes, and what build servers take for a command
 * (`##[`) escaped; at most 80 code points, or all. */
void ov_buf_escaped(struct ov_buf *out, struct ov_text text);
void ov_buf_escaped_whole(struct ov_buf *out, struct ov_text text);

#endif
