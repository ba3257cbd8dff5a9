/* payload/upload.c: which form of a vetted file is uploaded (orgvet/payload.h). Takes a finished
 * check and the file's bytes; gives the form, the settings that go with it, and a check of it as a
 * service makes it. That both mean the same is not concluded but compared: by the digest of the
 * items. */
#include <stdlib.h>

#include "base/error.h"
#include "csv/parser.h"
#include "payload/item.h"

struct ov_upload {
    struct ov_check *check; /* borrowed: of the file */
    const struct ov_source *file;
    unsigned reasons;
    struct ov_buf reasons_text, settings;
    char items[65];        /* digest of the file's items; empty: not known yet */
    struct ov_check *site; /* owned: of what is uploaded; NULL: it is `check` */
};

/* In the order of enum ov_upload_reason. */
static const char *const reason_words[] = {
    OV_SAID("another encoding than UTF-8"),
    OV_SAID("another delimiter than the comma"),
    OV_SAID("a `sep=` line"),
    OV_SAID("lines above the header"),
    OV_SAID("blank rows"),
    OV_SAID("root markers"),
    OV_SAID("a backslash before a quote"),
    OV_SAID("options for reading the file"),
};
enum { REASONS = sizeof reason_words / sizeof *reason_words };

static unsigned reasons_of(const struct ov_check *check)
{
    bool utf8 = strcmp(ov_reader_encoding(check->reader), "UTF-8") == 0;
    return (utf8 ? 0u : OV_UPLOAD_ENCODING) |
           (ov_reader_delimiter(check->reader) == ',' ? 0u : OV_UPLOAD_DELIMITER) |
           (ov_reader_has_sep_line(check->reader) ? OV_UPLOAD_SEP_LINE : 0u) |
           (check->options.read.skip ? OV_UPLOAD_SKIPPED : 0u) |
           (check->blank_within ? OV_UPLOAD_BLANK_ROW : 0u) |
           (check->marker_met ? OV_UPLOAD_ROOT_MARKER : 0u) |
           (check->backslash_quote ? OV_UPLOAD_BACKSLASH : 0u);
}

/* Whether the file was read with options that a service is not given. */
static bool has_read_options(const struct ov_check *check)
{
    const struct ov_read_options *read = &check->options.read;
    return read->encoding || read->delimiter || read->skip || read->max_cell != OV_MAX_CELL;
}

static enum ov_status discard(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    (void)ctx;
    (void)data;
    (void)len;
    (void)err;
    return OV_OK;
}

/* Emits the items of a vetted source. */
static enum ov_status emit_items(struct ov_check *check, const struct ov_source *source,
                                 enum ov_payload_format format, const struct ov_sink *out,
                                 struct ov_receipt *receipt, struct ov_error *err)
{
    enum { PIECE = 64 * 1024 };
    const struct ov_emit_options options = {.format = format, .out = out};
    struct ov_emit *emit = ov_emit_new(check, &options, err);
    char *bytes = malloc(PIECE);
    enum ov_status status = emit && bytes ? OV_OK : ov_fail_memory(err);
    size_t got = 1;
    for (uint64_t at = 0; status == OV_OK && got; at += got) {
        got = source->read_at(source->ctx, at, bytes, PIECE);
        status = ov_emit_feed(emit, bytes, got, err);
    }
    if (status == OV_OK)
        status = ov_emit_finish(emit, receipt, err);
    free(bytes);
    ov_emit_free(emit);
    return status;
}

/* The digest of the items of a vetted source. */
static enum ov_status digest_items(struct ov_check *check, const struct ov_source *source,
                                   char digest[65], struct ov_error *err)
{
    const struct ov_sink none = {discard, NULL};
    struct ov_receipt receipt = {0};
    enum ov_status status = emit_items(check, source, OV_PAYLOAD_NDJSON, &none, &receipt, err);
    memcpy(digest, receipt.payload_sha256, sizeof receipt.payload_sha256);
    return status;
}

