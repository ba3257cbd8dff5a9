/* service/http.c: see http.h. By libmicrohttpd, a thread for each connection: a request may wait
 * for the store, or for a password to be tried, without anybody else waiting for it.
 *
 * What libmicrohttpd leaves to us: its timeout counts idleness only, so each connection has a
 * deadline here, which a thread looks after by shutting the socket; contradictory headers pass, so
 * they are looked at; names and values are C strings in its look-ups, so the raw address and the
 * sized values are used. */
#include "service/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/error.h"
#include "service/body.h"
#include "service/content.h"

enum {
    CONNECTION_MEMORY = 96 * 1024, /* bytes for the headers of a request, and its pieces */
    STACK = 1 << 20,               /* bytes of a thread's stack, used as far as needed */
    SWEEP_MS = 200,                /* between two looks at the deadlines */
    BYTES_PER_SECOND = 100 * 1000, /* that a body must come, and an answer go, at least */
    END_SECONDS = 30,              /* that what is being answered may take at the end */
    BODY_FACTOR = 4,               /* a body may hold so many largest files */
};

struct connection {
    struct connection *next, **back;
    int fd;
    int64_t deadline; /* milliseconds of the monotonic clock; 0: none */
    bool overdue;
};

struct ov_http {
    struct ov_service *service;
    struct MHD_Daemon *daemon;
    pthread_t sweeper;
    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t ending_changed;
    struct connection *connections;
    bool ending;
    atomic_int active; /* requests being read or answered */
};

/* A request on its way. */
struct exchange {
    struct ov_http *http;
    struct ov_request request;
    struct ov_body body;
    char *uri; /* owned: as it came */
    int64_t began;
    bool begun, answered;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- connections and deadlines --- */

static void set_deadline_at(struct ov_http *http, struct connection *connection, int64_t when)
{
    if (!connection)
        return;
    pthread_mutex_lock(&http->mutex);
    connection->deadline = when;
    pthread_mutex_unlock(&http->mutex);
}

static void set_deadline(struct ov_http *http, struct connection *connection, int64_t seconds)
{
    set_deadline_at(http, connection, now_ms() + seconds * 1000);
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void on_connection(void *ctx, struct MHD_Connection *mhd, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct ov_http *http = ctx;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct connection *connection = calloc(1, sizeof *connection);
        *socket_context = connection;
        if (!connection || !info)
            return; /* on_request refuses a connection without one */
        connection->fd = info->connect_fd;
        connection->deadline = now_ms() + http->service->options.header_seconds * 1000LL;
        pthread_mutex_lock(&http->mutex);
        connection->next = http->connections;
        connection->back = &http->connections;
        if (http->connections)
            http->connections->back = &connection->next;
        http->connections = connection;
        pthread_mutex_unlock(&http->mutex);
        atomic_fetch_add(&http->service->figures.connections, 1);
        return;
    }
    struct connection *connection = *socket_context;
    if (!connection)
        return;
    pthread_mutex_lock(&http->mutex);
    *connection->back = connection->next;
    if (connection->next)
        connection->next->back = connection->back;
    pthread_mutex_unlock(&http->mutex);
    atomic_fetch_sub(&http->service->figures.connections, 1);
    free(connection);
    *socket_context = NULL;
}

/* The socket is shut, not closed: that is libmicrohttpd's, and the mutex keeps it from being closed
 * and used anew meanwhile. */
static void *sweep(void *ctx)
{
    struct ov_http *http = ctx;
    pthread_mutex_lock(&http->mutex);
    while (!http->ending) {
        struct timespec until;
        int64_t now = now_ms();
        for (struct connection *one = http->connections; one; one = one->next) {
            if (!one->deadline || one->deadline > now || one->overdue)
                continue;
            one->overdue = true;
            shutdown(one->fd, SHUT_RDWR);
            atomic_fetch_add(&http->service->figures.deadlines, 1);
        }
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += SWEEP_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&http->ending_changed, &http->mutex, &until);
    }
    pthread_mutex_unlock(&http->mutex);
    return NULL;
}

/* --- a request's head --- */

