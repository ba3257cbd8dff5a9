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
    const struct ov_forest *forest = ov_check_forest(check);
    ov_node node = (ov_node)(record->row - 1);
    values->node = node;
    values->id = cell_of(record, ov_check_facts(check)->id_column);
    if (values->id.len == 0) /* it may have been made */
        values->id = ov_forest_id(forest, node);
    values->parent = (struct ov_text){0};
    ov_node parent = ov_check_facts(check)->tree ? forest->parent[node] : OV_NODE_NONE;
    if (ov_node_is_row(parent))
        values->parent = ov_forest_id(forest, parent);
    else if (ov_node_is_name(parent) &&
             !(ov_check_facts(check)->reroots && ov_forest_is_missing(forest, parent)))
        values->parent = ov_forest_name(forest, parent);
    for (size_t i = 0; i < importer->field_count; i++) {
        const struct ov_bound_field *bound = &ov_check_binding(check)->fields[i];
        struct ov_text cell = cell_of(record, bound->column);
        if (cell.len == 0)
            cell =
                bound->fallback ? bound->fallback->value : ov_text_of(importer->fields[i].fallback);
        values->fields[i] = cell;
    }
    int id = ov_importer_kind(importer, OV_FIELD_ID);
    int id_column = ov_check_binding(check)->fields[id].column;
    /* if idnumber is not mapped, it is the identifier; if it is, that may have been made */
    if (id_column < 0 || id_column == ov_check_facts(check)->id_column)
        values->fields[id] = values->id;
    values->fields[ov_importer_kind(importer, OV_FIELD_PARENT)] = values->parent;
}

/* Passes on a row; read: the record as its layout means it. */
static enum ov_status pass_row(struct ov_rows *rows, const struct ov_record *record,
                               const struct ov_record *read, struct ov_error *err)
{
    struct ov_values values;
    if (++rows->count > ov_check_rows(rows->check))
        return changed(err);
    if (!ov_check_facts(rows->check)->bound)
        return rows->on_row(rows->ctx, record, NULL, err);
    read_values(rows->check, read, &values);
    return rows->on_row(rows->ctx, record, &values, err);
}

static bool is_laid_out(const struct ov_rows *rows)
{
    return ov_check_facts(rows->check)->bound && !ov_layout_is_plain(ov_check_layout(rows->check));
}

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct ov_rows *rows = ctx;
    struct ov_record own = *record;
    struct ov_read_row read;
    uint64_t row = 0;
    rows->line = OV_LINE_ROW;
    if (record->row > 0) {
        rows->line = ov_row_map_next(ov_check_row_map(rows->check), &rows->cursor,
                                     (uint64_t)record->row, &row);
        own.row = rows->line == OV_LINE_ROW ? (int64_t)row : -1;
        if (is_laid_out(rows) && (rows->line == OV_LINE_ROW || rows->line > OV_LINE_LEFT)) {
            enum ov_status status = ov_row_reader_read(&rows->row_reader, &own, &read, err);
            if (status != OV_OK || own.row > 0)
                return status == OV_OK ? pass_row(rows, &own, &read.record, err) : status;
        }
    }
    if (own.row > 0)
        return pass_row(rows, &own, &own, err);
    return rows->every ? rows->on_row(rows->ctx, &own, NULL, err) : OV_OK;
}

/* Passes on the rows that were made of paths. */
static enum ov_status pass_made(struct ov_rows *rows, struct ov_error *err)
{
    const struct ov_check *check = rows->check;
    const struct ov_units *units = ov_check_units(check);
    struct ov_made_record made = {0};
    enum ov_status status = OV_OK;
    uint64_t count = ov_check_rows(check);
    for (uint64_t row = count - ov_check_made(check); row < count && status == OV_OK; row++) {
        if (!ov_made_record_set(&made, units, units->of_row[row], ov_check_facts(check)->columns,
                                ov_check_facts(check)->name_column)) {
            status = ov_fail_memory(err);
            break;
        }
        made.record.row = (int64_t)row + 1;
        status = pass_row(rows, &made.record, &made.record, err);
    }
    ov_made_record_deinit(&made);
    return status;
}

enum ov_status ov_rows_init(struct ov_rows *rows, const struct ov_check *check,
                            ov_values_fn *on_row, void *ctx, struct ov_error *err)
{
    *rows = (struct ov_rows){.check = check, .on_row = on_row, .ctx = ctx};
    if (!ov_check_can_reread(check))
        return ov_fail(err, OV_E_STATE, "the file must be vetted first, with `keep_for_reread`");
    rows->sha = ov_sha256_new();
    if (!rows->sha || !ov_row_reader_init(&rows->row_reader, ov_check_layout(check)))
        return ov_fail_memory(err);
    rows->reader = ov_reader_new(&ov_check_choices(check)->read, on_record, rows, err);
    return rows->reader ? OV_OK : OV_E_MEMORY;
}

void ov_rows_deinit(struct ov_rows *rows)
{
    ov_reader_free(rows->reader);
    ov_row_reader_deinit(&rows->row_reader);
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
    if (status == OV_OK)
        status = ov_rows_unchanged(rows->check, rows->sha, err);
    return status == OV_OK && !rows->every ? pass_made(rows, err) : status;
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
