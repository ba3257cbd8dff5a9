/* page/looks.c: see looks.h. */
#include "page/looks.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/error.h"

enum { MOST = 32 /* looks; each has two files open */ };
#define MOST_BYTES (UINT64_C(512) << 20)

struct entry {
    struct ov_buf key;
    struct ov_look *look; /* owned; NULL: it is being made, or could not be */
    pthread_mutex_t busy;
    unsigned users; /* those that have it or wait for it; below looks.mutex */
    uint64_t used, size;
    struct entry *next;
};

struct ov_looks {
    pthread_mutex_t mutex; /* of the list */
    pthread_mutex_t making;
    struct entry *entries;
    uint64_t turn;
};

struct ov_looks *ov_looks_new(struct ov_error *err)
{
    struct ov_looks *looks = calloc(1, sizeof *looks);
    if (!looks) {
        ov_fail_memory(err);
        return NULL;
    }
    pthread_mutex_init(&looks->mutex, NULL);
    pthread_mutex_init(&looks->making, NULL);
    return looks;
}

static void free_entry(struct entry *entry)
{
    ov_look_free(entry->look);
    ov_buf_deinit(&entry->key);
    pthread_mutex_destroy(&entry->busy);
    free(entry);
}

void ov_looks_free(struct ov_looks *looks)
{
    if (!looks)
        return;
    for (struct entry *entry = looks->entries, *next; entry; entry = next) {
        next = entry->next;
        free_entry(entry);
    }
    pthread_mutex_destroy(&looks->mutex);
    pthread_mutex_destroy(&looks->making);
    free(looks);
}

/* Of those that nobody uses: one that could not be made, else the one used longest ago; unlinked.
 * Below the mutex. */
static struct entry *unlink_oldest(struct ov_looks *looks)
{
    struct entry **oldest = NULL;
    for (struct entry **at = &looks->entries; *at; at = &(*at)->next)
        if (!(*at)->users && (!oldest || !(*at)->look || (*at)->used < (*oldest)->used))
            oldest = at;
    if (!oldest)
        return NULL;
    struct entry *entry = *oldest;
    *oldest = entry->next;
    return entry;
}

/* Drops what is too much. */
static void drop(struct ov_looks *looks)
{
    for (;;) {
        uint64_t bytes = 0;
        unsigned count = 0;
        bool failed = false;
        pthread_mutex_lock(&looks->mutex);
        for (const struct entry *entry = looks->entries; entry; entry = entry->next) {
            bytes += entry->size;
            count++;
            failed |= !entry->users && !entry->look;
        }
        bool much = count > 1 && (bytes > MOST_BYTES || count > MOST);
        struct entry *gone = failed || much ? unlink_oldest(looks) : NULL;
        pthread_mutex_unlock(&looks->mutex);
        if (!gone)
            return;
        free_entry(gone);
    }
}

/* That of a key, or a new one; in use. */
static struct entry *enter(struct ov_looks *looks, struct ov_text key)
{
    pthread_mutex_lock(&looks->mutex);
    struct entry *entry = looks->entries;
    while (entry && !ov_text_equal(ov_buf_view(&entry->key), key))
        entry = entry->next;
    if (!entry && (entry = calloc(1, sizeof *entry))) {
        ov_buf_text(&entry->key, key);
        pthread_mutex_init(&entry->busy, NULL);
        entry->next = looks->entries;
        looks->entries = entry;
    }
    if (entry) {
        entry->users++;
        entry->used = ++looks->turn;
    }
    pthread_mutex_unlock(&looks->mutex);
    return entry;
}

static void leave(struct ov_looks *looks, struct entry *entry)
{
    uint64_t size = entry->look ? ov_look_size(entry->look) : 0;
    pthread_mutex_unlock(&entry->busy);
    pthread_mutex_lock(&looks->mutex);
    entry->users--;
    entry->size = size;
    pthread_mutex_unlock(&looks->mutex);
    drop(looks);
}

struct ov_look *ov_looks_take(struct ov_looks *looks, struct ov_text key, ov_look_make *make,
                              void *ctx, struct ov_error *err)
{
    struct entry *entry = enter(looks, key);
    if (!entry) {
        ov_fail_memory(err);
        return NULL;
    }
    pthread_mutex_lock(&entry->busy);
    if (!entry->look && !entry->key.failed) {
        pthread_mutex_lock(&looks->making);
        entry->look = make(ctx, err);
        pthread_mutex_unlock(&looks->making);
        if (entry->look)
            entry->look->keeper = entry;
    } else if (entry->key.failed) {
        ov_fail_memory(err);
    }
    if (entry->look)
        return entry->look;
    leave(looks, entry);
    return NULL;
}

void ov_looks_give(struct ov_looks *looks, struct ov_look *look)
{
    leave(looks, look->keeper);
}
