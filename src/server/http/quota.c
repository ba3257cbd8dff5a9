/* server/http/quota.c: see quota.h. Addresses that hold something stand in a list: they are few, as
 * each of their requests has a thread. */
#include "server/http/quota.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct ov_share {
    struct ov_share *next;
    char key[OV_ADDRESS_KEY];
    unsigned requests;
    long long held[OV_HELD_KINDS];
};

enum {
    MEMORY = 64 << 20,
    UPLOADS = 32, /* largest ones */
    PASSWORDS = 32,
};

void ov_shares_init(struct ov_shares *shares, uint64_t max_upload, unsigned max_connections)
{
    *shares = (struct ov_shares){.most = {[OV_HELD_MEMORY] = MEMORY,
                                          [OV_HELD_DISK] = UPLOADS * (long long)max_upload,
                                          [OV_HELD_FILES] = max_connections,
                                          [OV_HELD_PASSWORDS] = PASSWORDS,
                                          [OV_HELD_KNOWN_PASSWORDS] = PASSWORDS}};
    pthread_mutex_init(&shares->mutex, NULL);
}

void ov_shares_deinit(struct ov_shares *shares)
{
    pthread_mutex_destroy(&shares->mutex); /* no request is left: the list is empty */
}

uint64_t ov_shares_held(struct ov_shares *shares, enum ov_held kind)
{
    pthread_mutex_lock(&shares->mutex);
    long long held = shares->held[kind];
    pthread_mutex_unlock(&shares->mutex);
    return (uint64_t)held;
}

void ov_address_key(struct ov_text address, char key[OV_ADDRESS_KEY])
{
    unsigned char bytes[16];
    size_t len = address.len < INET6_ADDRSTRLEN ? address.len : INET6_ADDRSTRLEN;
    if (len)
        memcpy(key, address.ptr, len);
    key[len] = '\0';
    if (inet_pton(AF_INET6, key, bytes) != 1)
        return;
    memset(bytes + 8, 0, 8); /* whoever has one address of a /64 has all */
    inet_ntop(AF_INET6, bytes, key, INET6_ADDRSTRLEN);
}

/* The share of an address; NULL without memory. The lock is held. */
static struct ov_share *find(struct ov_shares *shares, struct ov_text address)
{
    char key[OV_ADDRESS_KEY];
    ov_address_key(address, key);
    struct ov_share *share = shares->first;
    while (share && strcmp(share->key, key) != 0)
        share = share->next;
    if (!share && (share = calloc(1, sizeof *share))) {
        memcpy(share->key, key, sizeof key);
        share->next = shares->first;
        shares->first = share;
    }
    return share;
}

bool ov_hold_take(struct ov_shares *shares, struct ov_hold *hold, struct ov_text address,
                  enum ov_held kind, uint64_t amount)
{
    long long more = (long long)amount;
    pthread_mutex_lock(&shares->mutex);
    if (!hold->share && (hold->share = find(shares, address)))
        hold->share->requests++;
    struct ov_share *share = hold->share;
    bool good = share && shares->held[kind] + more <= shares->most[kind] &&
                share->held[kind] + more <= shares->most[kind] / OV_SHARE_PART;
    if (good) {
        hold->held[kind] += more;
        share->held[kind] += more;
        shares->held[kind] += more;
    }
    pthread_mutex_unlock(&shares->mutex);
    return good;
}

/* The lock is held. */
static void give(struct ov_shares *shares, struct ov_hold *hold, enum ov_held kind)
{
    hold->share->held[kind] -= hold->held[kind];
    shares->held[kind] -= hold->held[kind];
    hold->held[kind] = 0;
}

void ov_hold_give(struct ov_shares *shares, struct ov_hold *hold, enum ov_held kind)
{
    if (!hold->share)
        return;
    pthread_mutex_lock(&shares->mutex);
    give(shares, hold, kind);
    pthread_mutex_unlock(&shares->mutex);
}

void ov_hold_end(struct ov_shares *shares, struct ov_hold *hold)
{
    if (!hold->share)
        return;
    pthread_mutex_lock(&shares->mutex);
    for (int kind = 0; kind < OV_HELD_KINDS; kind++)
        give(shares, hold, (enum ov_held)kind);
    if (--hold->share->requests == 0) {
        struct ov_share **at = &shares->first;
        while (*at != hold->share)
            at = &(*at)->next;
        *at = hold->share->next;
        free(hold->share);
    }
    hold->share = NULL;
    pthread_mutex_unlock(&shares->mutex);
}
