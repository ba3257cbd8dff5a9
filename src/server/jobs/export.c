/* server/jobs/export.c: see export.h. Written with libzip. */
#define _GNU_SOURCE /* mkostemps */
#include "server/jobs/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <zip.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "csv/quote.h"
#include "payload/emit/payload_writer.h"

/* A framework, and the position of its CSV in the unnamed file of all CSVs. */
struct member {
    char name[64]; /* file name in the zip */
    struct ov_text framework, idnumber;
    const struct ov_importer *importer;
    int64_t id, items;
    bool has_id; /* the first column is `id`: some item has no idnumber */
    char sha256[OV_SHA256_HEX];
    uint64_t offset, size;
    const struct exporting *exporting;
};

struct exporting {
    struct ov_store *store;
    struct ov_sql *sql;
    const struct ov_job *work;
    struct ov_values_pool pool;
    struct member *members;
    size_t count, capacity;
    int members_fd; /* the CSVs, concatenated */
    uint64_t written;
    char *path; /* of the zip being written */
    int fd;
    ov_progress_fn *progress;
    void *progress_ctx;
    int percent;
};

static enum ov_status io(struct ov_error *err)
{
    return ov_fail(err, OV_E_IO, "cannot write the export: %s", strerror(errno));
}

static enum ov_status go_on(const struct exporting *exporting, struct ov_error *err)
{
    return ov_go_on(exporting->progress, exporting->progress_ctx, exporting->percent, err);
}

/* --- frameworks --- */

static bool is_wanted(const struct ov_export_settings *settings, int64_t id,
                      struct ov_text idnumber)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)id);
    for (size_t i = 0; i < settings->framework_count; i++)
        if (ov_text_equal(settings->frameworks[i], ov_text_of(number)) ||
            (idnumber.len && ov_text_equal(settings->frameworks[i], idnumber)))
            return true;
    return settings->framework_count == 0;
}

static enum ov_status find_frameworks(struct exporting *exporting,
                                      const struct ov_export_settings *settings,
                                      struct ov_error *err)
{
    struct ov_query query;
    ov_query_begin(
        &query, exporting->sql,
        "SELECT id, kind, name, idnumber, (SELECT count(*) FROM item WHERE item.framework ="
        " framework.id" OV_SHARED(
            "AND item.tenant = framework.tenant") "), EXISTS (SELECT 1 FROM"
                                                  " item WHERE item.framework = framework.id" OV_SHARED(
                                                      "AND item.tenant = framework.tenant") " AND item.idnumber IS NULL) FROM framework WHERE tenant = ?1 AND"
                                                                                            " ((kind = 'positions' AND ?2 = 1) OR (kind = 'departments' AND ?3 = 1)) ORDER BY id",
        OV_BIND(OV_SQL_I(exporting->work->tenant), OV_SQL_I(settings->positions),
                OV_SQL_I(settings->departments)),
        err);
    enum ov_status status = OV_OK;
    while (status == OV_OK && ov_query_next(&query)) {
        struct member member = {.id = ov_query_int(&query, 0),
                                .importer = ov_importer_find(ov_query_text(&query, 1)),
                                .items = ov_query_int(&query, 4),
                                .has_id = ov_query_int(&query, 5) != 0};
        if (!is_wanted(settings, member.id, ov_query_text(&query, 3)))
            continue;
        member.framework = ov_pool_text(&exporting->pool, ov_query_text(&query, 2));
        member.idnumber = ov_pool_text(&exporting->pool, ov_query_text(&query, 3));
        snprintf(member.name, sizeof member.name, "%s-%lld.csv", ov_importer_name(member.importer),
                 (long long)member.id);
        if (exporting->count == OV_FRAMEWORKS_MAX)
            status = ov_fail(
                err, OV_E_LIMIT,
                "an export can contain at most %d frameworks; choose some of them with the setting "
                "`select_frameworks`",
                (int)OV_FRAMEWORKS_MAX);
        else if (!ov_grow(&exporting->members, &exporting->capacity, exporting->count + 1,
                          sizeof member))
            status = ov_fail_memory(err);
        else
            exporting->members[exporting->count++] = member;
    }
    enum ov_status ended = ov_query_end(&query);
    return status == OV_OK ? ended : status;
}

