/* server/instance.h: the running service, shared by the folders of server/. Each member is private
 * to the module that defines its type. */
#ifndef SERVER_INSTANCE_H
#define SERVER_INSTANCE_H

#include <pthread.h>
#include <stdatomic.h>

#include "server/server.h"
#include "server/http/quota.h"
#include "server/store/store.h"
#include "server/store/fair_lock.h"

/* Counters for /metrics. */
struct ov_figures {
    atomic_ullong requests, refused, failed; /* total; with a fault; with an internal one */
    atomic_ullong uploads, uploaded_bytes;
    atomic_ullong imports_done, imports_failed, exports_done, exports_failed;
    atomic_ullong connections, deadlines; /* open; overdue */
};

struct ov_service {
    struct ov_service_options options; /* strings borrowed from the caller of ov_service_new */
    struct ov_store *store;            /* borrowed from the caller of ov_service_new */
    const struct ov_route *routes;     /* static; tried before those of options.page */
    char url[300];                     /* scheme, address and port it listens on */
    char node[300];                    /* name of this process among those that share the store */
    char base_url[300];                /* prefix of URLs in answers; no trailing slash */
    int64_t started;                   /* seconds since 1970 */
    struct ov_figures figures;
    struct ov_quotas quotas; /* quotas of running requests */
    /* One password is checked at a time, as each check takes 16 MiB. [true]: for users at addresses
     * they recently signed in from. */
    struct ov_fair passwords[2];
    char no_password[256];    /* hash of a random password, for unknown users */
    void *page_state;         /* state of options.page; owned, freed by its close() */
    struct ov_worker *worker; /* owned; NULL: no worker here */
    struct ov_http *http;     /* owned */
};

#endif
