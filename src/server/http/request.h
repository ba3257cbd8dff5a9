/* server/http/request.h: one request and its answer, whatever carried them. Endpoints take a
 * request and fill in its answer; they return false after ov_fault or with a failure in err. */
#ifndef SERVER_HTTP_REQUEST_H
#define SERVER_HTTP_REQUEST_H

#include "server/http/params.h"
#include "server/instance.h"

/* The cookie of ov_request.session. */
#define OV_SESSION_COOKIE "orgvet_session"

enum ov_fault {
    OV_FAULT_NONE,
#define OV_FAULT(name, status, exception, code, message) OV_FAULT_##name,
#include "server/http/faults.def"
#undef OV_FAULT
    OV_FAULTS
};

/* Who asks, once the token was found good. */
struct ov_caller {
    int64_t account, service, tenant; /* ids */
    struct ov_text username, firstname, lastname, service_name;
    bool administrator;
    bool uploads, downloads;    /* what the service allows */
    bool by_token, by_password; /* neither: nobody yet; a session is as what it began with */
};

/* A file that came with the request, in an unnamed file. */
struct ov_upload {
    struct ov_text name; /* as given, made sound */
    int fd;              /* closed by ov_request_deinit; -1: none was taken */
    uint64_t size;
    bool too_large; /* it was passed over */
    struct ov_upload *next;
};

/* The answer. */
struct ov_answer {
    unsigned status;  /* of HTTP */
    const char *type; /* Content-Type; static */
    struct ov_buf body;
    int64_t content; /* else the bytes of this content, as an attachment */
    int file;        /* else those of this file, which is closed with the answer; -1: none */
    uint64_t size;   /* of either */
    struct ov_text file_name;   /* of an attachment; empty: it is none */
    struct ov_text cookie;      /* Set-Cookie; empty: none */
    const char *policy;         /* Content-Security-Policy; static; NULL: nothing is allowed */
    bool gzipped;               /* the body is */
    bool any_origin;            /* pages of other sites may read it (CORS) */
    long retry_after;           /* seconds; of the fault WAIT */
    const char *settings_shape; /* which shape of settings was read; static; NULL: none */
};

struct ov_request {
    struct ov_service *service;
    struct ov_values_pool pool;
    struct ov_text method, path; /* path: decoded, without repeated slashes */
    struct ov_params params;     /* of the query, then of the body */
    struct ov_upload *uploads;
    struct ov_text address;       /* of the client */
    struct ov_text session, csrf; /* of the cookie and the header; empty: none */
    struct ov_text language;      /* Accept-Language */
    int socket;                   /* of the connection; -1: none */
    bool secure;                  /* by TLS */
    bool query;                   /* the address carried parameters */
    const struct ov_route *route; /* what answers its path; NULL: nothing */
    struct ov_caller caller;
    struct ov_text function; /* web service function, for the log */
    struct ov_sql *sql;      /* for reading; NULL: none is held */
    struct ov_hold hold;     /* of what all requests share */
    enum ov_fault fault;
    struct ov_text fault_about; /* what it is about; empty: nothing more is told */
    const char *exception;      /* of the fault; static */
    const char *refused;        /* why a token was refused, for the log alone; static; NULL */
    struct ov_answer answer;
    struct ov_error err; /* why the service could not work; its language is that of faults, too:
                            the page's reader's, and English for clients, which compare */
};

void ov_request_init(struct ov_request *request, struct ov_service *service);
void ov_request_deinit(struct ov_request *request);
/* request_log.c: counts it, and writes its line to the service's log. status: of HTTP, 0: it was
 * not answered; received: bytes; ms: how long it took. */
void ov_request_log(struct ov_request *request, unsigned status, uint64_t received, int64_t ms);
/* Whether the client has left, so that nobody waits for the answer; as a struct ov_request. */
bool ov_request_is_left(void *request);

/* Says that the request is refused; false, so that callers can return it. `about` is what stands
 * for %s in the message, or the detail behind it; values in it are cut to 200 bytes by OV_QUOTE. */
bool ov_fault(struct ov_request *request, enum ov_fault fault, const char *about, ...)
    OV_PRINTF(3, 4);
/* The message of the fault, and its code. */
void ov_fault_message(const struct ov_request *request, struct ov_buf *out);
/* The detail that stands behind a message that is a whole without it; empty: there is none. */
struct ov_text ov_fault_detail(const struct ov_request *request);
const char *ov_fault_code(const struct ov_request *request);
const char *ov_fault_exception(const struct ov_request *request);
unsigned ov_fault_status(const struct ov_request *request);
/* Whether it is the request as HTTP carried it that is at fault, not what it asks for. */
bool ov_fault_is_of_request(const struct ov_request *request);
/* Whether `err` tells a failure that no fault was made of yet: makes OV_FAULT_INTERNAL of it. */
bool ov_request_failed(struct ov_request *request);

/* Takes so much more of what all requests share; false after the fault BUSY. */
bool ov_request_hold(struct ov_request *request, enum ov_held kind, uint64_t amount);
void ov_request_give(struct ov_request *request, enum ov_held kind);

/* A connection to read with, kept until it is given back, or the request writes or ends; NULL on
 * failure, and after the fault BUSY when none becomes free. Few are there: none is kept while
 * something is waited for, or computed for long. */
struct ov_sql *ov_request_read(struct ov_request *request);
void ov_request_read_end(struct ov_request *request);
/* Begins to write (the reading connection is given back first, so that nobody waits for it);
 * ov_request_written ends it. NULL on failure, and after the fault BUSY when others take too long.
 */
struct ov_sql *ov_request_write(struct ov_request *request);
bool ov_request_written(struct ov_request *request, bool good);

/* The parameter of this name as a text, of whatever kind; empty when there is none. */
struct ov_text ov_request_param(const struct ov_request *request, const char *name);

/* A page that is a part of the service. */
struct ov_page {
    /* What it keeps while the service runs; NULL on failure. `close` takes NULL. */
    void *(*open)(struct ov_error *err);
    void (*close)(void *kept);
    const struct ov_route *routes; /* behind those of the service (route.h) */
};

#endif
