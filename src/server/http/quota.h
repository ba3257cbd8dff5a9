/* server/http/quota.h: limits on the memory, disk, files and password checks that running requests
 * use, in total and per address, so that no single client can exhaust them. */
#ifndef SERVER_HTTP_QUOTA_H
#define SERVER_HTTP_QUOTA_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum ov_quota_kind {
    OV_QUOTA_MEMORY,          /* bytes of forms and large answers */
    OV_QUOTA_DISK,            /* bytes in unnamed files */
    OV_QUOTA_FILES,           /* unnamed files */
    OV_QUOTA_PASSWORDS,       /* pending password checks, each of which takes time */
    OV_QUOTA_KNOWN_PASSWORDS, /* the same, of users at addresses known for them */
    OV_QUOTA_KINDS
};
enum { OV_QUOTA_PART = 4 /* one address may reserve 1/OV_QUOTA_PART of each limit */ };

struct ov_quota; /* what one address has reserved */

/* Limits and reservations of the service. */
struct ov_quotas {
    pthread_mutex_t mutex;
    long long most[OV_QUOTA_KINDS], held[OV_QUOTA_KINDS]; /* limits; reserved in total */
    struct ov_quota *first;                               /* owned; addresses with reservations */
};

/* What one request has reserved; {0} initially. */
struct ov_reservation {
    struct ov_quota *share; /* borrowed; NULL: nothing reserved yet */
    long long held[OV_QUOTA_KINDS];
};

/* The key under which an address is counted: the address itself or, for IPv6, its /64, as one
 * client usually has all of it. NUL-terminated. */
enum { OV_ADDRESS_KEY = 47 };
void ov_address_key(struct ov_text address, char key[OV_ADDRESS_KEY]);

/* max_upload: bytes; the limits are derived from both arguments. */
void ov_quotas_init(struct ov_quotas *shares, uint64_t max_upload, unsigned max_connections);
void ov_quotas_deinit(struct ov_quotas *shares);

/* Reserves an additional amount for a request from an address. False, with nothing reserved, if the
 * address or all requests together would exceed the limit, or if out of memory. */
bool ov_quota_reserve(struct ov_quotas *shares, struct ov_reservation *hold, struct ov_text address,
                      enum ov_quota_kind kind, uint64_t amount);
/* The amount reserved by all requests. */
uint64_t ov_quotas_reserved(struct ov_quotas *shares, enum ov_quota_kind kind);
/* Releases everything of one kind. */
void ov_quota_release(struct ov_quotas *shares, struct ov_reservation *hold,
                      enum ov_quota_kind kind);
/* Releases everything, at the end of the request. */
void ov_quota_release_all(struct ov_quotas *shares, struct ov_reservation *hold);

#endif
