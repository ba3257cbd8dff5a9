/* org/loader.c: see loader.h. With base/task.c the only file that includes pthread.h.
 *
 * With one thread there is one batch, added when it is full. With two there is a ring buffer of
 * batches: one thread fills the batch at `filled`, the other adds the one at `added`. */
#include "org/loader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

enum {
    RING = 16,
    LINE = 64, /* bytes of a cache line */
    ROWS_AHEAD = 16,
    TEXTS_ENOUGH = 1 << 20, /* bytes of long identifiers that make a batch full */
    PATIENCE = 4000,        /* polls of the other thread's progress before sleeping */
};

struct batch {
    struct ov_entry entries[OV_BATCH_ROWS + ROWS_AHEAD];
    size_t count;
    char *texts; /* owned: texts of long keys, which hold offsets until the batch is full */
    size_t text_len, text_capacity;
};

struct ov_loader {
    struct ov_forest *forest;
    unsigned threads;
    uint64_t rows;         /* received so far */
    struct batch *batches; /* owned: RING of them, or 1 with one thread */
    size_t ring;

    /* Shared by the threads while `running`. Each counter is written by one thread; only their
     * difference matters. The padding keeps them on separate cache lines, so that polling one does
     * not slow down its writer. */
    char apart[LINE];
    atomic_size_t filled; /* batches handed over */
    char apart_too[LINE];
    atomic_size_t added; /* batches added to the forest */
    char and_these[LINE];
    atomic_uint_least64_t expected; /* rows */
    atomic_bool ending;             /* no more batches will come */
    atomic_int sleeping;            /* number of sleeping threads */
    bool running;                   /* the other thread exists */
    pthread_t thread;
    pthread_mutex_t lock; /* held while going to sleep and while waking */
    pthread_cond_t changed;
    enum ov_status status; /* the first failure; the other thread's while it runs */
    struct ov_error err;
    atomic_bool failed; /* there was a failure */
};

struct ov_loader *ov_loader_new(struct ov_forest *forest, unsigned threads)
{
    struct ov_loader *loader = calloc(1, sizeof *loader);
    if (!loader)
        return NULL;
    loader->forest = forest;
    loader->threads = threads;
    loader->ring = threads > 1 ? RING : 1;
    loader->batches = calloc(loader->ring, sizeof *loader->batches);
    if (loader->batches)
        return loader;
    free(loader);
    return NULL;
}

/* Adds a batch to the forest and empties it. */
static enum ov_status add_batch(struct ov_loader *loader, struct batch *batch, struct ov_error *err)
{
    loader->forest->expected = atomic_load(&loader->expected);
    enum ov_status status = ov_forest_add(loader->forest, batch->entries, batch->count, err);
    batch->count = batch->text_len = 0;
    return status;
}

static bool has_batch(struct ov_loader *loader)
{
    return atomic_load(&loader->added) != atomic_load(&loader->filled) ||
           atomic_load(&loader->ending);
}

static bool has_room(struct ov_loader *loader)
{
    return atomic_load(&loader->filled) - atomic_load(&loader->added) < loader->ring;
}

/* Waits for a condition that the other thread brings about. Polls first, since sleeping and waking
 * cost more than adding a batch. */
static void wait_until(struct ov_loader *loader, bool (*holds)(struct ov_loader *loader))
{
    for (int i = 0; i < PATIENCE; i++) {
        if (holds(loader))
            return;
#if defined __x86_64__
        __builtin_ia32_pause();
#endif
    }
    pthread_mutex_lock(&loader->lock);
    atomic_fetch_add(&loader->sleeping, 1);
    while (!holds(
        loader)) /* checked after `sleeping` is set, which the other thread sees after its change */
        pthread_cond_wait(&loader->changed, &loader->lock);
    atomic_fetch_sub(&loader->sleeping, 1);
    pthread_mutex_unlock(&loader->lock);
}

static void wake(struct ov_loader *loader)
{
    if (atomic_load(&loader->sleeping) == 0)
        return;
    pthread_mutex_lock(&loader->lock);
    pthread_cond_broadcast(&loader->changed);
    pthread_mutex_unlock(&loader->lock);
}

/* The other thread: adds batches until no more will come. After a failure it only discards them. */
static void *run(void *ctx)
{
    struct ov_loader *loader = ctx;
    for (;;) {
        wait_until(loader, has_batch);
        size_t next = atomic_load(&loader->added);
        if (next == atomic_load(&loader->filled))
            return NULL;
        if (loader->status == OV_OK)
            loader->status = add_batch(loader, &loader->batches[next % loader->ring], &loader->err);
        if (loader->status != OV_OK)
            atomic_store(&loader->failed, true);
        atomic_store(&loader->added, next + 1);
        wake(loader);
    }
}

