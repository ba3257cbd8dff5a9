/* server/jobs/import_add.c: adds the rows of a vetted CSV file to a framework: reads them again,
 * parents before children (PROTOCOL.md, Import). See import.h. */
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "base/i18n.h"
#include "draft/known_ids.h"
#include "payload/emit/parents_first.h"
#include "server/jobs/import.h"
#include "vet/check_access.h"

enum { CONFLICTS = 1000 /* max. conflicts in a log */ };
#define SKIPPED UINT32_C(0x80000000)

enum conflict { REFUSE, SKIP, SUFFIX, EMPTY };

/* Rows being added to a framework. */
struct adding {
    struct ov_csv_import *intake;
    struct ov_slice *slice;
    uint64_t fed; /* bytes */
    struct ov_parents_first ordered;
    struct ov_conflicts *conflicts;
    bool unique;      /* idnumbers are the file's identifiers: only those in `taken` can be taken */
    bool *taken;      /* per row: its identifier is in the existing framework; NULL: none is */
    int64_t *above;   /* per name of the forest: id of the existing item; 0: not yet known */
    int64_t base;     /* id of the first item */
    uint32_t *items;  /* per row: 1 + its item's offset from base; or SKIPPED | index into skipped;
                         0: none */
    uint32_t count;   /* items added so far */
    int64_t *skipped; /* ids of existing items that rows were skipped for */
    size_t skipped_count, skipped_capacity;
    enum conflict conflict;
    struct ov_known_ids own; /* identifiers of the file, which are not used as suffixed ones; read
                                with the first suffix */
    int name, idnumber, description, format, global, department; /* columns of fields; -1: none */
};

void ov_conflicts_deinit(struct ov_conflicts *conflicts)
{
    ov_pool_deinit(&conflicts->pool);
    free(conflicts->lines);
    *conflicts = (struct ov_conflicts){0};
}

/* --- adding --- */

static enum ov_status add_conflict(struct adding *adding, const struct ov_values *values,
                                   const char *why, struct ov_text idnumber, struct ov_error *err)
{
    struct ov_conflicts *conflicts = adding->conflicts;
    if (conflicts->total++ >= CONFLICTS)
        return OV_OK;
    if (!ov_grow(&conflicts->lines, &conflicts->capacity, conflicts->count + 1,
                 sizeof *conflicts->lines))
        return ov_fail_memory(err);
    conflicts->lines[conflicts->count++] = (struct ov_log_line){
        .level = "error",
        .row = (int64_t)values->node + 1,
        .message = ov_pool_format(&conflicts->pool, ov_translate(adding->intake->language, why),
                                  OV_QUOTE(idnumber))};
    return conflicts->pool.failed ? ov_fail_memory(err) : OV_OK;
}

static enum ov_status log_message(struct adding *adding, const char *level,
                                  const struct ov_values *values, struct ov_buf *text,
                                  struct ov_error *err)
{
    struct ov_log_line line = {.level = level,
                               .message = ov_buf_view(text),
                               .row = values ? (int64_t)values->node + 1 : 0};
    enum ov_status status = text->failed
                                ? ov_fail_memory(err)
                                : ov_log_add(adding->slice->sql, adding->slice->work->tenant,
                                             adding->slice->work->id, &line, err);
    ov_buf_deinit(text);
    return status;
}

/* The framework's item with this identifier; 0: not found. */
static enum ov_status find_item(struct adding *adding, struct ov_text idnumber, int64_t *id,
                                struct ov_error *err)
{
    return ov_sql_number(
        adding->slice->sql,
        "SELECT id FROM stored_item WHERE framework = ?1 AND idnumber = ?2" OV_SHARED(
            "AND tenant = ?3"),
        OV_BIND(OV_SQL_I(adding->intake->framework), OV_SQL_T(idnumber),
                OV_SQL_I(adding->intake->tenant)),
        id, NULL, err);
}