/* --- the CSV of a framework --- */

/* Columns of the query: id, idnumber, parent's id, parent's idnumber, name, description, format,
 * flags. The columns of the CSV are in the order of the importer's table. */
static void put_item(struct ov_buf *out, const struct member *member, const struct ov_query *query)
{
    struct ov_text parent = ov_query_text(query, member->has_id ? 2 : 3);
    if (member->has_id) {
        ov_buf_csv(out, ov_query_text(query, 0), ',');
        ov_buf_char(out, ',');
    }
    for (size_t i = 0; i < member->importer->field_count; i++) {
        const struct ov_field *field = &member->importer->fields[i];
        ov_buf_string(out, i ? "," : "");
        switch (field->kind) {
        case OV_FIELD_NAME: ov_buf_csv(out, ov_query_text(query, 4), ','); break;
        case OV_FIELD_ID: ov_buf_csv(out, ov_query_text(query, 1), ','); break;
        case OV_FIELD_PARENT: ov_buf_csv(out, parent, ','); break;
        case OV_FIELD_LONG_TEXT: ov_buf_csv(out, ov_query_text(query, 5), ','); break;
        case OV_FIELD_FORMAT: ov_buf_text(out, ov_query_text(query, 6)); break;
        case OV_FIELD_FLAG: {
            bool global = strcmp(field->name, "globalmanager") == 0;
            ov_buf_char(out, ov_query_int(query, global ? 7 : 8) ? '1' : '0');
            break;
        }
        default: break;
        }
    }
    ov_buf_char(out, '\n');
}

static enum ov_status flush(struct exporting *exporting, struct ov_sha256 *sha, struct ov_buf *out,
                            struct ov_error *err)
{
    if (out->failed)
        return ov_fail_memory(err);
    if (go_on(exporting, err) != OV_OK)
        return OV_E_STATE;
    if (!ov_write_all(exporting->members_fd, out->ptr, out->len))
        return io(err);
    ov_sha256_add(sha, out->ptr, out->len);
    exporting->written += out->len;
    out->len = 0;
    return OV_OK;
}

/* Ordered by id: parents precede their children, as they were added before them. */
static enum ov_status write_member(struct exporting *exporting, struct member *member,
                                   struct ov_error *err)
{
    struct ov_sha256 *sha = ov_sha256_new();
    struct ov_buf out = {0};
    struct ov_query query;
    member->exporting = exporting;
    member->offset = exporting->written;
    ov_payload_csv_header(&out, member->importer, member->has_id);
    ov_query_begin_many(
        &query, exporting->sql,
        "SELECT CAST(item.id AS TEXT), item.idnumber, CAST(item.parent AS TEXT),"
        " above.idnumber, item.name, item.description,"
        " CAST(item.descriptionformat AS TEXT), item.globalmanager,"
        " item.departmentmanager FROM item LEFT JOIN stored_item AS above"
        " ON above.id = item.parent" OV_SHARED("AND above.tenant = item.tenant") " WHERE item.framework = ?1" OV_SHARED(
            "AND item.tenant = ?2") " ORDER BY item.id",
        OV_BIND(OV_SQL_I(member->id), OV_SQL_I(exporting->work->tenant)), err);
    enum ov_status status = sha ? OV_OK : ov_fail_memory(err);
    while (status == OV_OK && ov_query_next(&query)) {
        put_item(&out, member, &query);
        if (out.len > 64 * 1024)
            status = flush(exporting, sha, &out, err);
    }
    enum ov_status ended = ov_query_end(&query);
    if (status == OV_OK)
        status = ended;
    if (status == OV_OK)
        status = flush(exporting, sha, &out, err);
    if (status == OV_OK)
        ov_sha256_hex(sha, member->sha256);
    member->size = exporting->written - member->offset;
    ov_sha256_free(sha);
    ov_buf_deinit(&out);
    return status;
}

/* --- the manifest --- */

static void put_time(struct ov_buf *out, const char *format, time_t when)
{
    struct tm utc;
    char text[80];
    gmtime_r(&when, &utc);
    strftime(text, sizeof text, format, &utc);
    ov_buf_string(out, text);
}

