/* server/instance.c: starts and stops the service (server/server.h). */
#include "server/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "server/auth/access.h"
#include "server/api/routes.h"
#include "server/http/http.h"
#include "server/http/listen.h"
#include "server/jobs/worker.h"

static void fill_in(struct ov_service_options *options)
{
    if (!options->listen)
        options->listen = "127.0.0.1:8080";
    if (!options->lease_seconds)
        options->lease_seconds = OV_LEASE_SECONDS;
    if (options->workers > OV_WORKERS_MOST)
        options->workers = OV_WORKERS_MOST;
    if (!options->max_upload)
        options->max_upload = 64 << 20;
    if (!options->user_quota)
        options->user_quota = 1 << 30;
    if (!options->max_connections)
        options->max_connections = 2000;
    if (!options->max_connections_per_address)
        options->max_connections_per_address = 500;
    if (!options->header_seconds)
        options->header_seconds = 20;
    if (!options->body_seconds)
        options->body_seconds = 30;
}

/* url: http(s)://ADDRESS:PORT. base_url: options.base_url or, if not set, url; without trailing
 * slashes. */
static void set_urls(struct ov_service *service, unsigned port)
{
    const struct ov_service_options *options = &service->options;
    const char *colon = strrchr(options->listen, ':');
    snprintf(service->url, sizeof service->url, "%s://%.*s:%u",
             options->tls_cert ? "https" : "http", (int)(colon - options->listen), options->listen,
             port);
    snprintf(service->base_url, sizeof service->base_url, "%s",
             options->base_url ? options->base_url : service->url);
    char host[200] = "";
    (void)!gethostname(host, sizeof host - 1); /* without it the address will do */
    snprintf(service->node, sizeof service->node, "%s:%u", *host ? host : options->listen, port);
    size_t len = strlen(service->base_url);
    while (len && service->base_url[len - 1] == '/')
        service->base_url[--len] = '\0';
}

struct ov_service *ov_service_new(struct ov_store *store, const struct ov_service_options *options,
                                  struct ov_error *err)
{
    struct ov_service *service = calloc(1, sizeof *service);
    if (!service) {
        ov_fail_memory(err);
        return NULL;
    }
    ov_fair_init(&service->passwords[false], 1);
    ov_fair_init(&service->passwords[true], 1);
    service->options = *options;
    service->store = store;
    service->routes = ov_api_routes;
    service->started = time(NULL);
    fill_in(&service->options);
    ov_quotas_init(&service->quotas, service->options.max_upload, service->options.max_connections);
    char unknown[OV_TOKEN_LENGTH + 1];
    if (!ov_token_new(unknown) || !ov_password_hash(unknown, service->no_password)) {
        ov_fail(err, OV_E_IO, "no random numbers available");
        ov_service_free(service);
        return NULL;
    }
    const struct ov_page *page = service->options.page;
    if (page && !(service->page_state = page->open(err))) {
        ov_service_free(service);
        return NULL;
    }
    if (ov_store_begin_use(store, err) != OV_OK) {
        ov_service_free(service);
        return NULL;
    }
    unsigned port = 0;
    int fd = ov_http_listen(service->options.listen, &port, err);
    if (fd >= 0) {
        set_urls(service, port);
        if (service->options.cron_seconds >= 0)
            service->worker = ov_worker_start(service, err);
        if (service->options.cron_seconds >= 0 && !service->worker)
            close(fd);
        else
            service->http = ov_http_start(service, fd, err);
    }
    if (service->http)
        return service;
    ov_service_free(service);
    return NULL;
}

void ov_service_free(struct ov_service *service)
{
    if (!service)
        return;
    ov_http_stop(service->http);
    ov_worker_stop(service->worker);
    if (service->options.page)
        service->options.page->close(service->page_state);
    ov_quotas_deinit(&service->quotas);
    ov_fair_deinit(&service->passwords[false]);
    ov_fair_deinit(&service->passwords[true]);
    free(service);
}

const char *ov_service_url(const struct ov_service *service)
{
    return service->url;
}