/* The id of the row's parent; 0: none. */
static enum ov_status parent_of(struct adding *adding, const struct ov_values *values, int64_t *id,
                                struct ov_error *err)
{
    ov_node parent = ov_check_forest(adding->intake->check)->parent[values->node];
    *id = 0;
    if (values->parent.len == 0)
        return OV_OK;
    if (ov_node_is_row(parent)) {
        uint32_t item = adding->items[parent];
        if (item)
            *id = item & SKIPPED ? adding->skipped[item & ~SKIPPED] : adding->base + item - 1;
        return OV_OK;
    }
    int64_t *known = ov_node_is_name(parent) ? &adding->above[parent - OV_NODE_NAME] : NULL;
    enum ov_status status = OV_OK;
    if (known)
        *id = *known;
    if (*id == 0)
        status = find_item(adding, values->parent, id, err);
    if (known)
        *known = *id;
    if (status == OV_OK && *id == 0)
        return add_conflict(adding, values,
                            OV_N_("its parent `%.*s` is no longer in the framework; import again"),
                            values->parent, err);
    return status;
}

/* Adds the row as an item; *added: false if the idnumber already exists in the framework. */
static enum ov_status insert(struct adding *adding, const struct ov_values *values, int64_t parent,
                             struct ov_text idnumber, bool *added, struct ov_error *err)
{
    const struct ov_text *fields = values->fields;
    struct ov_text format = fields[adding->format];
    bool global = adding->global >= 0 && ov_text_equal(fields[adding->global], OV_TEXT("1"));
    bool department =
        adding->department >= 0 && ov_text_equal(fields[adding->department], OV_TEXT("1"));
#define COLUMNS                                                                                    \
    "id, framework, parent, idnumber, name, description, descriptionformat, globalmanager,"        \
    " departmentmanager"
#define INSERT                                                                                     \
    "INSERT INTO stored_item (" COLUMNS OV_SHARED(", tenant") ") VALUES (?1, ?2, ?3, ?4, ?5, ?6,"  \
                                                              " ?7, ?8, ?9" OV_SHARED(", ?10") ")"
    static const struct ov_sql_bulk bulk = {INSERT, "COPY stored_item (" COLUMNS
                                                    ", tenant) FROM STDIN (FORMAT binary)"};
    struct ov_sql *sql = adding->slice->sql;
    const struct ov_sql_value row[] = {OV_SQL_I(adding->base + adding->count),
                                       OV_SQL_I(adding->intake->framework),
                                       OV_SQL_I0(parent),
                                       OV_SQL_T0(idnumber),
                                       OV_SQL_T(fields[adding->name]),
                                       OV_SQL_T(fields[adding->description]),
                                       OV_SQL_I(format.len == 1 ? *format.ptr - '0' : 1),
                                       OV_SQL_I(global),
                                       OV_SQL_I(department),
                                       OV_SQL_I(adding->intake->tenant)};
    enum { VALUES = sizeof row / sizeof *row };
    bool sure = adding->unique && !(adding->taken && adding->taken[values->node]);
    enum ov_status status =
        sure ? ov_sql_add(sql, &bulk, row, VALUES, err)
             : ov_sql_run(sql, INSERT " ON CONFLICT DO NOTHING", row, VALUES, err);
    *added = status == OV_OK && (sure || ov_sql_changes(sql) > 0);
    if (*added)
        adding->items[values->node] = ++adding->count;
    return status;
}

/* An idnumber used neither by the framework nor by the file: X_2, X_3 … */
static enum ov_status suffixed(struct adding *adding, struct ov_text idnumber, struct ov_buf *out,
                               struct ov_error *err)
{
    enum ov_status status = OV_OK;
    bool taken = true;
    if (!adding->own.hashes && !ov_known_ids_init(&adding->own, adding->intake->check))
        return ov_fail_memory(err);
    for (unsigned n = 2; taken && status == OV_OK; n++) {
        int64_t id = 0;
        out->len = 0;
        ov_buf_text(out, idnumber);
        ov_buf_format(out, "_%u", n);
        if (out->failed)
            return ov_fail_memory(err);
        taken = ov_known_ids_has(&adding->own, ov_buf_view(out));
        if (!taken)
            status = find_item(adding, ov_buf_view(out), &id, err);
        taken |= id != 0;
    }
    return status;
}

static enum ov_status skip(struct adding *adding, const struct ov_values *values,
                           struct ov_text idnumber, struct ov_error *err)
{
    struct ov_buf text = {0};
    if (!ov_grow(&adding->skipped, &adding->skipped_capacity, adding->skipped_count + 1,
                 sizeof *adding->skipped))
        return ov_fail_memory(err);
    enum ov_status status =
        find_item(adding, idnumber, &adding->skipped[adding->skipped_count], err);
    adding->items[values->node] = SKIPPED | (uint32_t)adding->skipped_count++;
    ov_buf_format(&text,
                  ov_translate(adding->intake->language,
                               "`%.*s` already exists in the framework: not imported"),
                  OV_QUOTE(idnumber));
    return status == OV_OK ? log_message(adding, "warning", values, &text, err) : status;
}

