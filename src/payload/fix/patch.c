/* payload/fix/patch.c: see patch.h. */
#include "payload/fix/patch.h"

#include "base/error.h"

enum { RING = 2 * OV_PATCH_CONTEXT };

void ov_patch_init(struct ov_patch *patch, const struct ov_patch_options *options,
                   const struct ov_sink *out)
{
    *patch = (struct ov_patch){.options = options, .out = out, .old_line = 1, .new_line = 1};
}

void ov_patch_deinit(struct ov_patch *patch)
{
    for (size_t i = 0; i < RING; i++)
        ov_buf_deinit(&patch->same[i]);
    ov_buf_deinit(&patch->hunk);
    ov_buf_deinit(&patch->old);
    ov_buf_deinit(&patch->fixed);
}

/* Appends a line with control characters and invalid bytes escaped. */
static void put_escaped(struct ov_buf *out, struct ov_text line)
{
    const char *p = line.ptr, *end = p + line.len;
    while (p < end) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        bool control = (code < 0x20 && code != '\t') || (code >= 0x7F && code < 0xA0) ||
                       (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
        if (code == UINT32_MAX || control)
            for (size_t i = 0; i < taken; i++)
                ov_buf_format(out, "\\x%02X", (unsigned)(unsigned char)p[i]);
        else
            ov_buf_put(out, p, taken);
        p += taken;
    }
}

static void put_line(struct ov_patch *patch, struct ov_buf *out, char sign, struct ov_text line)
{
    const struct ov_patch_options *options = patch->options;
    bool ends = line.len && line.ptr[line.len - 1] == '\n';
    const char *color = sign == '-' ? "\033[31m" : sign == '+' ? "\033[32m" : NULL;
    if (options->color && color)
        ov_buf_string(out, color);
    ov_buf_char(out, sign);
    line.len -= ends;
    if (options->escape)
        put_escaped(out, line);
    else
        ov_buf_text(out, line);
    if (options->color && color)
        ov_buf_string(out, "\033[0m");
    ov_buf_string(out, ends ? "\n" : "\n\\ No newline at end of file\n");
}

static enum ov_status write_text(struct ov_patch *patch, struct ov_text text, struct ov_error *err)
{
    return patch->out->write(patch->out->ctx, text.ptr, text.len, err);
}

static void put_range(struct ov_buf *out, char sign, uint64_t start, uint64_t count)
{
    ov_buf_char(out, sign);
    ov_buf_decimal(out, count ? start : start - 1); /* an empty range refers to the line before */
    if (count != 1) {
        ov_buf_char(out, ',');
        ov_buf_decimal(out, count);
    }
}

/* Writes the open hunk, whose trailing context has been added. */
static enum ov_status close_hunk(struct ov_patch *patch, struct ov_error *err)
{
    const char *on = patch->options->color ? "\033[36m" : "";
    const char *off = patch->options->color ? "\033[0m" : "";
    struct ov_buf head = {0};
    if (!patch->started) {
        ov_buf_string(&head, "--- ");
        put_escaped(&head, patch->options->name);
        ov_buf_string(&head, "\n+++ ");
        put_escaped(&head, patch->options->name);
        ov_buf_char(&head, '\n');
    }
    patch->started = true;
    ov_buf_string(&head, on);
    ov_buf_string(&head, "@@ ");
    put_range(&head, '-', patch->old_start, patch->old_count);
    ov_buf_char(&head, ' ');
    put_range(&head, '+', patch->new_start, patch->new_count);
    ov_buf_string(&head, " @@");
    ov_buf_string(&head, off);
    ov_buf_char(&head, '\n');
    enum ov_status status = head.failed || patch->hunk.failed
                                ? ov_fail_memory(err)
                                : write_text(patch, ov_buf_view(&head), err);
    if (status == OV_OK)
        status = write_text(patch, ov_buf_view(&patch->hunk), err);
    ov_buf_deinit(&head);
    patch->hunk.len = 0;
    patch->open = false;
    return status;
}

