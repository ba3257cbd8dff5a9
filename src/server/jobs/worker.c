/* server/jobs/worker.c: see worker.h. */
#include "server/jobs/worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "server/store/fair_lock.h"
#include "server/jobs/export.h"
#include "server/jobs/import.h"

enum {
    AGAIN_SECONDS = 10,     /* after a store failure, or while another process works */
    HOUSEKEEPING = 15 * 60, /* seconds between removals of expired drafts */
    SHARED_SECONDS = 1,     /* between looks for what other nodes have left or cannot do now */
};

/* The lanes that are active in one process: the first to enter takes the lock on the store and
 * cleans up after aborted jobs, the last to leave releases the lock. */
struct crew {
    pthread_mutex_t mutex;
    int lock;
    unsigned count;
    struct at_hand {
        bool import;
        int64_t id; /* 0: none */
    } at_hand[OV_LANES];
};

struct ov_worker;
struct lane {
    struct ov_worker *worker;
    int number;
    pthread_t thread;
    bool started, woken;
};

struct ov_worker {
    struct ov_service *service;
    struct lane lanes[OV_LANES];
    struct crew crew;
    pthread_mutex_t mutex; /* protects the members below, and `woken` */
    pthread_cond_t changed;
    bool ending;
};

static void crew_init(struct crew *crew)
{
    *crew = (struct crew){.lock = -1};
    pthread_mutex_init(&crew->mutex, NULL);
}

/* --- a pass --- */

/* The context of a pass. */
struct pass {
    struct ov_store *store;
    struct ov_service *service; /* NULL: `orgvet cron` */
    struct ov_worker *worker;   /* NULL: `orgvet cron` */
    struct crew *crew;
    int lane;
    struct ov_cron_result *result;
    int64_t lease;       /* seconds */
    struct ov_job *work; /* the current one; NULL: none */
    int64_t beaten;      /* when its lease was last renewed (ov_now_ms) */
};

static bool is_ending(const struct pass *pass)
{
    struct ov_worker *worker = pass->worker;
    if (!worker)
        return false;
    pthread_mutex_lock(&worker->mutex);
    bool ending = worker->ending;
    pthread_mutex_unlock(&worker->mutex);
    return ending;
}

/* Renews the lease of the current job in time, where another node would take it over. Not while the
 * job itself writes: that renews it. False if somebody else has it. */
static bool beat(struct pass *pass)
{
    enum { WAIT_MS = 50 };
    struct ov_error err = {
        0}; /* not used: the next one may succeed, before the lease has run out */
    bool busy, held = true;
    if (!pass->work || !ov_store_is_shared(pass->store) ||
        ov_now_ms() < pass->beaten + 1000 * pass->lease / 4)
        return true;
    struct ov_sql *sql = ov_store_try_write(pass->store, WAIT_MS, &busy, &err);
    if (!sql)
        return true;
    enum ov_status status = ov_job_hold(sql, pass->work, &held, &err);
    (void)!ov_store_write_end(pass->store, status, &err);
    return status != OV_OK || held;
}

static bool on_progress(void *ctx, int percent)
{
    struct pass *pass = ctx;
    if (pass->work && percent >= 0)
        pass->work->percent = percent;
    if (pass->service && percent >= 0)
        atomic_store(&pass->service->progress[pass->lane].percent, percent);
    return !is_ending(pass) && beat(pass);
}

static int lock_pass(struct ov_store *store, struct ov_error *err)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/worker.lock", ov_store_folder(store));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        ov_fail(err, OV_E_IO, "cannot open `%.200s`: %s", path, strerror(errno));
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        fd = -2;
    }
    return fd;
}

/* Removes unfinished files of a worker that was killed. */
static void remove_parts(const struct ov_store *store)
{
    DIR *folder = opendir(ov_store_folder(store));
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (strncmp(entry->d_name, ".export-", 8) == 0)
            (void)unlinkat(dirfd(folder), entry->d_name, 0); /* leftovers do no harm */
    if (folder)
        closedir(folder);
}

/* Whether a job was started too often without finishing, which blocks others: it may be what ends
 * the service. One that got half through its work is more likely the victim of something else. */
#define SPENT "attempts - excused >= CASE WHEN percent >= 50 THEN 100 ELSE 5 END"

/* The statements for each kind of job. A job in progress is left alone while a worker has it: a
 * lane of this process, or, where nodes share the store, one with a lease that has not run out.
 */
