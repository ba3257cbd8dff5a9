/* server/http/http.h: the door to the network: connections, their bounds and deadlines, bodies
 * (into parameters and unnamed files), answers, the log. Knows no endpoint. */
#ifndef SERVER_HTTP_HTTP_H
#define SERVER_HTTP_HTTP_H

#include "server/instance.h"

struct ov_http;

/* Listens on ADDRESS:PORT: the socket, and the port that it has; -1 on failure. */
OV_MUST_USE int ov_http_listen(const char *where, unsigned *port, struct ov_error *err);
/* Answers what comes to a socket, which is its own from now on; NULL on failure. */
OV_MUST_USE struct ov_http *ov_http_start(struct ov_service *service, int fd, struct ov_error *err);
/* Takes no more connections, lets what is being answered end (half a minute at most), ends all. */
void ov_http_stop(struct ov_http *http);

#endif
