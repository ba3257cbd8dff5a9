/* server/http/route.h: maps paths to endpoints. The route tables belong to the layers above: HTTP
 * knows no endpoints. */
#ifndef SERVER_HTTP_ROUTE_H
#define SERVER_HTTP_ROUTE_H

#include "server/http/request.h"

/* How a fault is reported (PROTOCOL.md, Errors). */
enum ov_fault_style {
    OV_FAULTS_BY_STATUS, /* an error object, with the HTTP status of the fault */
    OV_FAULTS_OF_PAGE,   /* the same with its detail, for people */
    OV_FAULTS_WITH_200,  /* an error object with status 200, unless the request itself is malformed
                          */
    OV_FAULTS_OWN, /* the endpoint reports faults itself: it is called for faulty requests too */
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
    enum ov_fault_style faults; /* how its faults are reported */
    bool any_origin;            /* pages of other sites may read the answer (CORS) */
    /* Fills in the answer; the path after the route's own is request->rest. False after a fault or
     * a failure. */
    bool (*answer)(struct ov_request *request);
};

/* Sets request->rest, and request->route to the first match, or NULL. */
void ov_route_find(struct ov_request *request);
/* Runs the request's endpoint; a fault is turned into the answer, in the style of the route. */
void ov_route_answer(struct ov_request *request);

#endif