/* Starts the other thread; if that fails, the caller's thread does the work. */
static void start(struct ov_loader *loader)
{
    if (pthread_mutex_init(&loader->lock, NULL) != 0)
        return;
    if (pthread_cond_init(&loader->changed, NULL) != 0) {
        pthread_mutex_destroy(&loader->lock);
        return;
    }
    loader->running = pthread_create(&loader->thread, NULL, run, loader) == 0;
    if (!loader->running) {
        pthread_cond_destroy(&loader->changed);
        pthread_mutex_destroy(&loader->lock);
    }
}

static void stop(struct ov_loader *loader)
{
    if (!loader->running)
        return;
    atomic_store(&loader->ending, true);
    wake(loader);
    pthread_join(loader->thread, NULL);
    pthread_cond_destroy(&loader->changed);
    pthread_mutex_destroy(&loader->lock);
    loader->running = false;
}

void ov_loader_free(struct ov_loader *loader)
{
    if (!loader)
        return;
    stop(loader);
    for (size_t i = 0; i < loader->ring; i++)
        free(loader->batches[i].texts);
    free(loader->batches);
    free(loader);
}

static struct batch *current(struct ov_loader *loader)
{
    return &loader->batches[loader->filled % loader->ring];
}

/* The failure of adding, if any; the other thread has ended or does nothing more. */
static enum ov_status failure(const struct ov_loader *loader, struct ov_error *err)
{
    return loader->status == OV_OK ? OV_OK
                                   : ov_fail(err, loader->status, "%s", loader->err.message);
}

/* Hands the current batch over and waits for the next one to become free. */
static enum ov_status hand_over(struct ov_loader *loader, struct ov_error *err)
{
    atomic_fetch_add(&loader->filled, 1);
    wake(loader);
    wait_until(loader, has_room);
    return atomic_load(&loader->failed) ? failure(loader, err) : OV_OK;
}

/* Completes the current batch and has it added. */
static enum ov_status flush(struct ov_loader *loader, struct ov_error *err)
{
    struct batch *batch = current(loader);
    for (size_t i = 0; batch->text_len && i < batch->count; i++) {
        struct ov_entry *entry = &batch->entries[i];
        if (ov_key_tag(&entry->id) == OV_KEY_LONG)
            entry->id.words[0] += (uint64_t)(uintptr_t)batch->texts;
        if (ov_key_tag(&entry->parent) == OV_KEY_LONG)
            entry->parent.words[0] += (uint64_t)(uintptr_t)batch->texts;
    }
    return loader->running ? hand_over(loader, err) : add_batch(loader, batch, err);
}

/* Makes the key of a text; a long text is copied, and its address is an offset until the batch is
 * full. */
static bool keep(struct batch *batch, struct ov_text text, struct ov_key *key)
{
    *key = ov_key_of(text);
    if (ov_key_tag(key) != OV_KEY_LONG)
        return true;
    if (!ov_grow(&batch->texts, &batch->text_capacity, batch->text_len + text.len, 1))
        return false;
    memcpy(batch->texts + batch->text_len, text.ptr, text.len);
    key->words[0] = batch->text_len;
    batch->text_len += text.len;
    return true;
}

void ov_loader_expect(struct ov_loader *loader, uint64_t rows)
{
    atomic_store(&loader->expected, rows);
}

enum ov_status ov_loader_add(struct ov_loader *loader, struct ov_text id, struct ov_text parent,
                             bool broken, struct ov_error *err)
{
    struct batch *batch = current(loader);
    struct ov_entry *entry = &batch->entries[batch->count];
    /* the other thread has read the entry that will be overwritten there: reclaim its cache line
     * early */
    __builtin_prefetch(entry + ROWS_AHEAD, 1);
    if (!keep(batch, id, &entry->id) || !keep(batch, parent, &entry->parent))
        return ov_fail_memory(err);
    if (broken)
        entry->parent.bytes[15] = OV_KEY_BROKEN;
    batch->count++;
    loader->rows++;
    if (loader->rows == OV_THREAD_ROWS && loader->threads > 1)
        start(loader);
    bool full = batch->count == OV_BATCH_ROWS || batch->text_len >= TEXTS_ENOUGH;
    return full ? flush(loader, err) : OV_OK;
}

enum ov_status ov_loader_finish(struct ov_loader *loader, struct ov_error *err)
{
    enum ov_status status = current(loader)->count ? flush(loader, err) : OV_OK;
    stop(loader);
    return status == OV_OK ? failure(loader, err) : status;
}
