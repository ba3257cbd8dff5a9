/* draft/reply.c: see reply.h. */
#include "draft/reply.h"

#include "base/error.h"

static enum ov_status append(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    struct ov_reply_text *reply = ctx;
    size_t space = OV_REPLY_MAX_TEXT - reply->text.len;
    if (reply->cut)
        return OV_OK;
    reply->cut = len > space;
    ov_buf_text(&reply->text, ov_utf8_cut((struct ov_text){bytes, len}, space));
    while (reply->cut && reply->text.len && reply->text.ptr[reply->text.len - 1] != '\n')
        reply->text.len--; /* complete lines only */
    return reply->text.failed ? ov_fail_memory(err) : OV_OK;
}

struct ov_sink ov_reply_text_sink(struct ov_reply_text *reply)
{
    return (struct ov_sink){append, reply};
}
