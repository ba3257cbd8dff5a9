/* payload/diff/snapshot.h: what a file means, kept to be compared: a row for each identifier, with
 * what the importer reads of it. */
#ifndef PAYLOAD_DIFF_SNAPSHOT_H
#define PAYLOAD_DIFF_SNAPSHOT_H

#include "payload/reread/payload_reader.h"
#include "payload/reread/rows.h"
#include "payload/reread/string_pack.h"

#define OV_NO_NODE UINT32_MAX /* no row of the snapshot */

struct ov_snapshot {
    const struct ov_importer *importer;
    const struct ov_check *check; /* while a CSV is read; NULL for a payload */
    struct ov_rows rows;
    struct ov_payload_reader *items; /* owned; while a payload is read */
    struct ov_string_pack texts;
    size_t *at; /* owned: per row, where its texts are: id, parent, then the importer's fields */
    uint8_t *broken; /* owned: per row */
    size_t capacity, broken_capacity;
    uint32_t count;
    uint32_t *slots; /* owned: open addressing by identifier, row + 1, 0 = free */
    size_t mask;
    uint64_t hash_key;
    uint64_t unnamed; /* rows that were left out: without an identifier, or with one that an earlier
                         row has */
    uint32_t *parent; /* owned: per row, the row above it or OV_NO_NODE; once it is finished */
    uint32_t *size;   /* owned: per row, itself and all below it; 1 on and above a cycle */
    uint32_t
        *order; /* owned: all rows, parents first; those on cycles, and above them, before all */
};

/* A row's texts; views that live as long as the snapshot, once it is finished. */
void ov_snapshot_get(const struct ov_snapshot *snapshot, uint32_t row, struct ov_kept *kept);
/* Bytes of memory that it takes, roughly. */
uint64_t ov_snapshot_size(const struct ov_snapshot *snapshot);
/* The row with this identifier, or OV_NO_NODE. */
uint32_t ov_snapshot_find(const struct ov_snapshot *snapshot, struct ov_text id);

/* Adds a row, unless it has no identifier or a known one. */
OV_MUST_USE enum ov_status ov_snapshot_add(struct ov_snapshot *snapshot, const struct ov_kept *kept,
                                           struct ov_error *err);

#endif
