/* page/draft_routes.c: see draft_routes.h. */
#include "page/draft_routes.h"

#include "draft/question.h"
#include "page/draft_download.h"
#include "page/draft_edit.h"

static struct ov_text param(const void *ctx, const char *name)
{
    return ov_request_param(ctx, name);
}

bool ov_draft_answer(struct ov_request *request, struct ov_text what)
{
    struct ov_draft_request call = {.request = request};
    struct ov_json json = {.out = &request->answer.body};
    bool fix = ov_text_equal(what, OV_TEXT("fix")), ready = ov_text_equal(what, OV_TEXT("ready"));
    if (ov_draft_edit_is(what))
        return ov_draft_edit(request, what);
    ov_answer_fn *answer = ov_answer_find(what);
    if (!fix && !ready && !answer)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    if (!ov_draft_request_take(&call))
        return false;
    const struct ov_question question = {call.view, call.draft.name, call.options.language, param,
                                         request};
    return ov_draft_request_give(&call, fix     ? ov_draft_fix(&call, &json, &request->err)
                                        : ready ? ov_draft_ready(&call, &json, &request->err)
                                                : answer(&question, &json, &request->err));
}
