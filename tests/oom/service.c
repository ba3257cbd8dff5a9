/* tests/oom/service.c: requests to the service, and its worker, while the n-th allocation and all
 * later ones fail. An answer without an error must be complete, and nothing that was acknowledged
 * may be lost once memory is available again. libmicrohttpd itself is not tested, only the
 * functions it calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "oom.h"
#include "server/api/routes.h"
#include "server/http/body.h"
#include "server/http/request.h"
#include "server/jobs/job.h"

struct world {
    struct ov_service service;
    char token[OV_TOKEN_LENGTH + 1];
    bool undone; /* the last import was undone, according to the answer */
    int wrong;   /* number of failures */
};

static const char csv[] =
    "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"p.csv\"\r\n\r\n"
    "idnumber,parent,name,description\nA,,Top,\nB,A,Below,\nC,B,Lowest,\"Two\nlines\"\n\r\n--b--\r\n";

/* Sends a request and checks the answer with enough memory; *number: the number under `key`. False
 * if the answer is an error. */
static bool ask(struct world *world, const char *path, const char *query, const char *body,
                const char *key, int64_t *number)
{
    struct ov_request request;
    struct ov_body reader;
    char text[2000];
    snprintf(text, sizeof text, "%s&%s=%s&moodlewsrestformat=json", query,
             body ? "token" : "wstoken", world->token);
    ov_request_init(&request, &world->service);
    request.address = OV_TEXT("127.0.0.1");
    request.path = ov_text_of(path);
    (void)!ov_params_put_form(&request.params, ov_text_of(text));
    ov_route_find(&request);
    ov_body_begin(&reader, &request, OV_TEXT("multipart/form-data; boundary=b"));
    if (body) {
        ov_body_feed(&reader, body, strlen(body));
        ov_body_end(&reader);
    }
    ov_route_answer(&request);
    long before = oom_left(-1);
    bool good = request.fault == OV_FAULT_NONE && !request.answer.body.failed;
    cJSON *answer =
        good ? cJSON_ParseWithLength(request.answer.body.ptr, request.answer.body.len) : NULL;
    const cJSON *first = cJSON_IsArray(answer) ? answer->child : answer;
    const cJSON *value = key ? cJSON_GetObjectItemCaseSensitive(first, key) : first;
    if (good && (!value || (number && !cJSON_IsNumber(value)))) {
        printf("oom: %s %s: no error, but %.*s\n", path, query,
               OV_FMT(ov_buf_view(&request.answer.body)));
        world->wrong++;
        good = false;
    }
    if (good && number)
        *number = (int64_t)value->valuedouble;
    cJSON_Delete(answer);
    ov_body_deinit(&reader);
    ov_request_deinit(&request);
    oom_left(before);
    return good;
}

static bool call(struct world *world, const char *function, const char *params, int64_t id,
                 const char *key, int64_t *number)
{
    char query[1200];
    int len = snprintf(query, sizeof query, "wsfunction=%s", function);
    snprintf(query + len, sizeof query - (size_t)len, params, (long long)id);
    return ask(world, "/webservice/rest/server.php", query, NULL, key, number);
}

static bool pass(struct world *world)
{
    struct ov_cron_result result;
    struct ov_error err = {0};
    return ov_service_cron(world->service.store, &result, &err) == OV_OK;
}

/* Everything that a client does. *import: the id that was acknowledged; 0: none. False if a request
 * was refused. */
static bool job(struct world *world, int64_t *import)
{
    int64_t item = 0, export = 0;
    *import = 0;
    world->undone = false;
    return ask(world, "/webservice/upload.php", "x=1", csv, "itemid", &item) &&
           call(world, "tool_wp_perform_import",
                "&file=%lld&importer=tool_organisation%%5Ctool_wp%%5Cimporter%%5Cpositions_csv",
                item, "id", import) &&
           pass(world) &&
           call(world, "tool_wp_get_import_status", "&importid=%lld", *import, "status", NULL) &&
           call(world, "orgvet_get_import_log", "&importid=%lld", *import, "entries", NULL) &&
           call(world, "orgvet_get_import_report", "&importid=%lld", *import, "report", NULL) &&
           ask(world, "/webservice/rest/server.php", "wsfunction=core_webservice_get_site_info",
               NULL, "functions", NULL) &&
           ask(world, "/webservice/rest/server.php",
               "wsfunction=tool_wp_perform_export&exporter=tool_organisation%5Ctool_wp%5Cexporter%"
               "5Corgstructure",
               NULL, "id", &export) &&
           pass(world) &&
           call(world, "tool_wp_get_export_file", "&exportid=%lld", export, "fileurl", NULL) &&
           (world->undone = call(world, "orgvet_rollback_import", "&importid=%lld", *import,
                                 "removed", NULL)) &&
           call(world, "tool_wp_delete_export", "&id=%lld", export, NULL, NULL);
}

