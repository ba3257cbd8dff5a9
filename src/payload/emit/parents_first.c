/* payload/emit/parents_first.c: see parents_first.h. */
#include "payload/emit/parents_first.h"

#include <stdlib.h>

#include "base/error.h"
#include "vet/check_access.h"

static enum ov_status emit_row(struct ov_parents_first *ordered, const struct ov_values *values,
                               struct ov_error *err)
{
    enum ov_status status = ordered->on_item(ordered->ctx, values, err);
    if (status != OV_OK)
        return status;
    ordered->states[values->node] = OV_ROW_EMITTED;
    ov_pending_rows_release(&ordered->waiting, values->node);
    return OV_OK;
}

static enum ov_status on_row(void *ctx, const struct ov_record *record,
                             const struct ov_values *values, struct ov_error *err)
{
    struct ov_parents_first *ordered = ctx;
    const struct ov_forest *forest = ov_check_forest(ordered->rows.check);
    enum ov_row_state state = (enum ov_row_state)ordered->states[record->row - 1];
    if (state != OV_ROW_SOUND)
        return ordered->on_held ? ordered->on_held(ordered->ctx, record, state, err) : OV_OK;
    ov_node parent = forest->parent[values->node];
    if (ov_node_is_row(parent) && ordered->states[parent] != OV_ROW_EMITTED)
        return ov_pending_rows_add(&ordered->waiting, values, parent, forest->count)
                   ? OV_OK
                   : ov_fail_memory(err);
    enum ov_status status = emit_row(ordered, values, err);
    struct ov_values waited;
    while (status == OV_OK && ov_pending_rows_next(&ordered->waiting, &waited))
        status = emit_row(ordered, &waited, err);
    return status;
}

enum ov_status ov_parents_first_init(struct ov_parents_first *ordered, const struct ov_check *check,
                                     ov_parents_first_fn *on_item, ov_held_fn *on_held, void *ctx,
                                     struct ov_error *err)
{
    struct ov_soundness soundness;
    *ordered = (struct ov_parents_first){.on_item = on_item, .on_held = on_held, .ctx = ctx};
    enum ov_status status = ov_rows_init(&ordered->rows, check, on_row, ordered, err);
    if (status == OV_OK)
        status = ov_importable_find(check, &ordered->states, &soundness, err);
    if (status == OV_OK && ov_check_facts(check)->bound)
        ordered->waiting.fields = ov_check_binding(check)->importer->field_count;
    return status;
}

void ov_parents_first_deinit(struct ov_parents_first *ordered)
{
    ov_rows_deinit(&ordered->rows);
    ov_pending_rows_deinit(&ordered->waiting);
    free(ordered->states);
    *ordered = (struct ov_parents_first){0};
}

enum ov_status ov_parents_first_feed(struct ov_parents_first *ordered, const void *bytes,
                                     size_t len, struct ov_error *err)
{
    return ov_rows_feed(&ordered->rows, bytes, len, err);
}

enum ov_status ov_parents_first_finish(struct ov_parents_first *ordered, struct ov_error *err)
{
    return ov_rows_finish(&ordered->rows, err);
}
