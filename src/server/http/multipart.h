/* server/http/multipart.h: a body of multipart/form-data (RFC 7578), in pieces of any size. Field
 * names and file names are handed over whole and as they are, contents in pieces; a body without
 * its closing boundary is told from a whole one. (libmicrohttpd's own reader cuts names at an
 * escaped quote or a NUL, and does not tell.) */
#ifndef SERVER_HTTP_MULTIPART_H
#define SERVER_HTTP_MULTIPART_H

#include <stdbool.h>

#include "base/text.h"

enum {
    OV_MULTIPART_BOUNDARY = 70,  /* most bytes of a boundary (RFC 2046, 5.1.1) */
    OV_MULTIPART_HEADERS = 8192, /* most bytes of a part's headers */
    OV_MULTIPART_PARTS = 1000,
};

enum ov_multipart_problem {
    OV_MULTIPART_FINE,
    OV_MULTIPART_STOPPED,   /* a callback said so */
    OV_MULTIPART_BAD,       /* it does not follow the format */
    OV_MULTIPART_HEADER,    /* headers of a part that are too long */
    OV_MULTIPART_TOO_MANY,  /* parts */
    OV_MULTIPART_NUL,       /* a NUL byte in a part's headers */
    OV_MULTIPART_TRUNCATED, /* it ends before its closing boundary */
};
const char *ov_multipart_problem_text(enum ov_multipart_problem problem);

/* What comes out; false stops. Names live until the call returns. */
struct ov_multipart_handler {
    /* A part begins. is_file: it has a file name, which may be empty. */
    bool (*part)(void *ctx, struct ov_text name, bool is_file, struct ov_text file_name);
    bool (*bytes)(void *ctx, const char *bytes, size_t len); /* the next of its content */
    bool (*end)(void *ctx);                                  /* the part is whole */
    void *ctx;
};

struct ov_multipart;

/* For a Content-Type header; NULL when it names no boundary that can be used, or there is no
 * memory. */
OV_MUST_USE struct ov_multipart *ov_multipart_new(struct ov_text content_type,
                                                  const struct ov_multipart_handler *handler);
void ov_multipart_free(struct ov_multipart *multipart);
OV_MUST_USE enum ov_multipart_problem ov_multipart_feed(struct ov_multipart *multipart,
                                                        const char *bytes, size_t len);
OV_MUST_USE enum ov_multipart_problem ov_multipart_finish(struct ov_multipart *multipart);

#endif
