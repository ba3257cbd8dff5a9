/* draft/answer_rows.c: answers questions about the rows of a file. */
#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
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

/* The columns of the cells that edits have set. */
static void put_edited(struct ov_view_row *row, struct ov_json *json)
{
    ov_json_list(json, "edited");
    for (uint32_t i = 0; i < row->cells && i < OV_REPLY_MAX_COLUMNS; i++) {
        ov_view_cell(row);
        if (row->edited)
            ov_json_number(json, NULL, i);
    }
    ov_json_end(json);
}

static enum ov_status put_row(struct ov_view *view, uint32_t row, size_t most, struct ov_json *json,
                              struct ov_error *err)
{
    struct ov_view_row read;
    enum ov_status status = ov_view_read(view, row, &read, err);
    struct ov_view_row again;
    bool cut = false, edited = false;
    if (status != OV_OK)
        return status;
    ov_json_object(json, NULL);
    ov_json_number(json, "row", (uint64_t)row + 1);
    ov_json_number(json, "line", read.line);
    if (read.key)
        ov_json_signed(json, "key", read.key);
    again = read;
    ov_json_list(json, "cells");
    for (uint32_t i = 0; i < read.cells && i < OV_REPLY_MAX_COLUMNS; i++) {
        struct ov_text cell = ov_view_cell(&read), some = ov_utf8_cut(cell, most);
        ov_json_text(json, NULL, some);
        cut |= some.len < cell.len;
        edited |= read.edited;
    }
    ov_json_end(json);
    if (edited)
        put_edited(&again, json);
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

/* The nodes of rows whose identifier or name (`all`: any cell) contains a text. */
enum ov_status ov_answer_find_rows(const struct ov_question *question, struct ov_json *json,
                                   struct ov_error *err)
{
    struct ov_view_filter filter = {.rule = -1,
                                    .severity = -1,
                                    .text = ov_question_param(question, "text"),
                                    .names = ov_question_param(question, "all").len == 0};
    const struct ov_filtered *filtered = ov_filtered(question->view, &filter, err);
    if (!filtered)
        return err->status;
    ov_json_list(json, NULL);
    for (uint32_t i = 0; i < filtered->count && i < OV_REPLY_MAX_FOUND; i++)
        ov_json_number(json, NULL, ov_filtered_row(filtered, i));
    ov_json_end(json);
    return OV_OK;
}

/* A row whose cell contains a text, by what the cell is. */
struct match {
    uint64_t hash;
    uint32_t row;
};

static int by_hash(const void *a, const void *b)
{
    const struct match *one = a, *other = b;
    if (one->hash != other->hash)
        return one->hash < other->hash ? -1 : 1;
    return one->row < other->row ? -1 : 1;
}

/* Finds the rows whose cell in a column is a text or, unless `whole`, contains it. */
static enum ov_status find_matches(const struct ov_question *question, int column,
                                   struct match **matches, size_t *count, struct ov_error *err)
{
    struct ov_text text = ov_question_param(question, "text");
    bool whole = ov_question_param(question, "whole").len > 0;
    enum ov_status status = OV_OK;
    size_t capacity = 0;
    for (uint32_t row = 0; row < ov_view_file_rows(question->view) && status == OV_OK; row++) {
        struct ov_view_row read;
        status = ov_view_read(question->view, row, &read, err);
        if (status != OV_OK)
            break;
        struct ov_text cell = ov_view_column(&read, column);
        if (whole ? !ov_text_equal(cell, text) : !text.len || ov_text_find(cell, text) == cell.len)
            continue;
        if (!ov_grow(matches, &capacity, *count + 1, sizeof **matches))
            return ov_fail_memory(err);
        (*matches)[(*count)++] = (struct match){ov_hash(cell, 0), row};
    }
    if (*count)
        qsort(*matches, *count, sizeof **matches, by_hash);
    return status;
}

/* The values of a column that contain a text, each once; `total`: of all, also beyond those listed;
 * `rows`: with one of them. */
enum ov_status ov_answer_values(const struct ov_question *question, struct ov_json *json,
                                struct ov_error *err)
{
    int column = (int)ov_question_number(question, "column", INT32_MAX);
    struct match *matches = NULL;
    size_t count = 0, total = 0;
    enum ov_status status = find_matches(question, column, &matches, &count, err);
    ov_json_object(json, NULL);
    ov_json_list(json, "values");
    for (size_t i = 0; i < count && status == OV_OK; i++) {
        struct ov_view_row read;
        if (i && matches[i].hash == matches[i - 1].hash)
            continue;
        if (total++ >= OV_REPLY_MAX_FOUND)
            continue;
        status = ov_view_read(question->view, matches[i].row, &read, err);
        if (status == OV_OK)
            ov_json_text(json, NULL, ov_view_column(&read, column));
    }
    ov_json_end(json);
    ov_json_number(json, "total", total);
    ov_json_number(json, "rows", count);
    ov_json_end(json);
    free(matches);
    return status;
}
