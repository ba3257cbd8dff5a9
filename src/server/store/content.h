/* server/store/content.h: bytes of files, kept in the store in pieces of a mebibyte. */
#ifndef SERVER_STORE_CONTENT_H
#define SERVER_STORE_CONTENT_H

#include "server/store/store.h"

enum {
    OV_CHUNK = 1 << 20,
    OV_DRAFT_SECONDS = 2 * 24 * 3600, /* drafts are kept so long */
};

/* Adds what an open file holds, from its beginning; *id is its id. Inside a transaction. */
OV_MUST_USE enum ov_status ov_content_add(struct ov_sql *sql, int fd, uint64_t size, int64_t *id,
                                          struct ov_error *err);
/* The same in more than one transaction: the first makes it, each further one adds the bytes from
 * *at, a multiple of OV_CHUNK, to `end`, another one or the size. Something has to refer to it. */
OV_MUST_USE enum ov_status ov_content_begin(struct ov_sql *sql, uint64_t size, int64_t *id,
                                            struct ov_error *err);
OV_MUST_USE enum ov_status ov_content_fill(struct ov_sql *sql, int64_t id, int fd, uint64_t *at,
                                           uint64_t end, struct ov_error *err);
/* Removes contents that nothing refers to. Inside a transaction. */
OV_MUST_USE enum ov_status ov_content_sweep(struct ov_sql *sql, struct ov_error *err);

/* Takes the next bytes; *enough: it wants no more. */
typedef enum ov_status ov_content_fn(void *ctx, const char *bytes, size_t len, bool *enough,
                                     struct ov_error *err);
/* Hands over all bytes of a content. */
OV_MUST_USE enum ov_status ov_content_read(struct ov_sql *sql, int64_t id, ov_content_fn *take,
                                           void *ctx, struct ov_error *err);
/* Copies the bytes from an offset on, which lie in one piece, into buf; returns how many, 0 at the
 * end, -1 on failure. */
long ov_content_read_at(struct ov_sql *sql, int64_t id, uint64_t offset, char *buf, size_t len,
                        struct ov_error *err);
/* Copies a content into an unnamed file; -1 on failure. The caller closes it. */
OV_MUST_USE int ov_content_to_file(const struct ov_store *store, struct ov_sql *sql, int64_t id,
                                   struct ov_error *err);

#endif
