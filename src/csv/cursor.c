/* csv/cursor.c: see cursor.h. */
#include "csv/cursor.h"

#include <string.h>

#include "base/text.h"

void ov_cursor_init(struct ov_cursor *cursor, struct ov_window *window)
{
    *cursor = (struct ov_cursor){.window = window, .line = 1, .column = 1};
}

struct ov_place ov_cursor_place(const struct ov_cursor *cursor)
{
    return (struct ov_place){cursor->line, cursor->column,
                             ov_window_origin(cursor->window, cursor->at)};
}

size_t ov_cursor_line_end(const struct ov_cursor *cursor)
{
    size_t at = cursor->at;
    while (at < cursor->window->len && cursor->window->text[at] != '\n' &&
           cursor->window->text[at] != '\r')
        at++;
    return at;
}

static void advance(struct ov_cursor *cursor, size_t to)
{
    cursor->column +=
        ov_utf8_count((struct ov_text){cursor->window->text + cursor->at, to - cursor->at});
    cursor->at = to;
}

void ov_cursor_pass(struct ov_cursor *cursor, size_t to, ov_invalid_fn *on_invalid, void *ctx)
{
    const struct ov_window *window = cursor->window;
    if (to == cursor->at)
        return;
    while (cursor->invalid_next < window->invalid_len &&
           window->invalid[cursor->invalid_next].at < to) {
        const struct ov_invalid_mark *mark = &window->invalid[cursor->invalid_next];
        struct ov_invalid invalid = {.count = mark->count};
        advance(cursor, mark->at);
        invalid.place = ov_cursor_place(cursor);
        memcpy(invalid.bytes, mark->bytes, sizeof invalid.bytes);
        if (on_invalid)
            on_invalid(ctx, &invalid);
        cursor->invalid_next++;
    }
    advance(cursor, to);
    cursor->after_cr = false;
}

void ov_cursor_pass_line_end(struct ov_cursor *cursor)
{
    bool cr = cursor->window->text[cursor->at] == '\r';
    if (cr || !cursor->after_cr) {
        cursor->line++;
        cursor->column = 1;
    }
    cursor->after_cr = cr;
    cursor->at++;
}

static void find_invalid(struct ov_cursor *cursor)
{
    const struct ov_window *window = cursor->window;
    cursor->invalid_next = 0;
    while (cursor->invalid_next < window->invalid_len &&
           window->invalid[cursor->invalid_next].at < cursor->at)
        cursor->invalid_next++;
}

void ov_cursor_rewind(struct ov_cursor *cursor, size_t at, struct ov_place place)
{
    cursor->at = at;
    cursor->line = place.line;
    cursor->column = place.column;
    cursor->after_cr = false;
    find_invalid(cursor);
}

void ov_cursor_drop(struct ov_cursor *cursor, size_t keep)
{
    ov_window_drop(cursor->window, keep);
    cursor->at -= keep;
    find_invalid(cursor);
}
