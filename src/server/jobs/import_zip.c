/* server/jobs/import_zip.c: imports an export of this service: all selected frameworks of its zip,
 * made visible in one transaction. The manifest is validated and the zip is not trusted: sizes are
 * limited, and only members named in the manifest are read. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <zip.h>

#include "base/error.h"
#include "base/sha256.h"
#include "server/jobs/import.h"
#include "vet/check_access.h"

enum {
    MANIFEST_MAX = 4 << 20, /* bytes; parsed JSON can take twenty times as much memory */
    PIECE = 256 * 1024,
};
#define UNPACKED_MAX ((uint64_t)1 << 30)          /* bytes of all selected members */
#define ROWS_MAX     ((uint64_t)10 * 1000 * 1000) /* of all of them, in memory at once */

struct member {
    struct ov_csv_source source;
    struct ov_csv_import intake;
    struct reading *reading;
    zip_uint64_t index;
    const struct ov_importer *importer;
    struct ov_text name, settings, file;
    char sha256[OV_SHA256_HEX];
};

struct reading {
    struct ov_store *store;
    const struct ov_job *work;
    ov_progress_fn *progress;
    void *progress_ctx;
    struct ov_values_pool pool;
    zip_t *zip;
    struct member *members;
    size_t count;
};

static enum ov_status refuse(struct ov_error *err, const char *why, struct ov_text about)
{
    return ov_fail(err, OV_E_OPTION, "the export cannot be imported: %s%.*s",
                   ov_translate(ov_error_language(err), why), OV_QUOTE(about));
}

/* --- members --- */

/* Being out of memory does not mean the file is damaged. */
static enum ov_status damaged(const struct member *member, const zip_error_t *error,
                              struct ov_error *err)
{
    return zip_error_code_zip(error) == ZIP_ER_MEMORY
               ? ov_fail_memory(err)
               : refuse(err, "its zip is damaged at ", member->file);
}

static enum ov_status read_member(void *ctx, ov_content_fn *take, void *take_ctx,
                                  struct ov_error *err)
{
    struct member *member = ctx;
    zip_file_t *file = zip_fopen_index(member->reading->zip, member->index, 0);
    char *piece = malloc(PIECE);
    struct ov_sha256 *sha = ov_sha256_new();
    enum ov_status status = OV_OK;
    bool enough = false;
    zip_int64_t got = 0;
    uint64_t left = member->source.size; /* as in the directory: there may be more data */
    if (!piece || !sha)
        status = ov_fail_memory(err);
    else if (!file)
        status = damaged(member, zip_get_error(member->reading->zip), err);
    while (status == OV_OK && (got = zip_fread(file, piece, PIECE)) > 0) {
        if ((uint64_t)got > left) {
            status = refuse(err, "a file is larger than its zip declares: ", member->file);
            break;
        }
        left -= (uint64_t)got;
        ov_sha256_add(sha, piece, (size_t)got);
        status = take(take_ctx, piece, (size_t)got, &enough, err);
    }
    if (status == OV_OK && got < 0)
        status = damaged(member, zip_file_get_error(file), err);
    if (status == OV_OK) {
        char hex[OV_SHA256_HEX];
        ov_sha256_hex(sha, hex);
        if (strcmp(hex, member->sha256) != 0)
            status = refuse(err, "the SHA-256 in its manifest does not match ", member->file);
    }
    if (file)
        zip_fclose(file);
    ov_sha256_free(sha);
    free(piece);
    return status;
}

static struct ov_text text_of(struct reading *reading, const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(value) ? ov_pool_text(&reading->pool, ov_text_of(value->valuestring))
                                 : (struct ov_text){0};
}

