/* payload/emit/upload_form.c: decides in which form a vetted file is uploaded (orgvet/payload.h):
 * as it is, or as canonical CSV. Takes a finished check and the file's bytes; gives the form, the
 * settings to send with it, and a check of it as the import service makes it. Whether the service
 * reads the same items is not assumed but verified, by comparing digests of the items. */
#include <stdlib.h>

#include "base/error.h"
#include "csv/parser.h"
#include "payload/emit/payload_writer.h"
#include "vet/check_access.h"
#include "vet/check_clone.h"
#include "vet/dry_run.h"

struct ov_form {
    struct ov_check *check;       /* borrowed: of the file */
    const struct ov_source *file; /* borrowed: its bytes */
    unsigned reasons;             /* enum ov_form_reason, or-ed; 0: the file is uploaded as it is */
    struct ov_buf reasons_text, settings; /* settings: JSON */
    char items[65];                       /* digest of the file's items; empty: not known yet */
    struct ov_check *site;                /* owned: of the uploaded form; NULL: `check` is used */
};

/* In the order of enum ov_form_reason. */
static const char *const reason_words[] = {
    OV_N_("an encoding other than UTF-8"),
    OV_N_("a delimiter other than a comma"),
    OV_N_("a `sep=` line"),
    OV_N_("lines above the header"),
    OV_N_("blank rows"),
    OV_N_("root markers"),
    OV_N_("a backslash before a quote"),
    OV_N_("options for reading the file"),
    OV_N_("lines that are not rows"),
    OV_N_("options for the layout of the file"),
    OV_N_("corrections that are not in the file"),
};
enum { REASONS = sizeof reason_words / sizeof *reason_words };

static unsigned reasons_of(const struct ov_check *check)
{
    bool utf8 = strcmp(ov_reader_encoding(ov_check_reader(check)), "UTF-8") == 0;
    return (utf8 ? 0u : OV_FORM_ENCODING) |
           (ov_reader_delimiter(ov_check_reader(check)) == ',' ? 0u : OV_FORM_DELIMITER) |
           (ov_reader_has_sep_line(ov_check_reader(check)) ? OV_FORM_SEP_LINE : 0u) |
           (ov_check_choices(check)->read.header_row > 1 ? OV_FORM_SKIPPED : 0u) |
           (ov_check_facts(check)->blank_within ? OV_FORM_BLANK_ROW : 0u) |
           (ov_check_facts(check)->marker_met ? OV_FORM_ROOT_MARKER : 0u) |
           (ov_check_facts(check)->backslash_quote ? OV_FORM_BACKSLASH : 0u) |
           (ov_check_row_map(check)->count ? OV_FORM_LEFT_OUT : 0u) |
           (ov_layout_is_importers(ov_check_layout(check)) ? 0u : OV_FORM_LAYOUT) |
           (ov_check_choices(check)->read.edits ? OV_FORM_EDITS : 0u);
}

/* Whether the file was read with options that the service does not receive. */
static bool has_read_options(const struct ov_check *check)
{
    const struct ov_read_options *read = &ov_check_choices(check)->read;
    return read->encoding || read->delimiter || read->header_row > 1 ||
           read->max_cell != OV_MAX_CELL;
}

static enum ov_status discard(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    (void)ctx;
    (void)data;
    (void)len;
    (void)err;
    return OV_OK;
}

