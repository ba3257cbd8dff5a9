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
#include "server/jobs/heart.h"
#include "server/jobs/import.h"
#include "server/jobs/queue.h"

enum {
    AGAIN_SECONDS = 10,     /* after a store failure, or while another process works */
    HOUSEKEEPING = 15 * 60, /* seconds between removals of expired drafts */
    SHARED_SECONDS = 1,     /* between looks for what other nodes have left or cannot do now */
    SIGNED_SECONDS = 20,    /* between signs of life */
    ALONE_SECONDS = 600,    /* the lease where nobody else could take over */
    WORKERS = 2,            /* unless the options have another number */
    SMALL_SHARE = 4,        /* of so many workers, one takes small jobs only; of two, too */
};

/* The workers that are active in one process: the first to enter takes the lock on the store's
 * folder and cleans up, the last to leave releases the lock. */
struct crew {
    pthread_mutex_t mutex;
    int lock;
    unsigned count;
    int64_t cleaned; /* when expired drafts were last removed (ov_now_ms); 0: never */
};

struct ov_worker;
struct lane {
    struct ov_worker *worker;
    unsigned number;
    pthread_t thread;
    bool started, woken;
};

struct ov_worker {
    struct ov_service *service;
    struct lane lanes[OV_WORKERS_MOST];
    unsigned count;
    struct crew crew;
    struct ov_heart heart;
    pthread_t keeper;
    bool has_keeper;
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
    unsigned lane;
    struct ov_taker taker;
    struct ov_cron_result *result;
    struct ov_heart *heart;
    struct ov_job *work; /* the current one; NULL: none */
};

static bool worker_is_ending(struct ov_worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    bool ending = worker->ending;
    pthread_mutex_unlock(&worker->mutex);
    return ending;
}

static bool is_ending(const struct pass *pass)
{
    return pass->worker && worker_is_ending(pass->worker);
}

