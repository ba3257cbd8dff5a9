/* tests/oom/page.c: the page's requests about a draft while the n-th allocation and all later ones
 * fail: an answer without an error must equal the one given with enough memory, and so must the
 * next one once memory is available again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oom.h"
#include "page/page.h"
#include "server/api/routes.h"
#include "server/http/body.h"
#include "server/http/request.h"
#include "server/auth/session.h"

static const char csv[] =
    "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"p.csv\"\r\n\r\n"
    "idnumber,parent,name,globalmanager\nA,,\xC3\x84nderung ,yes\nB,A,Below,0\nC,X,\xC3\xA4ndern,0\n"
    "D,E,Ring,0\nE,D,Ring,0\n\r\n--b--\r\n";

#define EXISTING                                                                                   \
    "&importer=positions&settings=%%7B%%22target_framework%%22%%3A%%22existing%%22%%2C%%22select_" \
    "framework%%22%%3A%%221%%22%%7D"

/* Requests; %lld is the draft. */
static const char *const questions[] = {
    "what=about&item=%lld",
    "what=rows&most=50&item=%lld",
    "what=rows&most=50&text=%%C3%%84&item=%lld",
    "what=rows&most=50&code=OV402&item=%lld",
    "what=find&text=%%C3%%84nd&item=%lld",
    "what=position&row=3&only=1&item=%lld",
    "what=row&row=1&item=%lld",
    "what=node&node=6&item=%lld",
    "what=children&node=7&most=50&item=%lld",
    "what=way&node=1&item=%lld",
    "what=overview&width=600&item=%lld",
    "what=about&item=%lld" EXISTING,
    "what=changes&item=%lld" EXISTING,
    "what=changed&kind=added&item=%lld" EXISTING,
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

struct world {
    struct ov_service service;
    char token[OV_TOKEN_LENGTH + 1], session[200], csrf[OV_SHA256_HEX];
    int64_t item;
    struct ov_buf wanted[QUESTIONS];
    int wrong;
};

/* Sends a request; returns the answer, or an empty one. */
static bool ask(struct world *world, const char *path, const char *query, const char *body,
                struct ov_buf *answer)
{
    struct ov_request request;
    struct ov_body reader;
    ov_request_init(&request, &world->service);
    request.address = OV_TEXT("127.0.0.1");
    request.method = OV_TEXT("POST");
    request.path = ov_text_of(path);
    request.language = OV_TEXT("de");
    request.session = ov_text_of(world->session);
    request.csrf = ov_text_of(world->csrf);
    (void)!ov_params_put_form(&request.params, ov_text_of(query));
    ov_route_find(&request);
    ov_body_begin(&reader, &request, OV_TEXT("multipart/form-data; boundary=b"));
    if (body) {
        ov_body_feed(&reader, body, strlen(body));
        ov_body_end(&reader);
    }
    ov_route_answer(&request);
    bool good = request.fault == OV_FAULT_NONE && !request.answer.body.failed;
    long before = oom_left(-1);
    answer->len = 0;
    if (good) {
        ov_buf_text(answer, ov_buf_view(&request.answer.body));
        ov_buf_text(answer, request.answer.cookie);
    }
    ov_buf_char(answer, '\0');
    ov_body_deinit(&reader);
    ov_request_deinit(&request);
    oom_left(before);
    return good;
}

static bool question(struct world *world, size_t index, struct ov_buf *answer)
{
    char query[400];
    snprintf(query, sizeof query, questions[index], (long long)world->item);
    return ask(world, "/page/draft", query, NULL, answer);
}

/* The text between two others in an answer; empty if not found. */
static void between(const struct ov_buf *answer, const char *before, const char *end, char *out,
                    size_t room)
{
    const char *at = answer->ptr ? strstr(answer->ptr, before) : NULL;
    size_t len = at ? strcspn(at += strlen(before), end) : 0;
    snprintf(out, room, "%.*s", (int)len, at ? at : "");
}

/* A signed-in user, a framework, a draft, and the expected answers. */
static bool set_up(struct world *world)
{
    struct ov_buf answer = {0};
    struct ov_cron_result result;
    struct ov_error err = {0};
    char query[400], item[40];
    snprintf(world->csrf, sizeof world->csrf, "page");
    snprintf(query, sizeof query, "token=%s", world->token);
    bool good = ask(world, "/page/sign-in", query, NULL, &answer);
    between(&answer, "\"csrf\":\"", "\"", world->csrf, sizeof world->csrf);
    between(&answer, OV_SESSION_COOKIE "=", ";", world->session, sizeof world->session);
    for (int i = 0; i < 2 && good; i++) { /* the framework, and the draft to compare with it */
        good = ask(world, "/webservice/upload.php", "", csv, &answer);
        between(&answer, "\"itemid\":", ",", item, sizeof item);
        world->item = strtoll(item, NULL, 10);
        snprintf(query, sizeof query,
                 "wsfunction=tool_wp_perform_import&file=%lld&importer=tool_organisation%%5Ctool_"
                 "wp%%5Cimporter%%5Cpositions_csv&settings=%%7B%%22missing_parent%%22%%3A%%22root"
                 "%%22%%7D",
                 (long long)world->item);
        if (i == 0)
            good = good && ask(world, "/page/call", query, NULL, &answer) &&
                   ov_service_cron(world->service.store, &result, &err) == OV_OK;
    }
    struct ov_sql *sql = good ? ov_store_write(world->service.store, OV_SCOPE_STORE, &err) : NULL;
    good = sql &&
           ov_sql_script(sql,
                         "INSERT INTO stored_framework (kind, name, tenant, created) SELECT "
                         "'positions', 'old', id, 0 FROM tenant;"
                         "INSERT INTO stored_item (id, framework, idnumber, name, description, "
                         "descriptionformat, globalmanager, departmentmanager) VALUES (900, "
                         "last_insert_rowid(), 'B', 'Before', '', 1, 0, 0)",
                         &err) == OV_OK &&
           ov_store_commit(world->service.store, sql, &err) == OV_OK;
    for (size_t i = 0; i < QUESTIONS && good; i++)
        good = question(world, i, &world->wanted[i]);
    if (!good)
        printf("oom: page: set-up fails: %s %s\n", err.message, answer.ptr ? answer.ptr : "");
    ov_buf_deinit(&answer);
    return good;
}

static void compare(struct world *world, size_t index, const struct ov_buf *answer, long n,
                    const char *when)
{
    const struct ov_buf *wanted = &world->wanted[index];
    if (ov_text_equal(ov_buf_view(wanted), ov_buf_view(answer)))
        return;
    printf("oom: page: allocation %ld, %s: %s: %.200s\n  but %.200s\n", n, when, questions[index],
           answer->ptr, wanted->ptr);
    world->wrong++;
}

/* One request, with a new view of the draft or a cached one. */
static long run_question(struct world *world, size_t index, bool fresh)
{
    struct ov_buf answer = {0};
    for (long n = 0; world->wrong < 10; n++) {
        if (fresh) { /* drops all cached views */
            world->service.options.page->close(world->service.page_state);
            world->service.page_state = world->service.options.page->open(NULL);
        }
        oom_left(n);
        bool good = question(world, index, &answer);
        bool reached = oom_left(-1) == 0;
        if (good)
            compare(world, index, &answer, n, "meanwhile");
        if (!question(world, index, &answer))
            world->wrong++;
        compare(world, index, &answer, n, "afterwards");
        if (!reached) {
            world->wrong += !good;
            ov_buf_deinit(&answer);
            return n;
        }
    }
    ov_buf_deinit(&answer);
    return -1;
}

static enum ov_status keep_token(void *ctx, const char *token, struct ov_error *err)
{
    (void)err;
    memcpy(ctx, token, OV_TOKEN_LENGTH + 1);
    return OV_OK;
}

static int run(struct world *world)
{
    struct ov_error err = {0};
    bool done;
    long failed = 0;
    world->service.options.page = ov_page();
    world->service.page_state = world->service.options.page->open(&err);
    if (!world->service.page_state ||
        ov_admin_set_up(world->service.store, keep_token, world->token, &done, &err) != OV_OK ||
        !set_up(world))
        return 1;
    for (size_t i = 0; i < QUESTIONS && world->wrong < 10; i++)
        failed += run_question(world, i, true) + run_question(world, i, false);
    printf("oom: page: %ld allocations failed one after the other\n", failed);
    for (size_t i = 0; i < QUESTIONS; i++)
        ov_buf_deinit(&world->wanted[i]);
    world->service.options.page->close(world->service.page_state);
    return world->wrong != 0;
}

int oom_page(void)
{
    struct world world = {.service = {.routes = ov_api_routes,
                                      .options = {.max_upload = 1 << 20, .user_quota = 1 << 30}}};
    char folder[64];
    if (!oom_store_begin(&world.service, folder))
        return 1;
    int failed = run(&world);
    return oom_store_end(&world.service, folder) || failed;
}
