/* page/rows.c: questions about the rows of a file. */
#include "base/error.h"
#include "page/asked.h"
#include "page/facts.h"

static bool read_filter(struct ov_request *request, struct ov_look_filter *filter,
                        struct ov_error *err)
{
    struct ov_text code = ov_request_param(request, "code"),
                   severity = ov_request_param(request, "severity");
    const struct ov_rule *rule = code.len ? ov_rule_find(code) : NULL;
    *filter = (struct ov_look_filter){.rule = rule ? (int)(rule - ov_rule_at(0)) : -1,
                                      .severity = -1,
                                      .only = ov_request_param(request, "only").len > 0,
                                      .text = ov_request_param(request, "text")};
    for (int i = 0; i < OV_SEVERITIES; i++)
        if (ov_text_equal(severity, ov_text_of(ov_severity_name((enum ov_severity)i))))
            filter->severity = i;
    if ((code.len && !rule) || (severity.len && filter->severity < 0)) {
        ov_fail(err, OV_E_OPTION, "there is no code or severity `%.*s`",
                OV_QUOTE(code.len && !rule ? code : severity));
        return false;
    }
    return true;
}

/* The rows that the filter among the parameters leaves; NULL on failure. */
static const struct ov_look_view *view_of(struct ov_asked *asked, struct ov_error *err)
{
    struct ov_look_filter filter;
    return read_filter(asked->request, &filter, err) ? ov_look_view(asked->look, &filter, err)
                                                     : NULL;
}

static enum ov_status put_row(struct ov_look *look, uint32_t row, size_t most, struct ov_buf *out,
                              struct ov_error *err)
{
    struct ov_look_row read;
    enum ov_status status = ov_look_read(look, row, &read, err);
    bool cut = false;
    if (status != OV_OK)
        return status;
    ov_buf_format(out, "{\"row\":%lu,\"line\":%llu,\"cells\":[", (unsigned long)row + 1,
                  (unsigned long long)read.line);
    for (uint32_t i = 0; i < read.cells && i < OV_REPLY_MAX_COLUMNS; i++) {
        struct ov_text cell = ov_look_cell(&read), some = ov_utf8_cut(cell, most);
        ov_buf_string(out, i ? "," : "");
        ov_buf_json(out, some, OV_JSON_PLAIN);
        cut |= some.len < cell.len;
    }
    ov_buf_format(out, "],\"cut\":%s,\"findings\":[", cut ? "true" : "false");
    if (look->finding[row])
        status = ov_facts_findings(look, look->finding[row] - 1,
                                   ov_look_findings_end(look, look->finding[row] - 1), out, err);
    ov_buf_string(out, "]}");
    return status;
}

enum ov_status ov_ask_rows(struct ov_asked *asked, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_look_view *view = view_of(asked, err);
    if (!view)
        return err->status;
    uint32_t from = ov_asked_number(asked->request, "from", view->count);
    uint32_t most = ov_asked_number(asked->request, "most", OV_REPLY_MAX_ROWS);
    enum ov_status status = OV_OK;
    ov_buf_format(out, "{\"total\":%lu,\"rows\":[", (unsigned long)view->count);
    for (uint32_t i = from;
         i < view->count && i - from < most && out->len < OV_REPLY_MAX_BYTES && status == OV_OK;
         i++) {
        ov_buf_string(out, i > from ? "," : "");
        status = put_row(asked->look, ov_look_view_row(view, i), OV_REPLY_MAX_CELL, out, err);
    }
    ov_buf_string(out, "]}");
    return status;
}

enum ov_status ov_ask_row(struct ov_asked *asked, struct ov_buf *out, struct ov_error *err)
{
    enum { WHOLE = 20 * 1000 /* bytes of a cell */ };
    uint32_t wanted = ov_asked_number(asked->request, "row", UINT32_MAX);
    if (wanted == 0 || wanted > asked->look->branches.rows) {
        ov_buf_string(out, "null");
        return OV_OK;
    }
    return put_row(asked->look, wanted - 1, WHOLE, out, err);
}

/* Where a row stands among those that a filter leaves; -1: nowhere. */
enum ov_status ov_ask_position(struct ov_asked *asked, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_look_view *view = view_of(asked, err);
    uint32_t wanted = ov_asked_number(asked->request, "row", UINT32_MAX) - 1;
    if (!view)
        return err->status;
    uint32_t place = ov_look_view_place(view, wanted);
    bool there = place < view->count && ov_look_view_row(view, place) == wanted;
    ov_buf_format(out, "%ld", there ? (long)place : -1L);
    return OV_OK;
}

/* The first place that has a finding, from one on and forwards or backwards; -1: there is none. */
enum ov_status ov_ask_next(struct ov_asked *asked, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_look_view *view = view_of(asked, err);
    if (!view)
        return err->status;
    long step = ov_request_param(asked->request, "back").len ? -1 : 1;
    long at = (long)ov_asked_number(asked->request, "from", view->count);
    for (; at >= 0 && at < (long)view->count; at += step)
        if (asked->look->finding[ov_look_view_row(view, (uint32_t)at)])
            break;
    ov_buf_format(out, "%ld", at < (long)view->count ? at : -1L);
    return OV_OK;
}

/* The first row from a line on: its number. */
enum ov_status ov_ask_row_at(struct ov_asked *asked, struct ov_buf *out, struct ov_error *err)
{
    uint32_t line = ov_asked_number(asked->request, "line", UINT32_MAX);
    uint32_t low = 0, high = asked->look->branches.rows;
    while (low < high) {
        struct ov_look_row read;
        uint32_t middle = low + (high - low) / 2;
        enum ov_status status = ov_look_read(asked->look, middle, &read, err);
        if (status != OV_OK)
            return status;
        if (read.line < line)
            low = middle + 1;
        else
            high = middle;
    }
    ov_buf_format(out, "%lu", (unsigned long)low + 1);
    return OV_OK;
}

/* Nodes of rows whose identifier or name holds a text. */
enum ov_status ov_ask_find(struct ov_asked *asked, struct ov_buf *out, struct ov_error *err)
{
    struct ov_look_filter filter = {.rule = -1,
                                    .severity = -1,
                                    .text = ov_request_param(asked->request, "text"),
                                    .names = true};
    const struct ov_look_view *view = ov_look_view(asked->look, &filter, err);
    if (!view)
        return err->status;
    ov_buf_char(out, '[');
    for (uint32_t i = 0; i < view->count && i < OV_REPLY_MAX_FOUND; i++)
        ov_buf_format(out, "%s%lu", i ? "," : "", (unsigned long)ov_look_view_row(view, i));
    ov_buf_char(out, ']');
    return OV_OK;
}