static void put_site(struct ov_json *json)
{
    char release[80];
    snprintf(release, sizeof release, "orgvet %s", ov_version());
    ov_json_object(json, "site");
    ov_json_string(json, "name", "orgvet");
    ov_json_string(json, "release", release);
    ov_json_end(json);
}

static void put_member(struct ov_json *json, const struct member *member)
{
    ov_json_line(json);
    ov_json_object(json, NULL);
    ov_json_string(json, "file", member->name);
    ov_json_string(json, "sha256", member->sha256);
    ov_json_signed(json, "items", member->items);
    ov_json_string(json, "importer", ov_importer_class(member->importer));
    ov_json_object(json, "framework");
    ov_json_text(json, "name", member->framework);
    ov_json_text_or_null(json, "idnumber", member->idnumber);
    ov_json_end(json);
    ov_json_object(json, "settings");
    if (member->has_id)
        ov_json_string(json, "identifier", "id");
    ov_json_end(json);
    ov_json_end(json);
}

static void put_manifest(struct ov_buf *out, const struct exporting *exporting)
{
    struct ov_json json = {.out = out};
    int64_t items = 0;
    for (size_t i = 0; i < exporting->count; i++)
        items += exporting->members[i].items;
    ov_json_object(&json, NULL);
    ov_json_number(&json, "schema_version", 1);
    ov_json_line(&json);
    ov_json_text(&json, "exporter", OV_STRUCTURE_EXPORTER);
    ov_json_line(&json);
    ov_json_raw(&json, "settings", exporting->work->settings);
    ov_json_line(&json);
    put_site(&json);
    ov_json_line(&json);
    put_time(ov_json_begin_value(&json, OV_TEXT("time")), "\"%Y-%m-%dT%H:%M:%SZ\"", time(NULL));
    ov_json_line(&json);
    ov_json_object(&json, "counts");
    ov_json_number(&json, "frameworks", exporting->count);
    ov_json_signed(&json, "items", items);
    ov_json_end(&json);
    ov_json_line(&json);
    ov_json_list(&json, "members");
    for (size_t i = 0; i < exporting->count; i++)
        put_member(&json, &exporting->members[i]);
    ov_json_line(&json);
    ov_json_end(&json);
    ov_json_end(&json);
    ov_buf_char(out, '\n');
}

/* --- the zip --- */

/* libzip's source for a member: opened, read to its end and closed, one at a time. */
struct part {
    const struct member *member;
    uint64_t at;
    zip_error_t error;
};

static zip_int64_t read_part(struct part *part, void *data, zip_uint64_t len)
{
    const struct member *member = part->member;
    uint64_t left = member->size - part->at;
    if (len > left)
        len = left;
    if (go_on(member->exporting, NULL) != OV_OK) {
        zip_error_set(&part->error, ZIP_ER_READ, ECANCELED);
        return -1;
    }
    ssize_t got =
        pread(member->exporting->members_fd, data, len, (off_t)(member->offset + part->at));
    if (got < 0 || (got == 0 && len)) {
        zip_error_set(&part->error, ZIP_ER_READ, got < 0 ? errno : 0);
        return -1;
    }
    part->at += (uint64_t)got;
    return got;
}

static zip_int64_t on_source(void *ctx, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
    struct part *part = ctx;
    zip_stat_t *about = data;
    switch (command) {
    case ZIP_SOURCE_OPEN: part->at = 0; return 0;
    case ZIP_SOURCE_READ: return read_part(part, data, len);
    case ZIP_SOURCE_CLOSE: return 0;
    case ZIP_SOURCE_STAT:
        zip_stat_init(about);
        about->size = part->member->size;
        about->valid = ZIP_STAT_SIZE;
        return sizeof *about;
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&part->error, data, len);
    case ZIP_SOURCE_FREE:
        zip_error_fini(&part->error);
        free(part);
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              -1);
    default: zip_error_set(&part->error, ZIP_ER_OPNOTSUPP, 0); return -1;
    }
}

static zip_source_t *source_of(zip_t *zip, const struct member *member)
{
    struct part *part = calloc(1, sizeof *part);
    if (!part)
        return NULL;
    part->member = member;
    zip_error_init(&part->error);
    zip_source_t *source = zip_source_function(zip, on_source, part);
    if (!source)
        free(part);
    return source;
}