/* What the headers come to. */
struct head {
    const struct exchange *exchange;
    unsigned lengths, encodings, hosts;
    bool bad, chunked;
    uint64_t length;
    struct ov_text type, forwarded;
};

static bool is_token(struct ov_text name)
{
    for (size_t i = 0; i < name.len; i++) /* RFC 9110, 5.6.2 */
        if ((unsigned char)name.ptr[i] <= ' ' || (unsigned char)name.ptr[i] >= 0x7F ||
            strchr("\"(),/:;<=>?@[\\]{}", name.ptr[i]))
            return false;
    return name.len > 0;
}

static enum MHD_Result on_header(void *ctx, enum MHD_ValueKind kind, const char *key,
                                 size_t key_len, const char *value, size_t value_len)
{
    struct head *head = ctx;
    struct ov_text name = {key, key_len}, text = {value, value ? value_len : 0};
    (void)kind;
    if (!is_token(name) || (text.len && memchr(text.ptr, 0, text.len)))
        head->bad = true;
    if (ov_text_equal_nocase(name, OV_TEXT("content-length"))) {
        int64_t length;
        head->lengths++;
        head->bad |= !ov_text_number(text, &length);
        head->length = (uint64_t)length;
    } else if (ov_text_equal_nocase(name, OV_TEXT("transfer-encoding"))) {
        head->encodings++;
        head->chunked = ov_text_equal_nocase(text, OV_TEXT("chunked"));
    } else if (ov_text_equal_nocase(name, OV_TEXT("host"))) {
        head->hosts++;
    } else if (ov_text_equal_nocase(name, OV_TEXT("content-type"))) {
        head->type = text;
    } else if (ov_text_equal_nocase(name, OV_TEXT("x-forwarded-for"))) {
        head->forwarded = text;
    }
    return MHD_YES;
}

/* Headers that two readers could take for two different requests (RFC 9112, 6.3 and 11.2). */
static bool head_is_sound(struct ov_request *request, const struct head *head)
{
    if (head->bad)
        return ov_fault(request, OV_FAULT_BAD_REQUEST, "a header is malformed");
    if (head->lengths > 1 || head->encodings > 1 || head->hosts > 1 ||
        (head->lengths && head->encodings))
        return ov_fault(request, OV_FAULT_BAD_REQUEST,
                        "headers contradict one another: Content-Length, Transfer-Encoding and "
                        "Host can be given once, and not both of the first two");
    if (head->encodings && !head->chunked)
        return ov_fault(request, OV_FAULT_BAD_REQUEST,
                        "Transfer-Encoding can be chunked, and nothing else");
    if (head->length > BODY_FACTOR * request->service->options.max_upload + OV_FORM_MAX)
        return ov_fault(request, OV_FAULT_TOO_LARGE, "its body is %llu bytes long",
                        (unsigned long long)head->length);
    return true;
}

/* The path without %XX and repeated slashes; the query becomes parameters. */
static void read_uri(struct exchange *exchange)
{
    struct ov_request *request = &exchange->request;
    struct ov_text uri = ov_text_of(exchange->uri), query = {0};
    const char *mark = memchr(uri.ptr, '?', uri.len);
    if (mark) {
        query = (struct ov_text){mark + 1, uri.len - (size_t)(mark + 1 - uri.ptr)};
        uri.len = (size_t)(mark - uri.ptr);
    }
    enum ov_params_problem problem = ov_params_decode(&request->pool, uri, false, &request->path);
    char *bytes = (char *)request->path.ptr; /* ours */
    size_t len = 0;
    for (size_t i = 0; i < request->path.len; i++)
        if (bytes[i] != '/' || len == 0 || bytes[len - 1] != '/')
            bytes[len++] = bytes[i];
    request->path.len = len;
    if (len && memchr(bytes, 0, len))
        ov_fault(request, OV_FAULT_BAD_REQUEST, "the path holds a NUL byte");
    if (problem == OV_PARAMS_FINE)
        problem = ov_params_put_form(&request->params, query);
    if (problem != OV_PARAMS_FINE)
        ov_fault(request, OV_FAULT_BAD_REQUEST, "%s", ov_params_problem_text(problem));
}

