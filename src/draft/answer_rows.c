/* draft/answer_rows.c: answers questions about the rows of a file. */
#include "base/error.h"
#include "base/search.h"
#include "draft/filter.h"
#include "draft/question.h"
#include "draft/reply.h"
#include "draft/answer.h"

static bool read_filter(const struct ov_question *question, struct ov_view_filter *filter,
                        struct ov_error *err)
{
    struct ov_text code = ov_question_param(question, "code"),
                   severity = ov_question_param(question, "severity");
    const struct ov_rule *rule = code.len ? ov_rule_find(code) : NULL;
    *filter = (struct ov_view_filter){.rule = rule ? (int)(rule - ov_rule_at(0)) : -1,
                                      .severity = -1,
                                      .only = ov_question_param(question, "only").len > 0,
                                      .text = ov_question_param(question, "text")};
    for (int i = 0; i < OV_SEVERITIES; i++)
        if (ov_text_equal(severity, ov_text_of(ov_severity_name((enum ov_severity)i))))
            filter->severity = i;
    if ((code.len && !rule) || (severity.len && filter->severity < 0)) {
        ov_fail(err, OV_E_OPTION, "unknown code or severity `%.*s`",
                OV_FMT(ov_utf8_cut(code.len && !rule ? code : severity, 200)));
        return false;
    }
    return true;
}

/* The rows that match the filter in the parameters; borrowed from the view; NULL on failure. */
static const struct ov_filtered *filtered_rows(const struct ov_question *question,
                                               struct ov_error *err)
{
    struct ov_view_filter filter;
    return read_filter(question, &filter, err) ? ov_filtered(question->view, &filter, err) : NULL;
}

static enum ov_status put_row(struct ov_view *view, uint32_t row, size_t most, struct ov_json *json,
                              struct ov_error *err)
{
    struct ov_view_row read;
    enum ov_status status = ov_view_read(view, row, &read, err);
    bool cut = false;
    if (status != OV_OK)
        return status;
    ov_json_object(json, NULL);
    ov_json_number(json, "row", (uint64_t)row + 1);
    ov_json_number(json, "line", read.line);
    ov_json_signed(json, "key", read.added ? -(int64_t)read.added : (int64_t)read.line);
    ov_json_list(json, "cells");
    for (uint32_t i = 0; i < read.cells && i < OV_REPLY_MAX_COLUMNS; i++) {
        struct ov_text cell = ov_view_cell(&read), some = ov_utf8_cut(cell, most);
        ov_json_text(json, NULL, some);
        cut |= some.len < cell.len;
    }
    ov_json_end(json);
    ov_json_bool(json, "cut", cut);
    ov_json_list(json, "findings");
    if (view->finding[row])
        status = ov_answer_findings(view, view->finding[row] - 1,
                                    ov_view_findings_end(view, view->finding[row] - 1), json, err);
    ov_json_end(json);
    ov_json_end(json);
    return status;
}

enum ov_status ov_answer_rows(const struct ov_question *question, struct ov_json *json,
                              struct ov_error *err)
{
    const struct ov_filtered *filtered = filtered_rows(question, err);
    if (!filtered)
        return err->status;
    uint32_t from = ov_question_number(question, "from", filtered->count);
    uint32_t most = ov_question_number(question, "most", OV_REPLY_MAX_ROWS);
    enum ov_status status = OV_OK;
    ov_json_object(json, NULL);
    ov_json_number(json, "total", filtered->count);
    ov_json_list(json, "rows");
    for (uint32_t i = from; i < filtered->count && i - from < most &&
                            json->out->len < OV_REPLY_MAX_BYTES && status == OV_OK;
         i++)
        status =
            put_row(question->view, ov_filtered_row(filtered, i), OV_REPLY_MAX_CELL, json, err);
    ov_json_end(json);
    ov_json_end(json);
    return status;
}

enum ov_status ov_answer_row(const struct ov_question *question, struct ov_json *json,
                             struct ov_error *err)
{
    enum { WHOLE = 20 * 1000 /* bytes of a cell */ };
    uint32_t wanted = ov_question_number(question, "row", UINT32_MAX);
    if (wanted == 0 || wanted > question->view->tree.rows) {
        ov_json_null(json, NULL);
        return OV_OK;
    }
    return put_row(question->view, wanted - 1, WHOLE, json, err);
}

/* The position of a row among those that match the filter; -1: it does not. */
enum ov_status ov_answer_position(const struct ov_question *question, struct ov_json *json,
                                  struct ov_error *err)
{
    const struct ov_filtered *filtered = filtered_rows(question, err);
    uint32_t wanted = ov_question_number(question, "row", UINT32_MAX) - 1;
    if (!filtered)
        return err->status;
    uint32_t place = ov_filtered_place(filtered, wanted);
    bool there = place < filtered->count && ov_filtered_row(filtered, place) == wanted;
    ov_json_signed(json, NULL, there ? (int64_t)place : -1);
    return OV_OK;
}

/* The first position with a finding, searching forwards or backwards from a given one; -1: none. */
enum ov_status ov_answer_next(const struct ov_question *question, struct ov_json *json,
                              struct ov_error *err)
{
    const struct ov_filtered *filtered = filtered_rows(question, err);
    if (!filtered)
        return err->status;
    long step = ov_question_param(question, "back").len ? -1 : 1;
    long at = (long)ov_question_number(question, "from", filtered->count);
    for (; at >= 0 && at < (long)filtered->count; at += step)
        if (question->view->finding[ov_filtered_row(filtered, (uint32_t)at)])
            break;
    ov_json_signed(json, NULL, at < (long)filtered->count ? at : -1L);
    return OV_OK;
}

/* A line whose row is searched for. */
struct wanted_line {
    uint32_t line;
    enum ov_status *status; /* the first failure to read a row; the search ends early then */
    struct ov_error *err;
};

static bool is_before_line(const void *list, size_t row, const void *key)
{
    const struct ov_question *question = list;
    const struct wanted_line *wanted = key;
    struct ov_view_row read = {0};
    if (*wanted->status == OV_OK)
        *wanted->status = ov_view_read(question->view, (uint32_t)row, &read, wanted->err);
    return *wanted->status == OV_OK && read.line < wanted->line;
}

/* The number of the first row at or after a line; one more than the last row if there is none. */
enum ov_status ov_answer_row_at(const struct ov_question *question, struct ov_json *json,
                                struct ov_error *err)
{
    enum ov_status status = OV_OK;
    struct wanted_line wanted = {ov_question_number(question, "line", UINT32_MAX), &status, err};
    size_t row = ov_lower_bound(question, 0, question->view->tree.rows, &wanted, is_before_line);
    if (status == OV_OK)
        ov_json_number(json, NULL, (uint64_t)row + 1);
    return status;
}

/* The nodes of rows whose identifier or name contains a text. */
enum ov_status ov_answer_find_rows(const struct ov_question *question, struct ov_json *json,
                                   struct ov_error *err)
{
    struct ov_view_filter filter = {
        .rule = -1, .severity = -1, .text = ov_question_param(question, "text"), .names = true};
    const struct ov_filtered *filtered = ov_filtered(question->view, &filter, err);
    if (!filtered)
        return err->status;
    ov_json_list(json, NULL);
    for (uint32_t i = 0; i < filtered->count && i < OV_REPLY_MAX_FOUND; i++)
        ov_json_number(json, NULL, ov_filtered_row(filtered, i));
    ov_json_end(json);
    return OV_OK;
}
