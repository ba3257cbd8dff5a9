/* server/jobs/rollback.c: see rollback.h. */
#include "server/jobs/rollback.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

/* The ranges an import added. */
struct parts {
    struct ov_range *list; /* owned */
    size_t count, capacity;
};

/* Each of these checks is OV_E_STATE, with a message, if later imports depend on a range. */

static enum ov_status check_running(struct ov_sql *sql, const struct ov_range *part,
                                    struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(
        &query, sql,
        "SELECT import.id, import.filename FROM hidden JOIN import ON import.id ="
        " hidden.import AND import.tenant = hidden.tenant"
        " WHERE hidden.framework = ?1 AND import.status = ?2 AND hidden.tenant = ?3",
        OV_BIND(OV_SQL_I(part->framework), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(part->tenant)),
        err);
    if (ov_query_next(&query)) {
        struct ov_text filename = ov_query_text(&query, 1);
        status = ov_fail(
            err, OV_E_STATE,
            "import %lld (`%.*s`) is adding to the same framework; wait until it has finished",
            (long long)ov_query_int(&query, 0), OV_QUOTE(filename));
    }
    return ov_query_end(&query) == OV_OK ? status : OV_E_IO;
}

/* Later imports into a framework that the import created. */
static enum ov_status check_framework(struct ov_sql *sql, const struct ov_range *part,
                                      struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(
        &query, sql,
        "SELECT import.id, import.filename, framework.name FROM import_framework AS"
        " later JOIN import ON import.id = later.import" OV_SHARED("AND import.tenant = later.tenant") " JOIN framework ON framework.id = later.framework" OV_SHARED(
            "AND framework.tenant = later.tenant") " WHERE later.framework = ?1 AND later.import <> ?2" OV_SHARED("AND later.tenant = ?3") " ORDER BY import.id",
        OV_BIND(OV_SQL_I(part->framework), OV_SQL_I(part->import), OV_SQL_I(part->tenant)), err);
    if (ov_query_next(&query)) {
        struct ov_text filename = ov_query_text(&query, 1), framework = ov_query_text(&query, 2);
        status = ov_fail(
            err, OV_E_STATE,
            "import %lld (`%.*s`) has added to the framework `%.*s`, which this import created; "
            "undo the later import first",
            (long long)ov_query_int(&query, 0), OV_QUOTE(filename), OV_QUOTE(framework));
    }
    if (ov_query_end(&query) != OV_OK)
        return OV_E_IO;
    int64_t others = 0; /* added by imports whose records were deleted */
    if (status == OV_OK)
        status = ov_sql_number(
            sql,
            "SELECT count(*) FROM item WHERE framework = ?1 AND NOT id BETWEEN ?2 AND ?3" OV_SHARED(
                "AND tenant = ?4"),
            OV_BIND(OV_SQL_I(part->framework), OV_SQL_I(part->first), OV_SQL_I(part->last),
                    OV_SQL_I(part->tenant)),
            &others, NULL, err);
    return status == OV_OK && others
               ? ov_fail(err, OV_E_STATE,
                         "%lld items of later imports are in a framework created by this import",
                         (long long)others)
               : status;
}

/* Items of later imports below those that the import added to an existing framework. */
static enum ov_status check_items(struct ov_sql *sql, const struct ov_range *part,
                                  struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(
        &query, sql,
        "SELECT item.idnumber, item.name, above.name, (SELECT import FROM"
        " import_framework AS part WHERE part.framework = item.framework AND item.id"
        " BETWEEN part.first AND part.last" OV_SHARED("AND part.tenant = item.tenant") ") FROM item JOIN item AS above ON above.id = item.parent" OV_SHARED(
            "AND above.tenant = item.tenant") " WHERE item.framework = ?4 AND item.parent BETWEEN ?1 AND ?2 AND NOT item.id BETWEEN"
                                              " ?1 AND ?2" OV_SHARED(
                                                  "AND item.tenant = ?3") " ORDER BY item.id LIMIT 1",
        OV_BIND(OV_SQL_I(part->first), OV_SQL_I(part->last), OV_SQL_I(part->tenant),
                OV_SQL_I(part->framework)),
        err);
    if (ov_query_next(&query)) {
        struct ov_text name = ov_query_text(&query, 1), above = ov_query_text(&query, 2);
        status = ov_fail(
            err, OV_E_STATE,
            "`%.*s` of import %lld is below `%.*s`, which was added by this import; undo the "
            "later import first",
            OV_QUOTE(name), (long long)ov_query_int(&query, 3), OV_QUOTE(above));
    }
    return ov_query_end(&query) == OV_OK ? status : OV_E_IO;
}