static struct ov_text address_of(struct ov_request *request, struct MHD_Connection *mhd,
                                 const struct head *head)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (request->service->options.trust_proxy && head->forwarded.len) {
        struct ov_text last = head->forwarded;
        for (size_t i = last.len; i-- > 0;) {
            if (last.ptr[i] != ',')
                continue;
            last.ptr += i + 1;
            last.len -= i + 1;
            break;
        }
        return ov_pool_text(&request->pool, ov_utf8_cut(ov_text_trim(last), 64));
    }
    if (info && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)info->client_addr)->sin_addr, text,
                  sizeof text);
    else if (info && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)info->client_addr)->sin6_addr, text,
                  sizeof text);
    bool mapped = strncmp(text, "::ffff:", 7) == 0 && strchr(text, '.');
    return ov_pool_text(&request->pool, ov_text_of(mapped ? text + 7 : text));
}

static void read_head(struct exchange *exchange, struct MHD_Connection *mhd, const char *method)
{
    struct ov_request *request = &exchange->request;
    struct head head = {.exchange = exchange};
    MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, on_header, &head);
    request->method = ov_pool_text(&request->pool, ov_text_of(method));
    request->secure = exchange->http->service->options.tls_cert != NULL;
    request->address = address_of(request, mhd, &head);
    read_uri(exchange);
    bool known =
        strcmp(method, "GET") == 0 || strcmp(method, "POST") == 0 || strcmp(method, "HEAD") == 0;
    if (!known)
        ov_fault(request, OV_FAULT_METHOD, NULL);
    if (head_is_sound(request, &head))
        ov_body_begin(&exchange->body, request, head.type,
                      ov_text_equal(request->path, OV_TEXT("/webservice/upload.php")));
}

/* --- the answer --- */

/* Bytes of a content on their way. */
struct download {
    struct ov_store *store;
    int64_t content;
    uint64_t size;
};

static ssize_t read_download(void *ctx, uint64_t at, char *buf, size_t most)
{
    struct download *download = ctx;
    if (at >= download->size)
        return MHD_CONTENT_READER_END_OF_STREAM;
    struct ov_sql *sql = ov_store_read(download->store, NULL);
    long got = sql ? ov_content_read_at(sql, download->content, at, buf, most, NULL) : -1;
    ov_store_read_end(download->store, sql);
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *make_response(struct ov_request *request)
{
    struct ov_answer *answer = &request->answer;
    if (answer->content) {
        struct download *download = malloc(sizeof *download);
        if (!download)
            return NULL;
        *download = (struct download){request->service->store, answer->content, answer->size};
        struct MHD_Response *response = MHD_create_response_from_callback(
            answer->size, 64 * 1024, read_download, download, free);
        if (!response)
            free(download);
        return response;
    }
    if (answer->body.failed)
        return NULL;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->body.len, answer->body.ptr, MHD_RESPMEM_MUST_FREE);
    if (response) { /* it owns the bytes now */
        answer->size = answer->body.len;
        answer->body = (struct ov_buf){0};
    }
    return response;
}

static bool put_headers(struct MHD_Response *response, struct ov_request *request)
{
    const struct ov_answer *answer = &request->answer;
    char disposition[700];
    bool good = MHD_add_response_header(response, "Content-Type", answer->type) &&
                MHD_add_response_header(response, "Cache-Control",
                                        "private, no-cache, no-store, must-revalidate") &&
                MHD_add_response_header(response, "Access-Control-Allow-Origin", "*") &&
                MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") &&
                MHD_add_response_header(response, "Content-Security-Policy",
                                        "default-src 'none'; style-src 'unsafe-inline'");
    if (good && strncmp(answer->type, "application/xml", 15) == 0)
        good = MHD_add_response_header(response, "Content-Disposition",
                                       "inline; filename=\"response.xml\"");
    if (good && answer->content) {
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%.*s\"",
                 OV_FMT(answer->file_name)); /* made here: no quotes in it */
        good = MHD_add_response_header(response, "Content-Disposition", disposition);
    }
    if (good && answer->settings_shape)
        good = MHD_add_response_header(response, "X-Orgvet-Settings", answer->settings_shape);
    if (good && answer->status == 405)
        good = MHD_add_response_header(response, "Allow", "GET, POST, HEAD");
    if (good && answer->status == 503)
        good = MHD_add_response_header(response, "Retry-After", "1");
    /* what is still under way of a refused body is not read */
    if (good && answer->status >= 400 && answer->status != 404)
        good = MHD_add_response_header(response, "Connection", "close");
    return good;
}

