/* page/draft_edit.c: see draft_edit.h. */
#include "page/draft_edit.h"

#include "base/error.h"
#include "draft/edit_steps.h"
#include "server/api/draft_steps.h"

bool ov_draft_edit_is(struct ov_text what)
{
    static const char *const names[] = {"edit", "undo", "redo", "reset", "steps"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ov_text_equal(what, ov_text_of(names[i])))
            return true;
    return false;
}

static enum ov_status try_step(void *ctx, struct ov_text label, struct ov_text edits,
                               struct ov_error *err)
{
    (void)label;
    return ov_edit_step_add(ctx, edits, err);
}

/* Refuses what is not a step, or is too much together with those there are; prints it as it is
 * kept. */
static bool is_step(struct ov_request *request, const struct ov_draft *draft, struct ov_text edits,
                    struct ov_buf *printed)
{
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_sql *sql = ov_request_read(request);
    struct ov_row_edits *trial = ov_row_edits_new();
    if (!sql) {
        ov_row_edits_free(trial);
        return false;
    }
    enum ov_status status = trial ? ov_draft_steps_read(sql, draft, false, try_step, trial, &err)
                                  : ov_fail_memory(&err);
    if (status == OV_OK)
        status = ov_edit_step_add(trial, edits, &err);
    if (status == OV_OK)
        status = ov_edit_step_print(edits, printed, &err);
    ov_row_edits_free(trial);
    return status == OV_OK || ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
}

static bool add_step(struct ov_request *request, const struct ov_draft *draft)
{
    struct ov_buf printed = {0};
    bool good =
        is_step(request, draft, ov_request_param(request, "edits"), &printed) &&
        ov_draft_steps_add(request, draft, ov_utf8_cut(ov_request_param(request, "label"), 1000),
                           ov_buf_view(&printed));
    ov_buf_deinit(&printed);
    return good;
}

/* Refuses a change to what the page has not seen: that of another window. */
static bool is_seen(struct ov_request *request, const struct ov_draft *draft)
{
    int64_t revision;
    return !ov_text_number(ov_request_param(request, "revision"), &revision) ||
           revision == draft->revision || ov_draft_steps_outdated(request);
}

static bool change(struct ov_request *request, const struct ov_draft *draft, struct ov_text what)
{
    if (ov_text_equal(what, OV_TEXT("steps")))
        return true;
    if (!is_seen(request, draft))
        return false;
    if (ov_text_equal(what, OV_TEXT("edit")))
        return add_step(request, draft);
    if (ov_text_equal(what, OV_TEXT("reset")))
        return ov_draft_steps_clear(request, draft);
    return ov_draft_steps_move(request, draft, ov_text_equal(what, OV_TEXT("redo")));
}

/* What an answer has of the steps: the newest ones. */
enum { LABELS_SHOWN = 200, EDITS_SHOWN = 2 << 20 /* bytes */ };

struct shown {
    struct ov_json *json;
    uint64_t skip; /* labels or bytes of edits */
};

static enum ov_status put_label(void *ctx, struct ov_text label, struct ov_text edits,
                                struct ov_error *err)
{
    struct shown *shown = ctx;
    (void)edits;
    (void)err;
    if (shown->skip)
        shown->skip--;
    else
        ov_json_text(shown->json, NULL, label);
    return OV_OK;
}

static enum ov_status put_edits(void *ctx, struct ov_text label, struct ov_text edits,
                                struct ov_error *err)
{
    struct shown *shown = ctx;
    (void)label;
    (void)err;
    if (shown->skip)
        shown->skip -= edits.len < shown->skip ? edits.len : shown->skip;
    else
        ov_json_raw(shown->json, NULL, edits);
    return OV_OK;
}

static enum ov_status count_bytes(void *ctx, struct ov_text label, struct ov_text edits,
                                  struct ov_error *err)
{
    (void)label;
    (void)err;
    *(uint64_t *)ctx += edits.len;
    return OV_OK;
}

static bool put_steps(struct ov_request *request, const struct ov_draft *draft)
{
    struct ov_json json = {.out = &request->answer.body};
    struct ov_error *err = &request->err;
    struct ov_sql *sql = ov_request_read(request);
    uint64_t count = (uint64_t)draft->steps, bytes = 0;
    struct shown done = {&json, count > LABELS_SHOWN ? count - LABELS_SHOWN : 0},
                 undone = {&json, 0}, edits = {&json, 0};
    if (!sql)
        return false;
    ov_json_object(&json, NULL);
    ov_json_number(&json, "count", count);
    ov_json_signed(&json, "revision", draft->revision);
    ov_json_list(&json, "done");
    enum ov_status status = ov_draft_steps_read(sql, draft, false, put_label, &done, err);
    ov_json_end(&json);
    ov_json_list(&json, "undone");
    if (status == OV_OK)
        status = ov_draft_steps_read(sql, draft, true, put_label, &undone, err);
    ov_json_end(&json);
    ov_json_list(&json, "edits");
    if (status == OV_OK)
        status = ov_draft_steps_read(sql, draft, false, count_bytes, &bytes, err);
    edits.skip = bytes > EDITS_SHOWN ? bytes - EDITS_SHOWN : 0;
    if (status == OV_OK)
        status = ov_draft_steps_read(sql, draft, false, put_edits, &edits, err);
    ov_json_end(&json);
    ov_json_end(&json);
    return status == OV_OK;
}

bool ov_draft_edit(struct ov_request *request, struct ov_text what)
{
    struct ov_draft_request call = {.request = request};
    struct ov_draft draft;
    return ov_draft_request_draft(&call) && change(request, &call.draft, what) &&
           ov_draft_find(request, call.item, &draft) && put_steps(request, &draft);
}
