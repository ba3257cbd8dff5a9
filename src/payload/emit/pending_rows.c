/* payload/emit/pending_rows.c: see pending_rows.h. */
#include "payload/emit/pending_rows.h"

#include <stdlib.h>

void ov_pending_rows_deinit(struct ov_pending_rows *waiting)
{
    free(waiting->last);
    free(waiting->rows);
    ov_string_pack_deinit(&waiting->texts);
    *waiting = (struct ov_pending_rows){0};
}

bool ov_pending_rows_add(struct ov_pending_rows *waiting, const struct ov_values *values,
                         ov_node parent, size_t node_count)
{
    if (!waiting->last && !(waiting->last = calloc(node_count, sizeof *waiting->last)))
        return false;
    if (!ov_grow(&waiting->rows, &waiting->capacity, waiting->count + 1, sizeof *waiting->rows))
        return false;
    struct ov_pending_row *row = &waiting->rows[waiting->count];
    *row = (struct ov_pending_row){.at = waiting->texts.len, .node = values->node};
    bool ok = ov_string_pack_put(&waiting->texts, values->id) &&
              ov_string_pack_put(&waiting->texts, values->parent);
    for (size_t i = 0; ok && i < waiting->fields; i++)
        ok = ov_string_pack_put(&waiting->texts, values->fields[i]);
    if (!ok)
        return false;
    uint32_t index = (uint32_t)++waiting->count, *last = &waiting->last[parent];
    if (*last) { /* a circular list: the last one points to the first */
        row->next = waiting->rows[*last - 1].next;
        waiting->rows[*last - 1].next = index;
    } else {
        row->next = index;
    }
    *last = index;
    return true;
}

void ov_pending_rows_release(struct ov_pending_rows *waiting, ov_node parent)
{
    uint32_t last = waiting->last ? waiting->last[parent] : 0;
    if (!last)
        return;
    uint32_t first = waiting->rows[last - 1].next;
    waiting->rows[last - 1].next = waiting->ready;
    waiting->ready = first;
}

bool ov_pending_rows_next(struct ov_pending_rows *waiting, struct ov_values *values)
{
    if (!waiting->ready)
        return false;
    const struct ov_pending_row *row = &waiting->rows[waiting->ready - 1];
    size_t at = row->at;
    values->node = row->node;
    values->id = ov_string_pack_take(&waiting->texts, &at);
    values->parent = ov_string_pack_take(&waiting->texts, &at);
    for (size_t i = 0; i < waiting->fields; i++)
        values->fields[i] = ov_string_pack_take(&waiting->texts, &at);
    waiting->ready = row->next;
    return true;
}