static enum MHD_Result respond(struct exchange *exchange, struct MHD_Connection *mhd)
{
    struct ov_request *request = &exchange->request;
    struct connection *connection = connection_of(mhd);
    set_deadline_at(exchange->http, connection, 0);
    ov_route(request);
    ov_request_read_end(request);
    struct MHD_Response *response = make_response(request);
    enum MHD_Result queued = MHD_NO;
    if (response && put_headers(response, request))
        queued = MHD_queue_response(mhd, request->answer.status, response);
    if (response)
        MHD_destroy_response(response);
    exchange->answered = queued == MHD_YES;
    set_deadline(exchange->http, connection,
                 exchange->http->service->options.body_seconds +
                     (int64_t)(request->answer.size / BYTES_PER_SECOND));
    return queued;
}

/* --- libmicrohttpd's callbacks --- */

static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *mhd)
{
    struct ov_http *http = ctx;
    (void)mhd;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->http = http;
    exchange->uri = strdup(uri);
    exchange->began = now_ms();
    ov_request_init(&exchange->request, http->service);
    atomic_fetch_add(&http->active, 1);
    return exchange;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *len, void **con_cls)
{
    struct ov_http *http = ctx;
    struct exchange *exchange = *con_cls;
    struct connection *connection = connection_of(mhd);
    (void)url, (void)version;
    if (!exchange || !exchange->uri || !connection)
        return MHD_NO; /* no memory: the connection ends */
    const struct ov_service_options *options = &http->service->options;
    if (!exchange->begun) {
        exchange->begun = true;
        read_head(exchange, mhd, method);
        exchange->began = now_ms();
        set_deadline(http, connection, options->body_seconds);
        if (exchange->request.fault != OV_FAULT_NONE)
            return respond(exchange, mhd);
        return MHD_YES;
    }
    if (*len) {
        ov_body_feed(&exchange->body, data, *len);
        *len = 0;
        if (exchange->body.received > BODY_FACTOR * options->max_upload + OV_FORM_MAX)
            return MHD_NO; /* of no known length, and without end */
        set_deadline_at(http, connection,
                        exchange->began + options->body_seconds * 1000LL +
                            (int64_t)(exchange->body.received * 1000 / BYTES_PER_SECOND));
        return MHD_YES;
    }
    ov_body_end(&exchange->body);
    return respond(exchange, mhd);
}

static void put_member(struct ov_buf *line, const char *name, struct ov_text text)
{
    if (text.len == 0)
        return;
    ov_buf_format(line, ",\"%s\":", name);
    ov_buf_json(line, ov_utf8_cut(text, 200), OV_JSON_PLAIN);
}

static void put_log(struct exchange *exchange)
{
    struct ov_request *request = &exchange->request;
    const struct ov_service_options *options = &request->service->options;
    struct ov_figures *figures = &request->service->figures;
    struct ov_buf line = {0};
    bool failed = request->fault == OV_FAULT_INTERNAL;
    atomic_fetch_add(&figures->requests, 1);
    atomic_fetch_add(&figures->refused, request->fault != OV_FAULT_NONE && !failed);
    atomic_fetch_add(&figures->failed, failed);
    if (!options->log)
        return;
    ov_buf_format(&line, "{\"time\":%lld,\"event\":\"request\"", (long long)time(NULL));
    put_member(&line, "address", request->address);
    put_member(&line, "method", request->method);
    put_member(&line, "path", request->path);
    put_member(&line, "function", request->function);
    put_member(&line, "user", request->caller.username);
    ov_buf_format(&line, ",\"status\":%u", exchange->answered ? request->answer.status : 0);
    if (request->fault != OV_FAULT_NONE)
        put_member(&line, "errorcode", ov_text_of(ov_fault_code(request)));
    put_member(&line, "error", ov_text_of(request->err.message));
    ov_buf_format(&line, ",\"received\":%llu,\"sent\":%llu,\"ms\":%lld}",
                  (unsigned long long)exchange->body.received,
                  (unsigned long long)request->answer.size,
                  (long long)(now_ms() - exchange->began));
    if (!line.failed)
        options->log(options->log_ctx, line.ptr, line.len);
    ov_buf_deinit(&line);
}