/* Writes the payload of a vetted source. */
static enum ov_status emit_items(struct ov_check *check, const struct ov_source *source,
                                 enum ov_payload_format format, const struct ov_sink *out,
                                 struct ov_receipt *receipt, struct ov_error *err)
{
    enum { PIECE = 64 * 1024 };
    const struct ov_emit_options options = {.format = format, .out = out};
    struct ov_emit *emit = ov_emit_new(check, &options, err);
    char *bytes = malloc(PIECE);
    enum ov_status status = bytes ? OV_OK : ov_fail_memory(err);
    size_t got = 1;
    if (status == OV_OK && !emit)
        status = err ? err->status : OV_E_MEMORY;
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

/* Computes the digest of the items of a vetted source. */
static enum ov_status digest_items(struct ov_check *check, const struct ov_source *source,
                                   char digest[65], struct ov_error *err)
{
    const struct ov_sink none = {discard, NULL};
    struct ov_receipt receipt = {0};
    enum ov_status status = emit_items(check, source, OV_PAYLOAD_NDJSON, &none, &receipt, err);
    memcpy(digest, receipt.payload_sha256, sizeof receipt.payload_sha256);
    return status;
}

/* Compares the items that the site's check finds in `source` with those of the file. */
static enum ov_status compare(struct ov_form *form, const struct ov_source *source, bool *same,
                              struct ov_error *err)
{
    char digest[65] = "";
    enum ov_status status = OV_OK;
    if (!form->items[0])
        status = digest_items(form->check, form->file, form->items, err);
    if (status == OV_OK)
        status = digest_items(form->site, source, digest, err);
    *same = status == OV_OK && strcmp(digest, form->items) == 0;
    return status;
}

/* Vets a form as the service does when it is given the form's settings. */
static enum ov_status vet_as_site(struct ov_form *form, const struct ov_source *source, bool *same,
                                  struct ov_error *err)
{
    ov_check_free(form->site);
    form->site = ov_check_of_site(form->check, ov_form_settings(form), false, err);
    enum ov_status status = form->site ? ov_vet_source(form->site, source, 0, err) : OV_E_MEMORY;
    return status == OV_OK ? compare(form, source, same, err) : status;
}

/* Sets the settings to those given for the file. */
static void put_own_settings(struct ov_form *form)
{
    form->settings.len = 0;
    ov_settings_json(ov_check_settings(form->check), &form->settings);
}

/* Sets the settings to those of the given ones that do not refer to columns, and those that the
 * columns of the canonical form need. */
static enum ov_status put_canonical_settings(struct ov_form *form, struct ov_error *err)
{
    static const char *const kept[] = {"target_framework", "hierarchy", "select_framework",
                                       "missing_parent", "conflict_idnumber"};
    const struct ov_check *check = form->check;
    struct ov_settings settings = {0};
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < sizeof kept / sizeof *kept && status == OV_OK; i++) {
        const struct ov_setting *setting =
            ov_settings_get(ov_check_settings(check), ov_text_of(kept[i]));
        if (setting && !setting->is_null)
            status = ov_settings_put(&settings, setting->key, setting->value, err);
    }
    if (status == OV_OK && ov_payload_has_id(check))
        status = ov_settings_put(&settings, OV_TEXT("identifier"), OV_TEXT("id"), err);
    if (status == OV_OK && !ov_check_binding(check)->hierarchy)
        status = ov_settings_put(&settings, OV_TEXT("csvmapping:parentid"), OV_TEXT(""), err);
    form->settings.len = 0;
    ov_settings_json(&settings, &form->settings);
    ov_settings_deinit(&settings);
    return form->settings.failed ? ov_fail_memory(err) : status;
}

static void put_reasons(struct ov_form *form, enum ov_language language)
{
    for (size_t i = 0; i < REASONS; i++) {
        if (!(form->reasons & 1u << i))
            continue;
        ov_buf_string(&form->reasons_text, form->reasons_text.len ? ", " : "");
        ov_buf_string(&form->reasons_text, ov_translate(language, reason_words[i]));
    }
}

static enum ov_status decide(struct ov_form *form, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    bool same = true;
    form->reasons = reasons_of(form->check);
    put_own_settings(form);
    if (!form->reasons && has_read_options(form->check))
        status = vet_as_site(form, form->file, &same, err);
    if (!same)
        form->reasons = OV_FORM_READING;
    if (status == OV_OK && form->reasons)
        status = put_canonical_settings(form, err);
    put_reasons(form, ov_error_language(err));
    if (status == OV_OK && (form->settings.failed || form->reasons_text.failed))
        status = ov_fail_memory(err);
    return status;
}

