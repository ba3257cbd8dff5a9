/* page/draft_download.c: see draft_download.h. */
#include "page/draft_download.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "orgvet/payload.h"
#include "draft/download.h"
#include "server/jobs/job.h"

/* An unnamed file being written; its bytes count against the disk quota. */
struct written {
    struct ov_request *request;
    int fd;
};

static bool begin_file(struct ov_request *request, struct written *file, struct ov_error *err)
{
    *file = (struct written){request, -1};
    if (ov_request_reserve(request, OV_QUOTA_FILES, 1))
        file->fd = ov_store_scratch(request->service->store, err);
    return file->fd >= 0;
}

static enum ov_status put_in_file(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    struct written *file = ctx;
    if (!ov_request_reserve(file->request, OV_QUOTA_DISK, len))
        return ov_fail(err, OV_E_REFUSED, "too much data is being written for this address");
    return ov_write_all(file->fd, bytes, len)
               ? OV_OK
               : ov_fail(err, OV_E_IO, "cannot write a file: the disk is full");
}

/* --- what is uploaded --- */

/* Writes the form in which the file is imported to a draft of its own. */
static bool add_form(struct ov_draft_request *call, struct ov_form *form, int64_t *item,
                     enum ov_status *status, struct ov_error *err)
{
    struct ov_upload upload = {.name = call->draft.name};
    struct written file;
    struct stat about;
    const struct ov_sink sink = {put_in_file, &file};
    int64_t drop = 0;
    if (!call->request->caller.uploads)
        return ov_fault(call->request, OV_FAULT_ACCESS,
                        "The token's service does not accept files");
    if (!begin_file(call->request, &file, err)) {
        *status = err->status;
        return false;
    }
    *status = ov_form_write(form, &sink, err);
    if (*status == OV_OK && fstat(file.fd, &about) != 0)
        *status = ov_fail(err, OV_E_IO, "a file cannot be read back");
    upload.fd = file.fd;
    upload.size = *status == OV_OK ? (uint64_t)about.st_size : 0;
    ov_text_number(ov_request_param(call->request, "drop"), &drop);
    bool good = *status == OV_OK && ov_draft_add(call->request, &upload, drop, item);
    close(file.fd);
    return good;
}

enum ov_status ov_draft_ready(struct ov_draft_request *call, struct ov_json *json,
                              struct ov_error *err)
{
    struct ov_view *view = call->view;
    int64_t item = call->item;
    struct ov_form *form = ov_form_new(view->check, &view->source, err);
    enum ov_status status = form ? OV_OK : err->status;
    bool good = status == OV_OK;
    if (good && ov_form_reasons(form))
        good = add_form(call, form, &item, &status, err);
    if (good) {
        ov_json_object(json, NULL);
        ov_json_signed(json, "item", item);
        ov_json_raw(json, "settings", ov_form_settings(form));
        ov_json_text(json, "reasons", ov_form_reasons_text(form));
        ov_json_end(json);
    }
    ov_form_free(form);
    return status;
}

/* --- downloads --- */

/* Sends the draft itself. */
static bool send_draft(struct ov_draft_request *call)
{
    struct ov_request *request = call->request;
    struct ov_answer *answer = &request->answer;
    if (!ov_draft_request_draft(call))
        return false;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql || ov_content_size(sql, call->draft.content, &answer->size, &request->err) != OV_OK)
        return false;
    answer->content = call->draft.content;
    answer->type = "application/octet-stream";
    answer->file_name = call->draft.name;
    return true;
}

/* Sends what is written to a file first: only then it is known whether it could be. */
static bool send_written(struct ov_draft_request *call, const struct ov_download *download)
{
    struct ov_request *request = call->request;
    struct ov_answer *answer = &request->answer;
    struct ov_text stem = ov_framework_name(call->draft.name);
    struct written file;
    struct stat about;
    enum ov_status status = OV_E_IO;
    const struct ov_sink sink = {put_in_file, &file};
    if (begin_file(request, &file, &request->err))
        status = ov_download_write(download, call->view, call->reading.options.file_name,
                                   call->reading.options.language, &sink, &request->err);
    bool good = ov_draft_request_give(call, request->fault == OV_FAULT_NONE ? status : OV_OK);
    if (good && fstat(file.fd, &about) == 0) {
        answer->file = file.fd;
        answer->size = (uint64_t)about.st_size;
        answer->type = ov_download_type(download);
        answer->file_name =
            ov_pool_format(&request->pool, "%.*s.%s", OV_FMT(stem), ov_download_ending(download));
        return true;
    }
    if (file.fd >= 0)
        close(file.fd);
    return false;
}

bool ov_draft_download(struct ov_request *request)
{
    struct ov_text what = ov_request_param(request, "what");
    struct ov_draft_request call = {.request = request};
    const struct ov_download *download = ov_download_find(what);
    if (!request->caller.downloads)
        return ov_fault(request, OV_FAULT_ACCESS, "The token's service does not allow downloads");
    if (ov_text_equal(what, OV_TEXT("file")))
        return send_draft(&call);
    if (!download)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    return ov_draft_request_take(&call) && send_written(&call, download);
}