/* Handles a row whose idnumber already exists in the framework. */
static enum ov_status resolve(struct adding *adding, const struct ov_values *values, int64_t parent,
                              struct ov_error *err)
{
    struct ov_text idnumber = values->fields[adding->idnumber];
    struct ov_buf text = {0}, other = {0};
    bool added = false;
    if (adding->conflict == REFUSE) {
        adding->items[values->node] = 0; /* nothing of the file will be kept, but conflicts of its
                                            children are to be reported too */
        return add_conflict(
            adding, values,
            OV_N_(
                "the idnumber `%.*s` already exists in the framework; the setting conflict_idnumber "
                "can be skip, suffix or empty"),
            idnumber, err);
    }
    if (adding->conflict == SKIP)
        return skip(adding, values, idnumber, err);
    enum ov_status status =
        adding->conflict == SUFFIX ? suffixed(adding, idnumber, &other, err) : OV_OK;
    if (status == OV_OK)
        status = insert(adding, values, parent, ov_buf_view(&other), &added, err);
    if (adding->conflict == SUFFIX)
        ov_buf_format(
            &text,
            ov_translate(adding->intake->language,
                         "the idnumber `%.*s` already exists in the framework: imported as `%.*s`"),
            OV_QUOTE(idnumber), OV_QUOTE(ov_buf_view(&other)));
    else
        ov_buf_format(
            &text,
            ov_translate(
                adding->intake->language,
                "the idnumber `%.*s` already exists in the framework: imported without one"),
            OV_QUOTE(idnumber));
    ov_buf_deinit(&other);
    if (status == OV_OK)
        return log_message(adding, "warning", values, &text, err);
    ov_buf_deinit(&text);
    return status;
}

static enum ov_status add_row(void *ctx, const struct ov_values *values, struct ov_error *err)
{
    struct adding *adding = ctx;
    const struct ov_check *check = adding->intake->check;
    int64_t parent;
    bool added = false;
    enum ov_status status = ov_slice_next(adding->slice, err);
    if (status == OV_OK)
        status = parent_of(adding, values, &parent, err);
    if (status == OV_OK)
        status = insert(adding, values, parent, values->fields[adding->idnumber], &added, err);
    if (status == OV_OK && !added)
        status = resolve(adding, values, parent, err);
    if (status != OV_OK || !ov_check_facts(check)->reroots ||
        !ov_forest_is_missing(ov_check_forest(check), ov_check_forest(check)->parent[values->node]))
        return status;
    struct ov_buf text = {0};
    ov_buf_format(
        &text,
        ov_translate(adding->intake->language,
                     "its parent `%.*s` was not found: placed directly under the framework"),
        OV_QUOTE(
            ov_forest_name(ov_check_forest(check), ov_check_forest(check)->parent[values->node])));
    return log_message(adding, "warning", values, &text, err);
}

static enum ov_status make_framework(struct adding *adding, struct ov_error *err)
{
    struct ov_csv_import *intake = adding->intake;
    struct ov_buf text = {0};
    int64_t one;
    bool taken = false;
    const char *kind = ov_check_importer(intake->check)->name;
    enum ov_status status = OV_OK;
    if (intake->idnumber.len)
        status = ov_sql_number(
            adding->slice->sql,
            "SELECT 1 FROM stored_framework WHERE kind = ?1 AND idnumber = ?2 AND tenant = ?3",
            OV_BIND(OV_SQL_T(ov_text_of(kind)), OV_SQL_T(intake->idnumber),
                    OV_SQL_I(intake->tenant)),
            &one, &taken, err);
    struct ov_text idnumber = {0};
    if (!taken)
        idnumber = intake->idnumber;
    if (status == OV_OK)
        status = ov_sql_number(
            adding->slice->sql,
            "INSERT INTO stored_framework (kind, name, idnumber, tenant, import, created)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            OV_BIND(OV_SQL_T(ov_text_of(kind)), OV_SQL_T(intake->name), OV_SQL_T0(idnumber),
                    OV_SQL_I(intake->tenant), OV_SQL_I(adding->slice->work->id),
                    OV_SQL_I(time(NULL))),
            &intake->framework, NULL, err);
    ov_buf_format(
        &text,
        ov_translate(intake->language, "created the framework `%.*s` of %s with the id %lld"),
        OV_QUOTE(intake->name), ov_translate(intake->language, kind), (long long)intake->framework);
    if (status == OV_OK)
        status = log_message(adding, "info", NULL, &text, err);
    ov_buf_deinit(&text);
    if (status != OV_OK || !taken)
        return status;
    ov_buf_format(
        &text,
        ov_translate(
            intake->language,
            "another framework of %s already has the idnumber `%.*s`: created without one"),
        ov_translate(intake->language, kind), OV_QUOTE(intake->idnumber));
    return log_message(adding, "warning", NULL, &text, err);
}

