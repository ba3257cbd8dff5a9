/* page/asked.c: see asked.h. */
#include "page/asked.h"

#include <unistd.h>

#include "base/error.h"
#include "page/changes.h"
#include "server/auth/access.h"
#include "server/jobs/import.h"

static struct ov_looks *looks_of(const struct ov_request *request)
{
    return request->service->page_state;
}

uint32_t ov_asked_number(const struct ov_request *request, const char *name, uint32_t most)
{
    int64_t value;
    ov_text_number(ov_request_param(request, name), &value);
    return value > most ? most : (uint32_t)value;
}

enum ov_status ov_some_put(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    enum { MOST = 100 * 1000 }; /* bytes */
    struct ov_some *some = ctx;
    size_t room = MOST - some->text.len;
    if (some->cut)
        return OV_OK;
    some->cut = len > room;
    ov_buf_text(&some->text, ov_utf8_cut((struct ov_text){bytes, len}, room));
    while (some->cut && some->text.len && some->text.ptr[some->text.len - 1] != '\n')
        some->text.len--; /* no half of a line */
    return some->text.failed ? ov_fail_memory(err) : OV_OK;
}

/* --- who and what --- */

bool ov_asked_may(struct ov_request *request)
{
    if (ov_access_has_function(request, OV_TEXT("tool_wp_perform_import")))
        return ov_access_need(request, OV_CAN_IMPORT);
    return request->err.status == OV_OK &&
           ov_fault(request, OV_FAULT_ACCESS, "The token's service imports nothing");
}

static bool read_delimiter(struct ov_asked *asked)
{
    struct ov_text text = ov_request_param(asked->request, "delimiter");
    return text.len == 0 || ov_delimiter_parse(text, &asked->options.delimiter) ||
           ov_fault(asked->request, OV_FAULT_PARAMETER, "`%.*s` is no delimiter", OV_QUOTE(text));
}

static bool read_importer(struct ov_asked *asked)
{
    struct ov_text text = ov_request_param(asked->request, "importer");
    if (text.len)
        asked->options.importer = ov_importer_find(text);
    return text.len == 0 || asked->options.importer ||
           ov_fault(asked->request, OV_FAULT_PARAMETER, "There is no importer `%.*s`",
                    OV_QUOTE(text));
}

bool ov_asked_draft(struct ov_asked *asked)
{
    struct ov_request *request = asked->request;
    struct ov_text encoding = ov_request_param(request, "encoding");
    if (!ov_text_number(ov_request_param(request, "item"), &asked->item))
        return ov_fault(request, OV_FAULT_MISSING_PARAM, "item");
    if (!ov_asked_may(request) || !ov_draft_find(request, asked->item, &asked->draft))
        return false;
    asked->options.language = ov_language_of(request->language);
    asked->options.settings = ov_request_param(request, "settings");
    if (encoding.len)
        asked->options.encoding = ov_pool_string(&request->pool, encoding);
    asked->options.file_name = ov_pool_string(&request->pool, asked->draft.name);
    return ov_access_tenant(request, ov_request_param(request, "tenant"), false, &asked->tenant) &&
           read_delimiter(asked) && read_importer(asked);
}

/* --- the look; no connection to the store is held while a file is vetted --- */

/* The identifiers of the framework that is imported into. */
static enum ov_status add_existing(void *ctx, struct ov_check *check, struct ov_error *err)
{
    struct ov_asked *asked = ctx;
    const struct ov_setting *target =
        ov_settings_get(&check->settings, OV_TEXT("target_framework"));
    if (!target || !ov_text_equal(target->value, OV_TEXT("existing")))
        return OV_OK;
    if (!asked->options.importer)
        return ov_fail(err, OV_E_OPTION,
                       "which importer is meant has to be chosen before an existing framework");
    struct ov_sql *sql = ov_request_read(asked->request);
    enum ov_status status = sql ? ov_intake_target(check, sql, asked->options.importer,
                                                   asked->tenant, &asked->framework, err)
                                : OV_E_IO;
    ov_request_read_end(asked->request);
    return status;
}

static struct ov_changes *beside(void *ctx, const struct ov_look *look, struct ov_error *err)
{
    struct ov_asked *asked = ctx;
    return asked->framework ? ov_changes_new(look, asked->request, asked->framework, err) : NULL;
}

