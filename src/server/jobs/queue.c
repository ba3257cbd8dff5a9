/* server/jobs/queue.c: see queue.h. The table `queue` has a row for each tenant that ever had a
 * job: whether one waits, and when the tenant was last served. Who takes a job locks that row, so
 * that the jobs of a tenant are taken one after another; others skip it. */
#include "server/jobs/queue.h"

#include <time.h>

#include "base/error.h"
#include "server/auth/backoff.h"
#include "server/jobs/export.h"
#include "server/jobs/import.h"

enum {
    SMALL_BYTES = 1 << 20, /* of a CSV file */
    SMALL_ITEMS = 20000,   /* of a tenant, for an export */
    LOOKED_AT = 1000,      /* tenants that wait, for one that can be served */
    NODE_SECONDS = 60,
    STALE_MS = 3000, /* wait for a tenant; it may be that of a worker that has stopped */
};

/* Whether a job was started too often without finishing, which blocks others: it may be what ends
 * the service. One that got half through its work is more likely the victim of something else. */
#define SPENT "attempts - excused >= CASE WHEN percent >= 50 THEN 100 ELSE 5 END"
/* Whether nobody works on it; ?3: whether nobody works at all. */
#define STALE "status = ?2 AND (?3 = 1 OR lease <= unixepoch())"

/* The statements for each kind of job. */
struct kind {
    const char *take, *put_back, *give_back, *broken;
};
#define KIND(table)                                                                                \
    {                                                                                              \
        .take = "UPDATE " table " SET status = ?4, started = ?5, attempts = attempts + 1,"         \
                " percent = 0, lease = unixepoch() + ?6 WHERE tenant = ?1 AND id = ?2"             \
                " AND status = ?3 RETURNING attempts",                                             \
        .put_back =                                                                                \
            "UPDATE " table " SET status = ?4 WHERE tenant = ?1 AND " STALE " AND NOT " SPENT,     \
        .give_back = "UPDATE " table " SET excused = excused + 1, lease = 0 WHERE tenant = ?1"     \
                     " AND id = ?2 AND status = ?3 AND attempts = ?4",                             \
        .broken = "SELECT id, language, attempts, attempts - excused FROM " table                  \
                  " WHERE tenant = ?1 AND " STALE " AND " SPENT " LIMIT 1",                        \
    }
static const struct kind kinds[] = {[false] = KIND("export"), [true] = KIND("import")};

enum ov_status ov_queue_refuse(struct ov_store *store, const struct ov_job *work,
                               const char *message, struct ov_error *err)
{
    return work->is_import ? ov_import_refuse(store, work, NULL, NULL, message, err)
                           : ov_export_refuse(store, work, message, err);
}

/* --- taking --- */

/* Of the first jobs of a tenant, the first one that can run now (queue.h). ?3: bytes of a small
 * job's file; below 0: any job. */
static const char next_job[] =
    "SELECT is_import, id, account, kind, settings, filename, content, language, target FROM"
    " (SELECT * FROM (SELECT 1 AS is_import, id, account, importer AS kind, settings, filename,"
    " content, language, sequence, target FROM import WHERE tenant = ?1 AND status = ?5"
    " ORDER BY sequence LIMIT 100) AS imports"
    " UNION ALL SELECT * FROM (SELECT 0, id, account, exporter, settings, '', 0, language, sequence,"
    " 0 FROM export WHERE tenant = ?1 AND status = ?5 ORDER BY sequence LIMIT 100) AS exports)"
    " AS job WHERE CASE WHEN is_import = 1 THEN"
    " (target = 0 OR NOT EXISTS (SELECT 1 FROM import AS other WHERE other.tenant = ?1 AND"
    " other.target <> 0 AND (other.target = job.target OR other.target < 0 OR job.target < 0) AND"
    " (other.status = ?6 OR (other.status = ?5 AND other.sequence < job.sequence)))) AND"
    " NOT EXISTS (SELECT 1 FROM export AS other WHERE other.tenant = ?1 AND other.status IN (?5, ?6)"
    " AND other.sequence < job.sequence) AND (?3 < 0 OR (kind <> ?2 AND"
    " (SELECT size FROM content WHERE content.id = job.content" OV_SHARED(
        "AND content.tenant = ?1") ") <= ?3)) ELSE NOT EXISTS (SELECT 1 FROM import AS other WHERE other.tenant = ?1 AND"
                                   " other.status IN (?5, ?6) AND other.sequence < job.sequence) AND (?3 < 0 OR"
                                   " (SELECT count(*) FROM (SELECT 1 FROM stored_framework JOIN stored_item ON"
                                   " stored_item.framework = stored_framework.id" OV_SHARED(
                                       "AND stored_item.tenant = stored_framework.tenant") " WHERE stored_framework.tenant = ?1 LIMIT ?4 + 1) AS counted) <= ?4) END"
                                                                                           " ORDER BY sequence, id LIMIT 1";

