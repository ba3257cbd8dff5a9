/* payload/diff/snapshot.h: the content of a file kept for comparison: one row per identifier, with
 * the values that the importer reads. */
#ifndef PAYLOAD_DIFF_SNAPSHOT_H
#define PAYLOAD_DIFF_SNAPSHOT_H

#include "payload/reread/payload_reader.h"
#include "payload/reread/rows.h"
#include "payload/reread/string_pack.h"

#define OV_NO_NODE UINT32_MAX /* not a row of the snapshot */

struct ov_snapshot {
    const struct ov_importer *importer; /* NULL: not known yet */
    const struct ov_check *check;    /* borrowed; needed while a CSV is read; NULL for a payload */
    struct ov_rows rows;             /* while a CSV is read */
    struct ov_payload_reader *items; /* owned; NULL for a CSV */
    struct ov_string_pack texts;     /* of all rows */
    size_t *at; /* owned: per row, offset of its texts: id, parent, then the importer's fields */
    uint8_t *broken; /* owned: per row, whether it is broken */
    size_t capacity, broken_capacity;
    uint32_t count;  /* rows */
    uint32_t *slots; /* owned: open addressing by identifier, row + 1; 0: free */
    size_t mask;
    uint64_t hash_key; /* of the slots */
    uint64_t unnamed;  /* rows left out: without an identifier, or with a duplicate one */
    uint32_t *parent;  /* owned, once finished: per row, its parent or OV_NO_NODE */
    uint32_t *size;    /* owned, once finished: per row, rows in its subtree, itself included; other
                          rows on the same cycle do not count */
    uint32_t *order;   /* owned, once finished: all rows, parents first; rows on cycles come before
                          all others */
};

/* Returns a row's texts (row: from 0), borrowed until a row is added or the snapshot is freed. */
void ov_snapshot_get(const struct ov_snapshot *snapshot, uint32_t row, struct ov_kept *kept);
/* Approximate memory in use, in bytes. */
uint64_t ov_snapshot_size(const struct ov_snapshot *snapshot);
/* The row with this identifier, or OV_NO_NODE. */
uint32_t ov_snapshot_find(const struct ov_snapshot *snapshot, struct ov_text id);

#endif
