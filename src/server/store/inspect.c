/* server/store/inspect.c: what a store contains, and whether it is sound (server/server.h,
 * ov_store_check). */
#include "base/error.h"
#include "base/json.h"
#include "server/store/schema.h"
#include "server/store/store.h"

/* What is counted. */
static const struct {
    const char *name, *statement;
} figures[] = {
    {"tenants", "SELECT count(*) FROM tenant"},
    {"users", "SELECT count(*) FROM account"},
    {"frameworks", "SELECT count(*) FROM framework"},
    {"items", "SELECT count(*) FROM stored_item"},
    {"imports", "SELECT count(*) FROM import"},
    {"exports", "SELECT count(*) FROM export"},
    {"drafts", "SELECT count(*) FROM draft"},
    {"bytes", "SELECT coalesce(sum(size), 0) FROM content"},
};

/* What must not be there: how many are. The engines see to references between tables themselves,
 * except to those of items. */
static const struct {
    const char *problem, *statement;
} problems[] = {
    {OV_N_("items whose parent is missing, or in another framework"),
     "SELECT count(*) FROM stored_item AS item WHERE parent IS NOT NULL AND NOT EXISTS (SELECT 1"
     " FROM stored_item AS above WHERE above.id = item.parent AND above.framework ="
     " item.framework" OV_SHARED("AND above.tenant = item.tenant") ")"},
    {OV_N_("items whose framework is missing"),
     "SELECT count(*) FROM stored_item AS item WHERE NOT EXISTS (SELECT 1 FROM stored_framework WHERE"
     " stored_framework.id = item.framework" OV_SHARED(
         "AND stored_framework.tenant = item.tenant") ")"},
    {OV_N_("items whose id will be given to another one"),
     "SELECT count(*) FROM stored_item WHERE id >= (SELECT value FROM counter WHERE tenant = -1 AND"
     " name = 'item')"},
    {OV_N_("frameworks, imports and exports whose tenant is missing"),
     "SELECT count(*) FROM (SELECT tenant FROM stored_framework UNION ALL SELECT tenant FROM import"
     " UNION ALL SELECT tenant FROM export) AS owned WHERE tenant <> 0 AND NOT EXISTS (SELECT 1 FROM"
     " tenant WHERE tenant.id = owned.tenant)"},
    {OV_N_("files that are incomplete"),
     "SELECT count(*) FROM content WHERE size <> (SELECT coalesce(sum(length(bytes)), 0) FROM chunk"
     " WHERE chunk.content = content.id" OV_SHARED(
         "AND chunk.tenant = content.tenant") ") AND NOT"
                                              " EXISTS (SELECT 1 FROM export WHERE export.content = content.id AND export.status IN (2, 3)" OV_SHARED(
                                                  "AND export.tenant = content.tenant") ")"},
    {OV_N_("scheduled work that no worker looks for"),
     "SELECT count(*) FROM (SELECT tenant FROM import WHERE status = 2 UNION ALL SELECT tenant FROM"
     " export WHERE status = 2) AS work WHERE NOT EXISTS (SELECT 1 FROM queue WHERE queue.tenant ="
     " work.tenant AND waiting = 1)"},
};

static enum ov_status put_problems(struct ov_sql *sql, struct ov_json *json, bool *sound,
                                   struct ov_error *err)
{
    enum ov_status status = OV_OK;
    ov_json_list(json, "problems");
    for (size_t i = 0; i < sizeof problems / sizeof *problems && status == OV_OK; i++) {
        int64_t count = 0;
        status = ov_sql_number(sql, problems[i].statement, NULL, 0, &count, NULL, err);
        if (status != OV_OK || count == 0)
            continue;
        *sound = false;
        ov_json_object(json, NULL);
        ov_json_string(json, "problem", ov_translate(ov_error_language(err), problems[i].problem));
        ov_json_signed(json, "count", count);
        ov_json_end(json);
    }
    ov_json_end(json);
    return status;
}

static enum ov_status put_state(struct ov_store *store, struct ov_sql *sql, struct ov_json *json,
                                bool *sound, struct ov_error *err)
{
    int64_t version = 0, newest = 0;
    enum ov_status status = ov_sql_version(sql, &version, &newest, err);
    if (status == OV_OK && version > newest)
        return ov_schema_is_newer(version, newest, err);
    *sound = version == newest;
    ov_json_string(json, "engine", ov_store_is_shared(store) ? "postgresql" : "sqlite");
    ov_json_signed(json, "version", version);
    ov_json_signed(json, "newest", newest);
    for (size_t i = 0; i < sizeof figures / sizeof *figures && status == OV_OK && *sound; i++) {
        int64_t count = 0;
        status = ov_sql_number(sql, figures[i].statement, NULL, 0, &count, NULL, err);
        ov_json_signed(json, figures[i].name, count);
    }
    return status == OV_OK && *sound ? put_problems(sql, json, sound, err) : status;
}

enum ov_status ov_store_check(struct ov_store *store, const struct ov_sink *out, bool *sound,
                              struct ov_error *err)
{
    struct ov_buf line = {0};
    struct ov_json json = {.out = &line};
    struct ov_sql *sql = ov_store_read(store, err);
    *sound = false;
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_begin_read(sql, err);
    if (status == OV_OK) {
        ov_json_object(&json, NULL);
        status = put_state(store, sql, &json, sound, err);
        ov_json_end(&json);
        ov_buf_char(&line, '\n');
        enum ov_status ended = ov_sql_script(sql, "COMMIT", status == OV_OK ? err : NULL);
        status = status == OV_OK ? ended : status;
    }
    ov_store_read_end(store, sql);
    if (status == OV_OK)
        status = ov_buf_write(&line, out, err);
    ov_buf_deinit(&line);
    return status;
}
