/* csv/window.h: the decoded bytes between the decoder, which appends, and the reader, which
 * consumes. Every byte knows where it stands in the original file. */
#ifndef CSV_WINDOW_H
#define CSV_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orgvet/base.h"

/* Bytes that were invalid in the file's encoding. */
struct ov_invalid_mark {
    size_t at; /* index in the window of the first one, or of the U+FFFD that stands for them */
    unsigned char bytes[4]; /* as they stand in the file */
    unsigned char count;
};

struct ov_window {
    char *text; /* owned: decoded bytes that are still needed */
    size_t len, capacity;
    uint64_t *origin; /* owned: the original offset of each byte; NULL while they run in step */
    size_t origin_capacity;
    uint64_t base;                   /* original offset of text[0] while origin is NULL */
    struct ov_invalid_mark *invalid; /* owned, in order */
    size_t invalid_len, invalid_capacity;
    uint64_t end; /* original offset behind the last decoded byte */
};

/* Bytes that run in step with the original (UTF-8). */
OV_MUST_USE bool ov_window_append(struct ov_window *window, const char *bytes, size_t len);
/* One code point that stands at `origin` in the original (any other encoding). */
OV_MUST_USE bool ov_window_append_at(struct ov_window *window, const char *bytes, size_t len,
                                     uint64_t origin);
/* Marks what is appended next as standing for `count` (1 to 4) invalid bytes. */
OV_MUST_USE bool ov_window_mark_invalid(struct ov_window *window, const char *bytes, size_t count);
/* Drops the first n bytes. */
void ov_window_drop(struct ov_window *window, size_t n);
/* The original offset of the byte at index at (at <= len). */
static inline uint64_t ov_window_origin(const struct ov_window *window, size_t at)
{
    if (!window->origin)
        return window->base + at;
    return at < window->len ? window->origin[at] : window->end;
}
void ov_window_deinit(struct ov_window *window);

#endif