static enum ov_status add_source(zip_t *zip, const char *name, zip_source_t *source,
                                 struct ov_error *err)
{
    if (!source)
        return ov_fail_memory(err);
    if (zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) >= 0)
        return OV_OK;
    zip_source_free(source);
    return ov_fail(err, OV_E_IO, "cannot create the export's zip: %s", zip_strerror(zip));
}

static enum ov_status fill_zip(struct exporting *exporting, zip_t *zip,
                               const struct ov_buf *manifest, struct ov_error *err)
{
    enum ov_status status = add_source(
        zip, "manifest.json", zip_source_buffer(zip, manifest->ptr, manifest->len, 0), err);
    for (size_t i = 0; i < exporting->count && status == OV_OK; i++)
        status = add_source(zip, exporting->members[i].name, source_of(zip, &exporting->members[i]),
                            err);
    return status;
}

/* libzip needs a named file; it is unlinked right away. */
static enum ov_status write_zip(struct exporting *exporting, struct ov_error *err)
{
    struct ov_buf manifest = {0};
    size_t len = strlen(ov_store_folder(exporting->store)) + 32;
    exporting->path = malloc(len);
    if (!exporting->path)
        return ov_fail_memory(err);
    snprintf(exporting->path, len, "%s/.export-XXXXXX", ov_store_folder(exporting->store));
    int fd = mkostemp(exporting->path, O_CLOEXEC);
    if (fd < 0)
        return io(err);
    close(fd);
    put_manifest(&manifest, exporting);
    int code = 0;
    zip_t *zip = manifest.failed ? NULL : zip_open(exporting->path, ZIP_TRUNCATE, &code);
    enum ov_status status = zip ? fill_zip(exporting, zip, &manifest, err)
                                : ov_fail(err, OV_E_IO, "cannot create the export's zip");
    if (status == OV_OK && zip_close(zip) != 0) {
        status = go_on(exporting, err); /* may have been aborted by read_part */
        if (status == OV_OK)
            status = ov_fail(err, OV_E_IO, "cannot write the export's zip: %s", zip_strerror(zip));
        zip_discard(zip);
    } else if (status != OV_OK && zip) {
        zip_discard(zip);
    }
    ov_buf_deinit(&manifest);
    if (status == OV_OK)
        exporting->fd = open(exporting->path, O_RDONLY | O_CLOEXEC);
    unlink(exporting->path);
    return status == OV_OK && exporting->fd < 0 ? io(err) : status;
}

/* Stores a slice of the zip, so that others can write in between. The first slice creates the
 * content, which the export then refers to; after the last one the export is done. */
static enum ov_status keep_slice(struct exporting *exporting, struct ov_sql *sql,
                                 struct ov_content *content, uint64_t *at, uint64_t size,
                                 struct ov_error *err)
{
    enum { SLICE = 16 * OV_CHUNK };
    uint64_t end = size - *at > SLICE ? *at + SLICE : size;
    enum ov_status status = OV_OK;
    if (*at == 0) {
        status = ov_content_begin(sql, size, content, err);
        if (status == OV_OK)
            status = ov_sql_run(sql, "UPDATE export SET content = ?2 WHERE id = ?1 AND tenant = ?3",
                                OV_BIND(OV_SQL_I(exporting->work->id), OV_SQL_I(content->id),
                                        OV_SQL_I(exporting->work->tenant)),
                                err);
        if (status == OV_OK) /* of an aborted attempt */
            status = ov_content_sweep(sql, exporting->work->tenant, err);
    }
    if (status == OV_OK)
        status = ov_content_fill(sql, *content, exporting->fd, at, end, err);
    if (status != OV_OK || end < size)
        return status;
    struct ov_buf name = {0};
    time_t now = time(NULL);
    put_time(&name, "organisation-structure-frameworks-export-%Y%m%d-%H%M.zip", now);
    status = name.failed ? ov_fail_memory(err)
                         : ov_sql_run(sql,
                                      "UPDATE export SET status = ?2, filename = ?3, finished = ?4"
                                      " WHERE id = ?1 AND tenant = ?5",
                                      OV_BIND(OV_SQL_I(exporting->work->id),
                                              OV_SQL_I(OV_STATE_DONE), OV_SQL_T(ov_buf_view(&name)),
                                              OV_SQL_I(now), OV_SQL_I(exporting->work->tenant)),
                                      err);
    ov_buf_deinit(&name);
    return status;
}

