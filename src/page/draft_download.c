/* page/draft_download.c: see draft_download.h. */
#include "page/draft_download.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "book/book_writer.h"
#include "orgvet/payload.h"
#include "orgvet/report.h"
#include "draft/corrected.h"
#include "draft/todo.h"
#include "server/jobs/job.h"
#include "vet/check_access.h"

/* An unnamed file being written; its bytes count against the disk quota. */
struct written {
    struct ov_request *request;
    int fd;
};

enum { FINDINGS_MOST = 200000 /* of a file that is copied with them */ };

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

static enum ov_status write_report(struct ov_draft_request *call, const struct ov_format *format,
                                   struct written *file, struct ov_error *err)
{
    struct ov_report_options options = {.language = call->options.language};
    struct ov_sink sink = {put_in_file, file};
    struct ov_view *view = call->view;
    struct ov_check *more =
        NULL; /* with more findings than are shown: a copy of the rows has all */
    if (ov_format_reads(format) && ov_check_list(view->check)->cut &&
        !(more = ov_view_vet(view, FINDINGS_MOST, err)))
        return err->status;
    struct ov_report *report = ov_report_new(format, &options, &sink, err);
    enum ov_status status = report ? ov_report_add(report, call->options.file_name,
                                                   more ? more : view->check, &view->source, err)
                                   : err->status;
    if (status == OV_OK)
        status = ov_report_end(report, err);
    ov_report_free(report);
    ov_check_free(more);
    return status;
}

/* Copies the draft, for people: in UTF-8 with its mark, without which a spreadsheet takes it for
 * something else. A line that names the delimiter must stay the first. */
static enum ov_status write_plain_copy(struct ov_draft_request *call, struct written *file,
                                       struct ov_error *err)
{
    struct ov_view *view = call->view;
    char start[8];
    size_t got = view->source.read_at(view->source.ctx, 0, start, sizeof start);
    struct ov_text head = {start, got};
    bool marked = ov_text_begins(head, OV_TEXT(OV_UTF8_MARK)) ||
                  ov_text_begins(head, OV_TEXT("sep=")) ||
                  strcmp(ov_check_result(view->check)->encoding, "UTF-8") != 0;
    enum ov_status status =
        marked ? OV_OK : put_in_file(file, OV_UTF8_MARK, strlen(OV_UTF8_MARK), err);
    return status == OV_OK ? ov_view_bytes(view, UINT64_MAX, NULL, put_in_file, file, err) : status;
}

static enum ov_status write_copy(struct ov_draft_request *call, struct written *file,
                                 struct ov_error *err)
{
    const struct ov_sink sink = {put_in_file, file};
    bool plain = !call->view->edits && !ov_check_result(call->view->check)->is_workbook;
    return plain ? write_plain_copy(call, file, err) : ov_corrected_csv(call->view, &sink, err);
}

static enum ov_status write_workbook(struct ov_draft_request *call, struct written *file,
                                     struct ov_error *err)
{
    const struct ov_sink sink = {put_in_file, file};
    return ov_corrected_workbook(call->view, &sink, err);
}

/* Sends the draft itself. */
static bool send_draft(struct ov_draft_request *call)
{
    struct ov_request *request = call->request;
    struct ov_answer *answer = &request->answer;
    int64_t size = 0;
    if (!ov_draft_request_draft(call))
        return false;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql ||
        ov_sql_number(sql, "SELECT size FROM content WHERE id = ?1",
                      OV_BIND(OV_SQL_I(call->draft.content)), &size, NULL, &request->err) != OV_OK)
        return false;
    answer->content = call->draft.content;
    answer->size = (uint64_t)size;
    answer->type = "application/octet-stream";
    answer->file_name = call->draft.name;
    return true;
}

/* What is to be done by hand; without a comparison an empty list would be wrong. */
static enum ov_status write_todo(struct ov_draft_request *call, struct written *file, bool workbook,
                                 struct ov_error *err)
{
    const struct ov_sink sink = {put_in_file, file};
    if (!call->view->compare)
        return ov_fail(err, OV_E_OPTION, "choose the framework to compare the file with first");
    return ov_todo_write(call->view->compare, call->options.language, workbook, &sink, err);
}

static enum ov_status write_todo_csv(struct ov_draft_request *call, struct written *file,
                                     struct ov_error *err)
{
    return write_todo(call, file, false, err);
}

static enum ov_status write_todo_workbook(struct ov_draft_request *call, struct written *file,
                                          struct ov_error *err)
{
    return write_todo(call, file, true, err);
}

static enum ov_status write_new_rows(struct ov_draft_request *call, struct written *file,
                                     struct ov_error *err)
{
    const struct ov_sink sink = {put_in_file, file};
    return ov_new_rows_write(call->view, &sink, err);
}

typedef enum ov_status write_fn(struct ov_draft_request *call, struct written *file,
                                struct ov_error *err);

/* Sends a report or, with no format, what a function writes. */
static bool send_report(struct ov_draft_request *call, const struct ov_format *format,
                        write_fn *write, const char *type, const char *ending)
{
    struct ov_request *request = call->request;
    struct ov_answer *answer = &request->answer;
    struct ov_text stem = ov_framework_name(call->draft.name);
    struct written file;
    struct stat about;
    enum ov_status status = OV_E_IO;
    if (begin_file(request, &file, &request->err))
        status = format ? write_report(call, format, &file, &request->err)
                        : write(call, &file, &request->err);
    bool good = ov_draft_request_give(call, request->fault == OV_FAULT_NONE ? status : OV_OK);
    if (good && fstat(file.fd, &about) == 0) {
        answer->file = file.fd;
        answer->size = (uint64_t)about.st_size;
        answer->type = type;
        answer->file_name = ov_pool_format(&request->pool, "%.*s.%s", OV_FMT(stem), ending);
        return true;
    }
    if (file.fd >= 0)
        close(file.fd);
    return false;
}

bool ov_draft_download(struct ov_request *request)
{
    static const char *const kinds[][3] = {
        {"csv", "text/csv; charset=utf-8", "annotated.csv"},
        {"json", "application/json", "report.json"},
        {"xlsx", OV_XLSX_TYPE, "annotated.xlsx"},
        {"html", "text/html; charset=utf-8", "report.html"},
    };
    static const char csv[] = "text/csv; charset=utf-8";
    static const struct {
        const char *what;
        write_fn *write;
        const char *type, *ending;
    } written[] = {{"copy", write_copy, csv, "csv"},
                   {"workbook", write_workbook, OV_XLSX_TYPE, "xlsx"},
                   {"todo", write_todo_csv, csv, "todo.csv"},
                   {"todo-workbook", write_todo_workbook, OV_XLSX_TYPE, "todo.xlsx"},
                   {"new-rows", write_new_rows, csv, "new.csv"}};
    struct ov_text what = ov_request_param(request, "what");
    struct ov_draft_request call = {.request = request};
    if (!request->caller.downloads)
        return ov_fault(request, OV_FAULT_ACCESS, "The token's service does not allow downloads");
    if (ov_text_equal(what, OV_TEXT("file")))
        return send_draft(&call);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (ov_text_equal(what, ov_text_of(written[i].what)))
            return ov_draft_request_take(&call) &&
                   send_report(&call, NULL, written[i].write, written[i].type, written[i].ending);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (ov_text_equal(what, ov_text_of(kinds[i][0])))
            return ov_draft_request_take(&call) &&
                   send_report(&call, ov_format_find(what), NULL, kinds[i][1], kinds[i][2]);
    return ov_fault(request, OV_FAULT_NO_FILE, NULL);
}
