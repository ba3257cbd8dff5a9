/* offline/offline.c: see offline.h. */
#include "offline/offline.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "draft/compare.h"
#include "draft/download.h"
#include "draft/edit_steps.h"
#include "draft/known_ids.h"
#include "draft/question.h"
#include "draft/reading.h"
#include "orgvet/payload.h"
#include "vet/check_access.h"

/* A vetted file, kept as long as it is read in the same way: that which is asked about, and the one
 * that it is compared with. */
struct kept {
    struct ov_view *view;
    struct ov_buf key;
};
static struct {
    struct kept draft, other;
    struct ov_buf steps; /* the edits in effect, steps one behind the other, separated by NUL */
    uint64_t revision;   /* of steps */
    struct ov_buf answer;
} state;

/* --- requests --- */

static struct ov_text param(const void *ctx, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(ctx, name);
    return cJSON_IsString(value) ? ov_text_of(value->valuestring) : (struct ov_text){0};
}

static enum ov_language language_of(const cJSON *request)
{
    return ov_language_of(param(request, "language"));
}

static const char *finish(const struct ov_error *err)
{
    struct ov_buf *out = &state.answer;
    if (err->status != OV_OK || out->failed) {
        struct ov_json json = {.out = out};
        ov_buf_deinit(out);
        ov_json_object(&json, NULL);
        ov_json_string(&json, "error", err->message[0] ? err->message : "out of memory");
        ov_json_string(&json, "errorcode",
                       err->status == OV_E_OPTION ? "invalidparameter" : "unreadable");
        ov_json_end(&json);
    }
    ov_buf_char(out, '\0');
    return out->failed ? "{\"error\":\"out of memory\",\"errorcode\":\"unreadable\"}" : out->ptr;
}

/* --- views --- */

static enum ov_status add_steps(struct ov_row_edits *edits, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    struct ov_text rest = ov_buf_view(&state.steps);
    while (rest.len && status == OV_OK) {
        struct ov_text step = {rest.ptr, strnlen(rest.ptr, rest.len)};
        status = ov_edit_step_add(edits, step, err);
        rest = (struct ov_text){step.ptr + step.len + 1, rest.len - step.len - 1};
    }
    return status;
}

/* Adds the identifiers of the other file, which parents may refer to. */
static enum ov_status add_existing(void *ctx, struct ov_check *check, struct ov_error *err)
{
    const struct ov_view *other = ctx;
    const struct ov_forest *forest = other ? ov_check_forest(other->check) : NULL;
    enum ov_status status = OV_OK;
    for (uint32_t row = 0; forest && row < forest->count && status == OV_OK; row++)
        if (ov_forest_id(forest, row).len)
            status = ov_check_add_existing(check, ov_forest_id(forest, row), err);
    return status;
}

static enum ov_status feed(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    return ov_snapshot_feed(ctx, bytes, len, err);
}

static struct ov_snapshot *read_other(void *ctx, const struct ov_importer *importer,
                                      struct ov_error *err)
{
    const struct ov_view *other = ctx;
    (void)importer;
    if (!other || !other->has_rows)
        return NULL;
    struct ov_snapshot *snapshot = ov_snapshot_new(other->check, err);
    if (snapshot && ov_view_bytes(other, UINT64_MAX, NULL, feed, snapshot, err) == OV_OK &&
        ov_snapshot_finish(snapshot, err) == OV_OK)
        return snapshot;
    ov_snapshot_free(snapshot);
    return NULL;
}

