/* payload/reread/string_pack.c: see string_pack.h. */
#include "payload/reread/string_pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void ov_string_pack_deinit(struct ov_string_pack *texts)
{
    free(texts->bytes);
    *texts = (struct ov_string_pack){0};
}

bool ov_string_pack_put(struct ov_string_pack *texts, struct ov_text text)
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

struct ov_text ov_string_pack_take(const struct ov_string_pack *texts, size_t *at)
{
    uint32_t len;
    memcpy(&len, texts->bytes + *at, sizeof len);
    struct ov_text text = {texts->bytes + *at + sizeof len, len};
    *at += sizeof len + len;
    return text;
}
