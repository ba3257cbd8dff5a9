/* csv/cursor.h: the read position in the window, as an index and as a place. Lines end with LF,
 * CRLF or CR. Places are computed here and, within a record, in place.c. */
#ifndef CSV_CURSOR_H
#define CSV_CURSOR_H

#include "csv/window.h"
#include "orgvet/records.h"

struct ov_cursor {
    struct ov_window *window; /* borrowed */
    size_t at;                /* index of the next byte */
    uint64_t line, column;    /* of that byte */
    bool after_cr;            /* the previous byte was CR: an LF belongs to the same line end */
    size_t invalid_next;      /* index of the next mark of invalid bytes */
};

/* Starts at line 1, column 1 of the window, which is borrowed. */
void ov_cursor_init(struct ov_cursor *cursor, struct ov_window *window);

/* The place of the next byte. */
struct ov_place ov_cursor_place(const struct ov_cursor *cursor);

/* The index of the first CR or LF at or after the cursor, or the window's length. */
size_t ov_cursor_line_end(const struct ov_cursor *cursor);

/* Advances to index `to` over bytes without line ends. on_invalid (may be NULL) is called for each
 * run of invalid bytes on the way. */
typedef void ov_invalid_fn(void *ctx, const struct ov_invalid *invalid);
void ov_cursor_pass(struct ov_cursor *cursor, size_t to, ov_invalid_fn *on_invalid, void *ctx);

/* Advances over the CR or LF at the cursor. */
void ov_cursor_pass_line_end(struct ov_cursor *cursor);

/* Moves back to an index that does not follow a CR; `place` is its place. */
void ov_cursor_rewind(struct ov_cursor *cursor, size_t at, struct ov_place place);

/* Drops the bytes before index `keep` (<= at) from the window. */
void ov_cursor_drop(struct ov_cursor *cursor, size_t keep);

#endif
