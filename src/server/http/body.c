/* server/http/body.c: see body.h. */
#include "server/http/body.h"

#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "server/http/route.h"
#include "server/store/content.h"

enum {
    NAME_MAX_BYTES = 255,
    FILES_MAX = 16, /* per request: each uses a file descriptor */
};

/* Sets *name to the last component of a file name; false if that is not a valid file name. */
static bool sound_name(struct ov_request *request, struct ov_text given, struct ov_text *name)
{
    for (size_t i = given.len; i-- > 0;) {
        if (given.ptr[i] != '/' && given.ptr[i] != '\\')
            continue;
        given.ptr += i + 1;
        given.len -= i + 1;
        break;
    }
    bool sound = given.len > 0 && given.len <= NAME_MAX_BYTES &&
                 ov_utf8_valid_prefix(given, NULL) == given.len &&
                 !ov_text_equal(given, OV_TEXT(".")) && !ov_text_equal(given, OV_TEXT(".."));
    for (size_t i = 0; sound && i < given.len; i++)
        sound = (unsigned char)given.ptr[i] >= 0x20 && given.ptr[i] != 0x7F;
    *name = sound ? ov_pool_text(&request->pool, given) : (struct ov_text){0};
    return sound;
}

/* Counts bytes kept in memory. */
static bool count_buffered(struct ov_body *body, size_t len)
{
    body->values += len;
    if (body->values > OV_FORM_MAX)
        return ov_fault(body->request, OV_FAULT_TOO_LARGE, "its parameters are longer than 1 MiB");
    return ov_request_reserve(body->request, OV_QUOTA_MEMORY, len);
}

static bool put_param(struct ov_body *body, struct ov_text name, struct ov_text value)
{
    enum ov_params_problem problem = ov_params_put(&body->request->params, name, value);
    return problem == OV_PARAMS_FINE ||
           ov_fault(body->request, OV_FAULT_BAD_REQUEST, "%s", ov_params_problem_text(problem));
}

static bool begin_file(struct ov_body *body, struct ov_text file_name)
{
    struct ov_request *request = body->request;
    struct ov_text name;
    body->in_file = true;
    body->file = NULL;
    if (!body->takes_files || file_name.len == 0) /* a browser's file field that was left empty */
        return true;
    if (!sound_name(request, file_name, &name))
        return ov_fault(request, OV_FAULT_BAD_REQUEST,
                        "a file name must be 1 to 255 bytes of UTF-8 without control characters");
    if (++body->files > FILES_MAX)
        return ov_fault(request, OV_FAULT_TOO_LARGE, "it contains more than %d files",
                        (int)FILES_MAX);
    if (body->files == 1 && !request->route->admits_files(request))
        return false;
    ov_request_read_end(request);
    if (!ov_request_reserve(request, OV_QUOTA_FILES, 1))
        return false;
    struct ov_upload *upload = ov_arena_take(&request->pool.arena, sizeof *upload);
    if (!upload)
        return ov_request_fail_memory(request);
    *upload = (struct ov_upload){.name = name};
    upload->fd = ov_store_scratch(request->service->store, &request->err);
    if (body->last_file)
        body->last_file->next = upload;
    else
        request->uploads = upload;
    body->last_file = body->file = upload;
    return upload->fd >= 0;
}

static bool on_part(void *ctx, struct ov_text name, bool is_file, struct ov_text file_name)
{
    struct ov_body *body = ctx;
    body->in_file = false;
    body->form.len = 0;
    if (!count_buffered(body, name.len + file_name.len))
        return false;
    body->name = ov_pool_text(&body->request->pool, name);
    return !is_file || begin_file(body, file_name);
}

static bool put_in_file(struct ov_body *body, const char *bytes, size_t len)
{
    struct ov_service *service = body->request->service;
    struct ov_upload *upload = body->file;
    if (upload->too_large)
        return true;
    if (upload->size + len > service->options.max_upload) {
        upload->too_large = true;
        return true;
    }
    if (!ov_request_reserve(body->request, OV_QUOTA_DISK, len))
        return false;
    upload->size += len;
    if (ov_write_all(upload->fd, bytes, len))
        return true;
    return ov_fail(&body->request->err, OV_E_IO, "an upload cannot be stored: the disk is full") ==
           OV_OK;
}