static enum ov_status find_job(struct ov_sql *sql, const struct ov_taker *taker, int64_t tenant,
                               struct ov_values_pool *pool, struct ov_job *work,
                               struct ov_error *err)
{
    struct ov_query query;
    ov_query_begin(&query, sql, next_job,
                   OV_BIND(OV_SQL_I(tenant), OV_SQL_T(OV_STRUCTURE_IMPORTER),
                           OV_SQL_I(taker->small ? SMALL_BYTES : -1), OV_SQL_I(SMALL_ITEMS),
                           OV_SQL_I(OV_STATE_SCHEDULED), OV_SQL_I(OV_STATE_RUNNING)),
                   err);
    if (ov_query_next(&query))
        *work = (struct ov_job){
            .is_import = ov_query_int(&query, 0) != 0,
            .id = ov_query_int(&query, 1),
            .account = ov_query_int(&query, 2),
            .tenant = tenant,
            .kind = ov_pool_text(pool, ov_query_text(&query, 3)),
            .settings = ov_pool_text(pool, ov_query_text(&query, 4)),
            .filename = ov_pool_text(pool, ov_query_text(&query, 5)),
            .content = {tenant, ov_query_int(&query, 6)},
            .language = ov_language_of(ov_query_text(&query, 7)),
            .target = ov_query_int(&query, 8),
            .lease = taker->lease,
        };
    enum ov_status status = ov_query_end(&query);
    return status == OV_OK && pool->failed ? ov_fail_memory(err) : status;
}

/* *may: the tenant may have another worker. */
static enum ov_status has_turn(struct ov_sql *sql, const struct ov_taker *taker, int64_t tenant,
                               bool *may, struct ov_error *err)
{
    int64_t running = 0, workers = 0, one;
    bool others = false;
    enum ov_status status =
        ov_sql_number(sql,
                      "SELECT (SELECT count(*) FROM import WHERE tenant = ?1 AND status = ?2) +"
                      " (SELECT count(*) FROM export WHERE tenant = ?1 AND status = ?2)",
                      OV_BIND(OV_SQL_I(tenant), OV_SQL_I(OV_STATE_RUNNING)), &running, NULL, err);
    *may = running == 0;
    if (status != OV_OK || *may)
        return status;
    status = ov_sql_number(sql, "SELECT 1 FROM queue WHERE waiting = 1 AND tenant <> ?1 LIMIT 1",
                           OV_BIND(OV_SQL_I(tenant)), &one, &others, err);
    if (status == OV_OK && others)
        status = ov_sql_number(
            sql, "SELECT coalesce(sum(workers), 0) FROM node WHERE seen > unixepoch() - ?1",
            OV_BIND(OV_SQL_I(NODE_SECONDS)), &workers, NULL, err);
    if (workers < taker->workers)
        workers = taker->workers;
    *may = !others || running + 1 <= workers / 2;
    return status;
}

#define HAS_WORK                                                                                   \
    "(EXISTS (SELECT 1 FROM import WHERE tenant = ?1 AND status = ?2) OR EXISTS (SELECT 1 FROM"    \
    " export WHERE tenant = ?1 AND status = ?2))"

