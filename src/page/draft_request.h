/* page/draft_request.h: what the page asks about a draft: who, which file, how it is to be read;
 * and the view of it that answers. */
#ifndef PAGE_DRAFT_REQUEST_H
#define PAGE_DRAFT_REQUEST_H

#include "page/draft_cache.h"
#include "server/api/draft.h"

struct ov_draft_request {
    struct ov_request *request;
    int64_t item, tenant;
    struct ov_draft draft;
    struct ov_view_options options;
    int64_t framework; /* an existing one that is imported into; 0: none */
    struct ov_view *view;
};

/* Whether the caller may import, by capability and by the token's service; else a fault. */
bool ov_draft_request_may(struct ov_request *request);
/* Finds the draft and reads the parameters; else a fault. */
bool ov_draft_request_draft(struct ov_draft_request *call);
/* The same, and takes its view, to be given back; else a fault. */
bool ov_draft_request_take(struct ov_draft_request *call);
/* Gives it back, whatever came of the question; makes a fault of a status that tells of the file or
 * of what was call. Whether the question was answered. */
bool ov_draft_request_give(struct ov_draft_request *call, enum ov_status status);

/* draft_download.c: puts a fixed copy of the file into a draft area of its own. */
OV_MUST_USE enum ov_status ov_draft_fix(struct ov_draft_request *call, struct ov_buf *out,
                                        struct ov_error *err);

#endif
