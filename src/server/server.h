/* server/server.h: an import service that speaks the Moodle Workplace migration web services
 * (seeds/migration-web-services.txt, CONTRACT 1 and 2), its administration, and its worker.
 *
 *     struct ov_store *store = ov_store_open(folder, &made, &err);
 *     struct ov_service *service = ov_service_new(store, &options, &err);
 *     … until it is to end …
 *     ov_service_free(service);
 *     ov_store_close(store); */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stdbool.h>

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_store;
struct ov_service;
struct ov_page; /* page/page.h */

/* Opens the store in a folder, which is made when it is not there (mode 0700); *made says whether
 * the store is new. An older store is brought up to date, a newer one is OV_E_STATE. NULL on
 * failure. Several processes may have it open. ov_store_close takes NULL. */
OV_API OV_MUST_USE struct ov_store *ov_store_open(const char *folder, bool *made,
                                                  struct ov_error *err);
OV_API void ov_store_close(struct ov_store *store);
/* Copies it to a file that must not be there yet, while others work with it. */
OV_API OV_MUST_USE enum ov_status ov_store_backup(struct ov_store *store, const char *path,
                                                  struct ov_error *err);

/* How the service behaves. {0} are the defaults. Texts are borrowed until ov_service_free. */
struct ov_service_options {
    const char *listen; /* ADDRESS:PORT, [ADDRESS]:PORT; NULL: 127.0.0.1:8080; port 0: a free one */
    const char *base_url;           /* what URLs in answers begin with; NULL: from listen */
    const char *site_name;          /* NULL: orgvet */
    const char *tls_cert, *tls_key; /* PEM texts; NULL: no TLS */
    bool trust_proxy;               /* the client's address is the last one of X-Forwarded-For */
    const struct ov_page *page;     /* for browsers, at `/`; static; NULL: none */
    bool namespaced_exceptions;     /* classes as newer sites spell them, core\exception\… */
    int64_t cron_seconds; /* between two passes of the worker; 0: as soon as something is scheduled;
                             below 0: no worker here */
    uint64_t max_upload;  /* bytes of one file; 0: 64 MiB */
    uint64_t user_quota;  /* bytes of a user's drafts; 0: 1 GiB */
    unsigned max_connections;             /* 0: 2000 */
    unsigned max_connections_per_address; /* 0: 500; behind a proxy: no limit */
    unsigned header_seconds;              /* for all headers; 0: 20 */
    unsigned body_seconds; /* for a body, and a second more for each 100 kB of it; 0: 30 */
    /* One line of JSON for each request, without a line end; NULL: none. In any thread. */
    void (*log)(void *ctx, const char *line, size_t len);
    void *log_ctx;
};

/* Starts to listen, and the worker; NULL on failure. ov_service_free answers what is being asked,
 * lets the worker finish what it has begun, and ends all; it takes NULL. */
OV_API OV_MUST_USE struct ov_service *ov_service_new(struct ov_store *store,
                                                     const struct ov_service_options *options,
                                                     struct ov_error *err);
OV_API void ov_service_free(struct ov_service *service);
/* Where it listens, as a URL: scheme, address and port. */
OV_API const char *ov_service_url(const struct ov_service *service);

/* What a pass of the worker came to. */
struct ov_cron_result {
    uint64_t imports_done, imports_failed, exports_done, exports_failed;
    bool busy; /* another process is at it: nothing was done */
};
/* One pass: all that is scheduled, in order. */
OV_API OV_MUST_USE enum ov_status
ov_service_cron(struct ov_store *store, struct ov_cron_result *result, struct ov_error *err);

/* --- administration; also while a service runs --- */

enum { OV_TOKEN_LENGTH = 32 /* lower-case hexadecimal digits */ };

/* Sets up a store that has no users yet: a tenant, a service with all functions, and the user
 * `admin`, who may do everything, with a token. keep is to put that token, told here alone, in a
 * safe place, before it is valid; when it fails nothing was set up. *done: whether it was needed.
 */
OV_API OV_MUST_USE enum ov_status
ov_admin_set_up(struct ov_store *store,
                enum ov_status (*keep)(void *ctx, const char *token, struct ov_error *err),
                void *ctx, bool *done, struct ov_error *err);

