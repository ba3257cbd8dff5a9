/* server/store/content.h: the contents of files, kept in the store in chunks of 1 MiB. */
#ifndef SERVER_STORE_CONTENT_H
#define SERVER_STORE_CONTENT_H

#include "server/store/store.h"

enum {
    OV_CHUNK = 1 << 20,               /* bytes */
    OV_DRAFT_SECONDS = 2 * 24 * 3600, /* lifetime of drafts */
};

/* A content: which tenant it belongs to (0: none), and its id. */
struct ov_content {
    int64_t tenant, id;
};

/* Adds the first `size` bytes of an open file to the tenant of *content, and sets its id. The
 * caller has a write transaction. */
OV_MUST_USE enum ov_status ov_content_add(struct ov_sql *sql, int fd, uint64_t size,
                                          struct ov_content *content, struct ov_error *err);
/* The same in several write transactions: ov_content_begin creates the content, each
 * ov_content_fill adds the bytes from *at (a multiple of OV_CHUNK) up to `end` (another one, or the
 * size) and advances *at. Something must refer to the content, or ov_content_sweep removes it. */
OV_MUST_USE enum ov_status ov_content_begin(struct ov_sql *sql, uint64_t size,
                                            struct ov_content *content, struct ov_error *err);
OV_MUST_USE enum ov_status ov_content_fill(struct ov_sql *sql, struct ov_content content, int fd,
                                           uint64_t *at, uint64_t end, struct ov_error *err);
/* Makes it one of a tenant: *content is a copy if it belongs to another one. OV_E_STATE if it is
 * gone. The caller has a write transaction of that tenant. */
OV_MUST_USE enum ov_status ov_content_move(struct ov_sql *sql, int64_t tenant,
                                           struct ov_content *content, struct ov_error *err);
/* Removes contents of a tenant that nothing refers to. The caller has a write transaction. */
OV_MUST_USE enum ov_status ov_content_sweep(struct ov_sql *sql, int64_t tenant,
                                            struct ov_error *err);

/* Bytes; 0 if it is gone. */
OV_MUST_USE enum ov_status ov_content_size(struct ov_sql *sql, struct ov_content content,
                                           uint64_t *size, struct ov_error *err);
/* Receives the next bytes, borrowed for the call; set *enough to stop. */
typedef enum ov_status ov_content_fn(void *ctx, const char *bytes, size_t len, bool *enough,
                                     struct ov_error *err);
/* Passes all bytes of a content to take(), chunk by chunk. OV_E_IO if the content disappears. */
OV_MUST_USE enum ov_status ov_content_read(struct ov_sql *sql, struct ov_content content,
                                           ov_content_fn *take, void *ctx, struct ov_error *err);
/* Copies up to `len` bytes at an offset into buf, within one chunk; returns the number of bytes, 0
 * at the end, -1 on failure. */
long ov_content_read_at(struct ov_sql *sql, struct ov_content content, uint64_t offset, char *buf,
                        size_t len, struct ov_error *err);
/* Copies a content into an unnamed file, which the caller closes; -1 on failure. */
OV_MUST_USE int ov_content_to_file(const struct ov_store *store, struct ov_sql *sql,
                                   struct ov_content content, struct ov_error *err);

#endif
