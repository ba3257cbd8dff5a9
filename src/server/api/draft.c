/* server/api/draft.c: see draft.h. */
#include "server/api/draft.h"

#include <time.h>

#include "base/error.h"
#include "base/hash.h"

bool ov_draft_number(struct ov_request *request, int64_t *item)
{
    uint32_t random;
    if (!ov_random(&random, sizeof random))
        return ov_fail(&request->err, OV_E_IO, "no random numbers available") == OV_OK;
    *item = 100000000 + random % 900000000;
    return true;
}

enum ov_status ov_draft_quota_left(struct ov_request *request, struct ov_sql *sql, uint64_t *left)
{
    int64_t used;
    uint64_t quota = request->service->options.user_quota;
    enum ov_status status = ov_sql_number(
        sql,
        "SELECT (SELECT coalesce(sum(content.size), 0) FROM draft JOIN content ON content.id ="
        " draft.content" OV_SHARED("AND content.tenant = draft.tenant") " WHERE draft.account = ?1" OV_SHARED(
            "AND draft.tenant = ?2") ") + (SELECT coalesce(sum(draft_step.bytes), 0) FROM"
                                     " draft JOIN draft_step ON draft_step.draft = draft.id" OV_SHARED(
                                         "AND draft_step.tenant = draft.tenant") " WHERE draft.account = ?1" OV_SHARED("AND draft.tenant = ?2") ")",
        OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(request->caller.tenant)), &used, NULL,
        &request->err);
    *left = quota > (uint64_t)used ? quota - (uint64_t)used : 0;
    return status;
}

enum ov_status ov_draft_insert(struct ov_request *request, struct ov_sql *sql,
                               const struct ov_upload *upload, int64_t item, struct ov_text path)
{
    struct ov_content content = {.tenant = request->caller.tenant};
    enum ov_status status = ov_content_add(sql, upload->fd, upload->size, &content, &request->err);
    return status != OV_OK
               ? status
               : ov_sql_run(sql,
                            "INSERT INTO draft (" OV_SHARED(
                                "tenant,") "account, item, path, name, content, created)"
                                           " VALUES (" OV_SHARED("?7,") "?1, ?2, ?3, ?4, ?5, ?6)",
                            OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(item),
                                    OV_SQL_T(path), OV_SQL_T(upload->name), OV_SQL_I(content.id),
                                    OV_SQL_I(time(NULL)), OV_SQL_I(content.tenant)),
                            &request->err);
}

bool ov_draft_add(struct ov_request *request, const struct ov_upload *upload, int64_t drop,
                  int64_t *item)
{
    uint64_t left = 0;
    if (!ov_draft_number(request, item))
        return false;
    struct ov_sql *sql = ov_request_write(request);
    if (!sql)
        return false;
    enum ov_status status =
        drop ? ov_sql_run(sql,
                          "DELETE FROM draft WHERE account = ?1 AND item = ?2" OV_SHARED(
                              "AND tenant = ?3"),
                          OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(drop),
                                  OV_SQL_I(request->caller.tenant)),
                          &request->err)
             : OV_OK;
    if (status == OV_OK && drop)
        status = ov_content_sweep(sql, request->caller.tenant, &request->err);
    if (status == OV_OK)
        status = ov_draft_quota_left(request, sql, &left);
    bool good = status == OV_OK &&
                (upload->size <= left || ov_fault(request, OV_FAULT_QUOTA, NULL)) &&
                ov_draft_insert(request, sql, upload, *item, OV_TEXT("/")) == OV_OK;
    return ov_request_written(request, good);
}

bool ov_draft_find(struct ov_request *request, int64_t item, struct ov_draft *draft)
{
    int64_t count = 0;
    struct ov_query query;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    ov_query_begin(
        &query, sql,
        "SELECT id, content, steps, revision, name FROM draft WHERE account = ?1 AND item = ?2 AND"
        " created > ?3" OV_SHARED("AND tenant = ?4") " ORDER BY id",
        OV_BIND(OV_SQL_I(request->caller.account), OV_SQL_I(item),
                OV_SQL_I(time(NULL) - OV_DRAFT_SECONDS), OV_SQL_I(request->caller.tenant)),
        &request->err);
    while (ov_query_next(&query) && count++ == 0)
        *draft = (struct ov_draft){
            .id = ov_query_int(&query, 0),
            .content = {request->caller.tenant, ov_query_int(&query, 1)},
            .steps = ov_query_int(&query, 2),
            .revision = ov_query_int(&query, 3),
            .name = ov_pool_text(&request->pool, ov_query_text(&query, 4)),
        };
    if (ov_query_end(&query) != OV_OK)
        return false;
    if (count == 0)
        return ov_fault(
            request, OV_FAULT_PARAMETER,
            "No file found in your draft area with itemid %lld; upload it first (drafts are kept "
            "for two days)",
            (long long)item);
    if (count > 1)
        return ov_fault(
            request, OV_FAULT_PARAMETER,
            "The draft area %lld contains more than one file; upload the file to import to a "
            "draft area of its own",
            (long long)item);
    return true;
}
