/* csv/quote.c: see quote.h. */
#include "csv/quote.h"

void ov_buf_csv(struct ov_buf *out, struct ov_text cell, char delimiter)
{
    bool plain = true;
    for (size_t i = 0; plain && i < cell.len; i++)
        plain = cell.ptr[i] != delimiter && cell.ptr[i] != '"' && cell.ptr[i] != '\r' &&
                cell.ptr[i] != '\n';
    if (plain)
        ov_buf_text(out, cell);
    else
        ov_buf_csv_quoted(out, cell);
}

void ov_buf_csv_quoted(struct ov_buf *out, struct ov_text cell)
{
    ov_buf_char(out, '"');
    for (const char *p = cell.ptr, *end = p + cell.len; p < end;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        const char *stop = quote ? quote + 1 : end;
        ov_buf_put(out, p, (size_t)(stop - p));
        if (quote)
            ov_buf_char(out, '"');
        p = stop;
    }
    ov_buf_char(out, '"');
}
