/* page/draft_targets.c: see draft_targets.h. */
#include "page/draft_targets.h"

#include <stdlib.h>

#include "base/error.h"
#include "draft/known_ids.h"
#include "vet/check_access.h"

struct target {
    int64_t id;
    struct ov_text name; /* the pool's */
    uint64_t items, known;
};

static int by_known(const void *a, const void *b)
{
    const struct target *one = a, *other = b;
    if (one->known != other->known)
        return one->known > other->known ? -1 : 1;
    return one->id > other->id ? -1 : 1;
}

enum { TARGETS_MOST = 200 /* frameworks, the newest */, ITEMS_MOST = 3000000 /* looked at */ };

static enum ov_status count_known(struct ov_sql *sql, int64_t tenant,
                                  const struct ov_known_ids *ids, struct target *target,
                                  uint64_t *looked, struct ov_error *err)
{
    struct ov_query query;
    int64_t items = 0;
    enum ov_status status = ov_sql_number(
        sql, "SELECT count(*) FROM item WHERE framework = ?1" OV_SHARED("AND tenant = ?2"),
        OV_BIND(OV_SQL_I(target->id), OV_SQL_I(tenant)), &items, NULL, err);
    target->items = (uint64_t)items;
    if (status != OV_OK || *looked >= ITEMS_MOST)
        return status;
    ov_query_begin_many(
        &query, sql, "SELECT idnumber FROM item WHERE framework = ?1" OV_SHARED("AND tenant = ?2"),
        OV_BIND(OV_SQL_I(target->id), OV_SQL_I(tenant)), err);
    while (ov_query_next(&query)) {
        target->known += ov_known_ids_has(ids, ov_query_text(&query, 0));
        ++*looked;
    }
    return ov_query_end(&query);
}

static enum ov_status read_targets(struct ov_draft_request *call, struct ov_sql *sql,
                                   struct target *targets, size_t *count, struct ov_error *err)
{
    struct ov_query query;
    const struct ov_importer *importer = ov_check_result(call->view->check)->importer;
    ov_query_begin(
        &query, sql,
        "SELECT id, name FROM framework WHERE kind = ?1 AND tenant = ?2 ORDER BY id DESC"
        " LIMIT 200",
        OV_BIND(OV_SQL_T(ov_text_of(ov_importer_name(importer))), OV_SQL_I(call->tenant)), err);
    while (ov_query_next(&query) && *count < TARGETS_MOST)
        targets[(*count)++] = (struct target){
            .id = ov_query_int(&query, 0),
            .name = ov_pool_text(&call->request->pool, ov_query_text(&query, 1)),
        };
    return ov_query_end(&query);
}

enum ov_status ov_draft_targets(struct ov_draft_request *call, struct ov_json *json,
                                struct ov_error *err)
{
    struct ov_known_ids ids = {0};
    struct target targets[TARGETS_MOST];
    size_t count = 0;
    uint64_t looked = 0;
    struct ov_sql *sql = ov_request_read(call->request);
    enum ov_status status = sql ? OV_OK : OV_E_IO;
    if (status == OV_OK && !ov_known_ids_init(&ids, call->view->check))
        status = ov_fail_memory(err);
    if (status == OV_OK)
        status = read_targets(call, sql, targets, &count, err);
    for (size_t i = 0; i < count && status == OV_OK; i++)
        status = count_known(sql, call->tenant, &ids, &targets[i], &looked, err);
    if (count)
        qsort(targets, count, sizeof *targets, by_known);
    ov_json_list(json, NULL);
    for (size_t i = 0; i < count; i++) {
        ov_json_object(json, NULL);
        ov_json_signed(json, "id", targets[i].id);
        ov_json_text(json, "name", targets[i].name);
        ov_json_number(json, "items", targets[i].items);
        ov_json_number(json, "known", targets[i].known);
        ov_json_end(json);
    }
    ov_json_end(json);
    ov_known_ids_deinit(&ids);
    return status;
}
