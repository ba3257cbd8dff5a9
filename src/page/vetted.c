/* page/vetted.c: see vetted.h. */
#include "page/asked.h"
#include "page/facts.h"
#include "page/vetted.h"

static enum ov_status about(struct ov_asked *asked, struct ov_buf *out, struct ov_error *err)
{
    return ov_facts_put(asked->look, asked->draft.name, out, err);
}

static const struct {
    const char *name;
    ov_question *ask;
} questions[] = {
    {"about", about},
    {"rows", ov_ask_rows},
    {"row", ov_ask_row},
    {"position", ov_ask_position},
    {"next", ov_ask_next},
    {"at", ov_ask_row_at},
    {"find", ov_ask_find},
    {"node", ov_ask_node},
    {"children", ov_ask_children},
    {"way", ov_ask_way},
    {"overview", ov_ask_overview},
    {"changes", ov_ask_changes},
    {"changed", ov_ask_changed},
    {"fix", ov_ask_fix},
};

bool ov_vetted_ask(struct ov_request *request, struct ov_text what)
{
    struct ov_asked asked = {.request = request};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (ov_text_equal(what, ov_text_of(questions[i].name)))
            return ov_asked_take(&asked) &&
                   ov_asked_give(&asked,
                                 questions[i].ask(&asked, &request->answer.body, &request->err));
    return ov_fault(request, OV_FAULT_NO_FILE, NULL);
}
