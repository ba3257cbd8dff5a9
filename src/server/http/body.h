/* server/http/body.h: the body of a request: form parameters, or a multipart body with files, which
 * go to unnamed files. An error in the body becomes a fault of the request; the rest of the body is
 * then skipped. */
#ifndef SERVER_HTTP_BODY_H
#define SERVER_HTTP_BODY_H

#include "server/http/multipart.h"
#include "server/http/request.h"

enum { OV_FORM_MAX = 1 << 20 /* bytes of all values of a request, without files */ };

struct ov_body {
    struct ov_request *request; /* borrowed */
    bool takes_files;           /* the route accepts files */
    enum { OV_BODY_NONE, OV_BODY_FORM, OV_BODY_MULTIPART } kind;
    struct ov_buf form; /* of a form: its text; of a multipart body: the current value */
    struct ov_multipart *multipart;     /* owned; NULL unless kind is OV_BODY_MULTIPART */
    struct ov_text name;                /* of the current part */
    struct ov_upload *file, *last_file; /* the part being kept, if a file; the last upload */
    unsigned files;                     /* number of files in the request */
    bool in_file;                       /* the part has a file name, which may be empty */
    uint64_t received, values;          /* bytes of the body; of these, bytes of values */
};

/* Starts once the route is known; content_type is the header's value. Errors become faults. */
void ov_body_begin(struct ov_body *body, struct ov_request *request, struct ov_text content_type);
void ov_body_feed(struct ov_body *body, const char *bytes, size_t len);
/* The body is complete as far as HTTP knows. */
void ov_body_end(struct ov_body *body);
void ov_body_deinit(struct ov_body *body);

#endif
