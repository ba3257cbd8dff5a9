/* book/strings.h: the shared strings of a workbook: their bytes, at most 4 GiB, and 4 for each. */
#ifndef BOOK_STRINGS_H
#define BOOK_STRINGS_H

#include "book/archive.h"

/* {0} is empty. */
struct ov_strings {
    struct ov_buf bytes;
    uint32_t *ends; /* owned: of each in the bytes */
    size_t count, capacity;
};

/* Reads xl/sharedStrings.xml. False: *problem, or NULL when out of memory. */
bool ov_strings_read(struct ov_strings *strings, struct ov_archive *archive, int64_t member,
                     ov_problem *problem);
void ov_strings_deinit(struct ov_strings *strings);
/* A string by its index; empty where there is none. */
struct ov_text ov_strings_get(const struct ov_strings *strings, uint64_t index);

/* Whether a text begins with an escape like `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
bool ov_is_escape(struct ov_text text);
/* Replaces such escapes behind `from`. */
void ov_unescape_string(struct ov_buf *buf, size_t from);

#endif
