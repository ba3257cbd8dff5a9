/* draft/todo.c: see todo.h. */
#include "draft/todo.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "book/book_writer.h"
#include "draft/csv_line.h"
#include "payload/diff/diff.h"

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

/* The name of an item by its identifier; empty when it is not there. */
static struct ov_text name_by_id(const struct ov_snapshot *snapshot, struct ov_text id)
{
    struct ov_kept kept;
    uint32_t row = id.len ? ov_snapshot_find(snapshot, id) : OV_NO_NODE;
    if (row == OV_NO_NODE)
        return (struct ov_text){0};
    ov_snapshot_get(snapshot, row, &kept);
    return name_of(snapshot, &kept);
}

static enum ov_status each_change(const struct ov_compare *compare, uint32_t row,
                                  ov_todo_fn *on_todo, void *ctx, struct ov_error *err)
{
    const struct ov_diff *diff = compare->diff;
    unsigned what = diff->changes[row];
    struct ov_kept before, after;
    enum ov_status status = OV_OK;
    if (diff->was[row] == OV_NO_NODE || !what)
        return OV_OK;
    ov_snapshot_get(compare->before, diff->was[row], &before);
    ov_snapshot_get(compare->after, row, &after);
    struct ov_todo todo = {.id = after.id, .name = name_of(compare->after, &after)};
    if (what & OV_CHANGE_PARENT) {
        struct ov_todo moved = todo;
        moved.kind = OV_TODO_MOVE;
        moved.from = before.parent;
        moved.to = after.parent;
        moved.from_name = name_by_id(compare->before, before.parent);
        moved.to_name = name_by_id(compare->after, after.parent);
        status = on_todo(ctx, &moved, err);
    }
    if (status == OV_OK && what & OV_CHANGE_NAME) {
        struct ov_todo renamed = todo;
        renamed.kind = OV_TODO_RENAME;
        renamed.from = name_of(compare->before, &before);
        renamed.to = todo.name;
        status = on_todo(ctx, &renamed, err);
    }
    todo.kind = OV_TODO_CHANGE;
    return status == OV_OK && what & OV_CHANGE_FIELDS ? on_todo(ctx, &todo, err) : status;
}

enum ov_status ov_todo_each(const struct ov_compare *compare, ov_todo_fn *on_todo, void *ctx,
                            struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (uint32_t row = 0; row < compare->after->count && status == OV_OK; row++)
        status = each_change(compare, row, on_todo, ctx, err);
    for (uint32_t row = 0; row < compare->before->count && status == OV_OK; row++) {
        struct ov_kept gone;
        if (compare->diff->now[row] != OV_NO_NODE)
            continue;
        ov_snapshot_get(compare->before, row, &gone);
        const struct ov_todo todo = {
            .kind = OV_TODO_REMOVE, .id = gone.id, .name = name_of(compare->before, &gone)};
        status = on_todo(ctx, &todo, err);
    }
    return status;
}

/* --- JSON --- */

struct listed {
    struct ov_json *json;
    size_t most, count;
};

static enum ov_status put_json(void *ctx, const struct ov_todo *todo, struct ov_error *err)
{
    static const char *const kinds[OV_TODO_KINDS] = {"move", "rename", "change", "remove"};
    enum { CELL = 300 };
    struct listed *listed = ctx;
    struct ov_json *json = listed->json;
    (void)err;
    if (listed->count++ >= listed->most)
        return OV_OK;
    ov_json_object(json, NULL);
    ov_json_string(json, "kind", kinds[todo->kind]);
    ov_json_text(json, "id", ov_utf8_cut(todo->id, CELL));
    ov_json_text(json, "name", ov_utf8_cut(todo->name, CELL));
    ov_json_text(json, "from", ov_utf8_cut(todo->from, CELL));
    ov_json_text(json, "to", ov_utf8_cut(todo->to, CELL));
    ov_json_text(json, "from_name", ov_utf8_cut(todo->from_name, CELL));
    ov_json_text(json, "to_name", ov_utf8_cut(todo->to_name, CELL));
    ov_json_end(json);
    return OV_OK;
}

enum ov_status ov_todo_json(const struct ov_compare *compare, size_t most, struct ov_json *json,
                            struct ov_error *err)
{
    struct listed listed = {.json = json, .most = most};
    ov_json_object(json, NULL);
    ov_json_list(json, "todo");
    enum ov_status status = ov_todo_each(compare, put_json, &listed, err);
    ov_json_end(json);
    ov_json_number(json, "total", listed.count);
    ov_json_end(json);
    return status;
}

/* --- for people --- */

enum { COLUMNS = 7 };
static const char *const headings[COLUMNS] = {OV_N_("What to do"),
                                              OV_N_("Identifier"),
                                              OV_N_("Name"),
                                              OV_N_("From"),
                                              OV_N_("Name of that one"),
                                              OV_N_("To"),
                                              OV_N_("Name of this one")};
