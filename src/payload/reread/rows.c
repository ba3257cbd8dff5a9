/* payload/reread/rows.c: see rows.h. */
#include "payload/reread/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "vet/check_access.h"

static enum ov_status changed(struct ov_error *err)
{
    return ov_fail(err, OV_E_IO,
                   "the file changed while it was being read; none of it can be used");
}

enum ov_status ov_rows_unchanged(const struct ov_check *check, struct ov_sha256 *sha,
                                 struct ov_error *err)
{
    char hex[OV_SHA256_HEX];
    ov_sha256_hex(sha, hex);
    return strcmp(hex, ov_check_sha256(check)) == 0 ? OV_OK : changed(err);
}

static struct ov_text cell_of(const struct ov_record *record, int column)
{
    if (column < 0 || (size_t)column >= record->kept)
        return (struct ov_text){0};
    return record->cells[column].text;
}

static void read_values(const struct ov_check *check, const struct ov_record *record,
                        struct ov_values *values)
{
    const struct ov_importer *importer = ov_check_binding(check)->importer;
    ov_node node = (ov_node)(record->row - 1);
    values->node = node;
    values->id = cell_of(record, ov_check_facts(check)->id_column);
    values->parent = (struct ov_text){0};
    ov_node parent =
        ov_check_facts(check)->tree ? ov_check_forest(check)->parent[node] : OV_NODE_NONE;
    if (parent != OV_NODE_NONE &&
        !(ov_check_facts(check)->reroots && ov_forest_is_missing(ov_check_forest(check), parent)))
        values->parent = cell_of(record, ov_check_facts(check)->parent_column);
    for (size_t i = 0; i < importer->field_count; i++) {
        const struct ov_bound_field *bound = &ov_check_binding(check)->fields[i];
        struct ov_text cell = cell_of(record, bound->column);
        if (cell.len == 0)
            cell =
                bound->fallback ? bound->fallback->value : ov_text_of(importer->fields[i].fallback);
        values->fields[i] = cell;
    }
    int id = ov_importer_kind(importer, OV_FIELD_ID);
    if (ov_check_binding(check)->fields[id].column <
        0) /* if idnumber is not mapped, it is the identifier */
        values->fields[id] = values->id;
    values->fields[ov_importer_kind(importer, OV_FIELD_PARENT)] = values->parent;
}

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct ov_rows *rows = ctx;
    struct ov_values values;
    struct ov_record own = *record;
    uint64_t row = 0;
    rows->line = OV_LINE_ROW;
    if (record->row > 0) {
        rows->line = ov_row_map_next(ov_check_row_map(rows->check), &rows->cursor,
                                     (uint64_t)record->row, &row);
        own.row = rows->line == OV_LINE_ROW ? (int64_t)row : -1;
        record = &own;
    }
    if (record->row <= 0)
        return rows->every ? rows->on_row(rows->ctx, record, NULL, err) : OV_OK;
    if (++rows->count > ov_check_rows(rows->check))
        return changed(err);
    if (!ov_check_facts(rows->check)->bound)
        return rows->on_row(rows->ctx, record, NULL, err);
    read_values(rows->check, record, &values);
    return rows->on_row(rows->ctx, record, &values, err);
}

enum ov_status ov_rows_init(struct ov_rows *rows, const struct ov_check *check,
                            ov_values_fn *on_row, void *ctx, struct ov_error *err)
{
    *rows = (struct ov_rows){.check = check, .on_row = on_row, .ctx = ctx};
    if (!ov_check_can_reread(check))
        return ov_fail(err, OV_E_STATE, "the file must be vetted first, with `keep_for_reread`");
    rows->sha = ov_sha256_new();
    if (!rows->sha)
        return ov_fail_memory(err);
    rows->reader = ov_reader_new(&ov_check_choices(check)->read, on_record, rows, err);
    return rows->reader ? OV_OK : OV_E_MEMORY;
}

void ov_rows_deinit(struct ov_rows *rows)
{
    ov_reader_free(rows->reader);
    ov_sha256_free(rows->sha);
    *rows = (struct ov_rows){0};
}

enum ov_status ov_rows_feed(struct ov_rows *rows, const void *bytes, size_t len,
                            struct ov_error *err)
{
    ov_sha256_add(rows->sha, bytes, len);
    return ov_reader_feed(rows->reader, bytes, len, err);
}

enum ov_status ov_rows_finish(struct ov_rows *rows, struct ov_error *err)
{
    enum ov_status status = ov_reader_finish(rows->reader, err);
    return status == OV_OK ? ov_rows_unchanged(rows->check, rows->sha, err) : status;
}

enum ov_status ov_rows_read(struct ov_rows *rows, const struct ov_source *source,
                            struct ov_error *err)
{
    static const size_t piece = 64 * 1024;
    char *bytes = malloc(piece);
    enum ov_status status = bytes ? OV_OK : ov_fail_memory(err);
    size_t got = 1;
    for (uint64_t at = 0; status == OV_OK && got; at += got) {
        got = source->read_at(source->ctx, at, bytes, piece);
        status = ov_rows_feed(rows, bytes, got, err);
    }
    free(bytes);
    return status == OV_OK ? ov_rows_finish(rows, err) : status;
}