static enum ov_status read_entry(struct reading *reading, const cJSON *entry, struct member *member,
                                 struct ov_error *err)
{
    const cJSON *framework = cJSON_GetObjectItemCaseSensitive(entry, "framework");
    const cJSON *settings = cJSON_GetObjectItemCaseSensitive(entry, "settings");
    struct ov_text class = text_of(reading, entry, "importer");
    struct ov_text sha256 = text_of(reading, entry, "sha256");
    zip_stat_t about;
    *member = (struct member){.reading = reading,
                              .name = text_of(reading, framework, "name"),
                              .file = text_of(reading, entry, "file"),
                              .importer = ov_importer_find(class)};
    if (reading->pool.failed)
        return ov_fail_memory(err);
    if (member->name.len == 0 || member->file.len == 0 || !member->importer || sha256.len != 64)
        return refuse(err, "its manifest is invalid", OV_TEXT(""));
    memcpy(member->sha256, sha256.ptr, 64);
    if (zip_stat(reading->zip, ov_pool_string(&reading->pool, member->file), ZIP_FL_ENC_UTF_8,
                 &about) != 0 ||
        !(about.valid & ZIP_STAT_SIZE) || !(about.valid & ZIP_STAT_INDEX))
        return refuse(err, "it does not contain the file ", member->file);
    member->index = about.index;
    member->source = (struct ov_csv_source){.read = read_member, .ctx = member, .size = about.size};
    char *printed = cJSON_IsObject(settings) ? cJSON_PrintUnformatted(settings) : NULL;
    if (printed)
        member->settings = ov_pool_text(&reading->pool, ov_text_of(printed));
    else if (cJSON_IsObject(settings))
        return ov_fail_memory(err);
    cJSON_free(printed);
    member->intake = (struct ov_csv_import){.source = &member->source,
                                            .name = member->name,
                                            .idnumber = text_of(reading, framework, "idnumber"),
                                            .tenant = reading->work->tenant,
                                            .language = reading->work->language,
                                            .progress = reading->progress,
                                            .progress_ctx = reading->progress_ctx};
    return OV_OK;
}

/* Whether the member is selected by the settings. */
static bool is_wanted(const struct ov_export_settings *settings, const struct member *member)
{
    bool positions = strcmp(ov_importer_name(member->importer), "positions") == 0;
    if (positions ? !settings->positions : !settings->departments)
        return false;
    for (size_t i = 0; i < settings->framework_count; i++)
        if (ov_text_equal(settings->frameworks[i], member->name))
            return true;
    return settings->framework_count == 0;
}

static enum ov_status read_entries(struct reading *reading, const cJSON *root,
                                   const struct ov_export_settings *settings, struct ov_error *err)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "schema_version");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "members"), *entry;
    uint64_t left = UNPACKED_MAX;
    int count = cJSON_GetArraySize(list);
    if (!cJSON_IsArray(list) || !cJSON_IsNumber(version) || count > OV_FRAMEWORKS_MAX)
        return refuse(err, "its manifest is invalid", OV_TEXT(""));
    if (version->valueint != 1)
        return refuse(err, "it was created by a newer version of orgvet", OV_TEXT(""));
    reading->members = calloc((size_t)count + 1, sizeof *reading->members);
    if (!reading->members)
        return ov_fail_memory(err);
    cJSON_ArrayForEach(entry, list)
    {
        struct member *member = &reading->members[reading->count];
        enum ov_status status = read_entry(reading, entry, member, err);
        if (status != OV_OK)
            return status;
        if (!is_wanted(settings, member))
            continue;
        if (member->source.size > left)
            return refuse(err,
                          "it is larger than 1 GiB when unpacked; import its frameworks one by one",
                          OV_TEXT(""));
        left -= member->source.size;
        reading->count++;
    }
    for (size_t i = 0; i < reading->count; i++) { /* the array no longer moves */
        reading->members[i].source.ctx = &reading->members[i];
        reading->members[i].intake.source = &reading->members[i].source;
        if (i)
            reading->members[i - 1].intake.next = &reading->members[i].intake;
    }
    return reading->pool.failed ? ov_fail_memory(err) : OV_OK;
}