static struct ov_look *make(void *ctx, struct ov_error *err)
{
    struct ov_asked *asked = ctx;
    struct ov_store *store = asked->request->service->store;
    struct ov_sql *sql = ov_request_read(asked->request);
    asked->options.existing = add_existing;
    asked->options.beside = beside;
    asked->options.ctx = asked;
    asked->options.file = sql ? ov_content_to_file(store, sql, asked->draft.content, err) : -1;
    ov_request_read_end(asked->request);
    if (asked->options.file < 0)
        return NULL;
    asked->options.rows = ov_store_scratch(store, err);
    if (asked->options.rows < 0) {
        close(asked->options.file);
        return NULL;
    }
    return ov_look_new(&asked->options, err);
}

/* What the store has of frameworks: the last id of an item, and how often items were taken away, so
 * that a look that is kept is of the present state. */
static bool put_state(struct ov_request *request, struct ov_buf *key)
{
    struct ov_sql *sql = ov_request_read(request);
    struct ov_query query;
    if (!sql)
        return false;
    ov_query_begin(&query, sql,
                   "SELECT value FROM counter WHERE name IN ('item', 'removal') ORDER BY name",
                   NULL, 0, &request->err);
    while (ov_query_next(&query))
        ov_buf_format(key, " %lld", (long long)ov_query_int(&query, 0));
    return ov_query_end(&query) == OV_OK;
}

static bool put_key(struct ov_asked *asked, struct ov_buf *key)
{
    static const char *const parts[] = {"importer", "settings", "encoding", "delimiter", "tenant"};
    struct ov_request *request = asked->request;
    ov_buf_format(key, "%lld %lld %s", (long long)request->caller.account,
                  (long long)asked->draft.content, ov_language_tag(asked->options.language));
    if (asked->options.settings.len && !put_state(request, key))
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ov_buf_char(key, '\0');
        ov_buf_text(key, ov_request_param(request, parts[i]));
    }
    ov_buf_char(key, '\0');
    ov_buf_text(key, asked->draft.name);
    return !key->failed || ov_fail_memory(&request->err) == OV_OK;
}

/* A status that tells of the file, or of how it is to be read, is a fault; others are failures. */
static bool tell(struct ov_request *request, enum ov_status status, const struct ov_error *err)
{
    switch (status) {
    case OV_OK: return true;
    case OV_E_OPTION:
    case OV_E_PATTERN:
    case OV_E_LIMIT:
    case OV_E_STATE: return ov_fault(request, OV_FAULT_PARAMETER, "%s", err->message);
    default: return ov_fail(&request->err, status, "%s", err->message) == OV_OK;
    }
}

bool ov_asked_take(struct ov_asked *asked)
{
    struct ov_request *request = asked->request;
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_buf key = {0};
    bool busy = false, good = ov_asked_draft(asked) && put_key(asked, &key);
    ov_request_read_end(request); /* waiting for others must not keep it */
    if (good)
        asked->look = ov_looks_take(looks_of(request), request->caller.account, ov_buf_view(&key),
                                    make, asked, &busy, &err);
    ov_buf_deinit(&key);
    if (busy)
        ov_fault(request, OV_FAULT_BUSY, NULL);
    else if (good && !asked->look && request->fault == OV_FAULT_NONE)
        tell(request, err.status == OV_OK ? OV_E_IO : err.status, &err);
    return asked->look != NULL;
}

bool ov_asked_give(struct ov_asked *asked, enum ov_status status)
{
    struct ov_request *request = asked->request;
    struct ov_buf *body = &request->answer.body;
    struct ov_error err = request->err;
    if (status == OV_OK && body->failed)
        status = ov_fail_memory(&err);
    ov_looks_give(looks_of(request), asked->look, status != OV_E_MEMORY && status != OV_E_IO);
    if (status != OV_OK) {
        request->err = (struct ov_error){.language = err.language};
        return tell(request, status, &err);
    }
    enum { LITTLE = 64 * 1024 }; /* larger answers count, as long as they are on their way */
    return request->fault == OV_FAULT_NONE &&
           (body->len < LITTLE || ov_request_hold(request, OV_HELD_MEMORY, body->len));
}
