/* client/http.c: see http.h. */
#include "client/http.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <time.h>

#include <curl/curl.h>

#include "base/error.h"

enum {
    ANSWER_MAX = 64 << 20, /* bytes of an answer kept in memory */
    CONNECT_SECONDS = 20,
    TRIES = 5,
    REDIRECTS = 5,
    FIRST_PAUSE_MS = 200,
};

struct ov_http_client {
    CURL *curl;
    char *site; /* without trailing slash */
    bool local; /* the site is on this machine: no proxy is used */
    unsigned timeout;
    struct curl_slist *headers;
};

/* The state of a request. */
struct answering {
    const struct ov_http_call *call;
    CURL *curl;
    uint64_t sent; /* bytes of the file */
    bool failed;   /* the answer could not be stored; err has the reason */
    struct ov_error *err;
};

/* --- the site --- */

static bool is_loopback(const char *host)
{
    unsigned char bytes[4];
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, bytes) == 1 && bytes[0] == 127);
}

static char *part_of(const char *url, CURLUPart part)
{
    CURLU *parsed = curl_url();
    char *text = NULL;
    if (parsed && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK)
        (void)curl_url_get(parsed, part, &text, CURLU_DEFAULT_PORT);
    curl_url_cleanup(parsed);
    return text;
}

/* An http_proxy would receive the token of a site on this machine in clear text. */
static bool is_local(const char *site)
{
    char *host = part_of(site, CURLUPART_HOST);
    bool local = host && is_loopback(host);
    curl_free(host);
    return local;
}

static enum ov_status check_site(const char *site, bool insecure_http, struct ov_error *err)
{
    char *scheme = part_of(site, CURLUPART_SCHEME), *host = part_of(site, CURLUPART_HOST);
    char *user = part_of(site, CURLUPART_USER), *query = part_of(site, CURLUPART_QUERY);
    enum ov_status status = OV_OK;
    if (!scheme || !host || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0) || query)
        status =
            ov_fail(err, OV_E_OPTION,
                    "`%.150s` is not a valid site address; example: https://example.org", site);
    else if (user)
        status = ov_fail(err, OV_E_OPTION, "a site's address must not contain a user or password");
    else if (strcmp(scheme, "http") == 0 && !insecure_http && !is_loopback(host))
        status = ov_fail(
            err, OV_E_OPTION,
            "`%.150s` is not encrypted, so the token could be intercepted; use https, or add "
            "`--insecure-http` on your own network",
            site);
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(query);
    return status;
}

/* Whether two URLs have the same scheme, host and port. */
static bool same_server(const char *a, const char *b)
{
    static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
    bool same = true;
    for (int i = 0; i < 3 && same; i++) {
        char *x = part_of(a, parts[i]), *y = part_of(b, parts[i]);
        same = x && y && ov_text_equal_nocase(ov_text_of(x), ov_text_of(y));
        curl_free(x);
        curl_free(y);
    }
    return same;
}

struct ov_http_client *ov_http_client_new(const struct ov_client_options *options,
                                          struct ov_error *err)
{
    char language[40];
    if (check_site(options->site, options->insecure_http, err) != OV_OK)
        return NULL;
    snprintf(language, sizeof language, "Accept-Language: %s", ov_language_tag(options->language));
    struct ov_http_client *http = calloc(1, sizeof *http);
    if (http) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        http->timeout = options->timeout ? options->timeout : 120;
        http->site = strdup(options->site);
        http->local = is_local(options->site);
        http->curl = curl_easy_init();
        http->headers = curl_slist_append(NULL, language);
    }
    if (!http || !http->site || !http->curl || !http->headers) {
        ov_http_client_free(http);
        ov_fail_memory(err);
        return NULL;
    }
    for (size_t len = strlen(http->site); len && http->site[len - 1] == '/';)
        http->site[--len] = '\0';
    return http;
}

void ov_http_client_free(struct ov_http_client *http)
{
    if (!http)
        return;
    curl_easy_cleanup(http->curl);
    curl_slist_free_all(http->headers);
    free(http->site);
    free(http);
}

