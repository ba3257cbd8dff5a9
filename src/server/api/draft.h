/* server/api/draft.h: uploaded files, stored in numbered draft areas of their users. */
#ifndef SERVER_API_DRAFT_H
#define SERVER_API_DRAFT_H

#include "server/store/content.h"
#include "server/http/request.h"

struct ov_draft {
    int64_t id;                /* in the store */
    struct ov_content content; /* of the caller's tenant */
    int64_t steps;             /* of its edits, those in effect (draft_steps.h) */
    int64_t revision;          /* of its edits */
    struct ov_text name;       /* file name; the pool's */
};
/* Finds the file of one of the caller's draft areas. False after a fault (not found, or not exactly
 * one file) or a failure. */
bool ov_draft_find(struct ov_request *request, int64_t item, struct ov_draft *draft);
/* Stores a file in a new draft area of the caller's; *item: its number. drop: the number of a draft
 * area to replace, 0: none. False after a fault (over the user's quota) or a failure. */
bool ov_draft_add(struct ov_request *request, const struct ov_upload *upload, int64_t drop,
                  int64_t *item);

/* The steps of ov_draft_add, for uploads of several files. */

/* Chooses the number of a new draft area. False after a failure. */
bool ov_draft_number(struct ov_request *request, int64_t *item);
/* *left: bytes that the caller may still upload. sql: any connection. */
OV_MUST_USE enum ov_status ov_draft_quota_left(struct ov_request *request, struct ov_sql *sql,
                                               uint64_t *left);
/* Adds a file to one of the caller's draft areas, in a folder. sql: a write transaction. */
OV_MUST_USE enum ov_status ov_draft_insert(struct ov_request *request, struct ov_sql *sql,
                                           const struct ov_upload *upload, int64_t item,
                                           struct ov_text path);

#endif