/* Feeds a check of a service's. */
static enum ov_status feed_site(struct ov_check *site, const struct ov_source *source,
                                struct ov_error *err)
{
    enum { PIECE = 128 * 1024 };
    char *bytes = malloc(PIECE);
    enum ov_status status = bytes ? OV_OK : ov_fail_memory(err);
    size_t got = 1;
    for (uint64_t at = 0; status == OV_OK && got; at += got) {
        got = source->read_at(source->ctx, at, bytes, PIECE);
        if (got)
            status = ov_check_feed(site, bytes, got, err);
    }
    free(bytes);
    return status == OV_OK ? ov_check_finish(site, err) : status;
}

/* Whether the items of what a service's check was fed are those of the file. */
static enum ov_status compare(struct ov_upload *upload, const struct ov_source *source, bool *same,
                              struct ov_error *err)
{
    char digest[65] = "";
    enum ov_status status = OV_OK;
    if (!upload->items[0])
        status = digest_items(upload->check, upload->file, upload->items, err);
    if (status == OV_OK)
        status = digest_items(upload->site, source, digest, err);
    *same = status == OV_OK && strcmp(digest, upload->items) == 0;
    return status;
}

/* Vets a form as a service does that is given the settings. */
static enum ov_status vet_as_site(struct ov_upload *upload, const struct ov_source *source,
                                  bool *same, struct ov_error *err)
{
    ov_check_free(upload->site);
    upload->site = ov_check_of_site(upload->check, ov_upload_settings(upload), false, err);
    enum ov_status status = upload->site ? feed_site(upload->site, source, err) : OV_E_MEMORY;
    return status == OV_OK ? compare(upload, source, same, err) : status;
}

/* The settings given for the file itself. */
static void put_own_settings(struct ov_upload *upload)
{
    upload->settings.len = 0;
    ov_settings_json(&upload->check->settings, &upload->settings);
}

/* The settings given that are not about the file's columns, and those that the canonical form's
 * columns need. */
static enum ov_status put_canonical_settings(struct ov_upload *upload, struct ov_error *err)
{
    static const char *const kept[] = {"target_framework", "hierarchy", "select_framework",
                                       "missing_parent", "conflict_idnumber"};
    const struct ov_check *check = upload->check;
    struct ov_settings settings = {0};
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < sizeof kept / sizeof *kept && status == OV_OK; i++) {
        const struct ov_setting *setting = ov_settings_get(&check->settings, ov_text_of(kept[i]));
        if (setting && !setting->is_null)
            status = ov_settings_put(&settings, setting->key, setting->value, err);
    }
    if (status == OV_OK && ov_payload_has_id(check))
        status = ov_settings_put(&settings, OV_TEXT("identifier"), OV_TEXT("id"), err);
    if (status == OV_OK && !check->binding.hierarchy)
        status = ov_settings_put(&settings, OV_TEXT("csvmapping:parentid"), OV_TEXT(""), err);
    upload->settings.len = 0;
    ov_settings_json(&settings, &upload->settings);
    ov_settings_deinit(&settings);
    return upload->settings.failed ? ov_fail_memory(err) : status;
}

static void put_reasons(struct ov_upload *upload, enum ov_language language)
{
    for (size_t i = 0; i < REASONS; i++) {
        if (!(upload->reasons & 1u << i))
            continue;
        ov_buf_string(&upload->reasons_text, upload->reasons_text.len ? ", " : "");
        ov_buf_string(&upload->reasons_text, ov_translate(language, reason_words[i]));
    }
}

static enum ov_status decide(struct ov_upload *upload, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    bool same = true;
    upload->reasons = reasons_of(upload->check);
    put_own_settings(upload);
    if (!upload->reasons && has_read_options(upload->check))
        status = vet_as_site(upload, upload->file, &same, err);
    if (!same)
        upload->reasons = OV_UPLOAD_READING;
    if (status == OV_OK && upload->reasons)
        status = put_canonical_settings(upload, err);
    put_reasons(upload, ov_error_language(err));
    if (status == OV_OK && (upload->settings.failed || upload->reasons_text.failed))
        status = ov_fail_memory(err);
    return status;
}

