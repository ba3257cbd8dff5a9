/* draft/csv_line.c: see csv_line.h. */
#include "draft/csv_line.h"

/* Whether a cell can be written as it is: an importer's parser must not trim it either. */
static bool is_plain(struct ov_text text, char delimiter)
{
    if (text.len && (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' '))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == delimiter || text.ptr[i] == '"' || text.ptr[i] == '\n' ||
            text.ptr[i] == '\r')
            return false;
    return true;
}

void ov_csv_put_cell(struct ov_buf *out, struct ov_text text, char delimiter, bool behind)
{
    if (behind)
        ov_buf_char(out, delimiter);
    if (is_plain(text, delimiter)) {
        ov_buf_text(out, text);
        return;
    }
    ov_buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            ov_buf_char(out, '"');
        ov_buf_char(out, text.ptr[i]);
    }
    ov_buf_char(out, '"');
}
