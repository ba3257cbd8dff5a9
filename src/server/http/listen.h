/* server/http/listen.h: the listening socket of the service. */
#ifndef SERVER_HTTP_LISTEN_H
#define SERVER_HTTP_LISTEN_H

#include "orgvet/base.h"

/* Listens on ADDRESS:PORT; returns the socket, which the caller closes, and its port; -1 on
 * failure. */
OV_MUST_USE int ov_http_listen(const char *where, unsigned *port, struct ov_error *err);

#endif