struct kind {
    const char *take, *put_back, *give_back, *broken;
};
#define KIND(table)                                                                                \
    {                                                                                              \
        .take = "UPDATE " table " SET status = ?2, started = ?3, attempts = attempts + 1,"         \
                " percent = 0, lease = unixepoch() + ?4 WHERE id = ?1 RETURNING attempts",         \
        .put_back = "UPDATE " table " SET status = ?1 WHERE status = ?2 AND NOT " SPENT            \
                    " AND id NOT IN (?3, ?4) AND (?5 = 0 OR lease <= unixepoch())",                \
        .give_back = "UPDATE " table " SET excused = excused + 1, lease = 0 WHERE id = ?1"         \
                     " AND status = ?2 AND attempts = ?3",                                         \
        .broken = "SELECT id, language, attempts, attempts - excused FROM " table                  \
                  " WHERE status = ?1 AND " SPENT                                                  \
                  " AND id NOT IN (?2, ?3) AND (?4 = 0 OR lease <= unixepoch()) LIMIT 1",          \
    }
static const struct kind kinds[] = {[false] = KIND("export"), [true] = KIND("import")};

/* The id of a lane's current job if it is of this kind; 0: none. */
static int64_t at_hand(const struct crew *crew, bool import, int lane)
{
    return crew->at_hand[lane].import == import ? crew->at_hand[lane].id : 0;
}

/* Reschedules aborted jobs; removes expired drafts and unused contents. */
static enum ov_status tidy(struct ov_store *store, const struct crew *crew, struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = OV_OK;
    for (int import = false; import <= true && status == OV_OK; import++)
        status = ov_sql_run(sql, kinds[import].put_back,
                            OV_BIND(OV_SQL_I(OV_STATE_SCHEDULED), OV_SQL_I(OV_STATE_RUNNING),
                                    OV_SQL_I(at_hand(crew, import, 0)),
                                    OV_SQL_I(at_hand(crew, import, 1)),
                                    OV_SQL_I(ov_store_is_shared(store))),
                            err);
    if (status == OV_OK)
        status = ov_sql_run(sql, "DELETE FROM draft WHERE created <= ?1",
                            OV_BIND(OV_SQL_I(time(NULL) - OV_DRAFT_SECONDS)), err);
    if (status == OV_OK && ov_sql_changes(sql) > 0)
        status = ov_content_sweep(sql, err);
    return ov_store_write_end(store, status, err);
}

static enum ov_status refuse(struct ov_store *store, const struct ov_job *work, const char *message,
                             struct ov_error *err)
{
    return work->is_import ? ov_import_refuse(store, work, NULL, NULL, message, err)
                           : ov_export_refuse(store, work, message, err);
}

