/* client/client.c: see client/client.h. Answers are parsed with cJSON. */
#include "client/client.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/sha256.h"
#include "client/http.h"

enum { FIELDS = 12, PAGE = 1000 /* log entries per request */ };

struct ov_client {
    struct ov_http_client *http;
    char *token;
    struct ov_buf body; /* the last answer */
    cJSON *answer;      /* the last answer, parsed; NULL: not parsed */
    char *settings;     /* owned: settings of the last answer, if they are not a string there */
};

/* Parameters of a call; strings are borrowed. */
struct params {
    struct ov_http_field fields[FIELDS];
    size_t count;
    char numbers[FIELDS][24];
};

struct ov_client *ov_client_new(const struct ov_client_options *options, struct ov_error *err)
{
    struct ov_client *client = calloc(1, sizeof *client);
    if (!client || !(client->token = strdup(options->token))) {
        free(client);
        ov_fail_memory(err);
        return NULL;
    }
    client->http = ov_http_client_new(options, err);
    if (client->http)
        return client;
    ov_client_free(client);
    return NULL;
}

void ov_client_free(struct ov_client *client)
{
    if (!client)
        return;
    ov_http_client_free(client->http);
    cJSON_Delete(client->answer);
    ov_buf_deinit(&client->body);
    cJSON_free(client->settings);
    free(client->token);
    free(client);
}

static void put_param(struct params *params, const char *name, struct ov_text value)
{
    if (params->count < FIELDS)
        params->fields[params->count++] = (struct ov_http_field){name, value};
}

static void put_number(struct params *params, const char *name, int64_t number)
{
    char *text = params->numbers[params->count];
    snprintf(text, sizeof params->numbers[0], "%lld", (long long)number);
    put_param(params, name, ov_text_of(text));
}

static struct ov_text text_of(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(value) ? ov_text_of(value->valuestring) : (struct ov_text){0};
}

static int64_t number_of(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    bool exact = cJSON_IsNumber(value) && value->valuedouble > -9e15 && value->valuedouble < 9e15;
    return exact ? (int64_t)value->valuedouble : 0;
}

struct ov_refusal ov_client_refusal(const struct ov_client *client)
{
    struct ov_text message = text_of(client->answer, "message");
    return (struct ov_refusal){
        .exception = text_of(client->answer, "exception"),
        .errorcode = text_of(client->answer, "errorcode"),
        .message = message.len ? message : text_of(client->answer, "error"),
        .object = ov_buf_view(&client->body),
    };
}

struct ov_text ov_client_settings(const struct ov_client *client)
{
    return client->settings ? ov_text_of(client->settings) : text_of(client->answer, "settings");
}

/* First-generation sites return settings as JSON instead of a string containing JSON (PROTOCOL.md,
 * Import). */
static enum ov_status keep_settings(struct ov_client *client, struct ov_error *err)
{
    const cJSON *settings = cJSON_GetObjectItemCaseSensitive(client->answer, "settings");
    if (!cJSON_IsArray(settings) && !cJSON_IsObject(settings))
        return OV_OK;
    client->settings = cJSON_PrintUnformatted(settings);
    return client->settings ? OV_OK : ov_fail_memory(err);
}

/* Parses the answer; OV_E_REFUSED if the service returned an error. */
static enum ov_status read_answer(struct ov_client *client, long status, struct ov_error *err)
{
    struct ov_text body = ov_buf_view(&client->body);
    client->answer = body.len ? cJSON_ParseWithLength(body.ptr, body.len) : NULL;
    struct ov_refusal refusal = ov_client_refusal(client);
    bool refused =
        cJSON_IsObject(client->answer) &&
        (refusal.exception.len || cJSON_GetObjectItemCaseSensitive(client->answer, "error"));
    if (refused)
        return ov_fail(err, OV_E_REFUSED, "%.*s (%.*s)", OV_FMT(ov_utf8_cut(refusal.message, 240)),
                       OV_FMT(ov_utf8_cut(refusal.errorcode, 60)));
    if (client->answer && status == 200)
        return keep_settings(client, err);
    if (status != 200)
        return ov_fail(
            err, status >= 500 ? OV_E_NETWORK : OV_E_REFUSED,
            "the site responded with HTTP status %ld, and not as a web service does; check the "
            "address, and that web services are enabled on the site",
            status);
    return ov_fail(err, OV_E_REFUSED, "not a web service: the response is not JSON");
}

