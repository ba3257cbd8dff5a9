/* server/http/quota.c: see quota.h. Addresses with reservations are in a linked list: it is short,
 * as each of their requests has a thread. */
#include "server/http/quota.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct ov_quota {
    struct ov_quota *next;
    char key[OV_ADDRESS_KEY];
    unsigned requests;
    long long held[OV_QUOTA_KINDS];
};

enum {
    MEMORY = 64 << 20,
    UPLOADS = 32, /* files of the maximum size */
    PASSWORDS = 32,
};

void ov_quotas_init(struct ov_quotas *shares, uint64_t max_upload, unsigned max_connections)
{
    *shares = (struct ov_quotas){.most = {[OV_QUOTA_MEMORY] = MEMORY,
                                          [OV_QUOTA_DISK] = UPLOADS * (long long)max_upload,
                                          [OV_QUOTA_FILES] = max_connections,
                                          [OV_QUOTA_PASSWORDS] = PASSWORDS,
                                          [OV_QUOTA_KNOWN_PASSWORDS] = PASSWORDS}};
    pthread_mutex_init(&shares->mutex, NULL);
}

void ov_quotas_deinit(struct ov_quotas *shares)
{
    pthread_mutex_destroy(&shares->mutex); /* no request is left: the list is empty */
}

uint64_t ov_quotas_reserved(struct ov_quotas *shares, enum ov_quota_kind kind)
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
    memset(bytes + 8, 0, 8); /* a /64 usually belongs to one subscriber */
    inet_ntop(AF_INET6, bytes, key, INET6_ADDRSTRLEN);
}

/* The entry of an address, added if missing; NULL if out of memory. The caller has the mutex. */
static struct ov_quota *find(struct ov_quotas *shares, struct ov_text address)
{
    char key[OV_ADDRESS_KEY];
    ov_address_key(address, key);
    struct ov_quota *share = shares->first;
    while (share && strcmp(share->key, key) != 0)
        share = share->next;
    if (!share && (share = calloc(1, sizeof *share))) {
        memcpy(share->key, key, sizeof key);
        share->next = shares->first;
        shares->first = share;
    }
    return share;
}

bool ov_quota_reserve(struct ov_quotas *shares, struct ov_reservation *hold, struct ov_text address,
                      enum ov_quota_kind kind, uint64_t amount)
{
    long long more = (long long)amount;
    pthread_mutex_lock(&shares->mutex);
    if (!hold->share && (hold->share = find(shares, address)))
        hold->share->requests++;
    struct ov_quota *share = hold->share;
    bool good = share && shares->held[kind] + more <= shares->most[kind] &&
                share->held[kind] + more <= shares->most[kind] / OV_QUOTA_PART;
    if (good) {
        hold->held[kind] += more;
        share->held[kind] += more;
        shares->held[kind] += more;
    }
    pthread_mutex_unlock(&shares->mutex);
    return good;
}

/* The caller has the mutex. */
static void give(struct ov_quotas *shares, struct ov_reservation *hold, enum ov_quota_kind kind)
{
    hold->share->held[kind] -= hold->held[kind];
    shares->held[kind] -= hold->held[kind];
    hold->held[kind] = 0;
}

void ov_quota_release(struct ov_quotas *shares, struct ov_reservation *hold,
                      enum ov_quota_kind kind)
{
    if (!hold->share)
        return;
    pthread_mutex_lock(&shares->mutex);
    give(shares, hold, kind);
    pthread_mutex_unlock(&shares->mutex);
}

void ov_quota_release_all(struct ov_quotas *shares, struct ov_reservation *hold)
{
    if (!hold->share)
        return;
    pthread_mutex_lock(&shares->mutex);
    for (int kind = 0; kind < OV_QUOTA_KINDS; kind++)
        give(shares, hold, (enum ov_quota_kind)kind);
    if (--hold->share->requests == 0) {
        struct ov_quota **at = &shares->first;
        while (*at != hold->share)
            at = &(*at)->next;
        *at = hold->share->next;
        free(hold->share);
    }
    hold->share = NULL;
    pthread_mutex_unlock(&shares->mutex);
}
