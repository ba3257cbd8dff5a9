/* page/draft_request.h: requests of the page on a draft: authorisation, the file and how it is to
 * be read, and the view that answers the request. */
#ifndef PAGE_DRAFT_REQUEST_H
#define PAGE_DRAFT_REQUEST_H

#include "draft/reading.h"
#include "page/draft_cache.h"
#include "server/api/draft.h"

struct ov_draft_request {
    struct ov_request *request; /* borrowed */
    int64_t item, tenant;       /* draft area; tenant of the import */
    struct ov_draft draft;      /* the file */
    struct ov_reading reading;  /* how it is read */
    int64_t framework;          /* existing target framework; 0: none */
    struct ov_view *view;       /* borrowed from the cache */
};

/* Whether the caller may import, by capability and by the token's service; otherwise a fault. */
bool ov_draft_request_may(struct ov_request *request);
/* Finds the draft and reads the parameters; otherwise a fault. */
bool ov_draft_request_draft(struct ov_draft_request *call);
/* The same, and takes the view from the cache; otherwise a fault. Return it with
 * ov_draft_request_give. */
bool ov_draft_request_take(struct ov_draft_request *call);
/* Returns the view, with the status of the answer. Errors in the file or the parameters become a
 * fault. True if the request was answered. */
bool ov_draft_request_give(struct ov_draft_request *call, enum ov_status status);

#endif
