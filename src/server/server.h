/* server/server.h: an import service that implements the Moodle Workplace migration web services
 * (src/server/PROTOCOL.md), its administration, and its worker.
 *
 *     struct ov_store *store = ov_store_open(folder, NULL, &made, &err);
 *     struct ov_service *service = ov_service_new(store, &options, &err);
 *     … until shutdown …
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

/* Opens the store in a folder, which is created (mode 0700) if missing; database: NULL, or the
 * address of a database of PostgreSQL (libpq's connection URI), which has the store then, while the
 * folder is for scratch files. *made: the store is new. An older store is upgraded, a newer one is
 * OV_E_STATE. NULL on failure. Several processes may open the same store. The caller closes it;
 * ov_store_close takes NULL. */
OV_API OV_MUST_USE struct ov_store *ov_store_open(const char *folder, const char *database,
                                                  bool *made, struct ov_error *err);
/* The same for a store that is there, as it is: it is neither created nor upgraded. */
OV_API OV_MUST_USE struct ov_store *ov_store_attach(const char *folder, const char *database,
                                                    struct ov_error *err);
/* Whether a database is named by an address of PostgreSQL: postgresql://… or postgres://…. */
OV_API bool ov_store_is_address(const char *address);
/* Whether such an address contains a password, which other users of the machine could read in a
 * list of processes: libpq takes it from PGPASSFILE or a service file. */
OV_API bool ov_store_has_password(const char *address);
OV_API void ov_store_close(struct ov_store *store);
/* Copies the store to a new file while it is in use. The file must not exist yet. */
OV_API OV_MUST_USE enum ov_status ov_store_backup(struct ov_store *store, const char *path,
                                                  struct ov_error *err);

/* Upgrades a store's schema, or creates it. from (0: it was empty), to: the versions. */
OV_API OV_MUST_USE enum ov_status ov_store_upgrade(struct ov_store *store, int64_t *from,
                                                   int64_t *to, struct ov_error *err);
/* Writes a line of JSON about a store: its engine and version, how much it contains, and what is
 * wrong with it (*sound: nothing). */
OV_API OV_MUST_USE enum ov_status ov_store_check(struct ov_store *store, const struct ov_sink *out,
                                                 bool *sound, struct ov_error *err);
/* Copies a store in a file to one in a database, completely or not at all. The database must be
 * empty, or have a copy that no service has used since, which is replaced; otherwise OV_E_STATE.
 * Nobody can write to the file meanwhile. *rows: how many were copied. */
OV_API OV_MUST_USE enum ov_status ov_store_move(struct ov_store *from, struct ov_store *to,
                                                uint64_t *rows, struct ov_error *err);

enum { OV_LEASE_SECONDS = 30 };
/* Options of the service; {0} is the defaults. Strings are borrowed until ov_service_free. */
struct ov_service_options {
    const char *listen; /* ADDRESS:PORT, [ADDRESS]:PORT; NULL: 127.0.0.1:8080; port 0: a free one */
    const char *base_url;           /* prefix of URLs in answers; NULL: derived from listen */
    const char *site_name;          /* NULL: orgvet */
    const char *tls_cert, *tls_key; /* PEM texts; NULL: no TLS */
    bool trust_proxy; /* take the client's address from the last entry of X-Forwarded-For */
    const struct ov_page *page; /* for browsers, at `/`; static; NULL: no page */
    const char *offline_page; /* file of the page without a server, at /offline.html; NULL: none */
    bool namespaced_exceptions; /* exception classes as newer sites spell them, core\exception\… */
    int64_t cron_seconds;  /* between two passes of the worker; 0: as soon as a job is scheduled;
                              below 0: no worker in this process */
    unsigned workers;      /* jobs at a time, 1 to 64; 0: 2, one of them for small jobs only */
    int64_t lease_seconds; /* after which another node takes over what this one was doing; 0: 30 */
    uint64_t max_upload;   /* bytes of one file; 0: 64 MiB */
    uint64_t user_quota;   /* bytes of a user's drafts; 0: 1 GiB */
    unsigned max_connections;             /* 0: 2000 */
    unsigned max_connections_per_address; /* 0: 500; behind a proxy: no limit */
    unsigned header_seconds;              /* time limit for all headers; 0: 20 */
    unsigned body_seconds; /* time limit for a body, plus one second for each 100 kB of it; 0: 30 */
    /* Called with one line of JSON per request, without line end, from any thread. NULL: no log. */
    void (*log)(void *ctx, const char *line, size_t len);
    void *log_ctx; /* passed to log; borrowed */
};