static enum ov_status post(struct ov_client *client, struct ov_http_call *call, bool *lost,
                           struct ov_error *err)
{
    long status = 0;
    cJSON_Delete(client->answer);
    client->answer = NULL;
    cJSON_free(client->settings);
    client->settings = NULL;
    client->body.len = 0;
    call->body = &client->body;
    enum ov_status result = ov_http_client_post(client->http, call, &status, lost, err);
    if (result != OV_OK || (call->out && status == 200))
        return result;
    return read_answer(client, status, err);
}

static enum ov_status call_function(struct ov_client *client, const char *function,
                                    struct params *params, enum ov_retry retry, bool *lost,
                                    struct ov_error *err)
{
    bool ignored;
    put_param(params, "wsfunction", ov_text_of(function));
    put_param(params, "moodlewsrestformat", OV_TEXT("json"));
    put_param(params, "wstoken", ov_text_of(client->token));
    struct ov_http_call call = {.path = "/webservice/rest/server.php",
                                .fields = params->fields,
                                .field_count = params->count,
                                .retry = retry};
    return post(client, &call, lost ? lost : &ignored, err);
}

/* --- calls --- */

/* A source that hashes the bytes read from it. */
struct hashing {
    const struct ov_source *source;
    struct ov_sha256 *sha;
    uint64_t hashed;
};

static size_t read_hashing(void *ctx, uint64_t offset, char *buf, size_t len)
{
    struct hashing *hashing = ctx;
    size_t got = hashing->source->read_at(hashing->source->ctx, offset, buf, len);
    if (offset == 0 && hashing->hashed) { /* the request is retried */
        char hex[OV_SHA256_HEX];
        ov_sha256_hex(hashing->sha, hex);
        hashing->hashed = 0;
    }
    if (offset == hashing->hashed) {
        ov_sha256_add(hashing->sha, buf, got);
        hashing->hashed += got;
    }
    return got;
}

enum ov_status ov_client_upload(struct ov_client *client, const struct ov_client_file *file,
                                int64_t *item, char sha256[65], struct ov_error *err)
{
    struct hashing hashing = {.source = file->source, .sha = ov_sha256_new()};
    const struct ov_source source = {read_hashing, &hashing};
    const struct ov_http_field token = {"token", ov_text_of(client->token)};
    struct ov_http_call call = {.path = "/webservice/upload.php",
                                .fields = &token,
                                .field_count = 1,
                                .file_name = file->name,
                                .source = &source,
                                .size = file->size,
                                .retry = OV_RETRY}; /* a retry can at worst leave an unused draft */
    bool lost;
    if (!hashing.sha)
        return ov_fail_memory(err);
    enum ov_status status = post(client, &call, &lost, err);
    ov_sha256_hex(hashing.sha, sha256);
    ov_sha256_free(hashing.sha);
    if (status != OV_OK)
        return status;
    const cJSON *first = cJSON_GetArrayItem(client->answer, 0);
    *item = number_of(first, "itemid");
    struct ov_text error = text_of(first, "error");
    if (error.len)
        return ov_fail(err, OV_E_REFUSED, "%.*s (%.*s)", OV_FMT(ov_utf8_cut(error, 240)),
                       OV_FMT(ov_utf8_cut(text_of(first, "errortype"), 60)));
    return *item ? OV_OK
                 : ov_fail(err, OV_E_REFUSED, "the site did not report where it stored the file");
}

enum ov_status ov_client_schedule(struct ov_client *client, const struct ov_client_work *work,
                                  int64_t *id, struct ov_error *err)
{
    struct params params = {0};
    struct ov_error own = {0};
    bool lost = false;
    if (work->kind.len)
        put_param(&params, work->is_export ? "exporter" : "importer", work->kind);
    if (work->item)
        put_number(&params, "file", work->item);
    if (work->exportid)
        put_number(&params, "exportid", work->exportid);
    if (work->settings.len)
        put_param(&params, "settings", work->settings);
    if (work->tenant)
        put_param(&params, "tenant", ov_text_of(work->tenant));
    if (work->notenant)
        put_param(&params, "notenant", OV_TEXT("1"));
    if (work->dry_run)
        put_param(&params, "dryrun", OV_TEXT("1"));
    enum ov_status status =
        call_function(client, work->is_export ? "tool_wp_perform_export" : "tool_wp_perform_import",
                      &params, work->dry_run ? OV_RETRY : OV_RETRY_NEVER_SENT, &lost, &own);
    if (status == OV_E_NETWORK && lost && !work->dry_run)
        return ov_fail(
            err, OV_E_REFUSED,
            "the connection was lost during scheduling, so it is unclear whether anything was "
            "scheduled: check on the site before you try again (%.120s)",
            own.message);
    if (status != OV_OK)
        return ov_fail(err, status, "%s", own.message);
    *id = number_of(client->answer, "id");
    if (*id || work->dry_run)
        return OV_OK;
    return ov_fail(err, OV_E_REFUSED,
                   "the site did not return the id of the scheduled import or export");
}

