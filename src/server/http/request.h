/* server/http/request.h: one request and its answer, independent of HTTP.
 *
 * How requests fail: functions return false, or NULL, and have recorded why in the request. That is
 * a fault (the request is refused, for a reason of faults.def: ov_fault) or a failure (the service
 * could not do it: `err`, which is passed to the store and the engine). The first one of either
 * wins, so callers only pass false on. Where a module's status may be the client's mistake, it gets
 * an error of its own, and ov_request_report decides by the status which of the two it is; nothing
 * else converts one into the other. ov_route_answer (route.h) alone turns them into an answer: a
 * failure counts as the fault INTERNAL, and HTTP status and body depend on fault and route. */
#ifndef SERVER_HTTP_REQUEST_H
#define SERVER_HTTP_REQUEST_H

#include "server/http/params.h"
#include "server/instance.h"
#include "server/store/content.h"

/* Name of the cookie of ov_request.session. */
#define OV_SESSION_COOKIE "orgvet_session"

enum ov_fault {
    OV_FAULT_NONE,
#define OV_FAULT(name, status, exception, code, message) OV_FAULT_##name,
#include "server/http/faults.def"
#undef OV_FAULT
    OV_FAULTS
};

/* The authenticated user. */
struct ov_caller {
    int64_t account, service, tenant;                           /* ids; 0: none */
    struct ov_text username, firstname, lastname, service_name; /* the pool's */
    bool administrator;                                         /* may do everything */
    bool uploads, downloads;                                    /* allowed by the service */
    bool by_token, by_password; /* how the user signed in; neither: not authenticated. A session
                                   counts as what it was started with */
};

/* A file that was sent with the request, stored in an unnamed file. */
struct ov_upload {
    struct ov_text name;    /* last component of the file name sent */
    int fd;                 /* closed by ov_request_deinit; -1: not kept */
    uint64_t size;          /* bytes */
    bool too_large;         /* over max_upload: it was skipped */
    struct ov_upload *next; /* in the order received */
};

/* The answer: a body, a content of the store, or a file. */
struct ov_answer {
    unsigned status;            /* HTTP status */
    const char *type;           /* Content-Type; static */
    struct ov_buf body;         /* owned; sent unless content or file is set */
    struct ov_content content;  /* send this content as an attachment; id 0: none */
    int file;                   /* send this file, which is closed with the answer; -1: none */
    uint64_t size;              /* bytes of content or file; of a body it is set by http.c */
    struct ov_text file_name;   /* of an attachment; empty: not an attachment */
    struct ov_text cookie;      /* Set-Cookie; empty: none */
    const char *policy;         /* Content-Security-Policy; static; NULL: allow nothing */
    bool gzipped;               /* the body is compressed */
    bool any_origin;            /* readable for pages of other sites (CORS) */
    long retry_after;           /* seconds; with the fault WAIT */
    const char *settings_shape; /* the shape of settings that was read; static; NULL: none */
};

struct ov_request {
    struct ov_service *service;   /* borrowed */
    struct ov_values_pool pool;   /* owns texts and values of the request */
    struct ov_text method, path;  /* path: decoded, without repeated slashes */
    struct ov_params params;      /* of the query, then of the body */
    struct ov_upload *uploads;    /* files of the body; NULL: none */
    struct ov_text address;       /* of the client */
    struct ov_text session, csrf; /* from the cookie and the X-Orgvet-Csrf header; empty: none */
    struct ov_text language;      /* Accept-Language */
    int socket;                   /* of the connection; -1: none */
    bool secure;                  /* received over TLS */
    bool query;                   /* the URL had parameters */
    const struct ov_route *route; /* serves the path; static; NULL: no route */
    struct ov_text rest;          /* the path after that of the route */
    struct ov_caller caller;      /* {0} until authenticated */
    struct ov_text function;      /* web service function, for the log */
    struct ov_sql *sql;           /* read connection; NULL: none taken */
    struct ov_sql *writing;       /* of ov_request_write, until ov_request_written */
    bool wrote;                   /* something may have been changed */
    struct ov_reservation reservation; /* reservations; see quota.h */
    enum ov_fault fault;               /* OV_FAULT_NONE: not refused */
    struct ov_text fault_about;        /* detail of the fault; empty: no detail */
    const char *refused; /* why a token was refused, for the log only; static; NULL: not refused */
    struct ov_answer answer;
    /* Failure of the service, if any. Its language is also that of faults: that of the page's
     * reader, and English for other clients, which compare messages. */
    struct ov_error err;
};

