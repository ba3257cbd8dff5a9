/* payload/items.h: an emitted payload, json or ndjson, read back item by item. */
#ifndef PAYLOAD_ITEMS_H
#define PAYLOAD_ITEMS_H

#include "payload/snapshot.h"

typedef enum ov_status ov_item_fn(void *ctx, const struct ov_kept *kept, struct ov_error *err);

/* *importer is the one that is expected, or NULL: then it is found out from the first item.
 * Failures are OV_E_OPTION: it is no payload of that importer. */
struct ov_items *ov_items_new(const struct ov_importer **importer, ov_item_fn *on_item, void *ctx,
                              struct ov_error *err);
void ov_items_free(struct ov_items *items);
OV_MUST_USE enum ov_status ov_items_feed(struct ov_items *items, const char *bytes, size_t len,
                                         struct ov_error *err);
OV_MUST_USE enum ov_status ov_items_finish(struct ov_items *items, struct ov_error *err);

#endif
