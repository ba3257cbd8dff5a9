/* server/http/route.h: maps paths to endpoints. The route tables belong to the layers above: HTTP
 * knows no endpoints. */
#ifndef SERVER_HTTP_ROUTE_H
#define SERVER_HTTP_ROUTE_H

#include "server/http/request.h"

/* The HTTP status of a fault (PROTOCOL.md, Errors). */
enum ov_fault_style {
    OV_FAULTS_BY_STATUS, /* that of faults.def */
    OV_FAULTS_OF_PAGE,   /* the same; the error object has the detail, for people */
    OV_FAULTS_WITH_200,  /* 200, unless the request itself is malformed or the service failed */
    OV_FAULTS_ALL_200,   /* 200, unless the request itself is malformed */
};

/* A route; a path of NULL ends a table. The first match wins. */
struct ov_route {
    const char *path;                                 /* compared with the decoded path */
    bool below;                                       /* also matches paths below it */
    enum { OV_ANY_METHOD, OV_READS, OV_POST } method; /* OV_READS: GET and HEAD */
    /* Access check: false after a fault or a failure; NULL: anyone. */
    bool (*may)(struct ov_request *request);
    /* Access check before the first file of a body is stored, as far as the caller is known by
     * then. NULL: files are ignored. */
    bool (*admits_files)(struct ov_request *request);
    const char *type;           /* default Content-Type; static; NULL: the endpoint sets it */
    enum ov_fault_style faults; /* the status of its faults */
    /* Writes a fault as body and Content-Type; NULL: an error object (PROTOCOL.md, Errors). */
    void (*put_fault)(struct ov_request *request);
    bool any_origin; /* pages of other sites may read the answer (CORS) */
    /* Fills in the answer; the path after the route's own is request->rest. False after a fault or
     * a failure. */
    bool (*answer)(struct ov_request *request);
};

/* Sets request->rest, and request->route to the first match, or NULL. */
void ov_route_find(struct ov_request *request);
/* Runs the request's endpoint; a fault or failure is turned into the answer, as the route wants it.
 */
void ov_route_answer(struct ov_request *request);

#endif
