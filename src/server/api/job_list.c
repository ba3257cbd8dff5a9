/* server/api/job_list.c: functions that list imports and exports: the caller's own, and those the
 * caller may see (ov_access_scope). */
#include "base/error.h"
#include "server/api/functions.h"
#include "server/api/job_api.h"
#include "server/jobs/job.h"

/* The statements of a list: of one tenant (?1), for those who cannot switch between tenants, or of
 * all; ?2 and ?3 as in OV_IN_SCOPE. */
struct statements {
    const char *count, *rows;
};
struct list {
    const char *name;
    struct statements of_tenant, of_all;
    bool import;
};
#define OF(table, columns, where)                                                                  \
    {                                                                                              \
        "SELECT count(*) FROM " table " WHERE " where OV_IN_SCOPE,                                 \
            "SELECT id, " columns                                                                  \
            ", status, (SELECT username FROM account WHERE account.id = " table                    \
            ".account), nullif(tenant, 0), created, finished, filename, percent FROM " table       \
            " WHERE " where OV_IN_SCOPE " ORDER BY id DESC LIMIT ?4 OFFSET ?5"                     \
    }
#define LIST(table, columns) OF(table, columns, "tenant = ?1 AND "), OF(table, columns, "")
static const struct list imports = {"imports", LIST("import", "importer, rows, ''"), true};
static const struct list exports = {"exports", LIST("export", "exporter, 0, message"), false};

static void put_or_null(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                        const struct ov_query *query, int column)
{
    if (ov_query_is_null(query, column))
        ov_value_add(map, ov_text_of(name), ov_value_new(pool, OV_VALUE_NULL));
    else
        ov_value_put_int(pool, map, name, ov_query_int(query, column));
}

static struct ov_value *entry(struct ov_request *request, const struct list *list,
                              const struct ov_query *query)
{
    struct ov_values_pool *pool = &request->pool;
    struct ov_value *map = ov_value_new(pool, OV_VALUE_MAP);
    int64_t id = ov_query_int(query, 0), state = ov_query_int(query, 4);
    ov_value_put_int(pool, map, "id", id);
    ov_value_put_text(pool, map, "kind", ov_pool_text(pool, ov_query_text(query, 1)));
    ov_value_put_int(pool, map, "status", state);
    ov_value_put_text(pool, map, "statusstr", ov_text_of(ov_state_words(state)));
    ov_value_put_int(
        pool, map, "progress",
        ov_percent(request->service, list->import, id, state, ov_query_int(query, 10)));
    ov_value_put_text(pool, map, "username", ov_pool_text(pool, ov_query_text(query, 5)));
    put_or_null(pool, map, "tenant", query, 6);
    ov_value_put_int(pool, map, "timecreated", ov_query_int(query, 7));
    put_or_null(pool, map, "timefinished", query, 8);
    ov_value_put_text(pool, map, "filename", ov_pool_text(pool, ov_query_text(query, 9)));
    if (list->import)
        ov_value_put_int(pool, map, "rows", ov_query_int(query, 2));
    else
        ov_value_put_text(pool, map, "message", ov_pool_text(pool, ov_query_text(query, 3)));
    return map;
}

static bool run(struct ov_request *request, const struct list *list, const struct ov_value *params,
                struct ov_value **result)
{
    int64_t page, perpage, total = 0, scope = ov_access_scope(request);
    struct ov_query query;
    const struct statements *of =
        ov_access_can(request, OV_CAN_MANAGE_TENANTS) ? &list->of_all : &list->of_tenant;
    struct ov_sql *sql = ov_request_read(request);
    if (!ov_page_params(request, params, &page, &perpage) || !sql)
        return false;
    const struct ov_sql_value values[] = {OV_SQL_I(request->caller.tenant),
                                          OV_SQL_I(request->caller.account), OV_SQL_I(scope),
                                          OV_SQL_I(perpage), OV_SQL_I(page * perpage)};
    if (ov_sql_number(sql, of->count, values, 3, &total, NULL, &request->err) != OV_OK)
        return false;
    struct ov_value *map = *result = ov_value_new(&request->pool, OV_VALUE_MAP);
    struct ov_value *entries = ov_value_new(&request->pool, OV_VALUE_LIST);
    ov_value_put_int(&request->pool, map, "total", total);
    ov_value_add(map, ov_text_of(list->name), entries);
    ov_query_begin(&query, sql, of->rows, values, 5, &request->err);
    while (ov_query_next(&query))
        ov_value_add(entries, (struct ov_text){0}, entry(request, list, &query));
    return ov_query_end(&query) == OV_OK;
}

bool ov_run_imports(struct ov_request *request, const struct ov_value *params,
                    struct ov_value **result)
{
    return run(request, &imports, params, result);
}

bool ov_run_exports(struct ov_request *request, const struct ov_value *params,
                    struct ov_value **result)
{
    return run(request, &exports, params, result);
}
