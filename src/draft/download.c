/* draft/download.c: see download.h. */
#include "draft/download.h"

#include <string.h>

#include "base/error.h"
#include "book/book_writer.h"
#include "draft/corrected.h"
#include "draft/todo.h"
#include "orgvet/report.h"
#include "vet/check_access.h"

enum { FINDINGS_MOST = 200000 /* of a file that is copied with them */ };

/* What is written, and how. */
struct request {
    struct ov_view *view;
    const char *file_name;
    enum ov_language language;
    const struct ov_sink *out;
};
typedef enum ov_status write_fn(const struct request *request, struct ov_error *err);

static enum ov_status write_report(const struct request *request, const struct ov_format *format,
                                   struct ov_error *err)
{
    struct ov_report_options options = {.language = request->language};
    struct ov_view *view = request->view;
    struct ov_check *more =
        NULL; /* with more findings than are shown: a copy of the rows has all */
    if (ov_format_reads(format) && ov_check_list(view->check)->cut &&
        !(more = ov_view_vet(view, FINDINGS_MOST, err)))
        return err->status;
    struct ov_report *report = ov_report_new(format, &options, request->out, err);
    enum ov_status status = report ? ov_report_add(report, request->file_name,
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
static enum ov_status write_plain_copy(const struct request *request, struct ov_error *err)
{
    struct ov_view *view = request->view;
    const struct ov_sink *out = request->out;
    char start[8];
    size_t got = view->source.read_at(view->source.ctx, 0, start, sizeof start);
    struct ov_text head = {start, got};
    bool marked = ov_text_begins(head, OV_TEXT(OV_UTF8_MARK)) ||
                  ov_text_begins(head, OV_TEXT("sep=")) ||
                  strcmp(ov_check_result(view->check)->encoding, "UTF-8") != 0;
    enum ov_status status =
        marked ? OV_OK : out->write(out->ctx, OV_UTF8_MARK, strlen(OV_UTF8_MARK), err);
    return status == OV_OK ? ov_view_bytes(view, UINT64_MAX, NULL, out->write, out->ctx, err)
                           : status;
}

static enum ov_status write_copy(const struct request *request, struct ov_error *err)
{
    const struct ov_view *view = request->view;
    bool plain = !view->edits && !ov_check_result(view->check)->is_workbook;
    return plain ? write_plain_copy(request, err) : ov_corrected_csv(view, request->out, err);
}

static enum ov_status write_workbook(const struct request *request, struct ov_error *err)
{
    return ov_corrected_workbook(request->view, request->out, err);
}

/* What is to be done by hand; without a comparison an empty list would be wrong. */
static enum ov_status write_todo(const struct request *request, bool workbook, struct ov_error *err)
{
    if (!request->view->compare)
        return ov_fail(err, OV_E_OPTION, "choose the framework to compare the file with first");
    return ov_todo_write(request->view->compare, request->language, workbook, request->out, err);
}

static enum ov_status write_todo_csv(const struct request *request, struct ov_error *err)
{
    return write_todo(request, false, err);
}

static enum ov_status write_todo_workbook(const struct request *request, struct ov_error *err)
{
    return write_todo(request, true, err);
}

static enum ov_status write_new_rows(const struct request *request, struct ov_error *err)
{
    return ov_new_rows_write(request->view, request->out, err);
}

#define CSV_TYPE "text/csv; charset=utf-8"

/* write: NULL for a report, whose format has the same name. */
struct ov_download {
    const char *name, *type, *ending;
    write_fn *write;
};

static const struct ov_download downloads[] = {
    {"csv", CSV_TYPE, "annotated.csv", NULL},
    {"json", "application/json", "report.json", NULL},
    {"xlsx", OV_XLSX_TYPE, "annotated.xlsx", NULL},
    {"html", "text/html; charset=utf-8", "report.html", NULL},
    {"copy", CSV_TYPE, "csv", write_copy},
    {"workbook", OV_XLSX_TYPE, "xlsx", write_workbook},
    {"todo", CSV_TYPE, "todo.csv", write_todo_csv},
    {"todo-workbook", OV_XLSX_TYPE, "todo.xlsx", write_todo_workbook},
    {"new-rows", CSV_TYPE, "new.csv", write_new_rows},
};

const struct ov_download *ov_download_find(struct ov_text what)
{
    for (size_t i = 0; i < sizeof downloads / sizeof *downloads; i++)
        if (ov_text_equal(what, ov_text_of(downloads[i].name)))
            return &downloads[i];
    return NULL;
}

const char *ov_download_type(const struct ov_download *download)
{
    return download->type;
}

const char *ov_download_ending(const struct ov_download *download)
{
    return download->ending;
}

enum ov_status ov_download_write(const struct ov_download *download, struct ov_view *view,
                                 const char *file_name, enum ov_language language,
                                 const struct ov_sink *out, struct ov_error *err)
{
    const struct request request = {view, file_name, language, out};
    return download->write
               ? download->write(&request, err)
               : write_report(&request, ov_format_find(ov_text_of(download->name)), err);
}
