/* client/http.h: HTTP requests of the client, with retries. Only http.c knows that libcurl is
 * used. */
#ifndef CLIENT_HTTP_H
#define CLIENT_HTTP_H

#include <stdbool.h>

#include "base/text.h"
#include "client/client.h"

struct ov_http_client;

/* Options are copied. NULL on failure; the caller frees it, ov_http_client_free takes NULL. */
struct ov_http_client *ov_http_client_new(const struct ov_client_options *options,
                                          struct ov_error *err);
void ov_http_client_free(struct ov_http_client *http);

/* When a request may be retried after a network error. */
enum ov_retry {
    OV_RETRY_NEVER_SENT, /* only if the request certainly did not reach the server */
    OV_RETRY,            /* always: repeating it does no harm */
};

/* A form field. Borrowed. */
struct ov_http_field {
    const char *name;
    struct ov_text value;
};

/* A POST request. All pointers are borrowed for the call. */
struct ov_http_call {
    const char *path; /* appended to the site's URL; or a whole URL of the same server */
    const struct ov_http_field *fields;
    size_t field_count;
    const char *file_name;          /* NULL: no file, the fields are sent as a form */
    const struct ov_source *source; /* of the file */
    uint64_t size;                  /* of the file, bytes */
    enum ov_retry retry;
    struct ov_buf *body;       /* receives the answer */
    const struct ov_sink *out; /* if set, receives a successful answer instead */
};
/* Sends a request and reads the answer. *status: HTTP status. *lost: the request may have been
 * processed, but there was no answer. OV_E_NETWORK: no answer; OV_E_REFUSED: the URL or a redirect
 * is on another server. */
OV_MUST_USE enum ov_status ov_http_client_post(struct ov_http_client *http,
                                               const struct ov_http_call *call, long *status,
                                               bool *lost, struct ov_error *err);

#endif
