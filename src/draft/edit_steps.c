/* draft/edit_steps.c: see edit_steps.h. */
#include "draft/edit_steps.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static enum ov_status refuse(struct ov_error *err)
{
    return ov_fail(err, OV_E_OPTION, "the edits are not valid");
}

/* The element of an edit at an index, if it is a whole number between two others. */
static bool number_at(const cJSON *edit, int index, double least, double most, int64_t *number)
{
    const cJSON *item = cJSON_GetArrayItem(edit, index);
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= least && item->valuedouble <= most) ||
        item->valuedouble != (double)(int64_t)item->valuedouble)
        return false;
    *number = (int64_t)item->valuedouble;
    return true;
}

#define ROW_MOST 9e15 /* whole numbers up to this are exact */

static bool row_at(const cJSON *edit, int index, int64_t *row)
{
    return number_at(edit, index, -ROW_MOST, ROW_MOST, row) && *row != 0;
}

static bool column_at(const cJSON *edit, int index, uint32_t *column)
{
    int64_t number;
    if (!number_at(edit, index, 0, UINT32_MAX, &number))
        return false;
    *column = (uint32_t)number;
    return true;
}

static bool text_at(const cJSON *edit, int index, struct ov_text *text)
{
    const char *string = cJSON_GetStringValue(cJSON_GetArrayItem(edit, index));
    if (string)
        *text = ov_text_of(string);
    return string != NULL;
}

static enum ov_status add_set(struct ov_row_edits *edits, const cJSON *edit, struct ov_error *err)
{
    int64_t row;
    uint32_t column;
    struct ov_text text;
    if (!row_at(edit, 1, &row) || !column_at(edit, 2, &column) || !text_at(edit, 3, &text))
        return refuse(err);
    return ov_row_edits_set(edits, row, column, text, err);
}

static enum ov_status add_replace(struct ov_row_edits *edits, const cJSON *edit,
                                  struct ov_error *err)
{
    uint32_t column;
    struct ov_text from, to;
    if (!column_at(edit, 1, &column) || !text_at(edit, 2, &from) || !text_at(edit, 3, &to))
        return refuse(err);
    return ov_row_edits_replace(edits, column, from, to, err);
}

static enum ov_status add_remove(struct ov_row_edits *edits, const cJSON *edit,
                                 struct ov_error *err)
{
    int64_t row;
    return row_at(edit, 1, &row) ? ov_row_edits_remove(edits, row, err) : refuse(err);
}

static enum ov_status add_restore(struct ov_row_edits *edits, const cJSON *edit,
                                  struct ov_error *err)
{
    int64_t row;
    return row_at(edit, 1, &row) ? ov_row_edits_restore(edits, row, err) : refuse(err);
}

static enum ov_status add_keep(struct ov_row_edits *edits, const cJSON *edit, struct ov_error *err)
{
    int64_t row;
    return row_at(edit, 1, &row) ? ov_row_edits_keep(edits, row, err) : refuse(err);
}

static enum ov_status add_row(struct ov_row_edits *edits, const cJSON *edit, struct ov_error *err)
{
    int64_t after;
    const cJSON *list = cJSON_GetArrayItem(edit, 2), *cell;
    size_t count = cJSON_IsArray(list) ? (size_t)cJSON_GetArraySize(list) : 0, i = 0;
    if (!number_at(edit, 1, 0, ROW_MOST, &after) || !cJSON_IsArray(list))
        return refuse(err);
    struct ov_text *cells = calloc(count + 1, sizeof *cells);
    if (!cells)
        return ov_fail_memory(err);
    cJSON_ArrayForEach(cell, list)
    {
        const char *string = cJSON_GetStringValue(cell);
        if (!string)
            break;
        cells[i++] = ov_text_of(string);
    }
    enum ov_status status =
        i == count ? ov_row_edits_add(edits, (uint64_t)after, cells, count, err) : refuse(err);
    free(cells);
    return status;
}

static enum ov_status add_edit(struct ov_row_edits *edits, const cJSON *edit, struct ov_error *err)
{
    static const struct {
        const char *name;
        int length;
        enum ov_status (*add)(struct ov_row_edits *edits, const cJSON *edit, struct ov_error *err);
    } kinds[] = {{"set", 4, add_set},       {"replace", 4, add_replace},
                 {"remove", 2, add_remove}, {"restore", 2, add_restore},
                 {"keep", 2, add_keep},     {"add", 3, add_row}};
    struct ov_text name;
    for (size_t i = 0; text_at(edit, 0, &name) && i < sizeof kinds / sizeof *kinds; i++)
        if (ov_text_equal(name, ov_text_of(kinds[i].name)) &&
            cJSON_GetArraySize(edit) == kinds[i].length)
            return kinds[i].add(edits, edit, err);
    return refuse(err);
}

/* Whether text is JSON that can be passed on as it is, and whose texts this parser keeps whole: it
 * ends them at an escaped NUL. */
static bool is_clean(struct ov_text json)
{
    bool incomplete = false, escaped = false;
    for (size_t i = 0; i < json.len; i++) {
        if ((unsigned char)json.ptr[i] < 0x20)
            return false;
        if (escaped && json.len - i > 4 && memcmp(json.ptr + i, "u0000", 5) == 0)
            return false;
        escaped = !escaped && json.ptr[i] == '\\';
    }
    return ov_utf8_valid_prefix(json, &incomplete) == json.len;
}

/* NULL: it is not JSON. */
static cJSON *parse(struct ov_text json)
{
    const char *end = NULL;
    cJSON *step = json.len && is_clean(json)
                      ? cJSON_ParseWithLengthOpts(json.ptr, json.len, &end, false)
                      : NULL;
    if (step && end != json.ptr + json.len) {
        cJSON_Delete(step);
        return NULL;
    }
    return step;
}

enum ov_status ov_edit_step_add(struct ov_row_edits *edits, struct ov_text json,
                                struct ov_error *err)
{
    enum ov_status status = OV_OK;
    cJSON *step = parse(json);
    const cJSON *edit;
    if (!cJSON_IsArray(step))
        status = refuse(err);
    cJSON_ArrayForEach(edit, step)
    {
        if (status == OV_OK)
            status = cJSON_IsArray(edit) ? add_edit(edits, edit, err) : refuse(err);
    }
    cJSON_Delete(step);
    return status;
}

enum ov_status ov_edit_step_print(struct ov_text json, struct ov_buf *out, struct ov_error *err)
{
    cJSON *step = parse(json);
    if (!step)
        return refuse(err);
    char *text = cJSON_PrintUnformatted(step);
    if (text)
        ov_buf_string(out, text);
    cJSON_free(text);
    cJSON_Delete(step);
    return text && !out->failed ? OV_OK : ov_fail_memory(err);
}
