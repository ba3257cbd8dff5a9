/* server/store/content.c: see content.h. */
#include "server/store/content.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

/* Reads exactly `len` bytes at an offset; OV_E_IO if there are fewer. */
static enum ov_status read_whole(int fd, uint64_t offset, char *buf, size_t len,
                                 struct ov_error *err)
{
    for (size_t got = 0; got < len;) {
        ssize_t n = pread(fd, buf + got, len - got, (off_t)(offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ov_fail(
                err, OV_E_IO, "cannot read a file back: %s",
                n < 0 ? strerror(errno)
                      : ov_translate(ov_error_language(err), "the file has become shorter"));
        got += (size_t)n;
    }
    return OV_OK;
}

enum ov_status ov_content_begin(struct ov_sql *sql, uint64_t size, struct ov_content *content,
                                struct ov_error *err)
{
    return ov_sql_number(sql,
                         "INSERT INTO content (" OV_SHARED("tenant,") "size) VALUES (" OV_SHARED(
                             "?2,") "?1) RETURNING id",
                         OV_BIND(OV_SQL_I(size), OV_SQL_I(content->tenant)), &content->id, NULL,
                         err);
}

enum ov_status ov_content_fill(struct ov_sql *sql, struct ov_content content, int fd, uint64_t *at,
                               uint64_t end, struct ov_error *err)
{
    char *piece = malloc(OV_CHUNK);
    enum ov_status status = piece ? OV_OK : ov_fail_memory(err);
    for (; *at < end && status == OV_OK; *at += OV_CHUNK) {
        size_t len = end - *at < OV_CHUNK ? (size_t)(end - *at) : OV_CHUNK;
        status = read_whole(fd, *at, piece, len, err);
        if (status == OV_OK)
            status = ov_sql_run(sql,
                                "INSERT INTO chunk (" OV_SHARED("tenant,") "content, number, bytes)"
                                                                           " VALUES (" OV_SHARED(
                                                                               "?4,") "?1, ?2, ?3)",
                                OV_BIND(OV_SQL_I(content.id), OV_SQL_I(*at / OV_CHUNK),
                                        OV_SQL_B(((struct ov_text){piece, len})),
                                        OV_SQL_I(content.tenant)),
                                err);
    }
    free(piece);
    return status;
}

enum ov_status ov_content_add(struct ov_sql *sql, int fd, uint64_t size, struct ov_content *content,
                              struct ov_error *err)
{
    uint64_t at = 0;
    enum ov_status status = ov_content_begin(sql, size, content, err);
    return status == OV_OK ? ov_content_fill(sql, *content, fd, &at, size, err) : status;
}

enum ov_status ov_content_move(struct ov_sql *sql, int64_t tenant, struct ov_content *content,
                               struct ov_error *err)
{
    if (content->tenant == tenant)
        return OV_OK;
    struct ov_content copy = {.tenant = tenant};
    int64_t size = 0;
    bool there = false;
    enum ov_status status = ov_sql_number(
        sql, "SELECT size FROM content WHERE id = ?1" OV_SHARED("AND tenant = ?2 FOR KEY SHARE"),
        OV_BIND(OV_SQL_I(content->id), OV_SQL_I(content->tenant)), &size, &there, err);
    if (status == OV_OK && !there)
        return ov_fail(err, OV_E_STATE, "the file has been removed from the service");
    if (status == OV_OK)
        status = ov_content_begin(sql, (uint64_t)size, &copy, err);
    if (status == OV_OK)
        status = ov_sql_run(
            sql,
            "INSERT INTO chunk (" OV_SHARED(
                "tenant,") "content, number, bytes)"
                           " SELECT " OV_SHARED("?3,") "?2, number, bytes FROM chunk WHERE content = ?1" OV_SHARED(
                               "AND tenant = ?4"),
            OV_BIND(OV_SQL_I(content->id), OV_SQL_I(copy.id), OV_SQL_I(tenant),
                    OV_SQL_I(content->tenant)),
            err);
    *content = copy;
    return status;
}

#define UNUSED_BY(table)                                                                           \
    " NOT EXISTS (SELECT 1 FROM " table " WHERE " table                                            \
    ".content = content.id" OV_SHARED("AND " table ".tenant = content.tenant") ")"

enum ov_status ov_content_sweep(struct ov_sql *sql, int64_t tenant, struct ov_error *err)
{
    return ov_sql_run(sql,
                      "DELETE FROM content WHERE" UNUSED_BY("draft") "AND" UNUSED_BY(
                          "import") "AND" UNUSED_BY("export") OV_SHARED("AND tenant = ?1"),
                      OV_BIND(OV_SQL_I(tenant)), err);
}

enum ov_status ov_content_size(struct ov_sql *sql, struct ov_content content, uint64_t *size,
                               struct ov_error *err)
{
    int64_t bytes = 0;
    enum ov_status status =
        ov_sql_number(sql, "SELECT size FROM content WHERE id = ?1" OV_SHARED("AND tenant = ?2"),
                      OV_BIND(OV_SQL_I(content.id), OV_SQL_I(content.tenant)), &bytes, NULL, err);
    *size = (uint64_t)bytes;
    return status;
}

static void begin_chunk(struct ov_query *query, struct ov_sql *sql, struct ov_content content,
                        uint64_t number, struct ov_error *err)
{
    ov_query_begin(
        query, sql,
        "SELECT bytes FROM chunk WHERE content = ?1 AND number = ?2" OV_SHARED("AND tenant = ?3"),
        OV_BIND(OV_SQL_I(content.id), OV_SQL_I(number), OV_SQL_I(content.tenant)), err);
}

/* Passes one chunk to take(); *len: its length, 0 past the last one. */
static enum ov_status read_piece(struct ov_sql *sql, struct ov_content content, uint64_t number,
                                 ov_content_fn *take, void *ctx, size_t *len, bool *enough,
                                 struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    begin_chunk(&query, sql, content, number, err);
    *len = 0;
    if (ov_query_next(&query)) {
        struct ov_text piece = ov_query_text(&query, 0);
        *len = piece.len;
        status = take(ctx, piece.ptr, piece.len, enough, err);
    }
    enum ov_status ended = ov_query_end(&query);
    return status == OV_OK ? ended : status;
}

/* One query per chunk: an open read would keep the WAL from being checkpointed. */
enum ov_status ov_content_read(struct ov_sql *sql, struct ov_content content, ov_content_fn *take,
                               void *ctx, struct ov_error *err)
{
    uint64_t size = 0, got = 0;
    bool enough = false;
    size_t len = 1;
    enum ov_status status = ov_content_size(sql, content, &size, err);
    for (uint64_t number = 0; status == OV_OK && !enough && len && got < size; number++) {
        status = read_piece(sql, content, number, take, ctx, &len, &enough, err);
        got += len;
    }
    if (status == OV_OK && !enough && got != size)
        return ov_fail(err, OV_E_IO, "a file disappeared from the store while it was being read");
    return status;
}

long ov_content_read_at(struct ov_sql *sql, struct ov_content content, uint64_t offset, char *buf,
                        size_t len, struct ov_error *err)
{
    struct ov_query query;
    begin_chunk(&query, sql, content, offset / OV_CHUNK, err);
    size_t got = 0;
    if (ov_query_next(&query)) {
        struct ov_text piece = ov_query_text(&query, 0);
        size_t from = offset % OV_CHUNK;
        got = from < piece.len ? piece.len - from : 0;
        if (got > len)
            got = len;
        if (got)
            memcpy(buf, piece.ptr + from, got);
    }
    return ov_query_end(&query) == OV_OK ? (long)got : -1;
}

static enum ov_status put_in_file(void *ctx, const char *bytes, size_t len, bool *enough,
                                  struct ov_error *err)
{
    (void)enough;
    return ov_write_all(*(int *)ctx, bytes, len)
               ? OV_OK
               : ov_fail(err, OV_E_IO, "cannot write a file: %s", strerror(errno));
}

int ov_content_to_file(const struct ov_store *store, struct ov_sql *sql, struct ov_content content,
                       struct ov_error *err)
{
    int fd = ov_store_scratch(store, err);
    if (fd >= 0 && ov_content_read(sql, content, put_in_file, &fd, err) == OV_OK)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}
