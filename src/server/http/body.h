/* server/http/body.h: the body of a request: parameters of a form, or a multipart with files, which
 * go to unnamed files. What is wrong with it becomes a fault of the request, and the rest of it is
 * passed over. */
#ifndef SERVER_HTTP_BODY_H
#define SERVER_HTTP_BODY_H

#include "server/http/multipart.h"
#include "server/http/request.h"

enum { OV_FORM_MAX = 1 << 20 /* bytes of all values of a request, files aside */ };

struct ov_body {
    struct ov_request *request;
    bool takes_files; /* the route does */
    enum { OV_BODY_NONE, OV_BODY_FORM, OV_BODY_MULTIPART } kind;
    struct ov_buf form;                 /* of a form; of a multipart: the value at hand */
    struct ov_multipart *multipart;     /* owned */
    struct ov_text name;                /* of the part at hand */
    struct ov_upload *file, *last_file; /* the part at hand is a file */
    unsigned files;                     /* of the request */
    bool in_file;                       /* it has a file name, which may be empty */
    uint64_t received, values;          /* bytes; of these: values */
};

/* Begins, once the route is known; the content type is that of the header. */
void ov_body_begin(struct ov_body *body, struct ov_request *request, struct ov_text content_type);
void ov_body_feed(struct ov_body *body, const char *bytes, size_t len);
/* The body is whole, as far as HTTP tells. */
void ov_body_end(struct ov_body *body);
void ov_body_deinit(struct ov_body *body);

#endif