/* Initialises a request; the service is borrowed. ov_request_deinit frees everything it owns. */
void ov_request_init(struct ov_request *request, struct ov_service *service);
void ov_request_deinit(struct ov_request *request);
/* request_log.c: counts the request and writes its line to the service's log. status: HTTP status,
 * 0: not answered; received: bytes; ms: duration. */
void ov_request_log(struct ov_request *request, unsigned status, uint64_t received, int64_t ms);
/* Whether the client has closed the connection, so that nobody waits for the answer. request: a
 * struct ov_request. */
bool ov_request_is_left(void *request);

/* Records a fault unless there is one, or a failure, already; returns false, so that callers can
 * return it. `about` is a format whose result replaces %s in the fault's message, or is appended as
 * its detail; NULL: none. Use OV_QUOTE to limit values to 200 bytes. */
bool ov_fault(struct ov_request *request, enum ov_fault fault, const char *about, ...)
    OV_PRINTF(3, 4);
/* Appends the message of the fault, including its detail. */
void ov_fault_message(const struct ov_request *request, struct ov_buf *out);
/* The detail that is appended to the message; empty if the message contains it, or if there is
 * none. */
struct ov_text ov_fault_detail(const struct ov_request *request);
/* Error code, exception class and HTTP status of the fault. Static. */
const char *ov_fault_code(const struct ov_request *request);
const char *ov_fault_exception(const struct ov_request *request);
unsigned ov_fault_status(const struct ov_request *request);
/* Whether the fault is in the request as sent over HTTP, not in what it requests. */
bool ov_fault_is_of_request(const struct ov_request *request);
/* Records why a module failed; true if it did not (OV_OK). What the client can do something about
 * (OV_E_OPTION, OV_E_PATTERN, OV_E_LIMIT, OV_E_STATE) is `fault`, with err's message as its detail;
 * anything else is a failure of the service. err: not the request's own. */
bool ov_request_report(struct ov_request *request, enum ov_fault fault, enum ov_status status,
                       const struct ov_error *err);
/* Records that memory is short; returns false. */
bool ov_request_fail_memory(struct ov_request *request);
/* Whether neither a fault nor a failure is recorded. */
bool ov_request_is_good(const struct ov_request *request);
/* For ov_route_answer: a failure without a fault becomes OV_FAULT_INTERNAL. */
void ov_request_conclude(struct ov_request *request);

/* Reserves an additional amount of a shared resource (quota.h); false after the fault BUSY.
 * ov_request_release releases all of that kind. */
bool ov_request_reserve(struct ov_request *request, enum ov_quota_kind kind, uint64_t amount);
void ov_request_release(struct ov_request *request, enum ov_quota_kind kind);

/* A read connection, kept until ov_request_read_end, ov_request_write or the end of the request.
 * NULL on failure, or after the fault BUSY if none becomes free in time. There are few: release it
 * before waiting or long computations. */
struct ov_sql *ov_request_read(struct ov_request *request);
void ov_request_read_end(struct ov_request *request);
/* Starts a write transaction; releases the read connection first, so that nobody waits for it.
 * ov_request_written ends it: commits if `good`, rolls back otherwise. NULL on failure, or after
 * the fault BUSY if other writers take too long. */
struct ov_sql *ov_request_write(struct ov_request *request);
/* The same with a scope (sql.h) other than the caller's tenant. */
struct ov_sql *ov_request_write_in(struct ov_request *request, int64_t scope);
bool ov_request_written(struct ov_request *request, bool good);

/* The parameter of this name as text; empty if missing. Borrowed from the request. */
struct ov_text ov_request_param(const struct ov_request *request, const char *name);

/* The browser interface of the service. */
struct ov_page {
    /* Creates its state while the service runs (ov_service.page_state); NULL on failure. `close`
     * frees it and takes NULL. */
    void *(*open)(struct ov_error *err);
    void (*close)(void *kept);
    const struct ov_route *routes; /* tried after those of the service (route.h); static */
};

#endif
