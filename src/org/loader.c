/* org/loader.c: see loader.h. The only file that includes pthread.h.
 *
 * With one thread there is one batch, added when it is full. With two there is a ring of them: one
 * thread fills the batch at `filled`, the other adds the one at `added`. */
#include "org/loader.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

enum { RING = 8 };

struct batch {
    struct ov_entry entries[OV_BATCH_ROWS];
    size_t count;
    char *texts; /* owned: texts of long keys; until the batch is full they are offsets in here */
    size_t text_len, text_capacity;
};

struct ov_loader {
    struct ov_forest *forest;
    uint64_t hash_key;
    unsigned threads;
    uint64_t bytes;
    uint64_t rows;         /* that have come */
    struct batch *batches; /* owned: RING of them, or 1 with one thread */
    size_t ring;
    size_t filled; /* batches handed over; only their difference counts */
    size_t added;  /* batches added */

    bool running; /* there is another thread */
    bool ending;  /* no more batches will come */
    pthread_t thread;
    pthread_mutex_t lock; /* over filled, added, ending, status and err, once it is running */
    pthread_cond_t changed;
    enum ov_status status; /* of adding: the first failure */
    struct ov_error err;
};

struct ov_loader *ov_loader_new(struct ov_forest *forest, unsigned threads, uint64_t bytes)
{
    struct ov_loader *loader = calloc(1, sizeof *loader);
    if (!loader)
        return NULL;
    loader->forest = forest;
    loader->hash_key = forest->hash_key;
    loader->threads = threads;
    loader->bytes = bytes;
    loader->ring = threads > 1 ? RING : 1;
    loader->batches = calloc(loader->ring, sizeof *loader->batches);
    if (loader->batches)
        return loader;
    free(loader);
    return NULL;
}

/* Adds a batch to the forest. */
static enum ov_status add(struct ov_loader *loader, struct batch *batch, struct ov_error *err)
{
    enum ov_status status = ov_forest_add(loader->forest, batch->entries, batch->count, err);
    batch->count = batch->text_len = 0;
    return status;
}

/* The other thread: adds batches until no more will come. After a failure it only passes them. */
static void *run(void *ctx)
{
    struct ov_loader *loader = ctx;
    pthread_mutex_lock(&loader->lock);
    for (;;) {
        while (loader->added == loader->filled && !loader->ending)
            pthread_cond_wait(&loader->changed, &loader->lock);
        if (loader->added == loader->filled)
            break;
        struct batch *batch = &loader->batches[loader->added % loader->ring];
        enum ov_status status = loader->status;
        struct ov_error err = {0};
        pthread_mutex_unlock(&loader->lock);
        if (status == OV_OK)
            status = add(loader, batch, &err);
        pthread_mutex_lock(&loader->lock);
        if (loader->status == OV_OK && status != OV_OK) {
            loader->status = status;
            loader->err = err;
        }
        loader->added++;
        pthread_cond_signal(&loader->changed);
    }
    pthread_mutex_unlock(&loader->lock);
    return NULL;
}

/* Starts the other thread; without one the work is done all the same. */
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
    pthread_mutex_lock(&loader->lock);
    loader->ending = true;
    pthread_cond_signal(&loader->changed);
    pthread_mutex_unlock(&loader->lock);
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

/* What a failure of the other thread was. */
static enum ov_status failure(struct ov_loader *loader, struct ov_error *err)
{
    return loader->status == OV_OK ? OV_OK
                                   : ov_fail(err, loader->status, "%s", loader->err.message);
}

/* Hands the current batch over and waits until the next one is free. */
static enum ov_status hand_over(struct ov_loader *loader, struct ov_error *err)
{
    pthread_mutex_lock(&loader->lock);
    loader->filled++;
    pthread_cond_signal(&loader->changed);
    while (loader->filled - loader->added == loader->ring)
        pthread_cond_wait(&loader->changed, &loader->lock);
    enum ov_status status = failure(loader, err);
    pthread_mutex_unlock(&loader->lock);
    return status;
}

/* The current batch is full, or the last one: makes it ready and lets it be added. */
static enum ov_status flush(struct ov_loader *loader, struct ov_error *err)
{
    struct batch *batch = current(loader);
    for (size_t i = 0; i < batch->count; i++) {
        struct ov_entry *entry = &batch->entries[i];
        if (ov_key_tag(&entry->id) == OV_KEY_LONG)
            entry->id.words[0] += (uint64_t)(uintptr_t)batch->texts;
        if (ov_key_tag(&entry->parent) == OV_KEY_LONG)
            entry->parent.words[0] += (uint64_t)(uintptr_t)batch->texts;
        entry->id_hash = ov_key_hash(&entry->id, loader->hash_key);
        entry->parent_hash = ov_key_hash(&entry->parent, loader->hash_key);
    }
    return loader->running ? hand_over(loader, err) : add(loader, batch, err);
}

/* How many rows there will be, going by those that have come; exact numbers do not matter. */
static enum ov_status reserve(struct ov_loader *loader, uint64_t offset, struct ov_error *err)
{
    uint64_t rows = offset ? loader->bytes / (offset / loader->rows + 1) : 0;
    return ov_forest_reserve(loader->forest, rows + rows / 50) ? OV_OK : ov_fail_memory(err);
}

/* The key of a text; a long one is copied, and its address is an offset until the batch is full. */
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

enum ov_status ov_loader_add(struct ov_loader *loader, struct ov_text id, struct ov_text parent,
                             bool broken, uint64_t offset, struct ov_error *err)
{
    struct batch *batch = current(loader);
    struct ov_entry *entry = &batch->entries[batch->count];
    entry->broken = broken;
    if (!keep(batch, id, &entry->id) || !keep(batch, parent, &entry->parent))
        return ov_fail_memory(err);
    batch->count++;
    loader->rows++;
    if (loader->rows == OV_THREAD_ROWS) {
        enum ov_status status = reserve(loader, offset, err);
        if (status != OV_OK)
            return status;
        if (loader->threads > 1)
            start(loader);
    }
    return batch->count == OV_BATCH_ROWS ? flush(loader, err) : OV_OK;
}

enum ov_status ov_loader_finish(struct ov_loader *loader, struct ov_error *err)
{
    enum ov_status status = current(loader)->count ? flush(loader, err) : OV_OK;
    stop(loader);
    return status == OV_OK ? failure(loader, err) : status;
}