static enum ov_status remove_part(struct ov_sql *sql, const struct ov_range *part,
                                  struct ov_rollback *rollback, struct ov_error *err)
{
    int64_t items = 0;
    enum ov_status status = check_running(sql, part, err);
    if (status == OV_OK)
        status = (part->made ? check_framework : check_items)(sql, part, err);
    if (status == OV_OK)
        status = ov_sql_number(
            sql,
            "SELECT count(*) FROM stored_item WHERE framework = ?1 AND id BETWEEN ?2 AND ?3" OV_SHARED(
                "AND tenant = ?4"),
            OV_BIND(OV_SQL_I(part->framework), OV_SQL_I(part->first), OV_SQL_I(part->last),
                    OV_SQL_I(part->tenant)),
            &items, NULL, err);
    if (status == OV_OK)
        status = ov_range_hide(sql, part, err);
    rollback->items += items;
    rollback->frameworks += part->made;
    return status;
}

static enum ov_status find_parts(struct ov_sql *sql, const struct ov_rollback *rollback,
                                 struct parts *parts, struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(
        &query, sql,
        "SELECT framework, first, last, made FROM import_framework WHERE import = ?1" OV_SHARED(
            "AND tenant = ?2"),
        OV_BIND(OV_SQL_I(rollback->import), OV_SQL_I(rollback->tenant)), err);
    while (status == OV_OK && ov_query_next(&query)) {
        if (ov_grow(&parts->list, &parts->capacity, parts->count + 1, sizeof *parts->list))
            parts->list[parts->count++] = (struct ov_range){
                rollback->tenant,        rollback->import,        ov_query_int(&query, 0),
                ov_query_int(&query, 1), ov_query_int(&query, 2), ov_query_int(&query, 3) != 0};
        else
            status = ov_fail_memory(err);
    }
    return ov_query_end(&query) == OV_OK ? status : OV_E_IO;
}

static enum ov_status remove_parts(struct ov_sql *sql, struct ov_rollback *rollback,
                                   struct ov_error *err)
{
    struct parts parts = {0};
    enum ov_status status = find_parts(sql, rollback, &parts, err);
    for (size_t i = 0; i < parts.count && status == OV_OK; i++)
        status = remove_part(sql, &parts.list[i], rollback, err);
    free(parts.list);
    if (status == OV_OK)
        status = ov_sql_run(
            sql, "DELETE FROM import_framework WHERE import = ?1" OV_SHARED("AND tenant = ?2"),
            OV_BIND(OV_SQL_I(rollback->import), OV_SQL_I(rollback->tenant)), err);
    return status == OV_OK ? ov_frameworks_changed(sql, rollback->tenant, err) : status;
}

enum ov_status ov_import_roll_back(struct ov_sql *sql, int64_t state, struct ov_rollback *rollback,
                                   struct ov_error *err)
{
    char message[400];
    if (state != OV_STATE_DONE)
        return ov_fail(err, OV_E_STATE, "its status is `%s`, and it imported nothing",
                       ov_translate(ov_error_language(err), ov_state_words(state)));
    enum ov_status status = remove_parts(sql, rollback, err);
    if (status != OV_OK)
        return status;
    snprintf(message, sizeof message,
             ov_translate(rollback->language,
                          "undone by `%.*s`; items removed: %lld, frameworks removed: %lld"),
             OV_QUOTE(rollback->username), (long long)rollback->items,
             (long long)rollback->frameworks);
    struct ov_log_line line = {.level = "info", .message = ov_text_of(message)};
    status = ov_sql_run(sql, "UPDATE import SET status = ?2 WHERE id = ?1 AND tenant = ?3",
                        OV_BIND(OV_SQL_I(rollback->import), OV_SQL_I(OV_STATE_ROLLED_BACK),
                                OV_SQL_I(rollback->tenant)),
                        err);
    return status == OV_OK ? ov_log_add(sql, rollback->tenant, rollback->import, &line, err)
                           : status;
}
