/* client/http.h: requests of the client, and what may be asked again. http.c alone knows that they
 * go by libcurl. */
#ifndef CLIENT_HTTP_H
#define CLIENT_HTTP_H

#include <stdbool.h>

#include "base/text.h"
#include "client/client.h"

struct ov_http_client;

struct ov_http_client *ov_http_client_new(const struct ov_client_options *options,
                                          struct ov_error *err);
void ov_http_client_free(struct ov_http_client *http);

/* What may be done again when the network fails. */
enum ov_retry {
    OV_RETRY_NEVER_SENT, /* only when the request has surely not arrived */
    OV_RETRY,            /* it does no harm when it arrived */
};

struct ov_http_field {
    const char *name;
    struct ov_text value;
};

struct ov_http_call {
    const char *path; /* behind the site's URL; or a whole URL of the same host */
    const struct ov_http_field *fields;
    size_t field_count;
    const char *file_name;          /* NULL: no file: the fields go as a form */
    const struct ov_source *source; /* of the file */
    uint64_t size;
    enum ov_retry retry;
    struct ov_buf *body;       /* where the answer goes */
    const struct ov_sink *out; /* or, when it is a success, here */
};
/* *lost: the request may have arrived, but no answer came back. *status: of HTTP. */
OV_MUST_USE enum ov_status ov_http_client_post(struct ov_http_client *http,
                                               const struct ov_http_call *call, long *status,
                                               bool *lost, struct ov_error *err);

#endif