/* Finds a job that was aborted too often; *work has its id (0: none) and language. */
static enum ov_status find_broken(struct ov_store *store, const struct crew *crew, bool is_import,
                                  struct ov_job *work, int64_t *starts, struct ov_error *err)
{
    struct ov_query query;
    *work = (struct ov_job){.is_import = is_import};
    struct ov_sql *sql = ov_store_read(store, err);
    if (!sql)
        return OV_E_IO;
    ov_query_begin(&query, sql, kinds[is_import].broken,
                   OV_BIND(OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(at_hand(crew, is_import, 0)),
                           OV_SQL_I(at_hand(crew, is_import, 1)),
                           OV_SQL_I(ov_store_is_shared(store))),
                   err);
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
 * they would block all others. */
static enum ov_status give_up(struct ov_store *store, const struct crew *crew, bool is_import,
                              struct ov_error *err)
{
    for (;;) {
        struct ov_job work;
        int64_t starts = 0;
        enum ov_status status = find_broken(store, crew, is_import, &work, &starts, err);
        if (status != OV_OK || work.id == 0)
            return status;
        struct ov_error why = {.language = work.language};
        ov_fail(
            &why, OV_E_STATE,
            is_import
                ? OV_N_("the import was started %d times without finishing; see the service's log")
                : OV_N_("the export was started %d times without finishing; see the service's log"),
            (int)starts);
        status = refuse(store, &work, why.message, err);
        if (status != OV_OK)
            return status;
    }
}

/* The next job: of each tenant the one scheduled first, unless another job of the tenant is in
 * progress: in another lane, or aborted and not yet rescheduled. Small jobs are CSV files of at
 * most ?3 bytes, and exports of tenants with at most ?4 items. */
static const char next_work[] =
    "SELECT is_import, id, account, tenant, kind, settings, filename, content, language FROM"
    " (SELECT scheduled.*, min(sequence) OVER (PARTITION BY tenant) AS first FROM"
    " (SELECT 1 AS is_import, id, account, tenant, importer AS kind, settings, filename, content,"
    " language, sequence, created FROM import WHERE status = ?1 UNION ALL"
    " SELECT 0, id, account, tenant, exporter, settings, '', 0, language, sequence, created"
    " FROM export WHERE status = ?1) AS scheduled) AS work"
    " WHERE sequence = first AND"
    " NOT EXISTS (SELECT 1 FROM import WHERE status = ?2 AND tenant IS NOT DISTINCT FROM work.tenant) AND"
    " NOT EXISTS (SELECT 1 FROM export WHERE status = ?2 AND tenant IS NOT DISTINCT FROM work.tenant) AND"
    " (?3 < 0 OR CASE WHEN is_import = 1 THEN"
    " kind <> ?5 AND (SELECT size FROM content WHERE content.id = work.content) <= ?3 ELSE"
    " (SELECT count(*) FROM (SELECT 1 FROM stored_framework JOIN stored_item ON"
    " stored_item.framework = stored_framework.id WHERE stored_framework.tenant IS NOT DISTINCT FROM work.tenant"
    " LIMIT ?4 + 1) AS counted) <= ?4 END) ORDER BY sequence, created, id LIMIT 1";
enum { SMALL_BYTES = 1 << 20, SMALL_ITEMS = 20000 };

/* Assigns the next job to the lane; work->id 0: none available. */
static enum ov_status take_next(struct pass *pass, struct ov_values_pool *pool, struct ov_job *work,
                                struct ov_error *err)
{
    struct ov_query query;
    struct ov_store *store = pass->store;
    *work = (struct ov_job){0};
    struct ov_sql *sql = ov_store_write(store, err);
    if (!sql)
        return OV_E_IO;
    ov_query_begin(&query, sql, next_work,
                   OV_BIND(OV_SQL_I(OV_STATE_SCHEDULED), OV_SQL_I(OV_STATE_RUNNING),
                           OV_SQL_I(pass->lane == OV_LANE_SMALL ? SMALL_BYTES : -1),
                           OV_SQL_I(SMALL_ITEMS), OV_SQL_T(OV_STRUCTURE_IMPORTER)),
                   err);
    if (ov_query_next(&query)) {
        work->is_import = ov_query_int(&query, 0) != 0;
        work->lease = pass->lease;
        work->id = ov_query_int(&query, 1);
        work->account = ov_query_int(&query, 2);
        work->tenant = ov_query_int(&query, 3);
        work->kind = ov_pool_text(pool, ov_query_text(&query, 4));
        work->settings = ov_pool_text(pool, ov_query_text(&query, 5));
        work->filename = ov_pool_text(pool, ov_query_text(&query, 6));
        work->content = ov_query_int(&query, 7);
        work->language = ov_language_of(ov_query_text(&query, 8));
    }
    enum ov_status status = ov_query_end(&query);
    if (status == OV_OK && work->id)
        status = ov_sql_number(sql, kinds[work->is_import].take,
                               OV_BIND(OV_SQL_I(work->id), OV_SQL_I(OV_STATE_RUNNING),
                                       OV_SQL_I(time(NULL)), OV_SQL_I(work->lease)),
                               &work->attempt, NULL, err);
    if (pool->failed)
        status = ov_fail_memory(err);
    status = ov_store_write_end(store, status, err);
    if (status == OV_OK && work->id)
        pass->crew->at_hand[pass->lane] = (struct at_hand){work->is_import, work->id};
    return status;
}

/* Handles a job that failed because of the service. A stopped job restarts later. A full or failing
 * disk is not the job's fault: the attempt does not count. Out of memory is retried, but not
 * for ever (SPENT). Any other failure, such as a violated constraint, would recur: it ends the job,
 * and OV_OK is returned. */
static enum ov_status settle(struct ov_store *store, const struct ov_job *work, bool stopped,
                             const struct ov_error *failure)
{
    struct ov_error err = {0}; /* not used: the failure is reported, and the attempt counts */
    if (!stopped && failure->status != OV_E_IO && failure->status != OV_E_MEMORY)
        return refuse(store, work, failure->message, &err);
    bool uncounted = stopped || failure->status == OV_E_IO;
    struct ov_sql *sql = uncounted ? ov_store_write(store, &err) : NULL;
    if (sql) {
        enum ov_status status = ov_sql_run(
            sql, kinds[work->is_import].give_back,
            OV_BIND(OV_SQL_I(work->id), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(work->attempt)), &err);
        (void)!ov_store_write_end(store, status, &err);
    }
    return failure->status;
}

/* Runs a job. A failure does not block others: it is reported, and the next pass deals with the
 * job. */
static enum ov_status do_one(struct pass *pass, struct ov_job *work, struct ov_error *err)
{
    bool good = false, is_import = work->is_import;
    enum ov_status status;
    struct ov_error own = {.language = work->language};
    struct ov_job_progress *progress = pass->service ? &pass->service->progress[pass->lane] : NULL;
    if (progress) {
        atomic_store(&progress->percent, 0);
        atomic_store(is_import ? &progress->import : &progress->export, work->id);
    }
    pass->work = work;
    work->held_at = &pass->beaten;
    pass->beaten = ov_now_ms();
    if (is_import)
        status = ov_import_run(pass->store, work, on_progress, pass, &good, &own);
    else
        status = ov_export_run(pass->store, work, on_progress, pass, &good, &own);
    pass->work = NULL;
    if (progress) {
        atomic_store(&progress->import, 0);
        atomic_store(&progress->export, 0);
    }
    bool stopped = status == OV_E_STATE && is_ending(pass);
    if (status != OV_OK)
        status = settle(pass->store, work, stopped, &own);
    if (stopped) /* it restarts with the service */
        return OV_OK;
    if (own.status != OV_OK)
        ov_fail(err, own.status, "%s %lld: %s", is_import ? "import" : "export",
                (long long)work->id, own.message);
    if (status != OV_OK)
        return status;
    if (is_import)
        *(good ? &pass->result->imports_done : &pass->result->imports_failed) += 1;
    else
        *(good ? &pass->result->exports_done : &pass->result->exports_failed) += 1;
    return OV_OK;
}

/* The caller has the crew's mutex. */
static enum ov_status set_right(struct pass *pass, struct ov_error *err)
{
    if (pass->crew->count == 0)
        remove_parts(pass->store);
    enum ov_status status = tidy(pass->store, pass->crew, err);
    for (int import = false; import <= true && status == OV_OK; import++)
        status = give_up(pass->store, pass->crew, import, err);
    return status;
}

/* *in: the lane may work, and must call leave(). */
static enum ov_status enter(struct pass *pass, bool *in, struct ov_error *err)
{
    struct crew *crew = pass->crew;
    enum ov_status status = OV_OK;
    pthread_mutex_lock(&crew->mutex);
    if (crew->count == 0) {
        crew->lock = lock_pass(pass->store, err);
        pass->result->busy = crew->lock == -2;
        status = crew->lock == -1 ? OV_E_IO : OV_OK;
    }
    *in = crew->lock >= 0;
    if (*in) {
        status = set_right(pass, err);
        crew->count++;
    }
    pthread_mutex_unlock(&crew->mutex);
    return status;
}

static void leave(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    if (--crew->count == 0) {
        close(crew->lock);
        crew->lock = -1;
    }
    pthread_mutex_unlock(&crew->mutex);
}

/* Wakes all lanes but one (-1: all). */
static void wake(struct ov_worker *worker, int but)
{
    pthread_mutex_lock(&worker->mutex);
    for (int lane = 0; lane < OV_LANES; lane++)
        worker->lanes[lane].woken |= lane != but;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->mutex);
}

