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

/* Refuses what is not a step, before it is kept. */
static bool is_step(struct ov_request *request, struct ov_text edits)
{
    struct ov_error err = OV_ERROR_LIKE(&request->err);
    struct ov_row_edits *trial = ov_row_edits_new();
    enum ov_status status = trial ? ov_edit_step_add(trial, edits, &err) : ov_fail_memory(&err);
    ov_row_edits_free(trial);
    return status == OV_OK || ov_request_report(request, OV_FAULT_PARAMETER, status, &err);
}

static bool change(struct ov_request *request, const struct ov_draft *draft, struct ov_text what)
{
    struct ov_text edits = ov_request_param(request, "edits");
    if (ov_text_equal(what, OV_TEXT("edit")))
        return is_step(request, edits) &&
               ov_draft_steps_add(request, draft,
                                  ov_utf8_cut(ov_request_param(request, "label"), 1000), edits);
    if (ov_text_equal(what, OV_TEXT("reset")))
        return ov_draft_steps_clear(request, draft);
    return ov_text_equal(what, OV_TEXT("steps")) ||
           ov_draft_steps_move(request, draft, ov_text_equal(what, OV_TEXT("redo")));
}

static enum ov_status put_label(void *ctx, struct ov_text label, struct ov_text edits,
                                struct ov_error *err)
{
    (void)edits;
    (void)err;
    ov_json_text(ctx, NULL, label);
    return OV_OK;
}

enum { SHOWN = 2 << 20 /* bytes of edits in an answer */ };

static enum ov_status put_edits(void *ctx, struct ov_text label, struct ov_text edits,
                                struct ov_error *err)
{
    struct ov_json *json = ctx;
    (void)label;
    (void)err;
    if (json->out->len < SHOWN)
        ov_json_raw(json, NULL, edits);
    return OV_OK;
}

static bool put_steps(struct ov_request *request, const struct ov_draft *draft)
{
    struct ov_json json = {.out = &request->answer.body};
    struct ov_error *err = &request->err;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    ov_json_object(&json, NULL);
    ov_json_number(&json, "count", (uint64_t)draft->steps);
    ov_json_list(&json, "done");
    enum ov_status status = ov_draft_steps_read(sql, draft, false, put_label, &json, err);
    ov_json_end(&json);
    ov_json_list(&json, "undone");
    if (status == OV_OK)
        status = ov_draft_steps_read(sql, draft, true, put_label, &json, err);
    ov_json_end(&json);
    ov_json_list(&json, "edits");
    if (status == OV_OK)
        status = ov_draft_steps_read(sql, draft, false, put_edits, &json, err);
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
