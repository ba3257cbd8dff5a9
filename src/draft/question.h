/* draft/question.h: what can be asked about a vetted file; answers are JSON. Nothing depends on
 * what was asked before. */
#ifndef DRAFT_QUESTION_H
#define DRAFT_QUESTION_H

#include "draft/view.h"

struct ov_question {
    struct ov_view *view;     /* borrowed */
    struct ov_text file_name; /* borrowed */
    enum ov_language language;
    /* The parameter of a name, borrowed; empty when it was not given. */
    struct ov_text (*param)(const void *ctx, const char *name);
    const void *ctx;
};

/* Appends the answer. */
typedef enum ov_status ov_answer_fn(const struct ov_question *question, struct ov_buf *out,
                                    struct ov_error *err);

/* What answers the question of a name; NULL: there is none. */
ov_answer_fn *ov_answer_find(struct ov_text name);

struct ov_text ov_question_param(const struct ov_question *question, const char *name);
/* A number among the parameters, from 0 to most; 0 when it is not one. */
uint32_t ov_question_number(const struct ov_question *question, const char *name, uint32_t most);

/* answer_rows.c */
ov_answer_fn ov_answer_rows, ov_answer_row, ov_answer_position, ov_answer_next, ov_answer_row_at,
    ov_answer_find_rows;
/* answer_tree.c */
ov_answer_fn ov_answer_node, ov_answer_children, ov_answer_way, ov_answer_overview,
    ov_answer_changes, ov_answer_changed;

#endif
