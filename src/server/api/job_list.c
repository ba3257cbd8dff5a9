/* server/api/job_list.c: functions that list imports and exports: the caller's own, and those the
 * caller may see (ov_access_scope). */
#include "base/error.h"
#include "server/api/functions.h"
#include "server/api/job_api.h"
#include "server/jobs/job.h"

/* The differences between the two lists. Both queries: ?1 is unused, ?2 and ?3 as in
 * OV_IN_SCOPE. */
struct list {
    const char *name, *count, *rows;
    bool import;
};
static const struct list imports = {
    .name = "imports",
    .count = "SELECT count(*) FROM import WHERE " OV_IN_SCOPE,
    .rows =
        "SELECT id, importer, status, (SELECT username FROM account WHERE account.id ="
        " import.account), nullif(tenant, 0), created, finished, filename, rows, '', percent FROM import WHERE"
        " " OV_IN_SCOPE " ORDER BY id DESC LIMIT ?4 OFFSET ?5",
    .import = true,
};
static const struct list exports = {
    .name = "exports",
    .count = "SELECT count(*) FROM export WHERE " OV_IN_SCOPE,
    .rows =
        "SELECT id, exporter, status, (SELECT username FROM account WHERE account.id ="
        " export.account), nullif(tenant, 0), created, finished, filename, 0, message, percent FROM export WHERE"
        " " OV_IN_SCOPE " ORDER BY id DESC LIMIT ?4 OFFSET ?5",
};

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
    int64_t id = ov_query_int(query, 0), state = ov_query_int(query, 2);
    ov_value_put_int(pool, map, "id", id);
    ov_value_put_text(pool, map, "kind", ov_pool_text(pool, ov_query_text(query, 1)));
    ov_value_put_int(pool, map, "status", state);
    ov_value_put_text(pool, map, "statusstr", ov_text_of(ov_state_words(state)));
    ov_value_put_int(
        pool, map, "progress",
        ov_percent(request->service, list->import, id, state, ov_query_int(query, 10)));
    ov_value_put_text(pool, map, "username", ov_pool_text(pool, ov_query_text(query, 3)));
    put_or_null(pool, map, "tenant", query, 4);
    ov_value_put_int(pool, map, "timecreated", ov_query_int(query, 5));
    put_or_null(pool, map, "timefinished", query, 6);
    ov_value_put_text(pool, map, "filename", ov_pool_text(pool, ov_query_text(query, 7)));
    if (list->import)
        ov_value_put_int(pool, map, "rows", ov_query_int(query, 8));
    else
        ov_value_put_text(pool, map, "message", ov_pool_text(pool, ov_query_text(query, 9)));
    return map;
}

static bool run(struct ov_request *request, const struct list *list, const struct ov_value *params,
                struct ov_value **result)
{
    int64_t page, perpage, total = 0, scope = ov_access_scope(request);
    struct ov_query query;
    struct ov_sql *sql = ov_request_read(request);
    if (!ov_page_params(request, params, &page, &perpage) || !sql)
        return false;
    if (ov_sql_number(sql, list->count,
                      OV_BIND(OV_SQL_N, OV_SQL_I(request->caller.account), OV_SQL_I(scope)), &total,
                      NULL, &request->err) != OV_OK)
        return false;
    struct ov_value *map = *result = ov_value_new(&request->pool, OV_VALUE_MAP);
    struct ov_value *entries = ov_value_new(&request->pool, OV_VALUE_LIST);
    ov_value_put_int(&request->pool, map, "total", total);
    ov_value_add(map, ov_text_of(list->name), entries);
    ov_query_begin(&query, sql, list->rows,
                   OV_BIND(OV_SQL_N, OV_SQL_I(request->caller.account), OV_SQL_I(scope),
                           OV_SQL_I(perpage), OV_SQL_I(page * perpage)),
                   &request->err);
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