/* Runs one job if there is one for the lane (*more). A failure of the job is reported (*failed),
 * but does not end the pass. */
static enum ov_status do_next(struct pass *pass, bool *more, bool *failed, struct ov_error *err)
{
    struct ov_values_pool pool = {0};
    struct ov_job work;
    pthread_mutex_lock(&pass->crew->mutex);
    enum ov_status status = take_next(pass, &pool, &work, err);
    pthread_mutex_unlock(&pass->crew->mutex);
    *more = status == OV_OK && work.id;
    if (*more) {
        *failed |= do_one(pass, &work, err) != OV_OK;
        pthread_mutex_lock(&pass->crew->mutex);
        pass->crew->at_hand[pass->lane] = (struct at_hand){0};
        pthread_mutex_unlock(&pass->crew->mutex);
        if (pass->worker)
            wake(pass->worker, pass->lane); /* the other lane may be waiting for this tenant */
    }
    ov_pool_deinit(&pool);
    return status;
}

/* A failed sweep does not block any job. */
static bool sweep(struct pass *pass, struct ov_error *err)
{
    struct ov_error own = {0};
    if (ov_import_sweep(pass->store, NULL, on_progress, pass, &own) == OV_OK || is_ending(pass))
        return true;
    ov_fail(err, own.status, "%s", own.message);
    return false;
}

static enum ov_status run_pass(struct pass *pass, struct ov_error *err)
{
    bool in, failed = false;
    enum ov_status status = enter(pass, &in, err);
    for (bool more = in; more && status == OV_OK;) {
        if (pass->lane == OV_LANE_ANY)
            failed |= !sweep(pass, err);
        if (!is_ending(pass))
            status = do_next(pass, &more, &failed, err);
        more = more && !is_ending(pass);
    }
    if (in)
        leave(pass->crew);
    return failed ? OV_E_IO : status;
}