/* Moves the first buffered lines into the hunk, as context. */
static void move_context(struct ov_patch *patch, size_t count)
{
    for (; count && patch->count; count--, patch->count--) {
        put_line(patch, &patch->hunk, ' ', ov_buf_view(&patch->same[patch->first]));
        patch->hunk.failed |= patch->same[patch->first].failed;
        patch->first = (patch->first + 1) % RING;
        patch->old_count++;
        patch->new_count++;
    }
}

static void open_hunk(struct ov_patch *patch)
{
    if (!patch->open) {
        while (patch->count > OV_PATCH_CONTEXT) {
            patch->first = (patch->first + 1) % RING;
            patch->count--;
        }
        patch->open = true;
        patch->old_start = patch->old_line - patch->count;
        patch->new_start = patch->new_line - patch->count;
        patch->old_count = patch->new_count = 0;
    }
    move_context(patch, patch->count);
}

static enum ov_status put_same(struct ov_patch *patch, struct ov_text line, struct ov_error *err)
{
    if (patch->count == RING) { /* the last change is far enough back */
        if (patch->open) {
            move_context(patch, OV_PATCH_CONTEXT);
            enum ov_status status = close_hunk(patch, err);
            if (status != OV_OK)
                return status;
        } else {
            patch->first = (patch->first + 1) % RING;
            patch->count--;
        }
    }
    struct ov_buf *kept = &patch->same[(patch->first + patch->count++) % RING];
    kept->len = 0;
    ov_buf_text(kept, line);
    patch->old_line++;
    patch->new_line++;
    return kept->failed ? ov_fail_memory(err) : OV_OK;
}

/* Removes the first line from a text and returns it. */
static struct ov_text next_line(struct ov_text *text)
{
    const char *end = memchr(text->ptr, '\n', text->len);
    size_t len = end ? (size_t)(end + 1 - text->ptr) : text->len;
    struct ov_text line = {text->ptr, len};
    text->ptr += len;
    text->len -= len;
    return line;
}

/* Adds complete lines, or the rest of the file. */
static enum ov_status put_lines(struct ov_patch *patch, struct ov_text old, struct ov_text fixed,
                                struct ov_error *err)
{
    if (ov_text_equal(old, fixed)) {
        enum ov_status status = OV_OK;
        while (old.len && status == OV_OK)
            status = put_same(patch, next_line(&old), err);
        return status;
    }
    open_hunk(patch);
    for (; old.len; patch->old_line++, patch->old_count++)
        put_line(patch, &patch->hunk, '-', next_line(&old));
    for (; fixed.len; patch->new_line++, patch->new_count++)
        put_line(patch, &patch->hunk, '+', next_line(&fixed));
    return patch->hunk.failed ? ov_fail_memory(err) : OV_OK;
}

static bool is_whole(struct ov_text text)
{
    return text.len == 0 || text.ptr[text.len - 1] == '\n';
}

static enum ov_status flush(struct ov_patch *patch, struct ov_error *err)
{
    enum ov_status status =
        patch->old.failed || patch->fixed.failed
            ? ov_fail_memory(err)
            : put_lines(patch, ov_buf_view(&patch->old), ov_buf_view(&patch->fixed), err);
    patch->old.len = patch->fixed.len = 0;
    return status;
}

enum ov_status ov_patch_put(void *ctx, struct ov_text old, struct ov_text fixed,
                            struct ov_error *err)
{
    struct ov_patch *patch = ctx;
    bool waits = patch->old.len || patch->fixed.len;
    if (!waits && is_whole(old) && is_whole(fixed))
        return put_lines(patch, old, fixed, err);
    /* a lone CR ends a record but not a line: what follows belongs to the same line */
    ov_buf_text(&patch->old, old);
    ov_buf_text(&patch->fixed, fixed);
    return is_whole(ov_buf_view(&patch->old)) && is_whole(ov_buf_view(&patch->fixed))
               ? flush(patch, err)
               : OV_OK;
}

enum ov_status ov_patch_end(struct ov_patch *patch, struct ov_error *err)
{
    enum ov_status status = flush(patch, err);
    if (status != OV_OK || !patch->open)
        return status;
    move_context(patch, OV_PATCH_CONTEXT);
    return close_hunk(patch, err);
}
