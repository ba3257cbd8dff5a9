/* csv/window.h: the buffer of decoded bytes between the decoder, which appends, and the reader,
 * which consumes. Keeps the original file offset of every byte. */
#ifndef CSV_WINDOW_H
#define CSV_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orgvet/base.h"

/* A run of bytes that were invalid in the file's encoding. */
struct ov_invalid_mark {
    size_t at;              /* window index of the first one, or of the U+FFFD that replaces them */
    unsigned char bytes[4]; /* as in the file */
    unsigned char count;    /* of these bytes, 1 to 4 */
};

struct ov_window {
    char *text; /* owned: decoded bytes still needed */
    size_t len, capacity;
    uint64_t
        *origin; /* owned: the original offset of each byte; NULL while offsets are contiguous */
    size_t origin_capacity;
    uint64_t base;                   /* original offset of text[0] while origin is NULL */
    struct ov_invalid_mark *invalid; /* owned, ascending */
    size_t invalid_len, invalid_capacity;
    uint64_t end; /* original offset after the last decoded byte */
};

/* Appends bytes with contiguous offsets (UTF-8). False when out of memory. */
OV_MUST_USE bool ov_window_append(struct ov_window *window, const char *bytes, size_t len);
/* Appends one code point whose original offset is `origin` (other encodings). False when out of
 * memory. */
OV_MUST_USE bool ov_window_append_at(struct ov_window *window, const char *bytes, size_t len,
                                     uint64_t origin);
/* Marks what is appended next as replacing `count` (1 to 4) invalid bytes. False when out of
 * memory. */
OV_MUST_USE bool ov_window_mark_invalid(struct ov_window *window, const char *bytes, size_t count);
/* Drops the first n bytes. */
void ov_window_drop(struct ov_window *window, size_t n);
/* The original offset of the byte at index `at` (<= len). */
static inline uint64_t ov_window_origin(const struct ov_window *window, size_t at)
{
    if (!window->origin)
        return window->base + at;
    return at < window->len ? window->origin[at] : window->end;
}
void ov_window_deinit(struct ov_window *window);

#endif
