/* page/draft_routes.c: see draft_routes.h. */
#include "page/draft_routes.h"

#include "draft/question.h"
#include "page/draft_download.h"
#include "page/draft_edit.h"
#include "page/draft_targets.h"

static struct ov_text param(const void *ctx, const char *name)
{
    return ov_request_param(ctx, name);
}

bool ov_draft_answer(struct ov_request *request, struct ov_text what)
{
    struct ov_draft_request call = {.request = request};
    struct ov_json json = {.out = &request->answer.body};
    static const struct {
        const char *name;
        enum ov_status (*answer)(struct ov_draft_request *call, struct ov_json *json,
                                 struct ov_error *err);
    } own[] = {{"ready", ov_draft_ready}, {"targets", ov_draft_targets}};
    enum { OWN = sizeof own / sizeof *own };
    size_t which = 0;
    while (which < OWN && !ov_text_equal(what, ov_text_of(own[which].name)))
        which++;
    if (ov_draft_edit_is(what))
        return ov_draft_edit(request, what);
    ov_answer_fn *answer = ov_answer_find(what);
    if (which == OWN && !answer)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    if (!ov_draft_request_take(&call))
        return false;
    const struct ov_question question = {call.view, call.draft.name, call.reading.options.language,
                                         param, request};
    return ov_draft_request_give(&call, which < OWN ? own[which].answer(&call, &json, &request->err)
                                                    : answer(&question, &json, &request->err));
}