/* Starts listening, and the worker; NULL on failure. ov_service_free lets running requests finish
 * (half a minute at most), aborts running jobs, which restart at the next start, and frees
 * everything. It takes NULL. */
OV_API OV_MUST_USE struct ov_service *ov_service_new(struct ov_store *store,
                                                     const struct ov_service_options *options,
                                                     struct ov_error *err);
OV_API void ov_service_free(struct ov_service *service);
/* The URL it listens on: scheme, address and port. Borrowed until ov_service_free. */
OV_API const char *ov_service_url(const struct ov_service *service);

/* Result of one pass of the worker: how many jobs succeeded and failed. */
struct ov_cron_result {
    uint64_t imports_done, imports_failed, exports_done, exports_failed;
    bool busy; /* another process has the worker lock: nothing was done */
};
/* Runs one pass: all scheduled jobs, in order. The result counts are set even on failure. */
OV_API OV_MUST_USE enum ov_status
ov_service_cron(struct ov_store *store, struct ov_cron_result *result, struct ov_error *err);

/* --- administration; also while a service runs --- */

enum { OV_TOKEN_LENGTH = 32 /* lower-case hexadecimal digits */ };

/* Sets up a store that has no users yet: a tenant, a service with all functions, and the
 * administrator `admin` with a token. keep() must store the token safely before it becomes valid;
 * it is not available anywhere else. If keep() fails, nothing is set up. *done: false if the store
 * already had users. */
OV_API OV_MUST_USE enum ov_status
ov_admin_set_up(struct ov_store *store,
                enum ov_status (*keep)(void *ctx, const char *token, struct ov_error *err),
                void *ctx, bool *done, struct ov_error *err);

/* A new user. Strings are borrowed for the call. */
struct ov_user_options {
    const char *username;               /* lower case, as for token.php */
    const char *first_name, *last_name; /* NULL: the username; empty */
    struct ov_text password;            /* empty: no sign-in by password */
    const char *tenant;                 /* id or idnumber; NULL: the first tenant */
    bool administrator;                 /* may do everything, in every tenant */
    const char *const *capabilities;    /* names from ov_capability_at */
    size_t capability_count;            /* number of names */
    bool default_capabilities;          /* also those marked by_default in ov_capability_at */
};
/* OV_E_OPTION on invalid input, such as a username that is taken. */
OV_API OV_MUST_USE enum ov_status ov_admin_user_add(struct ov_store *store,
                                                    const struct ov_user_options *options,
                                                    struct ov_error *err);
/* Changes to an existing user. */
struct ov_user_change {
    const char *username;
    const struct ov_text *password; /* NULL: unchanged; empty: no sign-in by password any more */
    enum { OV_AS_IT_IS, OV_SUSPEND, OV_REACTIVATE } suspended;
};
/* OV_E_OPTION: user not found, or invalid password. Ends the user's sessions, unless `suspended` is
 * OV_REACTIVATE. */
OV_API OV_MUST_USE enum ov_status ov_admin_user_change(struct ov_store *store,
                                                       const struct ov_user_change *change,
                                                       struct ov_error *err);
/* Removes a user with their tokens and drafts. A user who has imports or exports only loses their
 * tokens and is suspended (*suspended). OV_E_OPTION: user not found. */