/* A user. */
struct ov_user_options {
    const char *username;               /* lower case, as for token.php */
    const char *first_name, *last_name; /* NULL: the username, empty */
    struct ov_text password;            /* empty: no sign-in by password */
    const char *tenant;                 /* id or idnumber; NULL: the first tenant */
    bool administrator;                 /* may do everything, in every tenant */
    const char *const *capabilities;    /* of ov_capability_at */
    size_t capability_count;
    bool default_capabilities; /* those that ov_capability_at says are given by default */
};
OV_API OV_MUST_USE enum ov_status ov_admin_user_add(struct ov_store *store,
                                                    const struct ov_user_options *options,
                                                    struct ov_error *err);
/* What changes of a user. */
struct ov_user_change {
    const char *username;
    const struct ov_text *password; /* NULL: it stays; empty: no sign-in by password any more */
    enum { OV_AS_IT_IS, OV_SUSPEND, OV_LET_IN } suspended; /* suspended: nothing lets them in */
};
/* A new password, and suspending, end the user's sessions. */
OV_API OV_MUST_USE enum ov_status ov_admin_user_change(struct ov_store *store,
                                                       const struct ov_user_change *change,
                                                       struct ov_error *err);
/* Removes what is the user's alone: tokens, drafts. Whoever has imported or exported is kept, and
 * suspended instead (*suspended). */
OV_API OV_MUST_USE enum ov_status ov_admin_user_remove(struct ov_store *store, const char *username,
                                                       bool *suspended, struct ov_error *err);

/* A token. */
struct ov_token_options {
    const char *username;
    const char *service; /* NULL: the first one; the user is authorised for it */
    const char *ip;      /* addresses and CIDR ranges, a comma between; NULL: any */
    int64_t valid_until; /* seconds since 1970; 0: for ever */
};
/* The token is returned here once; only a hash of it is kept. *authorised: whether the user may use
 * the service, without which the token is refused. */
OV_API OV_MUST_USE enum ov_status ov_admin_token_add(struct ov_store *store,
                                                     const struct ov_token_options *options,
                                                     char token[OV_TOKEN_LENGTH + 1],
                                                     bool *authorised, struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_admin_token_remove(struct ov_store *store, int64_t id,
                                                        struct ov_error *err);

/* A service: a list of functions, and who may use it. */
struct ov_service_entry {
    const char *name;             /* short name */
    const char *const *functions; /* all of ov_service_function_at when function_count is 0 */
    size_t function_count;
    const char *capability; /* that a user needs; NULL: none */
    bool everybody;         /* else authorised users alone */
    bool no_uploads, no_downloads;
};
OV_API OV_MUST_USE enum ov_status ov_admin_service_add(struct ov_store *store,
                                                       const struct ov_service_entry *entry,
                                                       struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_admin_service_remove(struct ov_store *store, const char *name,
                                                          struct ov_error *err);
/* Authorises a user for a service, or no longer. */
OV_API OV_MUST_USE enum ov_status ov_admin_service_allow(struct ov_store *store, const char *name,
                                                         const char *username, bool allow,
                                                         const char *ip, int64_t valid_until,
                                                         struct ov_error *err);

/* A tenant; idnumber must not be a number, may be NULL. */
OV_API OV_MUST_USE enum ov_status ov_admin_tenant_add(struct ov_store *store, const char *name,
                                                      const char *idnumber, int64_t *id,
                                                      struct ov_error *err);
/* OV_E_OPTION when it has users or frameworks. */
OV_API OV_MUST_USE enum ov_status ov_admin_tenant_remove(struct ov_store *store, const char *tenant,
                                                         struct ov_error *err);
/* Most tenants, the shared space among them; 0: no limit. */
OV_API OV_MUST_USE enum ov_status ov_admin_tenant_limit(struct ov_store *store, int64_t limit,
                                                        struct ov_error *err);

/* Writes lists as JSON, an object a line. */
enum ov_admin_list {
    OV_LIST_USERS,
    OV_LIST_TOKENS,
    OV_LIST_SERVICES,
    OV_LIST_TENANTS,
    OV_LIST_FRAMEWORKS
};
OV_API OV_MUST_USE enum ov_status ov_admin_list(struct ov_store *store, enum ov_admin_list what,
                                                const struct ov_sink *out, struct ov_error *err);

/* What users can be allowed to do; name NULL behind the last one. Static. */
struct ov_capability {
    const char *name, *meaning;
    bool by_default;
};
OV_API struct ov_capability ov_capability_at(size_t index);
/* The web service functions; NULL behind the last one. Static. */
OV_API const char *ov_service_function_at(size_t index);

/* Whether a text is a list of addresses and CIDR ranges, a comma between. */
OV_API bool ov_ip_list_is_valid(const char *list);

#ifdef __cplusplus
}
#endif
#endif
