/* draft/question.h: the questions that the page can ask about a vetted file; answers are JSON. They
 * do not depend on each other. */
#ifndef DRAFT_QUESTION_H
#define DRAFT_QUESTION_H

#include "draft/view.h"

/* A question with its parameters. */
struct ov_question {
    struct ov_view *view;      /* borrowed */
    struct ov_text file_name;  /* borrowed */
    enum ov_language language; /* of texts in the answer */
    /* Returns a parameter by name, borrowed; empty when it was not given. */
    struct ov_text (*param)(const void *ctx, const char *name);
    const void *ctx; /* of param */
};

/* Writes the answer. OV_E_OPTION for invalid parameters; else the failures of the view (view.h).
 */
typedef enum ov_status ov_answer_fn(const struct ov_question *question, struct ov_json *json,
                                    struct ov_error *err);

/* The function that answers a question, by name; NULL when there is no such question. */
ov_answer_fn *ov_answer_find(struct ov_text name);

/* A parameter by name, borrowed; empty when it was not given. */
struct ov_text ov_question_param(const struct ov_question *question, const char *name);
/* A parameter as a number, limited to `most`; 0 when it is not a number. */
uint32_t ov_question_number(const struct ov_question *question, const char *name, uint32_t most);

/* answer_rows.c */
ov_answer_fn ov_answer_rows, ov_answer_row, ov_answer_position, ov_answer_find_rows,
    ov_answer_values;
/* answer_problems.c */
ov_answer_fn ov_answer_problems, ov_answer_problem, ov_answer_all_fixes;
/* answer_reading.c */
ov_answer_fn ov_answer_lines, ov_answer_reading;
/* answer_tree.c */
ov_answer_fn ov_answer_node, ov_answer_children, ov_answer_way, ov_answer_overview,
    ov_answer_elsewhere, ov_answer_changes, ov_answer_changed;

#endif