/* --- one request --- */

static size_t on_answer(char *bytes, size_t size, size_t count, void *ctx)
{
    struct answering *answering = ctx;
    size_t len = size * count;
    long status = 0;
    curl_easy_getinfo(answering->curl, CURLINFO_RESPONSE_CODE, &status);
    const struct ov_http_call *call = answering->call;
    if (call->out && status == 200) {
        answering->failed = call->out->write(call->out->ctx, bytes, len, answering->err) != OV_OK;
        return answering->failed ? 0 : len;
    }
    if (call->body->len + len > ANSWER_MAX)
        return 0;
    ov_buf_put(call->body, bytes, len);
    return call->body->failed ? 0 : len;
}

static size_t on_file(char *buf, size_t size, size_t count, void *ctx)
{
    struct answering *answering = ctx;
    const struct ov_http_call *call = answering->call;
    uint64_t left = call->size - answering->sent;
    size_t most = size * count;
    size_t got = call->source->read_at(call->source->ctx, answering->sent, buf,
                                       left < most ? (size_t)left : most);
    answering->sent += got;
    return got == 0 && left ? CURL_READFUNC_ABORT : got;
}

static int on_seek(void *ctx, curl_off_t offset, int origin)
{
    struct answering *answering = ctx;
    if (origin != SEEK_SET || offset < 0)
        return CURL_SEEKFUNC_CANTSEEK;
    answering->sent = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

static bool put_form(CURL *curl, const struct ov_http_call *call, struct ov_buf *form)
{
    for (size_t i = 0; i < call->field_count; i++) {
        const struct ov_http_field *field = &call->fields[i];
        char *value =
            curl_easy_escape(curl, field->value.len ? field->value.ptr : "", (int)field->value.len);
        if (!value)
            return false;
        ov_buf_format(form, "%s%s=", i ? "&" : "", field->name);
        ov_buf_string(form, value);
        curl_free(value);
    }
    return !form->failed &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)form->len) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form->ptr ? form->ptr : "") == CURLE_OK;
}

static bool put_mime(CURL *curl, struct answering *answering, curl_mime **mime)
{
    const struct ov_http_call *call = answering->call;
    *mime = curl_mime_init(curl);
    bool good = *mime != NULL;
    for (size_t i = 0; i < call->field_count && good; i++) {
        curl_mimepart *part = curl_mime_addpart(*mime);
        good =
            part && curl_mime_name(part, call->fields[i].name) == CURLE_OK &&
            curl_mime_data(part, call->fields[i].value.ptr, call->fields[i].value.len) == CURLE_OK;
    }
    curl_mimepart *part = good ? curl_mime_addpart(*mime) : NULL;
    return part && curl_mime_name(part, "file") == CURLE_OK &&
           curl_mime_filename(part, call->file_name) == CURLE_OK &&
           curl_mime_data_cb(part, (curl_off_t)call->size, on_file, on_seek, NULL, answering) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MIMEPOST, *mime) == CURLE_OK;
}

/* Sends the request to a URL, once. */
static CURLcode send_once(struct ov_http_client *http, const struct ov_http_call *call,
                          const char *url, struct answering *answering, long *status)
{
    CURL *curl = http->curl;
    struct ov_buf form = {0};
    curl_mime *mime = NULL;
    CURLcode code = CURLE_OUT_OF_MEMORY;
    curl_easy_reset(curl);
    call->body->len = 0;
    bool good = curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_USERAGENT, "orgvet") == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_HTTPHEADER, http->headers) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_WRITEDATA, answering) == CURLE_OK;
    if (good && http->local)
        good = curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
    if (good)
        good =
            curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    const char *authorities = getenv("SSL_CERT_FILE"); /* like OpenSSL: a private CA */
    if (good && authorities && *authorities)
        good = curl_easy_setopt(curl, CURLOPT_CAINFO, authorities) == CURLE_OK;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    /* a large file may take long, as long as data keeps moving */
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)http->timeout);
    if (good && (call->file_name ? put_mime(curl, answering, &mime) : put_form(curl, call, &form)))
        code = curl_easy_perform(curl);
    *status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    curl_mime_free(mime);
    ov_buf_deinit(&form);
    return code;
}

