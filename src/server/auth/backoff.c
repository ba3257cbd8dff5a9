/* server/auth/backoff.c: see backoff.h. A hash table of fixed size: if no slot is free for a new
 * key, it replaces the neighbour whose delay ends first, so that new keys cannot evict those with
 * long delays. */
#include "server/auth/backoff.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

enum {
    PLACES = 1 << 16,
    NEIGHBOURS = 16,
    FIRST_MS = 1000,
    LONGEST_MS = OV_BACKOFF_LONGEST * 1000,
    FORGOTTEN_MS = 2 * LONGEST_MS, /* how long after the end of a delay failures are forgotten */
};

struct place {
    uint64_t hash;
    int64_t until;     /* end of the delay (ov_now_ms); 0: free slot */
    unsigned failures; /* consecutive wrong passwords */
};

struct ov_backoff {
    pthread_mutex_t mutex;
    uint64_t key;
    struct place places[PLACES];
};

struct ov_backoff *ov_backoff_new(void)
{
    struct ov_backoff *backoff = calloc(1, sizeof *backoff);
    if (!backoff)
        return NULL;
    backoff->key = ov_hash_key();
    pthread_mutex_init(&backoff->mutex, NULL);
    return backoff;
}

void ov_backoff_free(struct ov_backoff *backoff)
{
    if (backoff)
        pthread_mutex_destroy(&backoff->mutex);
    free(backoff);
}

/* The slot of a key, or the one it may take; the caller has the mutex. */
static struct place *place_of(struct ov_backoff *backoff, uint64_t hash)
{
    struct place *best = NULL;
    for (uint64_t i = 0; i < NEIGHBOURS; i++) {
        struct place *place = &backoff->places[(hash + i) % PLACES];
        if (place->until && place->hash == hash)
            return place;
        if (!best || place->until < best->until)
            best = place;
    }
    return best;
}

int64_t ov_backoff_wait(struct ov_backoff *backoff, struct ov_text key, int64_t now)
{
    uint64_t hash = ov_hash(key, backoff->key);
    pthread_mutex_lock(&backoff->mutex);
    const struct place *place = place_of(backoff, hash);
    int64_t wait = place->until && place->hash == hash ? place->until - now : 0;
    pthread_mutex_unlock(&backoff->mutex);
    return wait > 0 ? wait : 0;
}

void ov_backoff_add(struct ov_backoff *backoff, struct ov_text key, int64_t now)
{
    uint64_t hash = ov_hash(key, backoff->key);
    pthread_mutex_lock(&backoff->mutex);
    struct place *place = place_of(backoff, hash);
    if (!place->until || place->hash != hash || place->until + FORGOTTEN_MS < now)
        *place = (struct place){.hash = hash};
    int64_t wait = FIRST_MS;
    for (unsigned i = 0; i < place->failures && wait < LONGEST_MS; i++)
        wait *= 2;
    place->until = now + (wait < LONGEST_MS ? wait : LONGEST_MS);
    place->failures++;
    pthread_mutex_unlock(&backoff->mutex);
}
