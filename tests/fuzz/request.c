/* tests/fuzz/request.c: libFuzzer target for request data: forms and multipart bodies. The result
 * must not depend on the chunks of a body. */
#include <stdlib.h>

#include "server/http/multipart.h"
#include "server/http/params.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool on_part(void *ctx, struct ov_text name, bool is_file, struct ov_text file_name)
{
    ov_buf_char(ctx, is_file ? '@' : '=');
    ov_buf_text(ctx, name);
    ov_buf_text(ctx, file_name);
    return true;
}

static bool on_bytes(void *ctx, const char *bytes, size_t len)
{
    ov_buf_put(ctx, bytes, len);
    return true;
}

static bool on_end(void *ctx)
{
    ov_buf_char(ctx, ';');
    return true;
}

static enum ov_multipart_problem read_body(struct ov_text body, size_t piece, struct ov_buf *out)
{
    const struct ov_multipart_handler handler = {on_part, on_bytes, on_end, out};
    struct ov_multipart *multipart =
        ov_multipart_new(OV_TEXT("multipart/form-data; boundary=b"), &handler);
    enum ov_multipart_problem problem = OV_MULTIPART_FINE;
    if (!multipart)
        abort();
    for (size_t at = 0; at < body.len && problem == OV_MULTIPART_FINE; at += piece)
        problem = ov_multipart_feed(multipart, body.ptr + at,
                                    body.len - at < piece ? body.len - at : piece);
    if (problem == OV_MULTIPART_FINE)
        problem = ov_multipart_finish(multipart);
    ov_multipart_free(multipart);
    return problem;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ov_text text = {(const char *)data, size};
    struct ov_values_pool pool = {0};
    struct ov_params params = {.pool = &pool, .root = ov_value_new(&pool, OV_VALUE_MAP)};
    struct ov_buf whole = {0}, cut = {0};
    (void)ov_params_put_form(&params, text);
    ov_pool_deinit(&pool);
    const struct ov_multipart_handler none = {on_part, on_bytes, on_end, &whole};
    ov_multipart_free(ov_multipart_new(text, &none)); /* as a header */
    enum ov_multipart_problem problem = read_body(text, size + 1, &whole);
    if (read_body(text, 1 + size / 7, &cut) != problem)
        abort();
    if (problem == OV_MULTIPART_FINE &&
        (whole.len != cut.len || (whole.len && memcmp(whole.ptr, cut.ptr, whole.len) != 0)))
        abort();
    ov_buf_deinit(&whole);
    ov_buf_deinit(&cut);
    return 0;
}