enum ov_status ov_service_cron(struct ov_store *store, struct ov_cron_result *result,
                               struct ov_error *err)
{
    struct crew crew;
    crew_init(&crew);
    ov_store_be_polite(store);
    struct pass pass = {.store = store,
                        .crew = &crew,
                        .lane = OV_LANE_ANY,
                        .result = result,
                        .lease = OV_LEASE_SECONDS};
    *result = (struct ov_cron_result){0};
    enum ov_status status = run_pass(&pass, err);
    pthread_mutex_destroy(&crew.mutex);
    return status;
}

/* --- the threads --- */

static void log_result(struct ov_service *service, const struct ov_cron_result *result,
                       const struct ov_error *err)
{
    struct ov_buf line = {0};
    struct ov_json json = {.out = &line};
    atomic_fetch_add(&service->figures.imports_done, result->imports_done);
    atomic_fetch_add(&service->figures.imports_failed, result->imports_failed);
    atomic_fetch_add(&service->figures.exports_done, result->exports_done);
    atomic_fetch_add(&service->figures.exports_failed, result->exports_failed);
    if (err->status == OV_OK || !service->options.log)
        return;
    ov_json_object(&json, NULL);
    ov_json_signed(&json, "time", time(NULL));
    ov_json_string(&json, "event", "worker");
    ov_json_string(&json, "error", err->message);
    ov_json_end(&json);
    if (!line.failed)
        service->options.log(service->options.log_ctx, line.ptr, line.len);
    ov_buf_deinit(&line);
}

static void wait_for_work(struct lane *lane, bool again)
{
    struct ov_worker *worker = lane->worker;
    int64_t cron = worker->service->options.cron_seconds;
    int64_t idle = ov_store_is_shared(worker->service->store) ? SHARED_SECONDS : HOUSEKEEPING;
    int64_t seconds = again ? AGAIN_SECONDS : cron ? cron : idle;
    int64_t until = ov_now_ms() + 1000 * seconds;
    bool timely = true;
    pthread_mutex_lock(&worker->mutex);
    while (!worker->ending && !lane->woken && timely)
        timely = ov_wait_until(&worker->changed, &worker->mutex, until);
    lane->woken = false;
    pthread_mutex_unlock(&worker->mutex);
}

static void *work(void *ctx)
{
    struct lane *lane = ctx;
    struct ov_worker *worker = lane->worker;
    struct ov_service *service = worker->service;
    bool first = service->options.cron_seconds == 0;
    for (;;) {
        struct ov_cron_result result = {0};
        struct ov_error err = {0};
        struct pass pass = {.store = service->store,
                            .service = service,
                            .worker = worker,
                            .crew = &worker->crew,
                            .lane = lane->number,
                            .result = &result,
                            .lease = service->options.lease_seconds};
        if (first)
            (void)!run_pass(&pass, &err); /* the result is in err */
        first = true;
        log_result(service, &result, &err);
        wait_for_work(lane, err.status != OV_OK || result.busy);
        if (is_ending(&pass))
            return NULL;
    }
}

struct ov_worker *ov_worker_start(struct ov_service *service, struct ov_error *err)
{
    struct ov_worker *worker = calloc(1, sizeof *worker);
    bool started = true;
    if (!worker) {
        ov_fail_memory(err);
        return NULL;
    }
    worker->service = service;
    crew_init(&worker->crew);
    pthread_mutex_init(&worker->mutex, NULL);
    ov_wait_init(&worker->changed);
    for (int number = 0; number < OV_LANES && started; number++) {
        struct lane *lane = &worker->lanes[number];
        *lane = (struct lane){.worker = worker, .number = number};
        started = lane->started = pthread_create(&lane->thread, NULL, work, lane) == 0;
    }
    if (started)
        return worker;
    ov_worker_stop(worker);
    ov_fail(err, OV_E_MEMORY, "cannot start the worker's threads");
    return NULL;
}

void ov_worker_stop(struct ov_worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->mutex);
    worker->ending = true;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->mutex);
    for (int lane = 0; lane < OV_LANES; lane++)
        if (worker->lanes[lane].started)
            pthread_join(worker->lanes[lane].thread, NULL);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->mutex);
    pthread_mutex_destroy(&worker->crew.mutex);
    free(worker);
}

void ov_worker_wake(struct ov_service *service)
{
    if (service->worker && service->options.cron_seconds == 0)
        wake(service->worker, -1);
}
