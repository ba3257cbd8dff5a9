/* page/draft_targets.h: which frameworks a draft may be an update of. */
#ifndef PAGE_DRAFT_TARGETS_H
#define PAGE_DRAFT_TARGETS_H

#include "page/draft_request.h"

/* Writes the frameworks of the file's kind as a list of objects, the likeliest first: `id`, `name`,
 * `items`, and `known`, how many of their identifiers the file has. OV_OK also after a fault. */
OV_MUST_USE enum ov_status ov_draft_targets(struct ov_draft_request *call, struct ov_json *json,
                                            struct ov_error *err);

#endif