struct ov_form *ov_form_new(struct ov_check *check, const struct ov_source *file,
                            struct ov_error *err)
{
    struct ov_form *form = calloc(1, sizeof *form);
    if (!form) {
        ov_fail_memory(err);
        return NULL;
    }
    *form = (struct ov_form){.check = check, .file = file};
    if (!ov_check_facts(check)->finished || !ov_check_facts(check)->bound)
        ov_fail(err, OV_E_STATE, "an upload needs a finished check whose columns are known");
    else if (decide(form, err) == OV_OK)
        return form;
    ov_form_free(form);
    return NULL;
}

void ov_form_free(struct ov_form *form)
{
    if (!form)
        return;
    ov_check_free(form->site);
    ov_buf_deinit(&form->reasons_text);
    ov_buf_deinit(&form->settings);
    free(form);
}

unsigned ov_form_reasons(const struct ov_form *form)
{
    return form->reasons;
}

struct ov_text ov_form_reasons_text(const struct ov_form *form)
{
    return ov_buf_view(&form->reasons_text);
}

struct ov_text ov_form_settings(const struct ov_form *form)
{
    return ov_buf_view(&form->settings);
}

enum ov_status ov_form_dry_run(const struct ov_form *form, const struct ov_sink *out, bool *refused,
                               struct ov_error *err)
{
    struct ov_buf header = {0}, own = {0};
    enum ov_status status = ov_dry_run_answer(form->check, &own, refused, err);
    ov_buf_deinit(&own);
    if (status != OV_OK)
        return status;
    if (*refused || !form->reasons)
        return ov_check_dry_run(form->check, NULL, out, refused, err);
    ov_payload_csv_header(&header, ov_check_importer(form->check), ov_payload_has_id(form->check));
    struct ov_check *site =
        header.failed ? NULL : ov_check_of_site(form->check, ov_form_settings(form), true, err);
    status = site ? ov_check_feed(site, header.ptr, header.len, err) : OV_E_MEMORY;
    if (status == OV_OK)
        status = ov_check_finish(site, err);
    if (status == OV_OK)
        status = ov_check_dry_run(site, NULL, out, refused, err);
    ov_check_free(site);
    ov_buf_deinit(&header);
    return status;
}

enum ov_status ov_form_write(struct ov_form *form, const struct ov_sink *out, struct ov_error *err)
{
    struct ov_receipt receipt = {0};
    enum ov_status status = emit_items(form->check, form->file, OV_PAYLOAD_CSV, out, &receipt, err);
    memcpy(form->items, receipt.payload_sha256, sizeof form->items);
    if (status == OV_OK && receipt.backslash_row)
        status = ov_fail(
            err, OV_E_OPTION,
            "data row %llu has a backslash before a quote (OV110), which the importer reads as "
            "an escape in any form of the file: remove the backslash",
            (unsigned long long)receipt.backslash_row);
    return status;
}

enum ov_status ov_form_vet(struct ov_form *form, const struct ov_source *uploaded,
                           struct ov_error *err)
{
    struct ov_soundness soundness = {0};
    bool same = true;
    if (!form->reasons)
        return OV_OK; /* ov_form_new has compared it if necessary */
    enum ov_status status = vet_as_site(form, uploaded, &same, err);
    if (status == OV_OK && !same)
        status = ov_check_soundness(form->site, &soundness, err);
    if (status == OV_OK && !same && !soundness.errors)
        status = ov_fail(err, OV_E_OPTION,
                         "the import service would read something other than what was vetted");
    return status;
}

struct ov_check *ov_form_check(const struct ov_form *form)
{
    return form->site ? form->site : form->check;
}