OV_API OV_MUST_USE enum ov_status ov_admin_user_remove(struct ov_store *store, const char *username,
                                                       bool *suspended, struct ov_error *err);

/* A new token. Strings are borrowed for the call. */
struct ov_token_options {
    const char *username;
    const char *service; /* NULL: the first one, which the user is then authorised for */
    const char *ip;      /* comma-separated addresses and CIDR ranges; NULL: any */
    int64_t valid_until; /* seconds since 1970; 0: no expiry */
};
/* The token is returned only here; the store keeps a hash of it. *authorised: the user may use the
 * service; otherwise the token is refused. */
OV_API OV_MUST_USE enum ov_status ov_admin_token_add(struct ov_store *store,
                                                     const struct ov_token_options *options,
                                                     char token[OV_TOKEN_LENGTH + 1],
                                                     bool *authorised, struct ov_error *err);
/* OV_E_OPTION: token not found. */
OV_API OV_MUST_USE enum ov_status ov_admin_token_remove(struct ov_store *store, int64_t id,
                                                        struct ov_error *err);

/* A new service: a list of functions, and who may use it. Strings are borrowed for the call. */
struct ov_service_entry {
    const char *name;             /* short name */
    const char *const *functions; /* all of ov_service_function_at if function_count is 0 */
    size_t function_count;
    const char *capability;        /* required of its users; NULL: none */
    bool everybody;                /* otherwise authorised users only */
    bool no_uploads, no_downloads; /* file transfers it refuses */
};
OV_API OV_MUST_USE enum ov_status ov_admin_service_add(struct ov_store *store,
                                                       const struct ov_service_entry *entry,
                                                       struct ov_error *err);
/* OV_E_OPTION: service not found. */
OV_API OV_MUST_USE enum ov_status ov_admin_service_remove(struct ov_store *store, const char *name,
                                                          struct ov_error *err);
/* Authorises a user for a service, or withdraws the authorisation. ip, valid_until: as for
 * tokens. */
OV_API OV_MUST_USE enum ov_status ov_admin_service_allow(struct ov_store *store, const char *name,
                                                         const char *username, bool allow,
                                                         const char *ip, int64_t valid_until,
                                                         struct ov_error *err);

/* Adds a tenant; idnumber must not be a number and may be NULL. *id: its id. */
OV_API OV_MUST_USE enum ov_status ov_admin_tenant_add(struct ov_store *store, const char *name,
                                                      const char *idnumber, int64_t *id,
                                                      struct ov_error *err);
/* OV_E_OPTION if the tenant has users or frameworks. */
OV_API OV_MUST_USE enum ov_status ov_admin_tenant_remove(struct ov_store *store, const char *tenant,
                                                         struct ov_error *err);
/* Sets the maximum number of tenants, including the shared space; 0: no limit. */
OV_API OV_MUST_USE enum ov_status ov_admin_tenant_limit(struct ov_store *store, int64_t limit,
                                                        struct ov_error *err);

/* Writes a list as JSON, one object per line. */
enum ov_admin_list {
    OV_LIST_USERS,
    OV_LIST_TOKENS,
    OV_LIST_SERVICES,
    OV_LIST_TENANTS,
    OV_LIST_FRAMEWORKS
};
OV_API OV_MUST_USE enum ov_status ov_admin_list(struct ov_store *store, enum ov_admin_list what,
                                                const struct ov_sink *out, struct ov_error *err);

/* Capabilities that users can have. Static; the name is NULL past the end. */
struct ov_capability {
    const char *name, *meaning;
    bool by_default;
};
OV_API struct ov_capability ov_capability_at(size_t index);
/* Names of the web service functions. Static; NULL past the end. */
OV_API const char *ov_service_function_at(size_t index);

/* Whether a string is a valid comma-separated list of addresses and CIDR ranges. */
OV_API bool ov_ip_list_is_valid(const char *list);

#ifdef __cplusplus
}
#endif
#endif
