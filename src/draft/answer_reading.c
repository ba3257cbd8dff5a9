/* draft/answer_reading.c: answers questions about how a file is read: its first lines, among them
 * the header; its sheets; the encodings it may have; what its columns are. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "csv/reader.h"
#include "draft/question.h"
#include "draft/reply.h"

enum {
    LINES = 25,         /* lines shown, from the first */
    CELLS = 40,         /* cells of a line */
    CELL = 120,         /* bytes of a cell */
    LOOKED_AT = 1 << 20 /* bytes in which a sample is looked for */
};

/* What is read of the beginning of a file. */
struct head {
    struct ov_reader *reader;
    bool enough;
};

static enum ov_status feed(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    struct head *head = ctx;
    return ov_reader_feed(head->reader, bytes, len, err);
}

static void stop(struct head *head)
{
    head->enough = true;
    ov_reader_stop(head->reader);
}

/* Reads the beginning of the file until there is enough. */
static enum ov_status read_head(const struct ov_view *view, struct head *head,
                                const struct ov_read_options *options, ov_record_fn *on_record,
                                void *ctx, struct ov_error *err)
{
    bool workbook = ov_check_result(view->check)->is_workbook;
    head->reader = ov_reader_new(options, on_record, ctx, err);
    if (!head->reader)
        return err->status;
    enum ov_status status =
        ov_view_bytes(view, workbook ? UINT64_MAX : LOOKED_AT, &head->enough, feed, head, err);
    if (status == OV_OK && !head->enough)
        status = ov_reader_finish(head->reader, err);
    ov_reader_free(head->reader);
    return status;
}

/* --- lines --- */

struct lines {
    struct head head;
    struct ov_json *json;
    unsigned count;
};

static enum ov_status put_line(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct lines *lines = ctx;
    (void)err;
    if (lines->head.enough)
        return OV_OK;
    ov_json_object(lines->json, NULL);
    ov_json_number(lines->json, "line", record->place.line);
    ov_json_list(lines->json, "cells");
    for (size_t i = 0; i < record->kept && i < CELLS; i++)
        ov_json_text(lines->json, NULL, ov_utf8_cut(record->cells[i].text, CELL));
    ov_json_end(lines->json);
    ov_json_end(lines->json);
    if (++lines->count >= LINES)
        stop(&lines->head);
    return OV_OK;
}

/* The first lines as they are in the file, edits included. */
enum ov_status ov_answer_lines(const struct ov_question *question, struct ov_json *json,
                               struct ov_error *err)
{
    const struct ov_view *view = question->view;
    struct ov_read_options options = ov_check_choices(view->check)->read;
    struct lines lines = {.json = json};
    options.header_row = 0;
    options.delimiter = ov_check_result(view->check)->delimiter;
    ov_json_list(json, NULL);
    enum ov_status status = read_head(view, &lines.head, &options, put_line, &lines, err);
    ov_json_end(json);
    return status;
}

/* --- encodings --- */

struct sample {
    struct head head;
    struct ov_buf text;
    uint64_t line;
};

static enum ov_status take_sample(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct sample *sample = ctx;
    for (size_t i = 0; i < record->kept && !sample->head.enough; i++) {
        struct ov_text text = record->cells[i].text;
        if (ov_ascii_prefix(text) == text.len)
            continue;
        ov_buf_text(&sample->text, ov_utf8_cut(text, CELL));
        sample->line = record->place.line;
        stop(&sample->head);
    }
    return sample->text.failed ? ov_fail_memory(err) : OV_OK;
}

/* A candidate, with the first cell that shows whether it is right. */
static enum ov_status put_candidate(const struct ov_view *view, const char *name,
                                    struct ov_json *json, struct ov_error *err)
{
    struct ov_read_options options = {.encoding = name,
                                      .delimiter = ov_check_result(view->check)->delimiter};
    struct sample sample = {0};
    enum ov_status status = read_head(view, &sample.head, &options, take_sample, &sample, err);
    ov_json_object(json, NULL);
    ov_json_string(json, "name", name);
    ov_json_text(json, "sample", ov_buf_view(&sample.text));
    ov_json_number(json, "line", sample.line);
    ov_json_end(json);
    ov_buf_deinit(&sample.text);
    return status;
}

static enum ov_status put_encodings(const struct ov_view *view, struct ov_json *json,
                                    struct ov_error *err)
{
    const struct ov_check_result *result = ov_check_result(view->check);
    enum ov_status status = OV_OK;
    const char *name;
    ov_json_bool(json, "encoding_sure", result->encoding_sure || result->is_workbook);
    ov_json_list(json, "encodings");
    for (size_t i = 0; !result->is_workbook && status == OV_OK &&
                       (name = ov_check_likely_encoding(view->check, i)) != NULL;
         i++)
        status = put_candidate(view, name, json, err);
    ov_json_end(json);
    return status;
}

/* --- sheets --- */

static void put_sheet(void *ctx, struct ov_text name, bool visible)
{
    struct ov_json *json = ctx;
    ov_json_object(json, NULL);
    ov_json_text(json, "name", name);
    ov_json_bool(json, "visible", visible);
    ov_json_end(json);
}

/* --- columns --- */

static void put_choices(const struct ov_check *check, struct ov_json *json)
{
    static const char *const states[] = {[OV_COLUMN_NONE] = "none",
                                         [OV_COLUMN_MAPPED] = "mapped",
                                         [OV_COLUMN_PROPOSED] = "proposed"};
    struct ov_column_choice choice;
    ov_json_list(json, "choices");
    for (size_t i = 0; ov_check_column(check, i, &choice); i++) {
        ov_json_object(json, NULL);
        ov_json_string(json, "field", choice.field);
        ov_json_string(json, "state", states[choice.state]);
        if (choice.state != OV_COLUMN_NONE)
            ov_json_text(json, "column", choice.column);
        if (choice.by[0])
            ov_json_string(json, "by", choice.by[0]);
        ov_json_number(json, "percent", choice.percent);
        ov_json_nonempty(json, "reason", choice.reason);
        ov_json_end(json);
    }
    ov_json_end(json);
}

static void put_layout(const struct ov_check *check, struct ov_json *json)
{
    struct ov_text column;
    ov_json_nonempty(json, "parents", ov_check_proposed_parents(check));
    ov_json_list(json, "fill");
    for (size_t i = 0; ov_check_proposed_fill(check, i, &column); i++)
        ov_json_text(json, NULL, column);
    ov_json_end(json);
}

/* How the file is read, and how else it could be. */
enum ov_status ov_answer_reading(const struct ov_question *question, struct ov_json *json,
                                 struct ov_error *err)
{
    struct ov_view *view = question->view;
    const struct ov_check_result *result = ov_check_result(view->check);
    ov_json_object(json, NULL);
    ov_json_number(json, "header_row", result->header_row);
    ov_json_bool(json, "workbook", result->is_workbook);
    ov_json_nonempty(json, "sheet", result->sheet);
    ov_json_list(json, "sheets");
    enum ov_status status = OV_OK;
    if (result->is_workbook)
        status = ov_workbook_sheets(&view->source, view->size, 0, put_sheet, json, err);
    ov_json_end(json);
    if (status == OV_OK)
        status = put_encodings(view, json, err);
    ov_json_bool(json, "provisional", result->provisional);
    ov_json_number(json, "left_out", result->left_out);
    put_choices(view->check, json);
    put_layout(view->check, json);
    ov_json_end(json);
    return status;
}
