/* server/http/multipart.h: reads a multipart/form-data body (RFC 7578), in chunks of any size.
 * Field names and file names are passed on complete and unchanged, contents in chunks; a body
 * without its closing boundary is reported. (libmicrohttpd's own reader cuts names at an escaped
 * quote or a NUL, and does not report it.) */
#ifndef SERVER_HTTP_MULTIPART_H
#define SERVER_HTTP_MULTIPART_H

#include <stdbool.h>

#include "base/text.h"

enum {
    OV_MULTIPART_BOUNDARY = 70,  /* max. bytes of a boundary (RFC 2046, 5.1.1) */
    OV_MULTIPART_HEADERS = 8192, /* max. bytes of a part's headers */
    OV_MULTIPART_PARTS = 1000,   /* max. parts of a body */
};

enum ov_multipart_problem {
    OV_MULTIPART_FINE,
    OV_MULTIPART_STOPPED,   /* a callback returned false */
    OV_MULTIPART_BAD,       /* malformed */
    OV_MULTIPART_HEADER,    /* the headers of a part are too long */
    OV_MULTIPART_TOO_MANY,  /* more than OV_MULTIPART_PARTS parts */
    OV_MULTIPART_NUL,       /* a NUL byte in a part's headers */
    OV_MULTIPART_TRUNCATED, /* it ends before its closing boundary */
};
/* A message about the problem. Static. */
const char *ov_multipart_problem_text(enum ov_multipart_problem problem);

/* Callbacks; returning false stops the reader. Names are borrowed for the call. */
struct ov_multipart_handler {
    /* A part starts. is_file: it has a file name, which may be empty. */
    bool (*part)(void *ctx, struct ov_text name, bool is_file, struct ov_text file_name);
    bool (*bytes)(void *ctx, const char *bytes, size_t len); /* next bytes of the content */
    bool (*end)(void *ctx);                                  /* the part is complete */
    void *ctx;                                               /* passed to the callbacks; borrowed */
};

struct ov_multipart;

/* A reader for a body with this Content-Type; the handler is borrowed. NULL if the type has no
 * usable boundary, or if out of memory. ov_multipart_finish checks that the body is complete. */
OV_MUST_USE struct ov_multipart *ov_multipart_new(struct ov_text content_type,
                                                  const struct ov_multipart_handler *handler);
void ov_multipart_free(struct ov_multipart *multipart);
OV_MUST_USE enum ov_multipart_problem ov_multipart_feed(struct ov_multipart *multipart,
                                                        const char *bytes, size_t len);
OV_MUST_USE enum ov_multipart_problem ov_multipart_finish(struct ov_multipart *multipart);

#endif
