/* server/http/http.c: see http.h. Uses libmicrohttpd with one thread per connection: a request may
 * wait for the store or a password check without delaying others.
 *
 * Workarounds for libmicrohttpd: its timeout counts idle time only, so each connection has a
 * deadline (deadline.h); it accepts contradictory headers, so these are checked here; its look-ups
 * take names and values as C strings, so the raw URI and the sized values are used. */
#include "server/http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/error.h"
#include "server/http/body.h"
#include "server/http/route.h"
#include "server/store/content.h"
#include "server/http/deadline.h"
#include "server/store/fair_lock.h"

/* GnuTLS priority string: TLS 1.2 or newer (RFC 8996). */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

enum {
    CONNECTION_MEMORY = 96 * 1024, /* bytes for a request's headers and read buffer */
    STACK = 1 << 20,               /* bytes of a thread's stack, committed on demand */
    BYTES_PER_SECOND = 100 * 1000, /* minimum rate of a body, and of an answer */
    END_SECONDS = 30,              /* time limit for running requests at shutdown */
    BODY_FACTOR = 4,               /* a body may be this many times max_upload */
};

struct ov_http {
    struct ov_service *service;
    struct MHD_Daemon *daemon;
    struct ov_deadlines *deadlines;
    atomic_int active; /* requests being read or answered */
};

/* A request in progress. */
struct exchange {
    struct ov_http *http;
    struct ov_request request;
    struct ov_body body;
    char *uri; /* owned: as received */
    int64_t began;
    bool started, answered;
};

/* --- connections --- */

static struct ov_deadline *deadline_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void on_connection(void *ctx, struct MHD_Connection *mhd, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct ov_http *http = ctx;
    if (code != MHD_CONNECTION_NOTIFY_STARTED) {
        if (*socket_context)
            atomic_fetch_sub(&http->service->figures.connections, 1);
        ov_deadline_remove(http->deadlines, *socket_context);
        *socket_context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    /* on_request refuses a connection without a deadline */
    *socket_context = info ? ov_deadline_add(http->deadlines, info->connect_fd) : NULL;
    if (!*socket_context)
        return;
    ov_deadline_in(http->deadlines, *socket_context,
                   http->service->options.header_seconds * 1000LL);
    atomic_fetch_add(&http->service->figures.connections, 1);
}

/* --- request head --- */

/* What the headers contain. */
struct head {
    const struct exchange *exchange;
    unsigned lengths, encodings, hosts;
    bool bad, chunked;
    uint64_t length;
    struct ov_text type, forwarded, cookie, csrf, language;
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
    } else if (ov_text_equal_nocase(name, OV_TEXT("cookie"))) {
        head->cookie = text;
    } else if (ov_text_equal_nocase(name, OV_TEXT("x-orgvet-csrf"))) {
        head->csrf = text;
    } else if (ov_text_equal_nocase(name, OV_TEXT("accept-language"))) {
        head->language = text;
    }
    return MHD_YES;
}

/* Rejects headers that two implementations could read as two different requests (RFC 9112, 6.3 and
 * 11.2). */
static bool head_is_sound(struct ov_request *request, const struct head *head)
{
    if (head->bad)
        return ov_fault(request, OV_FAULT_BAD_REQUEST, "a header is malformed");
    if (head->lengths > 1 || head->encodings > 1 || head->hosts > 1 ||
        (head->lengths && head->encodings))
        return ov_fault(
            request, OV_FAULT_BAD_REQUEST,
            "conflicting headers: Content-Length, Transfer-Encoding and Host can be given only "
            "once, and the first two cannot be combined");
    if (head->encodings && !head->chunked)
        return ov_fault(request, OV_FAULT_BAD_REQUEST, "Transfer-Encoding must be chunked");
    if (head->length > BODY_FACTOR * request->service->options.max_upload + OV_FORM_MAX)
        return ov_fault(request, OV_FAULT_TOO_LARGE, "its body is %llu bytes long",
                        (unsigned long long)head->length);
    return true;
}