static int64_t number(struct world *world, const char *text)
{
    int64_t number = -1;
    struct ov_error err = {0};
    struct ov_sql *sql = ov_store_read(world->service.store, &err);
    if (!sql || ov_sql_number(sql, text, NULL, 0, &number, NULL, &err) != OV_OK)
        number = -1;
    ov_store_read_end(world->service.store, sql);
    return number;
}

/* With enough memory again: everything that was acknowledged exists, and nothing is incomplete. */
static void judge(struct world *world, int64_t import, long n)
{
    int64_t state = 0;
    bool fine = pass(world) && (!import || call(world, "tool_wp_get_import_status",
                                                "&importid=%lld", import, "status", &state));
    int64_t done = number(world, "SELECT count(*) FROM import WHERE status = 4");
    fine =
        fine &&
        (!import || state == OV_STATE_ROLLED_BACK || (state == OV_STATE_DONE && !world->undone)) &&
        number(world, "SELECT count(*) FROM framework") == done &&
        number(world, "SELECT count(*) FROM item") == 3 * done &&
        number(world, "SELECT count(*) FROM import WHERE status NOT IN (4, 6)") == 0 &&
        number(world, "SELECT count(*) FROM export WHERE status <> 4") == 0;
    if (!fine) {
        printf("oom: service: allocation %ld: import %lld is in state %lld, %lld are done\n", n,
               (long long)import, (long long)state, (long long)done);
        world->wrong++;
    }
    if (state == OV_STATE_DONE &&
        !call(world, "orgvet_rollback_import", "&importid=%lld", import, "removed", NULL))
        world->wrong++; /* undone so that the store does not grow */
}

static enum ov_status keep_token(void *ctx, const char *token, struct ov_error *err)
{
    (void)err;
    memcpy(ctx, token, OV_TOKEN_LENGTH + 1);
    return OV_OK;
}

static int run(struct world *world)
{
    int64_t import;
    struct ov_error err = {0};
    bool done;
    if (ov_admin_set_up(world->service.store, keep_token, world->token, &done, &err) != OV_OK ||
        !job(world, &import)) {
        printf("oom: service: fails with all the memory there is: %s\n", err.message);
        return 1;
    }
    for (long n = 0; world->wrong < 10; n++) {
        oom_left(n);
        bool good = job(world, &import);
        bool reached = oom_left(-1) == 0;
        judge(world, import, n);
        if (!reached) {
            printf("oom: service: %ld allocations failed one after the other\n", n);
            return world->wrong || !good;
        }
    }
    return 1;
}

static const char *const files[] = {"orgvet.db", "orgvet.db-wal", "orgvet.db-shm", "worker.lock"};

bool oom_store_begin(struct ov_service *service, char folder[64])
{
    struct ov_error err = {0};
    bool made;
    strcpy(folder, "/tmp/orgvet-oom-XXXXXX");
    if (!mkdtemp(folder) || !(service->store = ov_store_open(folder, NULL, &made, &err))) {
        printf("oom: no store: %s\n", err.message);
        return false;
    }
    ov_quotas_init(&service->quotas, service->options.max_upload, 100);
    return true;
}

bool oom_store_end(struct ov_service *service, const char *folder)
{
    char path[100];
    ov_quotas_deinit(&service->quotas);
    ov_store_close(service->store);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    if (rmdir(folder) == 0)
        return false;
    printf("oom: a file was left behind in a store\n");
    return true;
}

int oom_service(void)
{
    struct world world = {.service = {.routes = ov_api_routes,
                                      .options = {.max_upload = 1 << 20, .user_quota = 1 << 30}}};
    char folder[64];
    if (!oom_store_begin(&world.service, folder))
        return 1;
    int failed = run(&world);
    return oom_store_end(&world.service, folder) || failed;
}
