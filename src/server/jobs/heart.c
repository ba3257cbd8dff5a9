/* server/jobs/heart.c: see heart.h. While a job writes, it renews its lease by itself. */
#include "server/jobs/heart.h"

#include "base/error.h"
#include "server/store/fair_lock.h"

enum { INTERVAL_MS = 250, WAIT_MS = 1000 };

/* A failure passes: the next attempt may succeed before the lease has run out. */
static bool renew(struct ov_store *store, const struct ov_job *work)
{
    struct ov_error err = {0};
    bool busy, held = true;
    struct ov_sql *sql = ov_store_try_write(store, OV_SCOPE_ROWS, WAIT_MS, &busy, &err);
    enum ov_status status = sql ? ov_job_hold(sql, work, &held, &err) : OV_E_IO;
    return ov_store_write_end(store, sql, status, &err) != OV_OK || held;
}

/* The caller has the mutex, which is released while a lease is renewed. */
static void beat(struct ov_heart *heart, struct ov_beat *one)
{
    struct ov_job work = one->work;
    if (!work.id || one->lost || ov_now_ms() < atomic_load(&one->held_at) + 1000 * work.lease / 4)
        return;
    pthread_mutex_unlock(&heart->mutex);
    bool held = renew(heart->store, &work);
    pthread_mutex_lock(&heart->mutex);
    if (one->work.id == work.id && one->work.is_import == work.is_import &&
        one->work.attempt == work.attempt)
        one->lost = !held;
}

static void *run(void *ctx)
{
    struct ov_heart *heart = ctx;
    pthread_mutex_lock(&heart->mutex);
    while (!heart->ending) {
        for (unsigned i = 0; i < OV_WORKERS_MOST && !heart->ending; i++)
            beat(heart, &heart->beats[i]);
        if (!heart->ending)
            (void)ov_wait_until(&heart->changed, &heart->mutex, ov_now_ms() + INTERVAL_MS);
    }
    pthread_mutex_unlock(&heart->mutex);
    return NULL;
}

enum ov_status ov_heart_start(struct ov_heart *heart, struct ov_store *store, struct ov_error *err)
{
    *heart = (struct ov_heart){.store = store};
    pthread_mutex_init(&heart->mutex, NULL);
    ov_wait_init(&heart->changed);
    heart->started = pthread_create(&heart->thread, NULL, run, heart) == 0;
    return heart->started ? OV_OK : ov_fail(err, OV_E_MEMORY, "cannot start the worker's threads");
}

void ov_heart_stop(struct ov_heart *heart)
{
    pthread_mutex_lock(&heart->mutex);
    heart->ending = true;
    pthread_cond_broadcast(&heart->changed);
    pthread_mutex_unlock(&heart->mutex);
    if (heart->started)
        pthread_join(heart->thread, NULL);
    pthread_cond_destroy(&heart->changed);
    pthread_mutex_destroy(&heart->mutex);
}

void ov_heart_take(struct ov_heart *heart, unsigned worker, struct ov_job *work)
{
    struct ov_beat *one = &heart->beats[worker];
    pthread_mutex_lock(&heart->mutex);
    work->held_at = &one->held_at;
    atomic_store(&one->held_at, ov_now_ms());
    one->work = *work;
    one->lost = false;
    pthread_mutex_unlock(&heart->mutex);
}

void ov_heart_leave(struct ov_heart *heart, unsigned worker)
{
    pthread_mutex_lock(&heart->mutex);
    heart->beats[worker].work.id = 0;
    pthread_mutex_unlock(&heart->mutex);
}

bool ov_heart_goes_on(struct ov_heart *heart, unsigned worker, int percent)
{
    struct ov_beat *one = &heart->beats[worker];
    pthread_mutex_lock(&heart->mutex);
    if (percent >= 0)
        one->work.percent = percent;
    bool lost = one->lost;
    pthread_mutex_unlock(&heart->mutex);
    return !lost;
}

bool ov_heart_percent(struct ov_heart *heart, bool import, int64_t id, int64_t *percent)
{
    bool found = false;
    pthread_mutex_lock(&heart->mutex);
    for (unsigned i = 0; i < OV_WORKERS_MOST && !found; i++) {
        const struct ov_job *work = &heart->beats[i].work;
        found = work->id == id && work->is_import == import;
        if (found)
            *percent = work->percent;
    }
    pthread_mutex_unlock(&heart->mutex);
    return found;
}
