/* payload/emit/pending_rows.h: rows whose parents have not come yet, each with a copy of its
 * values. Of a file in which parents stand first there are none. */
#ifndef PAYLOAD_EMIT_PENDING_ROWS_H
#define PAYLOAD_EMIT_PENDING_ROWS_H

#include "payload/reread/rows.h"
#include "payload/reread/string_pack.h"

struct ov_pending_row {
    size_t at; /* of its values in the texts */
    ov_node node;
    uint32_t next; /* index + 1 of the next one, 0: none; of the last one of a parent: its first */
};

struct ov_pending_rows {
    size_t fields; /* of the importer */
    uint32_t
        *last; /* owned: per row, index + 1 of the last one that waits for it; NULL: none does */
    struct ov_pending_row *rows; /* owned */
    size_t count, capacity;
    struct ov_string_pack texts;
    uint32_t ready; /* index + 1 of the first one whose parent has come */
};

void ov_pending_rows_deinit(struct ov_pending_rows *waiting);

/* Keeps a row until its parent comes; false when there is no memory. node_count: rows of the
 * file. */
OV_MUST_USE bool ov_pending_rows_add(struct ov_pending_rows *waiting,
                                     const struct ov_values *values, ov_node parent,
                                     size_t node_count);
/* The parent has come: those that waited for it are the next ones that are ready, in file order. */
void ov_pending_rows_release(struct ov_pending_rows *waiting, ov_node parent);
/* Takes the next row that is ready; its texts live until a row is added. False: there is none. */
bool ov_pending_rows_next(struct ov_pending_rows *waiting, struct ov_values *values);

#endif