static enum ov_status keep_zip(struct exporting *exporting, bool *good, struct ov_error *err)
{
    struct stat about;
    struct ov_content content = {.tenant = exporting->work->tenant};
    uint64_t at = 0, size;
    enum ov_status status = OV_OK;
    if (fstat(exporting->fd, &about) != 0)
        return io(err);
    size = (uint64_t)about.st_size;
    for (*good = true; *good && at < size && status == OV_OK;) {
        if (go_on(exporting, err) != OV_OK)
            return OV_E_STATE;
        struct ov_sql *sql = ov_store_write(exporting->store, exporting->work->tenant, err);
        if (!sql)
            return OV_E_IO;
        status = ov_job_hold(sql, exporting->work, good, err);
        if (status == OV_OK && *good)
            status = keep_slice(exporting, sql, &content, &at, size, err);
        status = ov_store_write_end(exporting->store, sql, status, err);
    }
    return status;
}

enum ov_status ov_export_refuse(struct ov_store *store, const struct ov_job *work,
                                const char *message, struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, work->tenant, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_run(
        sql,
        "UPDATE export SET status = ?2, message = ?3, finished = ?4, content = NULL"
        " WHERE id = ?1 AND status = ?5 AND attempts = ?6 AND tenant = ?7",
        OV_BIND(OV_SQL_I(work->id), OV_SQL_I(OV_STATE_ERROR), OV_SQL_T(ov_text_of(message)),
                OV_SQL_I(time(NULL)), OV_SQL_I(OV_STATE_RUNNING), OV_SQL_I(work->attempt),
                OV_SQL_I(work->tenant)),
        err);
    return ov_store_write_end(store, sql, status, err);
}

/* Everything is read from one snapshot of the store while others may write. */
static enum ov_status export_all(struct exporting *exporting, struct ov_error *err)
{
    struct ov_export_settings settings;
    enum ov_status status =
        ov_export_settings(&exporting->pool, exporting->work->settings, &settings, err);
    if (status == OV_OK) {
        exporting->members_fd = ov_store_scratch(exporting->store, err);
        status = exporting->members_fd < 0 ? OV_E_IO : OV_OK;
    }
    if (status == OV_OK)
        status = ov_sql_begin_read(exporting->sql, err);
    if (status != OV_OK)
        return status;
    status = find_frameworks(exporting, &settings, err);
    for (size_t i = 0; i < exporting->count && status == OV_OK; i++) {
        status = write_member(exporting, &exporting->members[i], err);
        exporting->percent = (int)(90 * (i + 1) / exporting->count);
    }
    enum ov_status ended = ov_sql_script(exporting->sql, "COMMIT", err);
    if (status == OV_OK)
        status = exporting->pool.failed ? ov_fail_memory(err) : ended;
    return status == OV_OK ? write_zip(exporting, err) : status;
}

enum ov_status ov_export_run(struct ov_store *store, const struct ov_job *work,
                             ov_progress_fn *progress, void *ctx, bool *good, struct ov_error *err)
{
    struct exporting exporting = {.store = store,
                                  .work = work,
                                  .members_fd = -1,
                                  .fd = -1,
                                  .progress = progress,
                                  .progress_ctx = ctx,
                                  .sql = ov_store_read(store, err)};
    *good = false;
    if (!exporting.sql)
        return OV_E_IO;
    enum ov_status status = export_all(&exporting, err);
    ov_store_read_end(store, exporting.sql);
    if (status == OV_OK)
        status = keep_zip(&exporting, good, err);
    if (exporting.members_fd >= 0)
        close(exporting.members_fd);
    if (exporting.fd >= 0)
        close(exporting.fd);
    free(exporting.members);
    free(exporting.path);
    ov_pool_deinit(&exporting.pool);
    return status;
}
