/* server/http/route.h: what answers a path. The tables of routes are of the layers above: HTTP
 * knows no endpoint. */
#ifndef SERVER_HTTP_ROUTE_H
#define SERVER_HTTP_ROUTE_H

#include "server/http/request.h"

/* How a fault is reported (PROTOCOL.md, Errors). */
enum ov_fault_style {
    OV_FAULTS_BY_STATUS, /* an error object, with HTTP's status */
    OV_FAULTS_OF_PAGE,   /* the same with its detail, for people */
    OV_FAULTS_WITH_200,  /* an error object with 200, unless the request itself is malformed */
    OV_FAULTS_OWN,       /* the endpoint writes them: it answers faulty requests too */
};

/* A route; a path of NULL ends a table. The first one that fits is taken. */
struct ov_route {
    const char *path;                                 /* as decoded */
    bool below;                                       /* also the paths below it */
    enum { OV_ANY_METHOD, OV_READS, OV_POST } method; /* OV_READS: GET and HEAD */
    /* Who may: false after a fault or a failure; NULL: anyone. */
    bool (*may)(struct ov_request *request);
    /* The body may hold files. Before the first one is kept: whether the caller may send it, as far
     * as that is known by then. NULL: files are ignored. */
    bool (*admits_files)(struct ov_request *request);
    const char *type; /* Content-Type unless the endpoint sets another; static; NULL: it does */
    enum ov_fault_style faults;
    bool any_origin; /* pages of other sites may read the answer (CORS) */
    /* Fills in the answer; rest: the path behind that of the route. False after a fault or a
     * failure. */
    bool (*answer)(struct ov_request *request, struct ov_text rest);
};

/* Sets request->route: the one that the path leads to, or NULL. */
void ov_route_find(struct ov_request *request);
/* Lets it answer; a fault becomes the answer, in the style of the route. */
void ov_route_answer(struct ov_request *request);

#endif
