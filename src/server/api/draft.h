/* server/api/draft.h: files that users have uploaded, in draft areas that have numbers. */
#ifndef SERVER_API_DRAFT_H
#define SERVER_API_DRAFT_H

#include "server/store/content.h"
#include "server/http/request.h"

struct ov_draft {
    int64_t content;
    struct ov_text name; /* of the file; the pool's */
};
/* The one file of a draft area of the caller's; else a fault. */
bool ov_draft_find(struct ov_request *request, int64_t item, struct ov_draft *draft);
/* Puts a file into a new draft area of the caller's, in place of one that is dropped (0: none); a
 * fault when there is no room. */
bool ov_draft_add(struct ov_request *request, const struct ov_upload *upload, int64_t drop,
                  int64_t *item);

#endif
