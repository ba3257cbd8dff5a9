/* page/draft_cache.c: see draft_cache.h. */
#include "page/draft_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/error.h"

enum {
    MOST = 32,  /* entries; each has two open files */
    MAKERS = 2, /* views created at the same time */
    WAITING = 2 /* max. views of one owner being created or waiting for it */
};
#define MOST_BYTES (UINT64_C(512) << 20) /* of memory */
#define MOST_DISK  (UINT64_C(2) << 30)

enum state {
    WANTED, /* nobody has started to create it */
    MAKING, /* being created */
    THERE,
    DEAD, /* creation failed, or not to be reused: no longer found */
};

struct entry {
    struct ov_buf key;
    int64_t owner;
    enum state state;
    struct ov_view *view; /* owned */
    bool used;            /* a caller has it */
    unsigned users;       /* callers that have it or wait for it */
    uint64_t turn;        /* of its last use */
    struct ov_view_size size;
    struct entry *next;
};

struct ov_draft_cache {
    pthread_mutex_t mutex; /* protects the members below */
    pthread_cond_t changed;
    struct entry *entries;
    uint64_t turn;
    unsigned making;
};

struct ov_draft_cache *ov_draft_cache_new(struct ov_error *err)
{
    struct ov_draft_cache *cache = calloc(1, sizeof *cache);
    if (cache && pthread_mutex_init(&cache->mutex, NULL) == 0) {
        if (pthread_cond_init(&cache->changed, NULL) == 0)
            return cache;
        pthread_mutex_destroy(&cache->mutex);
    }
    free(cache);
    ov_fail_memory(err);
    return NULL;
}

static void free_entry(struct entry *entry)
{
    ov_view_free(entry->view);
    ov_buf_deinit(&entry->key);
    free(entry);
}

void ov_draft_cache_free(struct ov_draft_cache *cache)
{
    if (!cache)
        return;
    for (struct entry *entry = cache->entries, *next; entry; entry = next) {
        next = entry->next;
        free_entry(entry);
    }
    pthread_cond_destroy(&cache->changed);
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

/* --- with the mutex locked --- */

/* Unlinks an unused entry that should go: a dead one or, while the cache is over its limits, the
 * least recently used. NULL if all may stay. At least one entry is kept. */
static struct entry *unlink_one(struct ov_draft_cache *cache)
{
    struct entry **oldest = NULL;
    uint64_t bytes = 0, disk = 0;
    unsigned count = 0;
    for (struct entry **at = &cache->entries; *at; at = &(*at)->next) {
        struct entry *entry = *at;
        bytes += entry->size.memory;
        disk += entry->size.disk;
        count++;
        if (entry->users)
            continue;
        if (entry->state == DEAD) {
            *at = entry->next;
            return entry;
        }
        if (!oldest || entry->turn < (*oldest)->turn)
            oldest = at;
    }
    if (!oldest || count < 2 || (bytes <= MOST_BYTES && disk <= MOST_DISK && count <= MOST))
        return NULL;
    struct entry *entry = *oldest;
    *oldest = entry->next;
    return entry;
}

static unsigned count_of(const struct ov_draft_cache *cache, int64_t owner, bool being_made)
{
    unsigned count = 0;
    for (const struct entry *entry = cache->entries; entry; entry = entry->next)
        count += entry->owner == owner && entry->users &&
                 (entry->state == MAKING || (!being_made && entry->state == WANTED));
    return count;
}

static struct entry *find(struct ov_draft_cache *cache, struct ov_text key)
{
    struct entry *entry = cache->entries;
    while (entry && (entry->state == DEAD || !ov_text_equal(ov_buf_view(&entry->key), key)))
        entry = entry->next;
    return entry;
}

/* The entry for a key, added if missing. */
static struct entry *enter(struct ov_draft_cache *cache, int64_t owner, struct ov_text key,
                           bool *busy, struct ov_error *err)
{
    struct entry *entry = find(cache, key);
    if (!entry) {
        *busy = count_of(cache, owner, false) >= WAITING;
        if (*busy || !(entry = calloc(1, sizeof *entry))) {
            if (!*busy)
                ov_fail_memory(err);
            return NULL;
        }
        entry->owner = owner;
        ov_buf_text(&entry->key, key);
        if (entry->key.failed) {
            ov_fail_memory(err);
            free_entry(entry);
            return NULL;
        }
        entry->next = cache->entries;
        cache->entries = entry;
    }
    entry->users++;
    return entry;
}

/* Whether the caller may proceed: use the view, or create it. */
static bool may_begin(const struct ov_draft_cache *cache, const struct entry *entry)
{
    if (entry->state == WANTED)
        return cache->making < MAKERS && count_of(cache, entry->owner, true) == 0;
    return !entry->used && entry->state != MAKING;
}

/* --- interface --- */

static void leave(struct ov_draft_cache *cache, struct entry *entry)
{
    entry->users--;
    entry->used = false;
    entry->turn = ++cache->turn;
    pthread_cond_broadcast(&cache->changed);
    for (struct entry *gone; (gone = unlink_one(cache));) {
        pthread_mutex_unlock(&cache->mutex);
        free_entry(gone);
        pthread_mutex_lock(&cache->mutex);
    }
}

static void make_view(struct ov_draft_cache *cache, struct entry *entry, ov_view_make *make,
                      void *ctx, struct ov_error *err)
{
    entry->state = MAKING;
    cache->making++;
    pthread_mutex_unlock(&cache->mutex);
    struct ov_view *view = make(ctx, err);
    pthread_mutex_lock(&cache->mutex);
    cache->making--;
    entry->view = view;
    entry->state = view ? THERE : DEAD;
    if (view) {
        view->keeper = entry;
        entry->size = ov_view_size(view);
    }
}

struct ov_view *ov_draft_cache_take(struct ov_draft_cache *cache, int64_t owner, struct ov_text key,
                                    ov_view_make *make, void *ctx, bool *busy, struct ov_error *err)
{
    struct ov_view *view = NULL;
    *busy = false;
    pthread_mutex_lock(&cache->mutex);
    for (struct entry *entry; !view && (entry = enter(cache, owner, key, busy, err));) {
        while (!may_begin(cache, entry))
            pthread_cond_wait(&cache->changed, &cache->mutex);
        bool mine = entry->state == WANTED;
        if (mine)
            make_view(cache, entry, make, ctx, err);
        if (entry->state == THERE) {
            entry->used = true;
            view = entry->view;
            pthread_cond_broadcast(&cache->changed);
        } else { /* another caller's failure is not ours: retry */
            leave(cache, entry);
            if (mine)
                break;
        }
    }
    pthread_mutex_unlock(&cache->mutex);
    return view;
}

void ov_draft_cache_give(struct ov_draft_cache *cache, struct ov_view *view, bool fit)
{
    struct entry *entry = view->keeper;
    pthread_mutex_lock(&cache->mutex);
    if (!fit)
        entry->state = DEAD;
    entry->size = ov_view_size(view);
    leave(cache, entry);
    pthread_mutex_unlock(&cache->mutex);
}