/* Whether the request certainly did not reach the server. */
static bool never_sent(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
           code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_SSL_CONNECT_ERROR;
}

static bool is_hopeless(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_OUT_OF_MEMORY ||
           code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_WRITE_ERROR;
}

/* The URL of a redirect (caller frees). Only to the same server, as the body contains the token;
 * otherwise NULL with OV_E_REFUSED. */
static char *redirect_of(struct ov_http_client *http, const char *url, struct ov_error *err)
{
    char *to = NULL;
    curl_easy_getinfo(http->curl, CURLINFO_REDIRECT_URL, &to);
    if (to && same_server(url, to))
        return strdup(to);
    ov_fail(err, OV_E_REFUSED,
            "the site redirects to `%.120s`; if that is the right site, set it with --site",
            to ? to : ov_translate(ov_error_language(err), "nowhere"));
    return NULL;
}

static void pause_before(unsigned try)
{
    long ms = (long)FIRST_PAUSE_MS << try;
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static enum ov_status explain(const struct answering *answering, CURLcode code, const char *site,
                              struct ov_error *err)
{
    if (answering->failed)
        return err && err->status != OV_OK ? err->status : OV_E_IO;
    if (code == CURLE_OUT_OF_MEMORY || answering->call->body->failed)
        return ov_fail_memory(err);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return ov_fail(err, OV_E_IO, "the file can no longer be read, or has become shorter");
    return ov_fail(err, OV_E_NETWORK, "cannot reach `%.120s`: %s", site, curl_easy_strerror(code));
}

enum ov_status ov_http_client_post(struct ov_http_client *http, const struct ov_http_call *call,
                                   long *status, bool *lost, struct ov_error *err)
{
    struct ov_buf first = {0};
    bool whole = strncmp(call->path, "http://", 7) == 0 || strncmp(call->path, "https://", 8) == 0;
    ov_buf_format(&first, "%s%s", whole ? "" : http->site, call->path);
    ov_buf_char(&first, '\0');
    char *url = first.failed ? NULL : first.ptr;
    *lost = false;
    if (!url)
        return ov_fail_memory(err);
    if (!same_server(url, http->site)) {
        free(url);
        return ov_fail(err, OV_E_REFUSED, "the site refers to a file on another site: `%.120s`",
                       call->path);
    }
    enum ov_status result = OV_OK;
    unsigned tries = 0, redirects = 0;
    for (bool done = false; !done;) {
        struct answering answering = {.call = call, .curl = http->curl, .err = err};
        CURLcode code = send_once(http, call, url, &answering, status);
        done = true;
        if (code != CURLE_OK || *status == 503 || *status == 502 || *status == 504) {
            /* orgvet's own 503 means nothing was done; a proxy's may come after the request was
             * processed */
            bool busy = code == CURLE_OK && ov_text_contains_nocase(ov_buf_view(call->body),
                                                                    OV_TEXT("\"servicebusy\""));
            bool retry =
                busy || (code == CURLE_OK
                             ? call->retry == OV_RETRY
                             : !is_hopeless(code) && (never_sent(code) || call->retry == OV_RETRY));
            if (retry && ++tries < TRIES && !answering.failed) {
                pause_before(tries);
                done = false;
            } else if (code != CURLE_OK) {
                *lost = !never_sent(code);
                result = explain(&answering, code, http->site, err);
            } else {
                *lost = !busy;
                result = ov_fail(err, OV_E_NETWORK, "`%.120s` responded with HTTP status %ld",
                                 http->site, *status);
            }
        } else if (*status == 301 || *status == 302 || *status == 307 || *status == 308) {
            char *next = ++redirects <= REDIRECTS ? redirect_of(http, url, err) : NULL;
            if (next) {
                free(url);
                url = next;
                done = false;
            } else {
                result = ov_fail(err, OV_E_REFUSED, "the site redirects endlessly");
                if (err)
                    result = err->status;
            }
        }
    }
    free(url);
    return result;
}