static enum ov_status read_manifest(struct reading *reading, struct ov_error *err)
{
    struct ov_export_settings settings;
    zip_stat_t about;
    enum ov_status status =
        ov_zip_import_settings(&reading->pool, reading->work->settings, &settings, err);
    if (status != OV_OK)
        return status;
    if (zip_stat(reading->zip, "manifest.json", 0, &about) != 0 || about.size > MANIFEST_MAX)
        return refuse(
            err, "it has no manifest.json, so it is not an export of an organisation structure",
            OV_TEXT(""));
    char *text = malloc(about.size + 1);
    if (!text)
        return ov_fail_memory(err);
    zip_file_t *file = zip_fopen(reading->zip, "manifest.json", 0);
    zip_int64_t got = file ? zip_fread(file, text, about.size) : -1;
    cJSON *root = got == (zip_int64_t)about.size ? cJSON_ParseWithLength(text, about.size) : NULL;
    status = root ? read_entries(reading, root, &settings, err)
                  : refuse(err, "its manifest.json cannot be read", OV_TEXT(""));
    cJSON_Delete(root);
    if (file)
        zip_fclose(file);
    free(text);
    return status;
}

/* --- all members --- */

static enum ov_status vet_all(struct reading *reading, struct ov_sql *sql,
                              const struct member **bad, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    uint64_t rows = 0;
    *bad = NULL;
    for (size_t i = 0; i < reading->count && status == OV_OK && !*bad; i++) {
        struct member *member = &reading->members[i];
        bool good = false;
        member->intake.most_rows = rows < ROWS_MAX ? ROWS_MAX - rows : 1;
        status = ov_csv_import_vet(&member->intake, sql, member->importer,
                                   ov_pool_string(&reading->pool, member->file), member->settings,
                                   &good, err);
        if (status == OV_OK && member->intake.framework)
            status = refuse(
                err,
                "its frameworks are always created as new ones and cannot be imported into existing "
                "ones: ",
                member->file);
        if (status == OV_OK && !good)
            *bad = member;
        if (status == OV_OK)
            rows += ov_check_result(member->intake.check)->rows;
    }
    return status;
}

static enum ov_status run(struct reading *reading, bool *good, struct ov_error *err)
{
    struct ov_error own = {.language = reading->work->language};
    const struct member *bad = NULL;
    struct ov_sql *sql = ov_store_read(reading->store, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = read_manifest(reading, &own);
    if (status == OV_OK)
        status = vet_all(reading, sql, &bad, &own);
    ov_store_read_end(reading->store, sql);
    if (status == OV_OK && bad) {
        char message[400];
        snprintf(message, sizeof message,
                 ov_translate(reading->work->language, "nothing was imported: `%.*s` has errors"),
                 OV_QUOTE(bad->file));
        return ov_import_refuse(reading->store, reading->work, &bad->intake, NULL, message, err);
    }
    if (status == OV_OK)
        return ov_import_add(
            reading->store, reading->work, reading->count ? &reading->members[0].intake : NULL,
            (struct ov_text){0}, reading->progress, reading->progress_ctx, good, err);
    if (status == OV_E_OPTION || status == OV_E_LIMIT)
        return ov_import_refuse(reading->store, reading->work, NULL, NULL, own.message, err);
    return ov_fail(err, status, "%s", own.message);
}

enum ov_status ov_zip_import_run(struct ov_store *store, const struct ov_job *work, int fd,
                                 ov_progress_fn *progress, void *ctx, bool *good,
                                 struct ov_error *err)
{
    struct reading reading = {
        .store = store, .work = work, .progress = progress, .progress_ctx = ctx};
    int code = 0;
    enum ov_status status;
    *good = false;
    reading.zip = zip_fdopen(fd, 0, &code);
    if (!reading.zip) {
        close(fd);
        if (code == ZIP_ER_MEMORY)
            return ov_fail_memory(err);
        return ov_import_refuse(store, work, NULL, NULL,
                                OV_N_("nothing was imported: the file is not a readable zip"), err);
    }
    status = run(&reading, good, err);
    for (size_t i = 0; i < reading.count; i++)
        ov_csv_import_deinit(&reading.members[i].intake);
    free(reading.members);
    zip_discard(reading.zip);
    ov_pool_deinit(&reading.pool);
    return status;
}