static bool on_bytes(void *ctx, const char *bytes, size_t len)
{
    struct ov_body *body = ctx;
    if (body->in_file)
        return !body->file || put_in_file(body, bytes, len);
    if (!count_buffered(body, len))
        return false;
    ov_buf_put(&body->form, bytes, len);
    return true;
}

static bool on_end(void *ctx)
{
    struct ov_body *body = ctx;
    return body->in_file || put_param(body, body->name,
                                      ov_pool_text(&body->request->pool, ov_buf_view(&body->form)));
}

static bool is_type(struct ov_text header, struct ov_text type)
{
    const char *semicolon = header.len ? memchr(header.ptr, ';', header.len) : NULL;
    if (semicolon)
        header.len = (size_t)(semicolon - header.ptr);
    return ov_text_equal_nocase(ov_text_trim(header), type);
}

void ov_body_begin(struct ov_body *body, struct ov_request *request, struct ov_text content_type)
{
    const struct ov_multipart_handler handler = {on_part, on_bytes, on_end, body};
    *body = (struct ov_body){.request = request,
                             .takes_files = request->route && request->route->admits_files};
    if (is_type(content_type, OV_TEXT("multipart/form-data"))) {
        body->kind = OV_BODY_MULTIPART;
        body->multipart = ov_multipart_new(content_type, &handler);
        if (!body->multipart)
            ov_fault(request, OV_FAULT_BAD_REQUEST,
                     "the Content-Type header does not contain a valid boundary");
    } else if (is_type(content_type, OV_TEXT("application/x-www-form-urlencoded"))) {
        body->kind = OV_BODY_FORM;
    }
}

static void feed_multipart(struct ov_body *body, const char *bytes, size_t len, bool end)
{
    enum ov_multipart_problem problem =
        end ? ov_multipart_finish(body->multipart) : ov_multipart_feed(body->multipart, bytes, len);
    if (problem == OV_MULTIPART_FINE || problem == OV_MULTIPART_STOPPED)
        return;
    if (problem == OV_MULTIPART_TRUNCATED && body->takes_files)
        ov_fault(body->request, OV_FAULT_PARTIAL, NULL);
    else
        ov_fault(body->request, OV_FAULT_BAD_REQUEST, "%s", ov_multipart_problem_text(problem));
}

void ov_body_feed(struct ov_body *body, const char *bytes, size_t len)
{
    struct ov_request *request = body->request;
    body->received += len;
    if (!ov_request_is_good(request))
        return;
    if (body->kind == OV_BODY_NONE)
        ov_fault(
            request, OV_FAULT_BAD_REQUEST,
            "the request body must be application/x-www-form-urlencoded or multipart/form-data");
    else if (body->kind == OV_BODY_MULTIPART)
        feed_multipart(body, bytes, len, false);
    else if (count_buffered(body, len))
        ov_buf_put(&body->form, bytes, len);
}

void ov_body_end(struct ov_body *body)
{
    struct ov_request *request = body->request;
    if (body->form.failed)
        (void)!ov_fail_memory(&request->err);
    if (!ov_request_is_good(request) || body->received == 0)
        return;
    if (body->kind == OV_BODY_MULTIPART) {
        feed_multipart(body, NULL, 0, true);
        return;
    }
    enum ov_params_problem problem = ov_params_put_form(&request->params, ov_buf_view(&body->form));
    if (problem != OV_PARAMS_FINE)
        ov_fault(request, OV_FAULT_BAD_REQUEST, "%s", ov_params_problem_text(problem));
}

void ov_body_deinit(struct ov_body *body)
{
    ov_multipart_free(body->multipart);
    ov_buf_deinit(&body->form);
    *body = (struct ov_body){0};
}