static void find_fields(struct adding *adding)
{
    const struct ov_importer *importer = ov_check_importer(adding->intake->check);
    struct ov_text how =
        ov_check_given_setting(adding->intake->check, OV_TEXT("conflict_idnumber"));
    adding->name = ov_importer_field(importer, OV_TEXT("name"));
    adding->idnumber = ov_importer_field(importer, OV_TEXT("idnumber"));
    adding->description = ov_importer_field(importer, OV_TEXT("description"));
    adding->format = ov_importer_field(importer, OV_TEXT("descriptionformat"));
    adding->global = ov_importer_field(importer, OV_TEXT("globalmanager"));
    adding->department = ov_importer_field(importer, OV_TEXT("departmentmanager"));
    static const char *const words[] = {"error", "skip", "suffix", "empty"};
    for (int i = REFUSE; i <= EMPTY; i++)
        if (ov_text_equal(how, ov_text_of(words[i])))
            adding->conflict = (enum conflict)i;
}

/* Whether the idnumber is what the file was vetted by, so that no two rows have the same. */
static bool is_identifier(const struct adding *adding)
{
    const struct ov_check *check = adding->intake->check;
    struct ov_column_choice by, own;
    return ov_check_column(check, 0, &by) && by.state == OV_COLUMN_MAPPED &&
           ov_check_column(check, 1 + (size_t)adding->idnumber, &own) &&
           own.state == OV_COLUMN_MAPPED && ov_text_equal(by.column, own.column);
}

/* Which identifiers are in the existing framework: imports of one framework run one after another,
 * so that it has no others than when the file was vetted. */
static enum ov_status find_taken(struct adding *adding, struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(adding->intake->check);
    adding->above = calloc(forest->name_count + (size_t)1, sizeof *adding->above);
    adding->taken =
        forest->existing ? calloc(forest->count + (size_t)1, sizeof *adding->taken) : NULL;
    if (!adding->above || (forest->existing && !adding->taken))
        return ov_fail_memory(err);
    for (uint32_t i = 0; i < forest->existing; i++)
        if (ov_node_is_row(forest->names[i].node))
            adding->taken[forest->names[i].node] = true;
    bool alone = adding->slice->work->target == adding->intake->framework; /* also if both are 0 */
    adding->unique = is_identifier(adding) && alone && !(forest->existing && forest->forwards);
    return OV_OK;
}

enum { BLOCK = 1 << 16 /* ids that a tenant takes at once */ };

/* The ids that the rows may need: from the tenant's block, or from a new one if it has too few
 * left. Ids of a tenant increase: parents have smaller ones than their children. */
static enum ov_status take_ids(struct adding *adding, int64_t rows, struct ov_error *err)
{
    struct ov_sql *sql = adding->slice->sql;
    int64_t tenant = adding->intake->tenant, used = 0, end = 0, size = rows > BLOCK ? rows : BLOCK;
    enum ov_status status = ov_counter_add(sql, tenant, "item", rows, &used, err);
    if (status == OV_OK)
        status = ov_counter_add(sql, tenant, "items of block", 0, &end, err);
    adding->base = used;
    if (status != OV_OK || used + rows <= end)
        return status;
    status = ov_counter_add(sql, OV_SCOPE_STORE, "item", size, &adding->base, err);
    if (status == OV_OK)
        status = ov_counter_add(sql, tenant, "item", adding->base - used, &used, err);
    return status == OV_OK
               ? ov_counter_add(sql, tenant, "items of block", adding->base + size - end, &end, err)
               : status;
}

/* Reserves ids for the rows, and hides them. Ends the slice, as all tenants take their blocks from
 * one counter. */
