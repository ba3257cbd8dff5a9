/* server/http/http.h: the network interface: connections with their limits and deadlines, bodies
 * (parsed into parameters and unnamed files), answers, the log. Knows no endpoints. */
#ifndef SERVER_HTTP_HTTP_H
#define SERVER_HTTP_HTTP_H

#include "server/instance.h"

struct ov_http;

/* Serves connections to a socket, which it owns from now on, even on failure; NULL on failure. */
OV_MUST_USE struct ov_http *ov_http_start(struct ov_service *service, int fd, struct ov_error *err);
/* Stops accepting connections, lets running requests finish (half a minute at most), then frees
 * everything. Takes NULL. */
void ov_http_stop(struct ov_http *http);

#endif