static void on_completed(void *ctx, struct MHD_Connection *mhd, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
    struct ov_http *http = ctx;
    struct exchange *exchange = *con_cls;
    (void)code;
    if (!exchange)
        return;
    if (exchange->begun)
        put_log(exchange);
    ov_body_deinit(&exchange->body);
    ov_request_deinit(&exchange->request);
    free(exchange->uri);
    free(exchange);
    *con_cls = NULL;
    /* the next request on this connection has to come whole in as long */
    set_deadline(http, connection_of(mhd), http->service->options.header_seconds);
    atomic_fetch_sub(&http->active, 1);
}

/* --- listening --- */

/* ADDRESS:PORT or [ADDRESS]:PORT in two parts. */
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
        ov_fail(err, OV_E_OPTION, "`%.200s` is no ADDRESS:PORT, such as 127.0.0.1:8080", where);
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
        ov_fail(err, OV_E_IO, "cannot listen on `%.200s`: %s%s", where, strerror(errno),
                errno == EADDRINUSE ? "; another service runs there, or choose --listen" : "");
    freeaddrinfo(found);
    if (!good) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *port = ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
    return fd;
}

/* A file descriptor for each connection, and one for what it uploads. */
static void allow_descriptors(unsigned connections)
{
    struct rlimit limit;
    rlim_t want = 2 * (rlim_t)connections + 200;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
        return;
    limit.rlim_cur =
        limit.rlim_max == RLIM_INFINITY || limit.rlim_max > want ? want : limit.rlim_max;
    (void)!setrlimit(RLIMIT_NOFILE, &limit); /* with fewer, fewer connections are taken */
}

static struct MHD_Daemon *start_daemon(struct ov_http *http, int fd)
{
    const struct ov_service_options *options = &http->service->options;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_POLL | MHD_USE_ITC;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->tls_key},
        {MHD_OPTION_END, 0, NULL},
    };
    if (!options->tls_cert)
        tls[0] = tls[2];
    else
        flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, options->max_connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        options->trust_proxy ? 0u : options->max_connections_per_address,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK, MHD_OPTION_URI_LOG_CALLBACK, on_uri, http, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_ARRAY,
        tls, MHD_OPTION_END);
}

struct ov_http *ov_http_start(struct ov_service *service, int fd, struct ov_error *err)
{
    struct ov_http *http = calloc(1, sizeof *http);
    if (http) {
        pthread_mutex_init(&http->mutex, NULL);
        pthread_cond_init(&http->ending_changed, NULL);
        http->service = service;
    }
    if (!http || pthread_create(&http->sweeper, NULL, sweep, http) != 0) {
        ov_fail_memory(err);
        free(http);
        close(fd);
        return NULL;
    }
    allow_descriptors(service->options.max_connections);
    http->daemon = start_daemon(http, fd);
    if (http->daemon)
        return http;
    ov_fail(err, service->options.tls_cert ? OV_E_OPTION : OV_E_IO, "%s",
            service->options.tls_cert ? "cannot start: certificate and key do not fit, or are "
                                        "no PEM files"
                                      : "cannot start the HTTP server");
    ov_http_stop(http);
    close(fd);
    return NULL;
}

void ov_http_stop(struct ov_http *http)
{
    if (!http)
        return;
    if (http->daemon) {
        int fd = MHD_quiesce_daemon(http->daemon);
        int64_t until = now_ms() + END_SECONDS * 1000LL;
        while (atomic_load(&http->active) > 0 && now_ms() < until)
            nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000L}, NULL);
        if (fd >= 0)
            close(fd);
    }
    pthread_mutex_lock(&http->mutex);
    http->ending = true;
    pthread_cond_signal(&http->ending_changed);
    pthread_mutex_unlock(&http->mutex);
    pthread_join(http->sweeper, NULL);
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    pthread_cond_destroy(&http->ending_changed);
    pthread_mutex_destroy(&http->mutex);
    free(http);
}
