/* server/http/quota.h: what the requests at hand hold of memory, disk, files and time, altogether
 * and for each address, so that no stranger can take all of it. */
#ifndef SERVER_HTTP_QUOTA_H
#define SERVER_HTTP_QUOTA_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum ov_held {
    OV_HELD_MEMORY,          /* bytes of forms */
    OV_HELD_DISK,            /* bytes in unnamed files */
    OV_HELD_FILES,           /* unnamed files */
    OV_HELD_PASSWORDS,       /* that wait to be tried: each takes time */
    OV_HELD_KNOWN_PASSWORDS, /* of users at addresses that are known for them */
    OV_HELD_KINDS
};
enum { OV_SHARE_PART = 4 /* one address may hold that part of what all may */ };

struct ov_share; /* what one address holds */

struct ov_shares {
    pthread_mutex_t mutex;
    long long most[OV_HELD_KINDS], held[OV_HELD_KINDS];
    struct ov_share *first;
};

/* What one request holds; {0} at first. */
struct ov_hold {
    struct ov_share *share;
    long long held[OV_HELD_KINDS];
};

/* What an address counts as: itself, or, of IPv6, its /64, all of which one has who has one. */
enum { OV_ADDRESS_KEY = 47 };
void ov_address_key(struct ov_text address, char key[OV_ADDRESS_KEY]);

void ov_shares_init(struct ov_shares *shares, uint64_t max_upload, unsigned max_connections);
void ov_shares_deinit(struct ov_shares *shares);

/* Takes so much more for a request from an address; false when it, or all, would hold too much, or
 * without memory: nothing more is held then. IPv6 addresses of one /64 count as one. */
bool ov_hold_take(struct ov_shares *shares, struct ov_hold *hold, struct ov_text address,
                  enum ov_held kind, uint64_t amount);
/* What all requests hold. */
uint64_t ov_shares_held(struct ov_shares *shares, enum ov_held kind);
/* Gives all of a kind back. */
void ov_hold_give(struct ov_shares *shares, struct ov_hold *hold, enum ov_held kind);
/* Gives everything back: at the request's end. */
void ov_hold_end(struct ov_shares *shares, struct ov_hold *hold);

#endif