enum ov_status ov_client_status(struct ov_client *client, bool is_export, int64_t id,
                                struct ov_client_status *status, struct ov_error *err)
{
    struct params params = {0};
    put_number(&params, is_export ? "exportid" : "importid", id);
    enum ov_status result =
        call_function(client, is_export ? "tool_wp_get_export_status" : "tool_wp_get_import_status",
                      &params, OV_RETRY, NULL, err);
    if (result != OV_OK)
        return result;
    struct ov_text words = ov_utf8_cut(text_of(client->answer, "statusstr"), 39);
    *status = (struct ov_client_status){.status = number_of(client->answer, "status"),
                                        .progress = number_of(client->answer, "progress")};
    snprintf(status->words, sizeof status->words, "%.*s", (int)words.len,
             words.len ? words.ptr : "");
    /* compare the names: only `2 Scheduled` is documented (PROTOCOL.md, Status) */
    status->good = ov_text_equal_nocase(words, OV_TEXT("completed")) ||
                   ov_text_equal_nocase(words, OV_TEXT("success"));
    status->ended = status->good || ov_text_contains_nocase(words, OV_TEXT("error")) ||
                    ov_text_contains_nocase(words, OV_TEXT("fail")) ||
                    ov_text_equal_nocase(words, OV_TEXT("rolled back"));
    return OV_OK;
}

enum ov_status ov_client_log(struct ov_client *client, int64_t import,
                             bool (*take)(void *ctx, const struct ov_client_entry *entry),
                             void *ctx, struct ov_error *err)
{
    int64_t seen = 0, after = 0;
    bool more = true;
    for (int64_t page = 0; more; page++) {
        struct params params = {0};
        put_number(&params, "importid", import);
        put_number(&params, "perpage", PAGE);
        if (after)
            put_number(&params, "after", after);
        else
            put_number(&params, "page", page);
        enum ov_status status =
            call_function(client, "orgvet_get_import_log", &params, OV_RETRY, NULL, err);
        if (status != OV_OK)
            return status;
        const cJSON *entries = cJSON_GetObjectItemCaseSensitive(client->answer, "entries"), *one;
        int count = cJSON_GetArraySize(entries);
        seen += count;
        after = number_of(client->answer, "next");
        /* sites without `next` are read by page */
        more = count && (cJSON_HasObjectItem(client->answer, "next")
                             ? after != 0
                             : seen < number_of(client->answer, "total"));
        cJSON_ArrayForEach(one, entries)
        {
            struct ov_client_entry entry = {.level = text_of(one, "level"),
                                            .code = text_of(one, "code"),
                                            .message = text_of(one, "message"),
                                            .line = number_of(one, "line"),
                                            .column = number_of(one, "column"),
                                            .row = number_of(one, "row")};
            if (!take(ctx, &entry))
                return OV_OK;
        }
    }
    return OV_OK;
}

/* Whether the last answer is that the site lacks the function, or that the token does not include
 * it. */
static bool lacks_function(const struct ov_client *client)
{
    struct ov_text code = ov_client_refusal(client).errorcode;
    return ov_text_equal(code, OV_TEXT("invalidrecord")) ||
           ov_text_equal(code, OV_TEXT("invalidrecordunknown")) ||
           ov_text_equal(code, OV_TEXT("accessexception"));
}