static struct ov_view *make(const cJSON *request, const struct ov_view *other, bool edited,
                            struct ov_error *err)
{
    struct ov_reading reading;
    struct ov_view_options *options = &reading.options;
    char rows[] = "/tmp/rows-XXXXXX";
    if (ov_reading_init(&reading, param, request, err) != OV_OK)
        return NULL;
    options->language = language_of(request);
    options->file_name = param(request, "name").ptr;
    options->max_findings = OV_FINDINGS_KEPT;
    options->existing = add_existing;
    options->read_framework = read_other;
    options->ctx = (void *)other;
    options->edits = edited && state.steps.len ? ov_row_edits_new() : NULL;
    if (options->edits && add_steps(options->edits, err) != OV_OK) {
        ov_row_edits_free(options->edits);
        return NULL;
    }
    struct ov_text path = param(request, "file");
    options->file = open(path.len ? path.ptr : "", O_RDONLY);
    options->rows = options->file < 0 ? -1 : mkstemp(rows);
    if (options->rows >= 0) {
        struct stat about;
        unlink(rows);
        /* A file in memory is copied whenever it grows: the rows take about as much as the file. */
        if (fstat(options->file, &about) == 0)
            (void)!ftruncate(options->rows, about.st_size + about.st_size / 8);
        return ov_view_new(options, err);
    }
    if (options->file >= 0)
        close(options->file);
    ov_row_edits_free(options->edits);
    ov_fail(err, OV_E_IO, "cannot read a file back");
    return NULL;
}

/* Takes the view that a request is about; `against`: of the file that it is compared with. */
static struct ov_view *take(struct kept *kept, const cJSON *request, const struct ov_view *other,
                            const char *context, struct ov_error *err)
{
    struct ov_buf key = {0};
    bool edited = kept == &state.draft;
    ov_buf_text(&key, param(request, "file"));
    ov_buf_char(&key, '\0');
    ov_buf_text(&key, param(request, "language"));
    ov_reading_key(param, request, &key);
    ov_buf_format(&key, " %llu %s", edited ? (unsigned long long)state.revision : 0ULL, context);
    if (kept->view && ov_text_equal(ov_buf_view(&key), ov_buf_view(&kept->key))) {
        ov_buf_deinit(&key);
        return kept->view;
    }
    ov_view_free(kept->view);
    ov_buf_deinit(&kept->key);
    kept->key = key;
    kept->view = make(request, other, edited, err);
    return kept->view;
}

static struct ov_view *view_of(const cJSON *request, struct ov_error *err)
{
    const cJSON *against = cJSON_GetObjectItemCaseSensitive(request, "against");
    struct ov_view *other = NULL;
    char *context = NULL;
    if (cJSON_IsObject(against)) {
        other = take(&state.other, against, NULL, "", err);
        context = other ? cJSON_PrintUnformatted(against) : NULL;
        if (other && !context)
            ov_fail_memory(err);
        if (!context)
            return NULL;
    }
    struct ov_view *view = take(&state.draft, request, other, context ? context : "", err);
    cJSON_free(context);
    return view;
}

/* --- what the worker calls --- */

/* Writes the value of `answer`; a failure in err takes its place. */
typedef void answer_fn(const cJSON *request, const char *path, struct ov_json *json,
                       struct ov_error *err);

/* Answers a request; path: of a file to be written, or NULL. */
static const char *answered(const char *text, const char *path, answer_fn *answer)
{
    cJSON *request = cJSON_Parse(text);
    struct ov_error err = {.language = language_of(request)};
    struct ov_json json = {.out = &state.answer};
    ov_buf_deinit(&state.answer);
    ov_buf_text(&state.answer, OV_TEXT("{\"answer\":"));
    answer(request, path, &json, &err);
    ov_buf_char(&state.answer, '}');
    const char *result = finish(&err);
    cJSON_Delete(request);
    return result;
}

static void not_found(struct ov_text what, struct ov_error *err)
{
    ov_fail(err, OV_E_OPTION, "`%.*s` not found", OV_FMT(what));
}

static void put_answer(const cJSON *request, const char *path, struct ov_json *json,
                       struct ov_error *err)
{
    struct ov_text what = param(request, "what");
    ov_answer_fn *answer = ov_answer_find(what);
    struct ov_view *view = answer ? view_of(request, err) : NULL;
    const struct ov_question question = {view, param(request, "name"), err->language, param,
                                         request};
    (void)path;
    if (!answer)
        not_found(what, err);
    else if (view)
        err->status = answer(&question, json, err);
}

