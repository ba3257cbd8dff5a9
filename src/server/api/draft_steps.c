/* server/api/draft_steps.c: see draft_steps.h. A draft knows how many of its steps are in effect;
 * its revision changes with each change, so that nothing made from an older one is taken for it. */
#include "server/api/draft_steps.h"

#include <time.h>

#include "base/error.h"

enum { STEPS_MOST = 10000, BYTES_MOST = 16 << 20 /* of a draft */ };

bool ov_draft_steps_outdated(struct ov_request *request)
{
    return ov_fault(request, OV_FAULT_PARAMETER,
                    "This file was changed in another window at the same time; reload the page");
}

/* Whether nobody changed the draft since it was found. */
static bool is_current(struct ov_request *request, struct ov_sql *sql, const struct ov_draft *draft)
{
    int64_t revision = 0;
    if (ov_sql_number(sql, "SELECT revision FROM draft WHERE id = ?1" OV_SHARED("AND tenant = ?2"),
                      OV_BIND(OV_SQL_I(draft->id), OV_SQL_I(draft->content.tenant)), &revision,
                      NULL, &request->err) != OV_OK)
        return false;
    return revision == draft->revision || ov_draft_steps_outdated(request);
}

/* Whether there is room for another step, in the draft and for the user. */
static bool has_room(struct ov_request *request, struct ov_sql *sql, const struct ov_draft *draft,
                     size_t bytes)
{
    int64_t used = 0;
    uint64_t left = 0;
    enum ov_status status = ov_sql_number(
        sql,
        "SELECT coalesce(sum(bytes), 0) FROM draft_step WHERE draft = ?1" OV_SHARED(
            "AND tenant = ?2"),
        OV_BIND(OV_SQL_I(draft->id), OV_SQL_I(draft->content.tenant)), &used, NULL, &request->err);
    if (status == OV_OK)
        status = ov_draft_quota_left(request, sql, &left);
    if (status != OV_OK)
        return false;
    if (draft->steps >= STEPS_MOST || (uint64_t)used + bytes > BYTES_MOST)
        return ov_fault(request, OV_FAULT_PARAMETER,
                        "There are too many changes to this file; download the corrected file and "
                        "upload it again to go on");
    return bytes <= left || ov_fault(request, OV_FAULT_QUOTA, NULL);
}

static enum ov_status set_steps(struct ov_sql *sql, const struct ov_draft *draft, int64_t steps,
                                struct ov_error *err)
{
    return ov_sql_run(
        sql,
        "UPDATE draft SET steps = ?2, revision = revision + 1, created = CASE"
        " WHEN created < ?3 THEN ?3 ELSE created END WHERE id = ?1" OV_SHARED("AND tenant = ?4"),
        OV_BIND(OV_SQL_I(draft->id), OV_SQL_I(steps), OV_SQL_I(time(NULL)),
                OV_SQL_I(draft->content.tenant)),
        err);
}

bool ov_draft_steps_add(struct ov_request *request, const struct ov_draft *draft,
                        struct ov_text label, struct ov_text edits)
{
    struct ov_error *err = &request->err;
    struct ov_sql *sql = ov_request_write(request);
    if (!sql)
        return false;
    bool good =
        is_current(request, sql, draft) &&
        ov_sql_run(
            sql,
            "DELETE FROM draft_step WHERE draft = ?1 AND number > ?2" OV_SHARED("AND tenant = ?3"),
            OV_BIND(OV_SQL_I(draft->id), OV_SQL_I(draft->steps), OV_SQL_I(draft->content.tenant)),
            err) == OV_OK &&
        has_room(request, sql, draft, label.len + edits.len) &&
        ov_sql_run(
            sql,
            "INSERT INTO draft_step (" OV_SHARED(
                "tenant,") "draft, number, label, bytes, edits) VALUES (" OV_SHARED("?6,") "?1, ?2, ?3, ?4, ?5)",
            OV_BIND(OV_SQL_I(draft->id), OV_SQL_I(draft->steps + 1), OV_SQL_T(label),
                    OV_SQL_I((int64_t)(label.len + edits.len)), OV_SQL_T(edits),
                    OV_SQL_I(draft->content.tenant)),
            err) == OV_OK &&
        set_steps(sql, draft, draft->steps + 1, err) == OV_OK;
    return ov_request_written(request, good);
}

bool ov_draft_steps_move(struct ov_request *request, const struct ov_draft *draft, bool redo)
{
    int64_t last = 0;
    struct ov_sql *sql = ov_request_write(request);
    if (!sql)
        return false;
    bool good =
        is_current(request, sql, draft) &&
        ov_sql_number(sql,
                      "SELECT coalesce(max(number), 0) FROM draft_step WHERE draft = ?1" OV_SHARED(
                          "AND tenant = ?2"),
                      OV_BIND(OV_SQL_I(draft->id), OV_SQL_I(draft->content.tenant)), &last, NULL,
                      &request->err) == OV_OK;
    if (good && (redo ? draft->steps < last : draft->steps > 0))
        good = set_steps(sql, draft, draft->steps + (redo ? 1 : -1), &request->err) == OV_OK;
    return ov_request_written(request, good);
}

bool ov_draft_steps_clear(struct ov_request *request, const struct ov_draft *draft)
{
    struct ov_sql *sql = ov_request_write(request);
    return sql && ov_request_written(request, is_current(request, sql, draft) &&
                                                  set_steps(sql, draft, 0, &request->err) == OV_OK);
}

enum ov_status ov_draft_steps_read(struct ov_sql *sql, const struct ov_draft *draft, bool undone,
                                   ov_draft_step_fn *on_step, void *ctx, struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(&query, sql,
                   "SELECT label, edits FROM draft_step WHERE draft = ?1 AND"
                   " CASE WHEN number > ?2 THEN 1 ELSE 0 END = ?3" OV_SHARED(
                       "AND tenant = ?4") " ORDER BY number",
                   OV_BIND(OV_SQL_I(draft->id), OV_SQL_I(draft->steps), OV_SQL_I(undone),
                           OV_SQL_I(draft->content.tenant)),
                   err);
    while (status == OV_OK && ov_query_next(&query))
        status = on_step(ctx, ov_query_text(&query, 0), ov_query_text(&query, 1), err);
    enum ov_status ended = ov_query_end(&query);
    return status == OV_OK ? ended : status;
}
