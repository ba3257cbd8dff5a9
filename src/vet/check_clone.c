/* vet/check_clone.c: see check_clone.h. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "vet/check_internal.h"
#include "vet/check_clone.h"

static enum ov_status copy_existing(struct ov_check *check, const struct ov_check *model,
                                    struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (uint32_t i = 0; i < model->forest->existing && status == OV_OK; i++)
        status = ov_check_add_existing(check, ov_forest_name(model->forest, OV_NODE_NAME + i), err);
    return status;
}

static enum ov_status copy_choices(struct ov_check *check, const struct ov_check *model,
                                   struct ov_error *err)
{
    enum ov_status status = OV_OK;
    if (!ov_settings_copy(&check->settings, &model->settings))
        return ov_fail_memory(err);
    memcpy(check->list.severity, model->list.severity, sizeof check->list.severity);
    memcpy(check->list.stays, model->list.stays, sizeof check->list.stays);
    for (size_t i = 0; i < model->pattern_count && status == OV_OK; i++)
        status =
            ov_check_set_pattern(check, model->patterns[i].field, model->patterns[i].regex, err);
    for (size_t i = 0; i < model->marker_count && status == OV_OK; i++)
        status = ov_check_add_root_marker(check, model->markers[i], err);
    if (status == OV_OK)
        status = ov_layout_copy(&check->layout, &model->layout, err);
    return status == OV_OK ? copy_existing(check, model, err) : status;
}

static struct ov_check *clone_check(const struct ov_check *model, struct ov_check_options *options,
                                    struct ov_error *err)
{
    options->importer = model->importer;
    options->file_name = model->file_name;
    struct ov_check *check = ov_check_new(options, err);
    if (check && copy_choices(check, model, err) != OV_OK) {
        ov_check_free(check);
        return NULL;
    }
    return check;
}

struct ov_check *ov_check_like(const struct ov_check *model, const struct ov_read_options *read,
                               struct ov_error *err)
{
    struct ov_check_options options = model->options;
    options.read = *read;
    options.keep_for_reread = false;
    return clone_check(model, &options, err);
}

struct ov_check *ov_check_again(const struct ov_check *model, uint64_t findings,
                                struct ov_error *err)
{
    struct ov_check_options options = model->options;
    options.max_findings = findings;
    return clone_check(model, &options, err);
}

struct ov_check *ov_check_of_site(const struct ov_check *model, struct ov_text settings,
                                  bool settings_only, struct ov_error *err)
{
    const struct ov_check_options options = {.importer = model->importer,
                                             .file_name = model->file_name,
                                             .language = model->options.language,
                                             .threads = model->options.threads,
                                             .importer_required = true,
                                             .settings_only = settings_only,
                                             .keep_for_reread = !settings_only};
    struct ov_check *check = ov_check_new(&options, err);
    if (check && (ov_settings_put_json(&check->settings, settings, err) != OV_OK ||
                  copy_existing(check, model, err) != OV_OK)) {
        ov_check_free(check);
        return NULL;
    }
    return check;
}

enum ov_status ov_vet_source(struct ov_check *check, const struct ov_source *source, uint64_t size,
                             struct ov_error *err)
{
    enum { PIECE = 128 * 1024 };
    char *piece = malloc(PIECE);
    enum ov_status status = piece ? OV_OK : ov_fail_memory(err);
    uint64_t at = 0;
    ov_check_expect(check, size);
    for (size_t got = 1; got && status == OV_OK; at += got)
        if ((got = source->read_at(source->ctx, at, piece, PIECE)) > 0)
            status = ov_check_feed(check, piece, got, err);
    free(piece);
    if (status == OV_OK && at < size)
        return ov_fail(err, OV_E_IO, "cannot read a file back");
    return status == OV_OK ? ov_check_finish(check, err) : status;
}