const char *offline_ask(const char *request)
{
    return answered(request, NULL, put_answer);
}

static void put_known(const cJSON *request, const char *path, struct ov_json *json,
                      struct ov_error *err)
{
    struct ov_known_ids ids = {0};
    struct ov_view *view = view_of(request, err), *other = state.other.view;
    const struct ov_forest *forest = view && other ? ov_check_forest(other->check) : NULL;
    uint64_t known = 0;
    (void)path;
    if (view && !ov_known_ids_init(&ids, view->check))
        ov_fail_memory(err);
    for (uint32_t row = 0; forest && row < forest->count; row++)
        known += ov_known_ids_has(&ids, ov_forest_id(forest, row));
    ov_known_ids_deinit(&ids);
    ov_json_object(json, NULL);
    ov_json_number(json, "items", forest ? forest->count : 0);
    ov_json_number(json, "known", known);
    ov_json_end(json);
}

const char *offline_known(const char *request)
{
    return answered(request, NULL, put_known);
}

const char *offline_step(const char *edits)
{
    struct ov_error err = {0};
    struct ov_row_edits *trial = ov_row_edits_new();
    ov_buf_deinit(&state.answer);
    ov_buf_text(&state.answer, OV_TEXT("{\"answer\":"));
    if (!trial)
        ov_fail_memory(&err);
    else if (add_steps(trial, &err) == OV_OK &&
             ov_edit_step_add(trial, ov_text_of(edits), &err) == OV_OK &&
             ov_edit_step_print(ov_text_of(edits), &state.answer, &err) == OV_OK)
        ov_buf_char(&state.answer, '}');
    ov_row_edits_free(trial);
    return finish(&err);
}

void offline_steps_begin(void)
{
    ov_buf_deinit(&state.steps);
    state.revision++;
}
void offline_steps_add(const char *step)
{
    ov_buf_put(&state.steps, step, strlen(step) + 1);
}

static enum ov_status put(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    return ov_write_all(*(const int *)ctx, bytes, len)
               ? OV_OK
               : ov_fail(err, OV_E_IO, "cannot write a file: the disk is full");
}

/* Opens a file to be written; -1: it cannot be. */
static int begin_file(const char *path, struct ov_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0)
        ov_fail(err, OV_E_IO, "cannot write a file: the disk is full");
    return fd;
}

static void put_download(const cJSON *request, const char *path, struct ov_json *json,
                         struct ov_error *err)
{
    struct ov_text what = param(request, "what");
    const struct ov_download *download = ov_download_find(what);
    struct ov_view *view = download ? view_of(request, err) : NULL;
    int fd = view ? begin_file(path, err) : -1;
    const struct ov_sink sink = {put, &fd};
    if (!download)
        not_found(what, err);
    if (fd < 0)
        return;
    err->status =
        ov_download_write(download, view, param(request, "name").ptr, err->language, &sink, err);
    close(fd);
    ov_json_object(json, NULL);
    ov_json_string(json, "type", ov_download_type(download));
    ov_json_string(json, "ending", ov_download_ending(download));
    ov_json_end(json);
}

const char *offline_write(const char *request, const char *path)
{
    return answered(request, path, put_download);
}

static void put_template(const cJSON *request, const char *path, struct ov_json *json,
                         struct ov_error *err)
{
    struct ov_text name = param(request, "importer");
    const struct ov_importer *importer = ov_importer_find(name);
    bool workbook = ov_text_equal(param(request, "format"), OV_TEXT("xlsx"));
    int fd = importer ? begin_file(path, err) : -1;
    const struct ov_sink sink = {put, &fd};
    if (!importer)
        not_found(name, err);
    if (fd < 0)
        return;
    err->status = ov_importer_write_template(importer, workbook, err->language, &sink, err);
    close(fd);
    ov_json_null(json, NULL);
}

const char *offline_template(const char *request, const char *path)
{
    return answered(request, path, put_template);
}