static bool on_progress(void *ctx, int percent)
{
    struct pass *pass = ctx;
    if (pass->work && percent >= 0)
        pass->work->percent = percent;
    return !is_ending(pass) && (!pass->work || ov_heart_goes_on(pass->heart, pass->lane, percent));
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

/* Handles a job that failed because of the service. A stopped job restarts later. A full or failing
 * disk is not the job's fault: the attempt does not count. Out of memory is retried, but not
 * for ever (SPENT). Any other failure, such as a violated constraint, would recur: it ends the job,
 * and OV_OK is returned. */
static enum ov_status settle(struct ov_store *store, const struct ov_job *work, bool stopped,
                             const struct ov_error *failure)
{
    struct ov_error err = {0}; /* not used: the failure is reported, and the attempt counts */
    if (!stopped && failure->status != OV_E_IO && failure->status != OV_E_MEMORY)
        return ov_queue_refuse(store, work, failure->message, &err);
    if (stopped || failure->status == OV_E_IO)
        (void)!ov_queue_give_back(store, work, &err);
    return failure->status;
}

/* Runs a job. A failure does not block others: it is reported, and the next pass deals with the
 * job. */
static enum ov_status do_one(struct pass *pass, struct ov_job *work, struct ov_error *err)
{
    bool good = false, is_import = work->is_import;
    enum ov_status status;
    struct ov_error own = {.language = work->language};
    pass->work = work;
    ov_heart_take(pass->heart, pass->lane, work);
    if (is_import)
        status = ov_import_run(pass->store, work, on_progress, pass, &good, &own);
    else
        status = ov_export_run(pass->store, work, on_progress, pass, &good, &own);
    pass->work = NULL;
    bool lost = !ov_heart_goes_on(pass->heart, pass->lane, -1);
    ov_heart_leave(pass->heart, pass->lane);
    bool stopped = status == OV_E_STATE && (lost || is_ending(pass));
    if (status != OV_OK)
        status = settle(pass->store, work, stopped, &own);
    if (stopped) /* it restarts with the service, or elsewhere */
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

/* Puts right what others have left (all: whatever it is), and from time to time removes what has
 * expired. */
static enum ov_status tidy(struct ov_store *store, bool all, int64_t *cleaned, struct ov_error *err)
{
    int64_t now = ov_now_ms();
    enum ov_status status = ov_queue_set_right(store, all, err);
    if (status != OV_OK || (*cleaned && now < *cleaned + 1000 * HOUSEKEEPING))
        return status;
    status = ov_queue_clean(store, err);
    if (status == OV_OK)
        *cleaned = now;
    return status;
}

/* Where nodes share the store, the keeper does this. The caller has the crew's mutex. */
static enum ov_status set_right(struct pass *pass, struct ov_error *err)
{
    bool shared = ov_store_is_shared(pass->store);
    if (pass->crew->count == 0)
        remove_parts(pass->store);
    if (shared && pass->worker)
        return OV_OK;
    return tidy(pass->store, !shared && pass->crew->count == 0, &pass->crew->cleaned, err);
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

/* Wakes all lanes but one. */
enum { NO_LANE = OV_WORKERS_MOST };
static void wake(struct ov_worker *worker, unsigned but)
{
    pthread_mutex_lock(&worker->mutex);
    for (unsigned lane = 0; lane < worker->count; lane++)
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
    enum ov_status status = ov_queue_take(pass->store, &pass->taker, &pool, &work, err);
    *more = status == OV_OK && work.id;
    if (*more) {
        *failed |= do_one(pass, &work, err) != OV_OK;
        if (pass->worker)
            wake(pass->worker, pass->lane); /* others may be waiting for this tenant */
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
        if (pass->lane == 0)
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
    struct ov_heart heart;
    crew_init(&crew);
    ov_store_be_polite(store);
    struct pass pass = {.store = store,
                        .crew = &crew,
                        .heart = &heart,
                        .taker = {.workers = 1, .lease = OV_LEASE_SECONDS},
                        .result = result};
    *result = (struct ov_cron_result){0};
    enum ov_status status = ov_heart_start(&heart, store, err);
    if (status == OV_OK)
        status = ov_store_begin_use(store, err);
    if (status == OV_OK)
        status = run_pass(&pass, err);
    ov_heart_stop(&heart);
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

/* The last ones. */
static bool is_for_small(const struct ov_worker *worker, unsigned lane)
{
    unsigned small = (worker->count + SMALL_SHARE / 2) / SMALL_SHARE;
    return worker->count > 1 && lane >= worker->count - (small ? small : 1);
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
                            .heart = &worker->heart,
                            .lane = lane->number,
                            .taker = {.workers = worker->count,
                                      .small = is_for_small(worker, lane->number),
                                      .lease = ov_store_is_shared(service->store)
                                                   ? service->options.lease_seconds
                                                   : ALONE_SECONDS},
                            .result = &result};
        if (first)
            (void)!run_pass(&pass, &err); /* the result is in err */
        first = true;
        log_result(service, &result, &err);
        wait_for_work(lane, err.status != OV_OK || result.busy);
        if (is_ending(&pass))
            return NULL;
    }
}

/* --- the keeper --- */

/* Where nodes share the store: signs of life, setting right what others have left, and listening
 * for work. A failure passes, or shows in the lanes. */
static void *keep(void *ctx)
{
    struct ov_worker *worker = ctx;
    struct ov_service *service = worker->service;
    int64_t signed_at = 0, cleaned = 0;
    struct ov_sql *sql = NULL;
    while (!worker_is_ending(worker)) {
        struct ov_error err = {0};
        int64_t now = ov_now_ms();
        bool heard = false;
        if ((!signed_at || now >= signed_at + 1000 * SIGNED_SECONDS) &&
            ov_queue_sign_on(service->store, service->node, worker->count, &err) == OV_OK)
            signed_at = now;
        (void)!tidy(service->store, false, &cleaned, &err);
        if (!sql)
            sql = ov_store_listener(service->store, &err);
        if (!sql || !ov_sql_listen(sql, 1000 * SHARED_SECONDS, &heard)) {
            const struct timespec pause = {.tv_sec = SHARED_SECONDS};
            nanosleep(&pause, NULL);
        }
        if (heard && service->options.cron_seconds == 0)
            wake(worker, NO_LANE);
    }
    ov_sql_close(sql);
    (void)!ov_queue_sign_on(service->store, service->node, 0, NULL);
    return NULL;
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
    worker->count = service->options.workers ? service->options.workers : WORKERS;
    crew_init(&worker->crew);
    pthread_mutex_init(&worker->mutex, NULL);
    ov_wait_init(&worker->changed);
    ov_store_widen(service->store, worker->count);
    started = ov_heart_start(&worker->heart, service->store, err) == OV_OK;
    if (started && ov_store_is_shared(service->store))
        started = worker->has_keeper = pthread_create(&worker->keeper, NULL, keep, worker) == 0;
    for (unsigned number = 0; number < worker->count && started; number++) {
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
    for (unsigned lane = 0; lane < worker->count; lane++)
        if (worker->lanes[lane].started)
            pthread_join(worker->lanes[lane].thread, NULL);
    if (worker->has_keeper)
        pthread_join(worker->keeper, NULL);
    ov_heart_stop(&worker->heart);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->mutex);
    pthread_mutex_destroy(&worker->crew.mutex);
    free(worker);
}

bool ov_worker_percent(struct ov_service *service, bool import, int64_t id, int64_t *percent)
{
    return service->worker && ov_heart_percent(&service->worker->heart, import, id, percent);
}

void ov_worker_wake(struct ov_service *service)
{
    if (service->worker && service->options.cron_seconds == 0)
        wake(service->worker, NO_LANE);
}
