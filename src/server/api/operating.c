/* server/api/operating.c: for those who operate the service: /healthz, /readyz and /metrics. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "server/api/routes.h"
#include "server/http/request.h"
#include "server/jobs/job.h"

/* Whether the disk has space for another MiB: the store's own journal soon needs that much. */
static bool has_room(const struct ov_store *store)
{
    enum { NEEDED = 1 << 20 };
    int fd = ov_store_scratch(store, NULL);
    bool room = fd >= 0 && posix_fallocate(fd, 0, NEEDED) == 0;
    if (fd >= 0)
        close(fd);
    return room;
}

static bool put_state(struct ov_request *request, const char *state)
{
    struct ov_json json = {.out = &request->answer.body};
    ov_json_object(&json, NULL);
    ov_json_string(&json, "status", state);
    ov_json_string(&json, "version", ov_version());
    ov_json_end(&json);
    ov_buf_char(&request->answer.body, '\n');
    return true;
}

bool ov_endpoint_health(struct ov_request *request)
{
    return put_state(request, "ok");
}

bool ov_endpoint_ready(struct ov_request *request)
{
    int64_t version = 0, newest = 0;
    struct ov_sql *sql = ov_request_read(request);
    bool readable = sql && ov_sql_version(sql, &version, &newest, &request->err) == OV_OK;
    bool fits = readable && version == newest;
    bool writable = fits && has_room(request->service->store);
    request->answer.status = writable ? 200 : 503;
    request->err = (struct ov_error){0};
    return put_state(request, writable   ? "ok"
                              : fits     ? "the disk is full, or cannot be written to"
                              : readable ? "the store was upgraded by a newer orgvet"
                                         : "cannot read the store");
}

static unsigned long long resident(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * 4096;
}

/* Tenants by how much they have waiting: whether it is one that has much, or many that wait. */
enum { FEW = 10 /* jobs */, CLASSES = 2 };
struct waiting {
    int64_t jobs, tenants, age; /* of the oldest job, in seconds */
};

static bool count_waiting(struct ov_request *request, struct waiting *all,
                          struct waiting of[CLASSES])
{
    struct ov_query query;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    ov_query_begin(
        &query, sql,
        "SELECT CASE WHEN jobs > ?1 THEN 1 ELSE 0 END, CAST(sum(jobs) AS BIGINT),"
        " count(*), unixepoch() - min(oldest) FROM (SELECT tenant, count(*) AS jobs,"
        " min(created) AS oldest FROM (SELECT tenant, created FROM import WHERE status ="
        " ?2 UNION ALL SELECT tenant, created FROM export WHERE status = ?2) AS job GROUP"
        " BY tenant) AS waiting GROUP BY 1",
        OV_BIND(OV_SQL_I(FEW), OV_SQL_I(OV_STATE_SCHEDULED)), &request->err);
    while (ov_query_next(&query)) {
        struct waiting *one = &of[ov_query_int(&query, 0) != 0];
        *one = (struct waiting){ov_query_int(&query, 1), ov_query_int(&query, 2),
                                ov_query_int(&query, 3)};
        all->jobs += one->jobs;
    }
    return ov_query_end(&query) == OV_OK;
}

static void put_head(struct ov_buf *out, const char *name, const char *help)
{
    ov_buf_format(out, "# HELP orgvet_%s %s\n# TYPE orgvet_%s %s\n", name, help, name,
                  strstr(name, "_total") ? "counter" : "gauge");
}

static void put_classes(struct ov_buf *out, const char *name, const char *help, int64_t few,
                        int64_t many)
{
    put_head(out, name, help);
    ov_buf_format(out, "orgvet_%s{waiting=\"few\"} %lld\norgvet_%s{waiting=\"many\"} %lld\n", name,
                  (long long)few, name, (long long)many);
}

bool ov_endpoint_metrics(struct ov_request *request)
{
    struct ov_service *service = request->service;
    struct ov_figures *figures = &service->figures;
    struct ov_buf *out = &request->answer.body;
    struct waiting all = {0}, of[CLASSES] = {0};
    if (!count_waiting(request, &all, of))
        return false;
    put_head(out, "node_info", "which service this is");
    ov_buf_format(out, "orgvet_node_info{node=\"%s\",version=\"%s\",store=\"%s\"} 1\n",
                  service->node, ov_version(),
                  ov_store_is_shared(service->store) ? "postgresql" : "sqlite");
    put_classes(out, "queue_jobs",
                "imports and exports that wait, of tenants with few (up to 10) or many of them",
                of[0].jobs, of[1].jobs);
    put_classes(out, "queue_tenants", "tenants with few or many that wait", of[0].tenants,
                of[1].tenants);
    put_classes(out, "queue_age_seconds", "how long the oldest of them has waited", of[0].age,
                of[1].age);
    const struct {
        const char *name, *help;
        unsigned long long value;
    } lines[] = {
        {"requests_total", "requests answered", atomic_load(&figures->requests)},
        {"requests_refused_total", "requests answered with an error",
         atomic_load(&figures->refused)},
        {"requests_failed_total", "requests that the service could not do",
         atomic_load(&figures->failed)},
        {"uploads_total", "files uploaded", atomic_load(&figures->uploads)},
        {"uploaded_bytes_total", "bytes of files uploaded", atomic_load(&figures->uploaded_bytes)},
        {"imports_done_total", "imports completed here", atomic_load(&figures->imports_done)},
        {"imports_failed_total", "imports that ended with an error here",
         atomic_load(&figures->imports_failed)},
        {"exports_done_total", "exports completed here", atomic_load(&figures->exports_done)},
        {"exports_failed_total", "exports that ended with an error here",
         atomic_load(&figures->exports_failed)},
        {"scheduled", "imports and exports that wait", (unsigned long long)all.jobs},
        {"connections", "open connections", atomic_load(&figures->connections)},
        {"connections_overdue_total", "connections closed as overdue",
         atomic_load(&figures->deadlines)},
        {"held_memory_bytes", "bytes of forms being received",
         ov_quotas_reserved(&request->service->quotas, OV_QUOTA_MEMORY)},
        {"held_disk_bytes", "bytes of uploads being received",
         ov_quotas_reserved(&request->service->quotas, OV_QUOTA_DISK)},
        {"resident_memory_bytes", "memory in use", resident()},
        {"start_time_seconds", "when the service began, since 1970",
         (unsigned long long)request->service->started},
    };
    request->answer.type = "text/plain; version=0.0.4; charset=utf-8";
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        put_head(out, lines[i].name, lines[i].help);
        ov_buf_format(out, "orgvet_%s %llu\n", lines[i].name, lines[i].value);
    }
    return true;
}
