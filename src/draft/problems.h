/* draft/problems.h: what is wrong with a vetted file, by kind: findings of one rule and one column
 * are one problem to people, and findings about the same value are one of its values. */
#ifndef DRAFT_PROBLEMS_H
#define DRAFT_PROBLEMS_H

#include "draft/view.h"
#include "vet/check_access.h"

/* What a problem is made of, and so how it is fixed. */
enum ov_problem_kind {
    OV_PROBLEM_PARENT,    /* parents that are not found */
    OV_PROBLEM_DUPLICATE, /* identifiers that several rows have */
    OV_PROBLEM_CIRCULAR,  /* circular reporting lines */
    OV_PROBLEM_VALUE,     /* cells */
    OV_PROBLEM_LINE,      /* lines that are not rows */
    OV_PROBLEM_FILE       /* the file as a whole, or a heading */
};
/* "parent", "duplicate" …; static. */
const char *ov_problem_kind_name(enum ov_problem_kind kind);

struct ov_problem {
    uint8_t rule, severity; /* severity: the worst */
    enum ov_problem_kind kind;
    uint32_t column; /* from 0; OV_NO_COLUMN: of none, or of all */
    uint64_t count;  /* of findings */
    size_t first;    /* index of the first finding */
};
/* Initially {0}; the caller frees `items`. */
struct ov_problems {
    struct ov_problem *items;
    size_t count, capacity;
};
/* Appends the problems of a file, the most urgent one first. False: out of memory. */
OV_MUST_USE bool ov_problems_find(const struct ov_view *view, struct ov_problems *problems);
/* Whether a finding is part of a problem. */
bool ov_problem_has(const struct ov_problem *problem, const struct ov_item *item);

/* A value that findings of a problem have in common. */
struct ov_problem_value {
    uint64_t hash;
    uint64_t rows; /* of a duplicate identifier: later ones */
    size_t item;   /* index of the first finding with it; beyond the list: none is kept */
    ov_node node;  /* of a missing parent: the name; of a duplicate identifier: its first row */
};
/* Initially {0}; the caller frees `items`. */
struct ov_problem_values {
    struct ov_problem_value *items;
    size_t count, capacity;
};
/* Appends the values of a problem other than circular reporting lines, those of the most rows
 * first. False: out of memory. */
OV_MUST_USE bool ov_problem_values_find(const struct ov_view *view,
                                        const struct ov_problem *problem,
                                        struct ov_problem_values *values);
/* Whether a rule judges a value alone: then one answer fits all cells of a column that have it. */
bool ov_problem_is_of_value(uint8_t rule);

#endif
