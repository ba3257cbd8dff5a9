/* payload/reread/payload_reader.h: an emitted payload, json or ndjson, read back item by item. */
#ifndef PAYLOAD_REREAD_PAYLOAD_READER_H
#define PAYLOAD_REREAD_PAYLOAD_READER_H

#include "base/mem.h"
#include "orgvet/payload.h"
#include "mapping/importer.h"

/* An item's texts; views that live until the callback returns. */
struct ov_kept {
    struct ov_text id, parent;            /* parent: its identifier, its own too; empty: none */
    struct ov_text fields[OV_FIELDS_MAX]; /* a flag is `0` or `1`, or what stands there instead */
    bool broken;                          /* a broken row: its identifier alone is known */
};

typedef enum ov_status ov_payload_item_fn(void *ctx, const struct ov_kept *kept,
                                          struct ov_error *err);

/* *importer is the one that is expected, or NULL: then it is found out from the first item.
 * Failures are OV_E_OPTION: it is no payload of that importer. */
struct ov_payload_reader *ov_payload_reader_new(const struct ov_importer **importer,
                                                ov_payload_item_fn *on_item, void *ctx,
                                                struct ov_error *err);
void ov_payload_reader_free(struct ov_payload_reader *items);
OV_MUST_USE enum ov_status ov_payload_reader_feed(struct ov_payload_reader *items,
                                                  const char *bytes, size_t len,
                                                  struct ov_error *err);
OV_MUST_USE enum ov_status ov_payload_reader_finish(struct ov_payload_reader *items,
                                                    struct ov_error *err);

#endif
