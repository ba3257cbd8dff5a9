/* payload/reread/payload_reader.h: a push parser for emitted payloads (json or ndjson): bytes in,
 * items out. */
#ifndef PAYLOAD_REREAD_PAYLOAD_READER_H
#define PAYLOAD_REREAD_PAYLOAD_READER_H

#include "base/mem.h"
#include "orgvet/payload.h"
#include "mapping/importer.h"

/* An item's texts; borrowed until the callback returns. */
struct ov_kept {
    struct ov_text id, parent; /* parent: an identifier, may be the item's own; empty: none */
    struct ov_text fields[OV_FIELDS_MAX]; /* a flag is `0` or `1`, or its invalid value */
    bool broken;                          /* a broken row: only its identifier is known */
};

/* Receives an item. A failure stops the reader. */
typedef enum ov_status ov_payload_item_fn(void *ctx, const struct ov_kept *kept,
                                          struct ov_error *err);

/* Creates a reader. *importer (borrowed) is the expected importer, or NULL: then the first item
 * determines it. NULL when out of memory. ov_payload_reader_free takes NULL. */
struct ov_payload_reader *ov_payload_reader_new(const struct ov_importer **importer,
                                                ov_payload_item_fn *on_item, void *ctx,
                                                struct ov_error *err);
void ov_payload_reader_free(struct ov_payload_reader *reader);
/* Parses the next bytes, in pieces of any size. OV_E_OPTION when they are not a payload of that
 * importer; else OV_E_MEMORY, or the failure of on_item. */
OV_MUST_USE enum ov_status ov_payload_reader_feed(struct ov_payload_reader *reader,
                                                  const char *bytes, size_t len,
                                                  struct ov_error *err);
/* To be called after the last byte. OV_E_OPTION when the JSON is incomplete. */
OV_MUST_USE enum ov_status ov_payload_reader_finish(struct ov_payload_reader *reader,
                                                    struct ov_error *err);

#endif