static const char *const kind_words[OV_TODO_KINDS] = {OV_N_("Move"), OV_N_("Rename"),
                                                      OV_N_("Change the details"), OV_N_("Remove")};

struct list {
    enum ov_language language;
    const struct ov_sink *out;
    struct ov_buf line;
    struct ov_book_sheet *sheet; /* NULL: CSV */
    size_t count;
};

static enum ov_status put_line(struct list *list, const struct ov_text cells[COLUMNS],
                               struct ov_error *err)
{
    if (list->sheet) {
        if (list->count >= OV_BOOK_LINES)
            return ov_fail(err, OV_E_OPTION,
                           "the list is too long for a workbook; download it as CSV");
        for (size_t i = 0; i < COLUMNS; i++)
            ov_sheet_put(list->sheet, list->count, i, cells[i],
                         list->count ? OV_STYLE_CELL : OV_STYLE_HEADING);
        list->count++;
        return OV_OK;
    }
    list->line.len = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        ov_csv_put_cell(&list->line, cells[i], ',', i > 0);
    ov_buf_string(&list->line, "\r\n");
    return list->line.failed
               ? ov_fail_memory(err)
               : list->out->write(list->out->ctx, list->line.ptr, list->line.len, err);
}

static enum ov_status put_todo(void *ctx, const struct ov_todo *todo, struct ov_error *err)
{
    struct list *list = ctx;
    const struct ov_text cells[COLUMNS] = {
        ov_text_of(ov_translate(list->language, kind_words[todo->kind])),
        todo->id,
        todo->name,
        todo->from,
        todo->from_name,
        todo->to,
        todo->to_name};
    return put_line(list, cells, err);
}

static enum ov_status put_list(const struct ov_compare *compare, struct list *list,
                               struct ov_error *err)
{
    struct ov_text heads[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        heads[i] = ov_text_of(ov_translate(list->language, headings[i]));
    enum ov_status status = put_line(list, heads, err);
    return status == OV_OK ? ov_todo_each(compare, put_todo, list, err) : status;
}

static enum ov_status write_workbook(const struct ov_compare *compare, struct list *list,
                                     struct ov_error *err)
{
    enum { WIDTH = 24 };
    struct ov_book_writer *writer = ov_book_writer_new(err);
    if (!writer)
        return err ? err->status : OV_E_MEMORY;
    list->sheet = ov_book_writer_sheet(
        writer, ov_text_of(ov_translate(list->language, OV_N_("To do by hand"))));
    enum ov_status status = list->sheet ? OV_OK : ov_fail_memory(err);
    for (size_t i = 0; i < COLUMNS && status == OV_OK; i++)
        ov_sheet_width(list->sheet, i, WIDTH);
    if (status == OV_OK) {
        ov_sheet_freeze(list->sheet, 1);
        status = put_list(compare, list, err);
    }
    if (status == OV_OK)
        status = ov_book_writer_end(writer, list->out, err);
    ov_book_writer_free(writer);
    return status;
}

enum ov_status ov_todo_write(const struct ov_compare *compare, enum ov_language language,
                             bool workbook, const struct ov_sink *out, struct ov_error *err)
{
    struct list list = {.language = language, .out = out};
    if (workbook)
        return write_workbook(compare, &list, err);
    enum ov_status status = out->write(out->ctx, OV_UTF8_MARK, strlen(OV_UTF8_MARK), err);
    if (status == OV_OK)
        status = put_list(compare, &list, err);
    ov_buf_deinit(&list.line);
    return status;
}

/* --- new rows --- */

enum ov_status ov_new_rows_write(struct ov_view *view, const struct ov_sink *out,
                                 struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    const struct ov_check_facts *facts = ov_check_facts(view->check);
    char delimiter = ov_check_result(view->check)->delimiter;
    struct ov_buf line = {0};
    if (delimiter <= 0)
        delimiter = ',';
    ov_buf_string(&line, OV_UTF8_MARK);
    for (size_t i = 0; i < facts->header_count; i++)
        ov_csv_put_cell(&line, ov_check_headers(view->check)[i], delimiter, i > 0);
    ov_buf_string(&line, "\r\n");
    enum ov_status status = OV_OK;
    for (uint32_t row = 0; row < view->tree.rows && status == OV_OK; row++) {
        struct ov_view_row read;
        if (view->compare && !ov_compare_is(view->compare, ov_forest_id(forest, row), OV_ADDED))
            continue;
        status = ov_view_read(view, row, &read, err);
        for (uint32_t i = 0; i < read.cells && status == OV_OK; i++)
            ov_csv_put_cell(&line, ov_view_cell(&read), delimiter, i > 0);
        ov_buf_string(&line, "\r\n");
        if (status == OV_OK && line.len > 64 * 1024) {
            status =
                line.failed ? ov_fail_memory(err) : out->write(out->ctx, line.ptr, line.len, err);
            line.len = 0;
        }
    }
    if (status != OV_OK) {
        ov_buf_deinit(&line);
        return status;
    }
    return ov_buf_write(&line, out, err);
}