enum ov_status ov_client_download(struct ov_client *client, int64_t exportid,
                                  const struct ov_sink *out, char **name, struct ov_error *err)
{
    struct params params = {0};
    bool lost;
    *name = NULL;
    put_number(&params, "exportid", exportid);
    struct ov_error why = OV_ERROR_LIKE(err);
    enum ov_status status =
        call_function(client, "tool_wp_get_export_file", &params, OV_RETRY, NULL, &why);
    if (status == OV_E_REFUSED && lacks_function(client)) {
        /* the original name of the function (PROTOCOL.md, Export) */
        params = (struct params){0};
        put_number(&params, "exportid", exportid);
        why = (struct ov_error)OV_ERROR_LIKE(err);
        status =
            call_function(client, "tool_wp_retrieve_export_file", &params, OV_RETRY, NULL, &why);
    }
    if (status != OV_OK)
        return ov_fail(err, status, "%s", why.message);
    const cJSON *file = cJSON_GetArrayItem(client->answer, 0);
    struct ov_text url = text_of(file, "fileurl"), given = text_of(file, "filename");
    char *copy = url.len ? strdup(url.ptr) : NULL;
    *name = given.len ? strdup(given.ptr) : NULL;
    if (!copy) {
        free(*name);
        *name = NULL;
        return ov_fail(err, OV_E_REFUSED, "the site does not provide a file for this export");
    }
    const struct ov_http_field token = {"token", ov_text_of(client->token)};
    struct ov_http_call call = {
        .path = copy, .fields = &token, .field_count = 1, .retry = OV_RETRY_NEVER_SENT, .out = out};
    status = post(client, &call, &lost, err);
    free(copy);
    if (status == OV_OK)
        return OV_OK;
    free(*name);
    *name = NULL;
    return status;
}

enum ov_status ov_client_roll_back(struct ov_client *client, int64_t import, int64_t *items,
                                   int64_t *frameworks, struct ov_error *err)
{
    struct params params = {0};
    put_number(&params, "importid", import);
    enum ov_status status =
        call_function(client, "orgvet_rollback_import", &params, OV_RETRY_NEVER_SENT, NULL, err);
    *items = number_of(client->answer, "removed");
    *frameworks = number_of(client->answer, "frameworks");
    return status;
}

enum ov_status ov_client_delete(struct ov_client *client, bool is_export, int64_t id,
                                struct ov_error *err)
{
    struct params params = {0};
    put_number(&params, "id", id);
    return call_function(client, is_export ? "tool_wp_delete_export" : "tool_wp_delete_import",
                         &params, OV_RETRY_NEVER_SENT, NULL, err);
}

/* --- settings --- */

static const char *as_text(const cJSON *value, char number[40])
{
    if (cJSON_IsString(value))
        return value->valuestring;
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "1" : "0";
    if (!cJSON_IsNumber(value))
        return "";
    snprintf(number, 40, "%.15g", value->valuedouble);
    return number;
}

/* The value of a key, in an object or in a list of {"name":…,"value":…}, where the last one
 * wins. */
static const cJSON *setting_of(const cJSON *settings, const char *key)
{
    const cJSON *one, *found = NULL;
    if (cJSON_IsObject(settings))
        return cJSON_GetObjectItemCaseSensitive(settings, key);
    cJSON_ArrayForEach(one, settings)
    {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(one, "name");
        if (cJSON_IsString(name) && strcmp(name->valuestring, key) == 0)
            found = cJSON_GetObjectItemCaseSensitive(one, "value");
    }
    return found;
}

enum ov_status ov_settings_compare(struct ov_text here, struct ov_text there,
                                   void (*differs)(void *ctx, const char *key, const char *here,
                                                   const char *there),
                                   void *ctx, struct ov_error *err)
{
    cJSON *a = cJSON_ParseWithLength(here.ptr, here.len);
    cJSON *b = there.len ? cJSON_ParseWithLength(there.ptr, there.len) : NULL;
    const cJSON *one;
    char x[40], y[40];
    bool good = cJSON_IsObject(a) && (cJSON_IsObject(b) || cJSON_IsArray(b));
    if (good) {
        cJSON_ArrayForEach(one, a)
        {
            const char *mine = as_text(one, x);
            const char *theirs = as_text(setting_of(b, one->string), y);
            if (strcmp(mine, theirs) != 0)
                differs(ctx, one->string, mine, theirs);
        }
    }
    cJSON_Delete(a);
    cJSON_Delete(b);
    return good ? OV_OK : ov_fail(err, OV_E_OPTION, "the settings are not a JSON object");
}