static enum ov_status reserve(struct adding *adding, bool made, struct ov_error *err)
{
    int64_t rows = (int64_t)ov_check_rows(adding->intake->check);
    enum ov_status status = take_ids(adding, rows, err);
    const struct ov_range range = {.tenant = adding->intake->tenant,
                                   .import = adding->slice->work->id,
                                   .framework = adding->intake->framework,
                                   .first = adding->base,
                                   .last = adding->base + rows - 1,
                                   .made = made};
    if (status == OV_OK)
        status = ov_range_hide(adding->slice->sql, &range, err);
    adding->slice->until = 0;
    return status == OV_OK ? ov_slice_next(adding->slice, err) : status;
}

/* Records what was added: ids base to base + count - 1. */
static enum ov_status note_added(struct adding *adding, bool made, struct ov_error *err)
{
    struct ov_buf text = {0};
    enum ov_status status = ov_sql_run(
        adding->slice->sql,
        "INSERT INTO import_framework (" OV_SHARED(
            "tenant,") "import, framework, made, first, last)"
                       " VALUES (" OV_SHARED("?6,") "?1, ?2, ?3, ?4, ?5)",
        OV_BIND(OV_SQL_I(adding->slice->work->id), OV_SQL_I(adding->intake->framework),
                OV_SQL_I(made), OV_SQL_I(adding->base), OV_SQL_I(adding->base + adding->count - 1),
                OV_SQL_I(adding->intake->tenant)),
        err);
    enum ov_language language = adding->intake->language;
    ov_buf_number_in(&text, adding->count, language);
    ov_buf_format(&text, ov_translate(language, " %s imported"),
                  ov_translate(language, ov_check_importer(adding->intake->check)->name));
    if (status == OV_OK)
        return log_message(adding, "info", NULL, &text, err);
    ov_buf_deinit(&text);
    return status;
}

/* The existing framework may have been removed since the file was vetted. */
static enum ov_status find_again(const struct adding *adding, struct ov_error *err)
{
    int64_t one;
    bool found = false;
    enum ov_status status = ov_sql_number(
        adding->slice->sql, "SELECT 1 FROM framework WHERE id = ?1 AND tenant = ?2",
        OV_BIND(OV_SQL_I(adding->intake->framework), OV_SQL_I(adding->intake->tenant)), &one,
        &found, err);
    if (status == OV_OK && !found)
        return ov_fail(err, OV_E_OPTION, "the framework `%lld` no longer exists here",
                       (long long)adding->intake->framework);
    return status;
}

static enum ov_status feed(void *ctx, const char *bytes, size_t len, bool *enough,
                           struct ov_error *err)
{
    struct adding *adding = ctx;
    (void)enough;
    adding->fed += len;
    enum ov_status status =
        ov_csv_import_progress(adding->intake, adding->fed, OV_VETTED_PERCENT, 99, err);
    if (status == OV_OK) /* rows waiting for their parents may yield no output for a long time */
        status = ov_slice_next(adding->slice, err);
    return status == OV_OK ? ov_parents_first_feed(&adding->ordered, bytes, len, err) : status;
}

enum ov_status ov_csv_import_add(struct ov_csv_import *intake, struct ov_slice *slice,
                                 struct ov_conflicts *conflicts, struct ov_error *err)
{
    struct adding adding = {.intake = intake, .slice = slice, .conflicts = conflicts};
    bool made = intake->framework == 0;
    find_fields(&adding);
    adding.items = malloc(((size_t)ov_check_rows(intake->check) + 1) * sizeof *adding.items);
    enum ov_status status = adding.items ? find_taken(&adding, err) : ov_fail_memory(err);
    if (status == OV_OK)
        status = made ? make_framework(&adding, err) : find_again(&adding, err);
    if (status == OV_OK)
        status = reserve(&adding, made, err);
    if (status == OV_OK)
        status = ov_parents_first_init(&adding.ordered, intake->check, add_row, NULL, &adding, err);
    if (status == OV_OK)
        status = intake->source->read(intake->source->ctx, feed, &adding, err);
    if (status == OV_OK)
        status = ov_parents_first_finish(&adding.ordered, err);
    if (status == OV_OK)
        status = note_added(&adding, made, err);
    intake->rows = adding.count;
    ov_parents_first_deinit(&adding.ordered);
    free(adding.items);
    free(adding.skipped);
    free(adding.taken);
    free(adding.above);
    ov_known_ids_deinit(&adding.own);
    return status;
}
