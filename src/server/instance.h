/* server/instance.h: the running service, shared by the folders of server/; what these keep in it
 * is theirs alone. */
#ifndef SERVER_INSTANCE_H
#define SERVER_INSTANCE_H

#include <pthread.h>
#include <stdatomic.h>

#include "server/server.h"
#include "server/http/quota.h"
#include "server/store/store.h"
#include "server/store/fair_lock.h"

/* Figures for /metrics. */
struct ov_figures {
    atomic_ullong requests, refused, failed; /* answered; with a fault; with an internal one */
    atomic_ullong uploads, uploaded_bytes;
    atomic_ullong imports_done, imports_failed, exports_done, exports_failed;
    atomic_ullong connections, connections_refused, deadlines; /* open; over a limit; overdue */
};

/* Works are done side by side: any, and small ones alone, so that these do not wait for large ones;
 * of one tenant one after the other. */
enum { OV_LANE_ANY, OV_LANE_SMALL, OV_LANES };

/* How far the work at hand of a lane has come. */
struct ov_work_progress {
    atomic_llong import, export; /* ids; 0: none */
    atomic_int percent;
};

struct ov_service {
    struct ov_service_options options; /* texts borrowed from the caller of ov_service_new */
    struct ov_store *store;            /* borrowed: of the caller */
    const struct ov_route *routes;     /* static: before those of options.page */
    char url[300];                     /* where it listens */
    char base_url[300];                /* without a slash at the end */
    int64_t started;                   /* seconds since 1970 */
    struct ov_figures figures;
    struct ov_work_progress progress[OV_LANES];
    struct ov_shares shares;     /* what requests hold */
    struct ov_fair passwords[2]; /* [known]: one is tried at a time, each takes 16 MiB; apart for
                                     users at addresses from which they have signed in lately */
    struct ov_backoff *backoff;
    char no_password[256]; /* hash of a password that nobody knows */
    void *page_state;      /* what options.page keeps */
    struct ov_worker *worker;
    struct ov_http *http;
};

/* worker.c: something was scheduled. */
void ov_worker_wake(struct ov_service *service);

#endif
