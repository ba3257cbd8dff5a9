/* payload/emit/pending_rows.h: rows that must wait for another row (their parent), each with a copy
 * of its values. */
#ifndef PAYLOAD_EMIT_PENDING_ROWS_H
#define PAYLOAD_EMIT_PENDING_ROWS_H

#include "payload/reread/rows.h"
#include "payload/reread/string_pack.h"

/* A waiting row. */
struct ov_pending_row {
    size_t at; /* offset of its values in `texts` */
    ov_node node;
    uint32_t next; /* while it waits: index + 1 of the next one for the same parent, circular; once
                      it is ready: of the next ready one, 0: none */
};

/* {0} with `fields` set is empty. */
struct ov_pending_rows {
    size_t fields;  /* values kept per row besides id and parent */
    uint32_t *last; /* owned: per row of the file, index + 1 of the last one that waits for it, 0:
                       none; NULL until a row is added */
    struct ov_pending_row *rows; /* owned */
    size_t count, capacity;
    struct ov_string_pack texts; /* values of all rows ever added */
    uint32_t ready;              /* index + 1 of the first ready row; 0: none */
};

/* Frees everything. */
void ov_pending_rows_deinit(struct ov_pending_rows *waiting);

/* Keeps a copy of a row until `parent` is released; false when out of memory. node_count: rows of
 * the file. */
OV_MUST_USE bool ov_pending_rows_add(struct ov_pending_rows *waiting,
                                     const struct ov_values *values, ov_node parent,
                                     size_t node_count);
/* The parent has been passed on: the rows that waited for it become the next ready ones, in file
 * order. */
void ov_pending_rows_release(struct ov_pending_rows *waiting, ov_node parent);
/* Removes the next ready row and returns its values, whose texts are borrowed until a row is added.
 * False when no row is ready. */
bool ov_pending_rows_next(struct ov_pending_rows *waiting, struct ov_values *values);

#endif
