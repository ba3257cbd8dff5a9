/* payload/texts.c: see texts.h. */
#include "payload/texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void ov_texts_deinit(struct ov_texts *texts)
{
    free(texts->bytes);
    *texts = (struct ov_texts){0};
}

bool ov_texts_put(struct ov_texts *texts, struct ov_text text)
{
    uint32_t len = (uint32_t)text.len;
    if (!ov_grow(&texts->bytes, &texts->capacity, texts->len + sizeof len + text.len, 1))
        return false;
    memcpy(texts->bytes + texts->len, &len, sizeof len);
    if (len)
        memcpy(texts->bytes + texts->len + sizeof len, text.ptr, len);
    texts->len += sizeof len + len;
    return true;
}

struct ov_text ov_texts_take(const struct ov_texts *texts, size_t *at)
{
    uint32_t len;
    memcpy(&len, texts->bytes + *at, sizeof len);
    struct ov_text text = {texts->bytes + *at + sizeof len, len};
    *at += sizeof len + len;
    return text;
}
