/* csv/window.c: see window.h. */
#include "csv/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool ov_window_append(struct ov_window *window, const char *bytes, size_t len)
{
    if (len == 0)
        return true;
    if (!ov_grow(&window->text, &window->capacity, window->len + len, 1))
        return false;
    memcpy(window->text + window->len, bytes, len);
    window->len += len;
    return true;
}

bool ov_window_append_at(struct ov_window *window, const char *bytes, size_t len, uint64_t origin)
{
    if (len == 0)
        return true;
    if (!ov_grow(&window->origin, &window->origin_capacity, window->len + len,
                 sizeof *window->origin) ||
        !ov_window_append(window, bytes, len))
        return false;
    for (size_t i = window->len - len; i < window->len; i++)
        window->origin[i] = origin;
    return true;
}

bool ov_window_mark_invalid(struct ov_window *window, const char *bytes, size_t count)
{
    if (!ov_grow(&window->invalid, &window->invalid_capacity, window->invalid_len + 1,
                 sizeof *window->invalid))
        return false;
    struct ov_invalid_mark *mark = &window->invalid[window->invalid_len++];
    *mark = (struct ov_invalid_mark){.at = window->len, .count = (unsigned char)count};
    memcpy(mark->bytes, bytes, count);
    return true;
}

void ov_window_drop(struct ov_window *window, size_t n)
{
    if (n == 0)
        return;
    memmove(window->text, window->text + n, window->len - n);
    if (window->origin)
        memmove(window->origin, window->origin + n, (window->len - n) * sizeof *window->origin);
    else
        window->base += n;
    window->len -= n;
    size_t gone = 0;
    while (gone < window->invalid_len && window->invalid[gone].at < n)
        gone++;
    window->invalid_len -= gone;
    for (size_t i = 0; i < window->invalid_len; i++)
        window->invalid[i].at = window->invalid[i + gone].at - n;
}

void ov_window_deinit(struct ov_window *window)
{
    free(window->text);
    free(window->origin);
    free(window->invalid);
    *window = (struct ov_window){0};
}