/* Notes that the tenant was served, if it was, and whether it has no more that waits. */
static enum ov_status note_served(struct ov_sql *sql, int64_t tenant, bool served,
                                  struct ov_error *err)
{
    return ov_sql_run(sql,
                      served ? "UPDATE queue SET served = now_ms(), waiting = CASE WHEN " HAS_WORK
                               " THEN 1 ELSE 0 END WHERE tenant = ?1"
                             : "UPDATE queue SET waiting = 0 WHERE tenant = ?1 AND NOT " HAS_WORK,
                      OV_BIND(OV_SQL_I(tenant), OV_SQL_I(OV_STATE_SCHEDULED)), err);
}

/* Takes a job of a tenant, whose row of the queue is locked meanwhile, so that its jobs are taken
 * one after another; others skip it. work->id 0: none can run now. */
static enum ov_status serve(struct ov_store *store, const struct ov_taker *taker, int64_t tenant,
                            struct ov_values_pool *pool, struct ov_job *work, struct ov_error *err)
{
    int64_t one;
    bool mine = false, may = false, taken = false;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_number(
        sql,
        "SELECT 1 FROM queue WHERE tenant = ?1 AND waiting = 1" OV_SHARED("FOR UPDATE SKIP LOCKED"),
        OV_BIND(OV_SQL_I(tenant)), &one, &mine, err);
    if (status == OV_OK && mine)
        status = has_turn(sql, taker, tenant, &may, err);
    if (status == OV_OK && may)
        status = find_job(sql, taker, tenant, pool, work, err);
    if (status == OV_OK && work->id)
        status = ov_sql_number(sql, kinds[work->is_import].take,
                               OV_BIND(OV_SQL_I(tenant), OV_SQL_I(work->id),
                                       OV_SQL_I(OV_STATE_SCHEDULED), OV_SQL_I(OV_STATE_RUNNING),
                                       OV_SQL_I(time(NULL)), OV_SQL_I(work->lease)),
                               &work->attempt, &taken, err);
    if (status == OV_OK && may)
        status = note_served(sql, tenant, taken, err);
    status = ov_store_write_end(store, sql, status, err);
    if (!taken || status != OV_OK) /* there is none, or it was deleted at this moment */
        work->id = 0;
    return status;
}

/* A tenant that waits. */
struct candidate {
    int64_t served, tenant;
    bool found, can_run;
};

/* The tenant that waits next after another one, by when they were served, and whether it is worth
 * locking: it has a job that can run, or nothing that waits any more. */
static enum ov_status look_at_next(struct ov_store *store, const struct ov_taker *taker,
                                   struct ov_values_pool *pool, struct candidate *candidate,
                                   struct ov_error *err)
{
    struct ov_query query;
    struct ov_job job = {0};
    int64_t has_work = 0;
    bool may = false;
    struct ov_sql *sql = ov_store_read(store, err);
    if (!sql)
        return OV_E_IO;
    ov_query_begin(&query, sql,
                   "SELECT served, tenant FROM queue WHERE waiting = 1 AND (served, tenant) >"
                   " (?1, ?2) ORDER BY served, tenant LIMIT 1",
                   OV_BIND(OV_SQL_I(candidate->served), OV_SQL_I(candidate->tenant)), err);
    candidate->found = ov_query_next(&query);
    if (candidate->found) {
        candidate->served = ov_query_int(&query, 0);
        candidate->tenant = ov_query_int(&query, 1);
    }
    enum ov_status status = ov_query_end(&query);
    if (status == OV_OK && candidate->found)
        status = has_turn(sql, taker, candidate->tenant, &may, err);
    if (status == OV_OK && may)
        status = find_job(sql, taker, candidate->tenant, pool, &job, err);
    if (status == OV_OK && may && !job.id)
        status = ov_sql_number(sql, "SELECT CASE WHEN " HAS_WORK " THEN 1 ELSE 0 END",
                               OV_BIND(OV_SQL_I(candidate->tenant), OV_SQL_I(OV_STATE_SCHEDULED)),
                               &has_work, NULL, err);
    candidate->can_run = may && (job.id || !has_work);
    ov_store_read_end(store, sql);
    return status;
}

