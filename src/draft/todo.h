/* draft/todo.h: what an import cannot do, since it only adds: the changes of a file against the
 * framework that are to be made by hand. */
#ifndef DRAFT_TODO_H
#define DRAFT_TODO_H

#include "draft/compare.h"

enum ov_todo_kind { OV_TODO_MOVE, OV_TODO_RENAME, OV_TODO_CHANGE, OV_TODO_REMOVE, OV_TODO_KINDS };

/* One thing to do. Texts are borrowed until the next one. */
struct ov_todo {
    enum ov_todo_kind kind;
    struct ov_text id, name; /* of the item, as in the file; removed: as in the framework */
    struct ov_text from, to; /* moved: the parents' identifiers; renamed: the names; else empty */
    struct ov_text from_name, to_name; /* moved: the parents' names; empty: not known, or none */
};
typedef enum ov_status ov_todo_fn(void *ctx, const struct ov_todo *todo, struct ov_error *err);
/* Calls on_todo with each: moves, renames, changes in file order, then removals. Returns the first
 * failure of on_todo. */
OV_MUST_USE enum ov_status ov_todo_each(const struct ov_compare *compare, ov_todo_fn *on_todo,
                                        void *ctx, struct ov_error *err);

/* Writes the list as JSON: `total`, and `todo`, the first `most`: objects with `kind` (move …) and
 * the members of ov_todo. */
OV_MUST_USE enum ov_status ov_todo_json(const struct ov_compare *compare, size_t most,
                                        struct ov_json *json, struct ov_error *err);
/* Writes the list for people: as CSV with a UTF-8 mark, or as a workbook. */
OV_MUST_USE enum ov_status ov_todo_write(const struct ov_compare *compare,
                                         enum ov_language language, bool workbook,
                                         const struct ov_sink *out, struct ov_error *err);

/* Writes the rows of the file that the framework does not have, with the file's own columns, as
 * CSV for people. */
OV_MUST_USE enum ov_status ov_new_rows_write(struct ov_view *view, const struct ov_sink *out,
                                             struct ov_error *err);

#endif
