/* draft/question.c: see question.h. */
#include "draft/question.h"

#include "draft/answer.h"
#include "draft/reply.h"
#include "draft/todo.h"

struct ov_text ov_question_param(const struct ov_question *question, const char *name)
{
    return question->param(question->ctx, name);
}

uint32_t ov_question_number(const struct ov_question *question, const char *name, uint32_t most)
{
    return ov_text_number_up_to(ov_question_param(question, name), most);
}

/* What is to be done by hand; null without a comparison. */
static enum ov_status todo(const struct ov_question *question, struct ov_json *json,
                           struct ov_error *err)
{
    if (question->view->compare)
        return ov_todo_json(question->view->compare, OV_REPLY_MAX_ROWS, json, err);
    ov_json_null(json, NULL);
    return OV_OK;
}

static enum ov_status about(const struct ov_question *question, struct ov_json *json,
                            struct ov_error *err)
{
    return ov_answer_put(question->view, question->file_name, json, err);
}

ov_answer_fn *ov_answer_find(struct ov_text name)
{
    static const struct {
        const char *name;
        ov_answer_fn *answer;
    } answers[] = {
        {"about", about},
        {"todo", todo},
        {"rows", ov_answer_rows},
        {"row", ov_answer_row},
        {"position", ov_answer_position},
        {"find", ov_answer_find_rows},
        {"values", ov_answer_values},
        {"problems", ov_answer_problems},
        {"problem", ov_answer_problem},
        {"fixes", ov_answer_all_fixes},
        {"lines", ov_answer_lines},
        {"reading", ov_answer_reading},
        {"node", ov_answer_node},
        {"children", ov_answer_children},
        {"way", ov_answer_way},
        {"overview", ov_answer_overview},
        {"changes", ov_answer_changes},
        {"changed", ov_answer_changed},
        {"elsewhere", ov_answer_elsewhere},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (ov_text_equal(name, ov_text_of(answers[i].name)))
            return answers[i].answer;
    return NULL;
}