enum ov_status ov_queue_take(struct ov_store *store, const struct ov_taker *taker,
                             struct ov_values_pool *pool, struct ov_job *work, struct ov_error *err)
{
    struct candidate candidate = {.served = -1, .tenant = -1, .found = true};
    enum ov_status status = OV_OK;
    *work = (struct ov_job){0};
    for (int i = 0; i < LOOKED_AT && candidate.found && !work->id && status == OV_OK; i++) {
        status = look_at_next(store, taker, pool, &candidate, err);
        if (status == OV_OK && candidate.found && candidate.can_run)
            status = serve(store, taker, candidate.tenant, pool, work, err);
    }
    return status;
}

enum ov_status ov_queue_give_back(struct ov_store *store, const struct ov_job *work,
                                  struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_run(sql, kinds[work->is_import].give_back,
                                       OV_BIND(OV_SQL_I(work->tenant), OV_SQL_I(work->id),
                                               OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(work->attempt)),
                                       err);
    if (status == OV_OK)
        status = ov_sql_notify(sql, err);
    return ov_store_write_end(store, sql, status, err);
}

/* --- setting right --- */

/* Jobs of the tenant that were aborted wait again. */
static enum ov_status put_back(struct ov_store *store, int64_t tenant, bool all,
                               struct ov_error *err)
{
    bool busy;
    struct ov_sql *sql = ov_store_try_write(store, tenant, STALE_MS, &busy, err);
    enum ov_status status = sql ? OV_OK : OV_E_IO;
    int64_t count = 0;
    for (int import = false; import <= true && status == OV_OK; import++) {
        status = ov_sql_run(sql, kinds[import].put_back,
                            OV_BIND(OV_SQL_I(tenant), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(all),
                                    OV_SQL_I(OV_STATE_SCHEDULED)),
                            err);
        count += status == OV_OK ? ov_sql_changes(sql) : 0;
    }
    if (status == OV_OK && count)
        status = ov_sql_run(sql, "UPDATE queue SET waiting = 1 WHERE tenant = ?1",
                            OV_BIND(OV_SQL_I(tenant)), err);
    return ov_store_write_end(store, sql, status, err);
}

/* Finds a job that was aborted too often; *work has its id (0: none) and language. */
static enum ov_status find_broken(struct ov_store *store, int64_t tenant, bool all, bool is_import,
                                  struct ov_job *work, int64_t *starts, struct ov_error *err)
{
    struct ov_query query;
    *work = (struct ov_job){.is_import = is_import, .tenant = tenant};
    struct ov_sql *sql = ov_store_read(store, err);
    if (!sql)
        return OV_E_IO;
    ov_query_begin(&query, sql, kinds[is_import].broken,
                   OV_BIND(OV_SQL_I(tenant), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(all)), err);
    if (ov_query_next(&query)) {
        work->id = ov_query_int(&query, 0);
        work->language = ov_language_of(ov_query_text(&query, 1));
        work->attempt = ov_query_int(&query, 2);
        *starts = ov_query_int(&query, 3);
    }
    enum ov_status status = ov_query_end(&query);
    ov_store_read_end(store, sql);
    return status;
}

/* Ends jobs that were aborted too often, for example because they crash the service, with an error:
 * they would block others. */
static enum ov_status give_up(struct ov_store *store, int64_t tenant, bool all, bool is_import,
                              struct ov_error *err)
{
    for (;;) {
        struct ov_job work;
        int64_t starts = 0;
        enum ov_status status = find_broken(store, tenant, all, is_import, &work, &starts, err);
        if (status != OV_OK || work.id == 0)
            return status;
        struct ov_error why = {.language = work.language};
        ov_fail(
            &why, OV_E_STATE,
            is_import
                ? OV_N_("the import was started %d times without finishing; see the service's log")
                : OV_N_("the export was started %d times without finishing; see the service's log"),
            (int)starts);
        status = ov_queue_refuse(store, &work, why.message, err);
        if (status != OV_OK)
            return status;
    }
}

