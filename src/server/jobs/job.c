/* server/jobs/job.c: see job.h. JSON of settings by cJSON. */
#include "server/jobs/job.h"

#include <stdlib.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "server/store/fair_lock.h"
#include "base/json.h"

const char *ov_state_words(int64_t state)
{
    switch (state) {
    case OV_STATE_CREATED: return "Created";
    case OV_STATE_SCHEDULED: return "Scheduled";
    case OV_STATE_RUNNING: return "In progress";
    case OV_STATE_DONE: return "Completed";
    case OV_STATE_ERROR: return "Error";
    case OV_STATE_ROLLED_BACK: return "Rolled back";
    default: return "Not ready";
    }
}

enum ov_status ov_framework_find(struct ov_sql *sql, struct ov_text select, const char *kind,
                                 int64_t tenant, int64_t *id, struct ov_error *err)
{
    int64_t number;
    ov_text_number(select, &number);
    return ov_sql_number(
        sql,
        "SELECT id FROM framework WHERE kind = ?1 AND tenant = ?2 AND"
        " (id = ?3 OR idnumber = ?4) ORDER BY id = ?3 DESC",
        OV_BIND(OV_SQL_T(ov_text_of(kind)), OV_SQL_I(tenant), OV_SQL_I0(number), OV_SQL_T(select)),
        id, NULL, err);
}

struct ov_text ov_framework_name(struct ov_text filename)
{
    for (size_t i = filename.len; i-- > 1;)
        if (filename.ptr[i] == '.')
            return (struct ov_text){filename.ptr, i};
    return filename;
}

enum ov_status ov_log_add(struct ov_sql *sql, int64_t tenant, int64_t import,
                          const struct ov_log_line *line, struct ov_error *err)
{
    return ov_sql_run(sql,
                      "INSERT INTO import_log (" OV_SHARED(
                          "tenant,") "import, level, code, line, col, row, message, created)"
                                     " VALUES (" OV_SHARED("?9,") "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                      OV_BIND(OV_SQL_I(import), OV_SQL_T(ov_text_of(line->level)),
                              OV_SQL_T(line->code), OV_SQL_I0(line->line), OV_SQL_I0(line->column),
                              OV_SQL_I0(line->row), OV_SQL_T(line->message), OV_SQL_I(time(NULL)),
                              OV_SQL_I(tenant)),
                      err);
}

static enum ov_status read_instances(const cJSON *value, struct ov_export_settings *settings,
                                     const char *key, struct ov_error *err)
{
    const char *words = cJSON_IsString(value) ? value->valuestring : "";
    settings->positions = strcmp(words, "all") == 0 || strcmp(words, "positions") == 0;
    settings->departments = strcmp(words, "all") == 0 || strcmp(words, "departments") == 0;
    if (settings->positions || settings->departments)
        return OV_OK;
    return ov_fail(
        err, OV_E_OPTION,
        "the setting `%s` cannot be `%.60s`; it must be `all`, `positions` or `departments`", key,
        words);
}

/* Adds one framework: a string, or an integer. */
static bool add_framework(struct ov_values_pool *pool, struct ov_export_settings *settings,
                          const cJSON *one)
{
    struct ov_text text = {0};
    if (cJSON_IsString(one) && *one->valuestring)
        text = ov_pool_text(pool, ov_text_of(one->valuestring));
    else if (cJSON_IsNumber(one) && one->valuedouble >= 0 && one->valuedouble < 9e15 &&
             one->valuedouble == (double)(int64_t)one->valuedouble)
        text = ov_pool_format(pool, "%.0f", one->valuedouble);
    if (text.len)
        settings->frameworks[settings->framework_count++] = text;
    return text.len > 0;
}

static enum ov_status read_frameworks(struct ov_values_pool *pool, const cJSON *value,
                                      struct ov_export_settings *settings, struct ov_error *err)
{
    cJSON *parsed = NULL;
    settings->frameworks = NULL; /* the last of several equal keys wins */
    settings->framework_count = 0;
    if (cJSON_IsString(value)) /* in the older shape every value is a string */
        value = parsed = cJSON_Parse(*value->valuestring ? value->valuestring : "[]");
    bool good = cJSON_IsArray(value) || cJSON_IsNull(value);
    size_t count = cJSON_IsArray(value) ? (size_t)cJSON_GetArraySize(value) : 0;
    if (count) {
        settings->frameworks = ov_arena_take(&pool->arena, count * sizeof *settings->frameworks);
        pool->failed |= !settings->frameworks;
    }
    const cJSON *one;
    if (count && settings->frameworks)
        cJSON_ArrayForEach(one, value) good = good && add_framework(pool, settings, one);
    cJSON_Delete(parsed);
    if (pool->failed)
        return ov_fail_memory(err);
    return good
               ? OV_OK
               : ov_fail(
                     err, OV_E_OPTION,
                     "the setting `select_frameworks` must be a list of ids, idnumbers or names, or [] "
                     "for all");
}