/* Proxies send the whole URL (absolute-form, RFC 9112, 3.2.2): returns what follows the host. */
static struct ov_text origin_form(struct ov_text uri)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (int i = 0; i < 2; i++) {
        struct ov_text scheme = ov_text_of(schemes[i]);
        if (uri.len < scheme.len ||
            !ov_text_equal_nocase((struct ov_text){uri.ptr, scheme.len}, scheme))
            continue;
        size_t at = scheme.len;
        while (at < uri.len && uri.ptr[at] != '/' && uri.ptr[at] != '?')
            at++;
        return at < uri.len ? (struct ov_text){uri.ptr + at, uri.len - at} : OV_TEXT("/");
    }
    return uri;
}

/* Sets the path, decoded and without repeated slashes, and adds the query to the parameters. */
static void read_uri(struct exchange *exchange)
{
    struct ov_request *request = &exchange->request;
    struct ov_text uri = origin_form(ov_text_of(exchange->uri)), query = {0};
    const char *mark = memchr(uri.ptr, '?', uri.len);
    if (mark) {
        query = (struct ov_text){mark + 1, uri.len - (size_t)(mark + 1 - uri.ptr)};
        uri.len = (size_t)(mark - uri.ptr);
        request->query = query.len > 0;
    }
    enum ov_params_problem problem = ov_params_decode(&request->pool, uri, false, &request->path);
    char *bytes = (char *)request->path.ptr; /* a copy of our own */
    size_t len = 0;
    for (size_t i = 0; i < request->path.len; i++)
        if (bytes[i] != '/' || len == 0 || bytes[len - 1] != '/')
            bytes[len++] = bytes[i];
    request->path.len = len;
    if (len && memchr(bytes, 0, len))
        ov_fault(request, OV_FAULT_BAD_REQUEST, "the path contains a NUL byte");
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

/* The value of a cookie (RFC 6265, 4.2.1): NAME=VALUE; NAME=VALUE. */
static struct ov_text cookie_of(struct ov_text header, struct ov_text wanted)
{
    while (header.len) {
        const char *end = memchr(header.ptr, ';', header.len);
        struct ov_text pair = {header.ptr, end ? (size_t)(end - header.ptr) : header.len};
        header.ptr += pair.len + (end != NULL);
        header.len -= pair.len + (end != NULL);
        pair = ov_text_trim(pair);
        const char *equal = pair.len ? memchr(pair.ptr, '=', pair.len) : NULL;
        size_t len = equal ? (size_t)(equal - pair.ptr) : 0;
        if (len && ov_text_equal((struct ov_text){pair.ptr, len}, wanted))
            return (struct ov_text){equal + 1, pair.len - len - 1};
    }
    return (struct ov_text){0};
}

static void read_head(struct exchange *exchange, struct MHD_Connection *mhd, const char *method)
{
    struct ov_request *request = &exchange->request;
    struct head head = {.exchange = exchange};
    MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, on_header, &head);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    request->socket = info ? info->connect_fd : -1;
    request->method = ov_pool_text(&request->pool, ov_text_of(method));
    request->secure = exchange->http->service->options.tls_cert != NULL;
    request->address = address_of(request, mhd, &head);
    request->session =
        ov_pool_text(&request->pool, cookie_of(head.cookie, OV_TEXT(OV_SESSION_COOKIE)));
    request->csrf = ov_pool_text(&request->pool, head.csrf);
    request->language = ov_pool_text(&request->pool, head.language);
    if (head.csrf.len) /* the request comes from the page */
        request->err.language = ov_language_of(request->language);
    read_uri(exchange);
    bool known =
        strcmp(method, "GET") == 0 || strcmp(method, "POST") == 0 || strcmp(method, "HEAD") == 0;
    if (!known)
        ov_fault(request, OV_FAULT_METHOD, NULL);
    ov_route_find(request);
    if (head_is_sound(request, &head))
        ov_body_begin(&exchange->body, request, head.type);
}