/* A tenant after another one (-1: the first) that has aborted jobs; *found. */
static enum ov_status next_stale(struct ov_store *store, bool all, int64_t *tenant, bool *found,
                                 struct ov_error *err)
{
    return ov_store_number(
        store,
        "SELECT tenant FROM (SELECT tenant FROM import WHERE " STALE " UNION ALL SELECT tenant FROM"
        " export WHERE " STALE ") AS stale WHERE tenant > ?1 ORDER BY tenant LIMIT 1",
        OV_BIND(OV_SQL_I(*tenant), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(all)), tenant, found, err);
}

/* A tenant that cannot be set right now does not keep the others from it. */
enum ov_status ov_queue_set_right(struct ov_store *store, bool all, struct ov_error *err)
{
    int64_t tenant = -1;
    enum ov_status first = OV_OK;
    for (bool found = true; found;) {
        struct ov_error own = OV_ERROR_LIKE(err);
        enum ov_status status = next_stale(store, all, &tenant, &found, &own);
        if (status == OV_OK && found) {
            status = put_back(store, tenant, all, &own);
            for (int import = false; import <= true && status == OV_OK; import++)
                status = give_up(store, tenant, all, import, &own);
        } else if (status != OV_OK) {
            found = false;
        }
        if (status != OV_OK && first == OV_OK)
            first = ov_fail(err, status, "%s", own.message);
    }
    return first;
}

static enum ov_status remove_drafts(struct ov_store *store, int64_t tenant, int64_t before,
                                    struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, tenant, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_run(
        sql,
        "DELETE FROM draft WHERE created <= ?1 AND account IN (SELECT id FROM account WHERE tenant ="
        " ?2)" OV_SHARED("AND tenant = ?2"),
        OV_BIND(OV_SQL_I(before), OV_SQL_I(tenant)), err);
    if (status == OV_OK)
        status = ov_content_sweep(sql, tenant, err);
    return ov_store_write_end(store, sql, status, err);
}

static enum ov_status forget_failures(struct ov_store *store, struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, err);
    return ov_store_write_end(store, sql, sql ? ov_backoff_clean(sql, err) : OV_E_IO, err);
}

enum ov_status ov_queue_clean(struct ov_store *store, struct ov_error *err)
{
    int64_t before = time(NULL) - OV_DRAFT_SECONDS, tenant = 0;
    enum ov_status status = OV_OK;
    for (bool found = true; found && status == OV_OK;) {
        status = ov_store_number(store,
                                 "SELECT account.tenant FROM draft JOIN account ON account.id ="
                                 " draft.account WHERE draft.created <= ?1 LIMIT 1",
                                 OV_BIND(OV_SQL_I(before)), &tenant, &found, err);
        if (status == OV_OK && found)
            status = remove_drafts(store, tenant, before, err);
    }
    return status == OV_OK ? forget_failures(store, err) : status;
}

enum ov_status ov_queue_sign_on(struct ov_store *store, const char *name, unsigned workers,
                                struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_run(
        sql,
        "INSERT INTO node (name, workers, seen) VALUES (?1, ?2, unixepoch()) ON CONFLICT (name) DO"
        " UPDATE SET workers = excluded.workers, seen = excluded.seen",
        OV_BIND(OV_SQL_T(ov_text_of(name)), OV_SQL_I(workers)), err);
    if (status == OV_OK)
        status =
            ov_sql_run(sql,
                       "DELETE FROM node WHERE name IN (SELECT name FROM node WHERE seen <="
                       " unixepoch() - ?1 OR workers = 0" OV_SHARED("FOR UPDATE SKIP LOCKED") ")",
                       OV_BIND(OV_SQL_I(NODE_SECONDS)), err);
    return ov_store_write_end(store, sql, status, err);
}
