/* draft/reading.c: see reading.h. */
#include "draft/reading.h"

#include <string.h>

#include "base/error.h"

/* The options of the layout: the name of the parameter, and the option. Where one can be repeated,
 * the parameter is a list, one value a line. */
static const struct {
    const char *name;
    enum ov_layout_key key;
} layout_params[] = {
    {"parents", OV_LAYOUT_PARENTS},   {"path_separator", OV_LAYOUT_SEPARATOR},
    {"fill", OV_LAYOUT_FILL_DOWN},    {"where", OV_LAYOUT_WHERE},
    {"valid_on", OV_LAYOUT_VALID_ON}, {"valid_from", OV_LAYOUT_VALID_FROM},
    {"valid_to", OV_LAYOUT_VALID_TO},
};
enum { LAYOUT_PARAMS = sizeof layout_params / sizeof *layout_params };

static enum ov_status read_layout(struct ov_reading *reading, ov_param_fn *param, const void *ctx,
                                  struct ov_error *err)
{
    for (size_t i = 0; i < LAYOUT_PARAMS; i++) {
        struct ov_text rest = param(ctx, layout_params[i].name);
        while (rest.len) {
            const char *line_end = memchr(rest.ptr, '\n', rest.len);
            size_t len = line_end ? (size_t)(line_end - rest.ptr) : rest.len;
            if (reading->options.layout_count == OV_READING_LAYOUTS)
                return ov_fail(err, OV_E_OPTION, "Too many options");
            reading->layout[reading->options.layout_count++] =
                (struct ov_view_layout){layout_params[i].key, {rest.ptr, len}};
            len += line_end ? 1 : 0;
            rest = (struct ov_text){rest.ptr + len, rest.len - len};
        }
    }
    reading->options.layout = reading->layout;
    return OV_OK;
}

enum { QUOTED = 60 /* bytes of a text in a message */ };
#define SHOWN(text) OV_FMT(ov_utf8_cut(text, QUOTED))

/* A text as a string, or NULL for an empty one. */
static enum ov_status copy_string(struct ov_text text, char *string, size_t room,
                                  const char **option, struct ov_error *err)
{
    if (text.len >= room)
        return ov_fail(err, OV_E_OPTION, "`%.*s` not found", SHOWN(text));
    memcpy(string, text.ptr ? text.ptr : "", text.len);
    string[text.len] = '\0';
    *option = text.len ? string : NULL;
    return OV_OK;
}

enum ov_status ov_reading_init(struct ov_reading *reading, ov_param_fn *param, const void *ctx,
                               struct ov_error *err)
{
    struct ov_view_options *options = &reading->options;
    struct ov_text delimiter = param(ctx, "delimiter"), importer = param(ctx, "importer");
    uint32_t wide = 0; /* the page offers none */
    int64_t row = 0;
    *reading = (struct ov_reading){.options = {.settings = param(ctx, "settings")}};
    enum ov_status status = copy_string(param(ctx, "encoding"), reading->encoding,
                                        sizeof reading->encoding, &options->encoding, err);
    if (status == OV_OK)
        status = copy_string(param(ctx, "sheet"), reading->sheet, sizeof reading->sheet,
                             &options->sheet, err);
    if (status != OV_OK)
        return status;
    if (ov_text_number(param(ctx, "header_row"), &row) && row > 0)
        options->header_row = (uint64_t)row;
    if (delimiter.len && (!ov_delimiter_parse(delimiter, &options->delimiter, &wide) || wide))
        return ov_fail(err, OV_E_OPTION, "`%.*s` is not a valid delimiter", SHOWN(delimiter));
    if (importer.len && !(options->importer = ov_importer_find(importer)))
        return ov_fail(err, OV_E_OPTION, "Importer `%.*s` not found", SHOWN(importer));
    return read_layout(reading, param, ctx, err);
}

void ov_reading_key(ov_param_fn *param, const void *ctx, struct ov_buf *key)
{
    static const char *const others[] = {"importer",  "settings",   "encoding",
                                         "delimiter", "header_row", "sheet"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ov_buf_char(key, '\0');
        ov_buf_text(key, param(ctx, others[i]));
    }
    for (size_t i = 0; i < LAYOUT_PARAMS; i++) {
        ov_buf_char(key, '\0');
        ov_buf_text(key, param(ctx, layout_params[i].name));
    }
}