static enum ov_status read_settings(struct ov_values_pool *pool, struct ov_text json,
                                    const char *instances, struct ov_export_settings *settings,
                                    struct ov_error *err)
{
    *settings = (struct ov_export_settings){.positions = true, .departments = true};
    struct ov_text trimmed = ov_text_trim(json);
    if (trimmed.len == 0)
        return OV_OK;
    cJSON *root = cJSON_ParseWithLengthOpts(trimmed.ptr, trimmed.len, NULL, 0);
    enum ov_status status = OV_OK;
    if (!cJSON_IsObject(root))
        status = ov_fail(err, OV_E_OPTION, "the settings are not a JSON object");
    const cJSON *one = NULL, *object = status == OV_OK ? root : NULL;
    cJSON_ArrayForEach(one, object)
    {
        if (strcmp(one->string, instances) == 0)
            status = read_instances(one, settings, instances, err);
        else if (strcmp(one->string, "select_frameworks") == 0)
            status = read_frameworks(pool, one, settings, err);
        else
            status =
                ov_fail(err, OV_E_OPTION,
                        "unknown setting `%.60s`; valid settings are `%s` and `select_frameworks`",
                        one->string, instances);
        if (status != OV_OK)
            break;
    }
    cJSON_Delete(root);
    return status;
}

enum ov_status ov_export_settings(struct ov_values_pool *pool, struct ov_text json,
                                  struct ov_export_settings *settings, struct ov_error *err)
{
    return read_settings(pool, json, "export_instances", settings, err);
}

enum ov_status ov_zip_import_settings(struct ov_values_pool *pool, struct ov_text json,
                                      struct ov_export_settings *settings, struct ov_error *err)
{
    return read_settings(pool, json, "import_instances", settings, err);
}

void ov_export_settings_json(struct ov_buf *out, const char *key,
                             const struct ov_export_settings *settings)
{
    struct ov_json json = {.out = out, .style = OV_JSON_PHP};
    ov_json_object(&json, NULL);
    ov_json_string(&json, key,
                   settings->positions && settings->departments ? "all"
                   : settings->positions                        ? "positions"
                                                                : "departments");
    ov_json_list(&json, "select_frameworks");
    for (size_t i = 0; i < settings->framework_count; i++)
        ov_json_text(&json, NULL, settings->frameworks[i]);
    ov_json_end(&json);
    ov_json_end(&json);
}

enum ov_status ov_go_on(ov_progress_fn *progress, void *ctx, int percent, struct ov_error *err)
{
    return !progress || progress(ctx, percent) ? OV_OK : ov_fail(err, OV_E_STATE, "it was aborted");
}

enum ov_status ov_range_hide(struct ov_sql *sql, const struct ov_range *range, struct ov_error *err)
{
    return ov_sql_run(sql,
                      "INSERT INTO hidden (import, framework, made, first, last, tenant)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                      OV_BIND(OV_SQL_I(range->import), OV_SQL_I(range->framework),
                              OV_SQL_I(range->made), OV_SQL_I(range->first), OV_SQL_I(range->last),
                              OV_SQL_I(range->tenant)),
                      err);
}

enum ov_status ov_job_hold(struct ov_sql *sql, const struct ov_job *work, bool *held,
                           struct ov_error *err)
{
    enum ov_status status = ov_sql_run(
        sql,
        work->is_import ? "UPDATE import SET lease = unixepoch() + ?4, percent = ?5 WHERE id = ?1"
                          " AND tenant = ?6 AND status = ?2 AND attempts = ?3"
                        : "UPDATE export SET lease = unixepoch() + ?4, percent = ?5 WHERE id = ?1"
                          " AND tenant = ?6 AND status = ?2 AND attempts = ?3",
        OV_BIND(OV_SQL_I(work->id), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(work->attempt),
                OV_SQL_I(work->lease), OV_SQL_I(work->percent), OV_SQL_I(work->tenant)),
        err);
    *held = status == OV_OK && ov_sql_changes(sql) > 0;
    if (*held && work->held_at)
        atomic_store(work->held_at, ov_now_ms());
    return status;
}

enum ov_status ov_counter_add(struct ov_sql *sql, int64_t tenant, const char *name, int64_t amount,
                              int64_t *before, struct ov_error *err)
{
    return ov_sql_number(sql,
                         "INSERT INTO counter (tenant, name, value) VALUES (?1, ?2, ?3) ON CONFLICT"
                         " (tenant, name) DO UPDATE SET value = counter.value + excluded.value"
                         " RETURNING value - ?3",
                         OV_BIND(OV_SQL_I(tenant), OV_SQL_T(ov_text_of(name)), OV_SQL_I(amount)),
                         before, NULL, err);
}

static const char framework_changes[] = "framework changes";

enum ov_status ov_frameworks_changed(struct ov_sql *sql, int64_t tenant, struct ov_error *err)
{
    int64_t before;
    return ov_counter_add(sql, tenant, framework_changes, 1, &before, err);
}

enum ov_status ov_frameworks_changes(struct ov_sql *sql, int64_t tenant, int64_t *changes,
                                     struct ov_error *err)
{
    return ov_sql_number(sql, "SELECT value FROM counter WHERE tenant = ?1 AND name = ?2",
                         OV_BIND(OV_SQL_I(tenant), OV_SQL_T(ov_text_of(framework_changes))),
                         changes, NULL, err);
}
