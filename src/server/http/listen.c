/* server/http/listen.c: see listen.h. */
#include "server/http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

/* Splits ADDRESS:PORT or [ADDRESS]:PORT. */
static bool split_listen(const char *listen, char host[256], char port[16])
{
    const char *colon = strrchr(listen, ':');
    size_t len = colon ? (size_t)(colon - listen) : 0;
    if (!colon || len == 0 || len > 255 || strlen(colon + 1) > 5 ||
        !ov_text_is_digits(ov_text_of(colon + 1)))
        return false;
    bool bracketed = listen[0] == '[' && listen[len - 1] == ']';
    if (!bracketed && memchr(listen, ':', len))
        return false;
    snprintf(host, 256, "%.*s", (int)(len - (bracketed ? 2 : 0)), listen + bracketed);
    snprintf(port, 16, "%s", colon + 1);
    return true;
}

int ov_http_listen(const char *where, unsigned *port, struct ov_error *err)
{
    char host[256], service[16];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
    if (!split_listen(where, host, service)) {
        ov_fail(err, OV_E_OPTION, "`%.200s` is not a valid ADDRESS:PORT; example: 127.0.0.1:8080",
                where);
        return -1;
    }
    int code = getaddrinfo(host, service, &hints, &found);
    if (code != 0) {
        ov_fail(err, OV_E_OPTION, "cannot listen on `%.200s`: %s", where, gai_strerror(code));
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } bound = {.v6 = {0}};
    socklen_t len = sizeof bound;
    bool good = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 1024) == 0 &&
                getsockname(fd, &bound.any, &len) == 0;
    if (!good)
        ov_fail(
            err, OV_E_IO, "cannot listen on `%.200s`: %s%s", where, strerror(errno),
            errno == EADDRINUSE
                ? "; another service is running there: stop it, or choose another address with --listen"
                : "");
    freeaddrinfo(found);
    if (!good) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *port = ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
    return fd;
}