/* --- answer --- */

/* A content being sent. */
struct download {
    struct ov_store *store;
    struct ov_content content;
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
    if (answer->content.id) {
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
    if (answer->file >= 0) {
        struct MHD_Response *response = MHD_create_response_from_fd64(answer->size, answer->file);
        if (response) /* the response closes the file */
            answer->file = -1;
        return response;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->body.len, answer->body.ptr, MHD_RESPMEM_MUST_FREE);
    if (response) { /* the response owns the bytes now */
        answer->size = answer->body.len;
        answer->body = (struct ov_buf){0};
    }
    return response;
}

/* Content-Disposition for an attachment (RFC 6266): the name in ASCII and, if it is not ASCII, also
 * as it is. */
static void put_disposition(struct ov_buf *out, struct ov_text name)
{
    bool plain = true;
    ov_buf_string(out, "attachment; filename=\"");
    for (size_t i = 0; i < name.len; i++) {
        bool fits = name.ptr[i] >= ' ' && name.ptr[i] < 0x7F && !strchr("\"\\%", name.ptr[i]);
        plain &= fits;
        ov_buf_char(out, fits ? name.ptr[i] : '_');
    }
    ov_buf_char(out, '"');
    if (!plain) {
        ov_buf_string(out, "; filename*=UTF-8''");
        ov_buf_percent(out, name, "");
    }
    ov_buf_char(out, '\0');
}

static bool put_headers(struct MHD_Response *response, struct ov_request *request)
{
    const struct ov_answer *answer = &request->answer;
    bool good =
        MHD_add_response_header(response, "Content-Type", answer->type) &&
        MHD_add_response_header(response, "Cache-Control",
                                "private, no-cache, no-store, must-revalidate") &&
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") &&
        MHD_add_response_header(response, "Content-Security-Policy",
                                answer->policy ? answer->policy
                                               : "default-src 'none'; style-src 'unsafe-inline'");
    if (good && answer->any_origin)
        good = MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
    if (good && answer->policy)
        good = MHD_add_response_header(response, "X-Frame-Options", "DENY") &&
               MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    if (good && answer->gzipped)
        good = MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (good && answer->cookie.len)
        good = MHD_add_response_header(response, "Set-Cookie",
                                       ov_pool_string(&request->pool, answer->cookie));
    if (good && strncmp(answer->type, "application/xml", 15) == 0)
        good = MHD_add_response_header(response, "Content-Disposition",
                                       "inline; filename=\"response.xml\"");
    if (good && answer->file_name.len) {
        struct ov_buf disposition = {0};
        put_disposition(&disposition, answer->file_name);
        good = !disposition.failed &&
               MHD_add_response_header(response, "Content-Disposition", disposition.ptr);
        ov_buf_deinit(&disposition);
    }
    if (good && answer->settings_shape)
        good = MHD_add_response_header(response, "X-Orgvet-Settings", answer->settings_shape);
    if (good && answer->status == 405)
        good = MHD_add_response_header(response, "Allow", "GET, POST, HEAD");
    if (good && answer->status == 503)
        good = MHD_add_response_header(response, "Retry-After", "1");
    if (good && answer->status == 429)
        good = MHD_add_response_header(
            response, "Retry-After",
            ov_pool_string(&request->pool,
                           ov_pool_format(&request->pool, "%ld", answer->retry_after)));
    /* the rest of a refused body is not read */
    if (good && answer->status >= 400 && answer->status != 404)
        good = MHD_add_response_header(response, "Connection", "close");
    return good;
}

static enum MHD_Result respond(struct exchange *exchange, struct MHD_Connection *mhd)
{
    struct ov_request *request = &exchange->request;
    struct ov_deadline *deadline = deadline_of(mhd);
    ov_deadline_never(exchange->http->deadlines, deadline);
    ov_route_answer(request);
    ov_request_read_end(request);
    struct MHD_Response *response = make_response(request);
    enum MHD_Result queued = MHD_NO;
    if (response && put_headers(response, request))
        queued = MHD_queue_response(mhd, request->answer.status, response);
    if (response)
        MHD_destroy_response(response);
    exchange->answered = queued == MHD_YES;
    ov_deadline_in(exchange->http->deadlines, deadline,
                   exchange->http->service->options.body_seconds * 1000LL +
                       (int64_t)(request->answer.size * 1000 / BYTES_PER_SECOND));
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
    exchange->began = ov_now_ms();
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
    struct ov_deadline *deadline = deadline_of(mhd);
    (void)url, (void)version;
    if (!exchange || !exchange->uri || !deadline)
        return MHD_NO; /* out of memory: closes the connection */
    const struct ov_service_options *options = &http->service->options;
    if (!exchange->started) {
        exchange->started = true;
        read_head(exchange, mhd, method);
        exchange->began = ov_now_ms();
        ov_deadline_in(http->deadlines, deadline, options->body_seconds * 1000LL);
        if (exchange->request.fault != OV_FAULT_NONE)
            return respond(exchange, mhd);
        return MHD_YES;
    }
    if (*len) {
        ov_body_feed(&exchange->body, data, *len);
        *len = 0;
        if (exchange->body.received > BODY_FACTOR * options->max_upload + OV_FORM_MAX)
            return MHD_NO; /* a body of unknown length that never ends */
        ov_deadline_in(http->deadlines, deadline,
                       exchange->began - ov_now_ms() + options->body_seconds * 1000LL +
                           (int64_t)(exchange->body.received * 1000 / BYTES_PER_SECOND));
        return MHD_YES;
    }
    ov_body_end(&exchange->body);
    return respond(exchange, mhd);
}

static void on_completed(void *ctx, struct MHD_Connection *mhd, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
    struct ov_http *http = ctx;
    struct exchange *exchange = *con_cls;
    (void)code;
    if (!exchange)
        return;
    if (exchange->started)
        ov_request_log(&exchange->request, exchange->answered ? exchange->request.answer.status : 0,
                       exchange->body.received, ov_now_ms() - exchange->began);
    ov_body_deinit(&exchange->body);
    ov_request_deinit(&exchange->request);
    free(exchange->uri);
    free(exchange);
    *con_cls = NULL;
    /* the next request on this connection has the same time for its headers */
    ov_deadline_in(http->deadlines, deadline_of(mhd),
                   http->service->options.header_seconds * 1000LL);
    atomic_fetch_sub(&http->active, 1);
}

/* --- the daemon --- */

/* One file descriptor per connection, and one for its upload. */
static void allow_descriptors(unsigned connections)
{
    struct rlimit limit;
    rlim_t want = 2 * (rlim_t)connections + 200;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
        return;
    limit.rlim_cur =
        limit.rlim_max == RLIM_INFINITY || limit.rlim_max > want ? want : limit.rlim_max;
    (void)!setrlimit(RLIMIT_NOFILE, &limit); /* a lower limit only means fewer connections */
}

static struct MHD_Daemon *start_daemon(struct ov_http *http, int fd)
{
    const struct ov_service_options *options = &http->service->options;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_POLL | MHD_USE_ITC;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->tls_key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    if (!options->tls_cert)
        tls[0] = tls[3];
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
        http->service = service;
        http->deadlines = ov_deadlines_new(&service->figures.deadlines);
    }
    if (!http || !http->deadlines) {
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
            service->options.tls_cert
                ? "cannot start: certificate and key do not match, or are not PEM files"
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
        int64_t until = ov_now_ms() + END_SECONDS * 1000LL;
        while (atomic_load(&http->active) > 0 && ov_now_ms() < until)
            nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000L}, NULL);
        if (fd >= 0)
            close(fd);
    }
    ov_deadlines_end(http->deadlines);
    if (http->daemon)
        MHD_stop_daemon(http->daemon); /* closes the remaining connections */
    ov_deadlines_free(http->deadlines);
    free(http);
}