struct ov_upload *ov_upload_new(struct ov_check *check, const struct ov_source *file,
                                struct ov_error *err)
{
    struct ov_upload *upload = calloc(1, sizeof *upload);
    if (!upload) {
        ov_fail_memory(err);
        return NULL;
    }
    *upload = (struct ov_upload){.check = check, .file = file};
    if (!check->finished || !check->bound)
        ov_fail(err, OV_E_STATE, "an upload takes a finished check that knows its columns");
    else if (decide(upload, err) == OV_OK)
        return upload;
    ov_upload_free(upload);
    return NULL;
}

void ov_upload_free(struct ov_upload *upload)
{
    if (!upload)
        return;
    ov_check_free(upload->site);
    ov_buf_deinit(&upload->reasons_text);
    ov_buf_deinit(&upload->settings);
    free(upload);
}

unsigned ov_upload_reasons(const struct ov_upload *upload)
{
    return upload->reasons;
}

struct ov_text ov_upload_reasons_text(const struct ov_upload *upload)
{
    return ov_buf_view(&upload->reasons_text);
}

struct ov_text ov_upload_settings(const struct ov_upload *upload)
{
    return ov_buf_view(&upload->settings);
}

enum ov_status ov_upload_dry_run(const struct ov_upload *upload, const struct ov_sink *out,
                                 bool *refused, struct ov_error *err)
{
    struct ov_buf header = {0}, own = {0};
    enum ov_status status = ov_dry_run_answer(upload->check, &own, refused, err);
    ov_buf_deinit(&own);
    if (status != OV_OK)
        return status;
    if (*refused || !upload->reasons)
        return ov_check_dry_run(upload->check, NULL, out, refused, err);
    ov_item_csv_header(&header, upload->check->importer, ov_payload_has_id(upload->check));
    struct ov_check *site =
        header.failed ? NULL
                      : ov_check_of_site(upload->check, ov_upload_settings(upload), true, err);
    status = site ? ov_check_feed(site, header.ptr, header.len, err) : OV_E_MEMORY;
    if (status == OV_OK)
        status = ov_check_finish(site, err);
    if (status == OV_OK)
        status = ov_check_dry_run(site, NULL, out, refused, err);
    ov_check_free(site);
    ov_buf_deinit(&header);
    return status;
}

enum ov_status ov_upload_write(struct ov_upload *upload, const struct ov_sink *out,
                               struct ov_error *err)
{
    struct ov_receipt receipt = {0};
    enum ov_status status =
        emit_items(upload->check, upload->file, OV_PAYLOAD_CSV, out, &receipt, err);
    memcpy(upload->items, receipt.payload_sha256, sizeof upload->items);
    if (status == OV_OK && receipt.backslash_row)
        status =
            ov_fail(err, OV_E_OPTION,
                    "row %llu has a backslash before a quote (OV110), which the importer takes "
                    "for an escape in whatever form it is sent: remove the backslash",
                    (unsigned long long)receipt.backslash_row);
    return status;
}

enum ov_status ov_upload_vet(struct ov_upload *upload, const struct ov_source *uploaded,
                             struct ov_error *err)
{
    struct ov_soundness soundness = {0};
    bool same = true;
    if (!upload->reasons)
        return OV_OK; /* ov_upload_new has compared it, or there was nothing to compare */
    enum ov_status status = vet_as_site(upload, uploaded, &same, err);
    if (status == OV_OK && !same)
        status = ov_check_soundness(upload->site, &soundness, err);
    if (status == OV_OK && !same && !soundness.errors)
        status = ov_fail(err, OV_E_OPTION,
                         "the import service would read something else than what was vetted");
    return status;
}

struct ov_check *ov_upload_check(const struct ov_upload *upload)
{
    return upload->site ? upload->site : upload->check;
}
