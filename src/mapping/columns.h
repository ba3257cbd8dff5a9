/* mapping/columns.h: what the columns of a file contain, judged by the records of its head. */
#ifndef MAPPING_COLUMNS_H
#define MAPPING_COLUMNS_H

#include "orgvet/records.h"

enum { OV_COLUMNS_MOST = 64 /* columns that are looked at */ };

/* Numbers that may be depths in the order of a tree: each is at most one step more than the last.
 */
struct ov_steps {
    size_t count;
    size_t first, last, deepest;
    size_t unit; /* a step; 0: not known yet */
    bool broken; /* they are not */
};

/* Counts of cells. */
struct ov_column {
    uint64_t filled;   /* not empty */
    uint64_t numbers;  /* digits, with separators and a sign */
    uint64_t flags;    /* 0, 1, or a word for yes or no */
    uint64_t dates;    /* digits in three groups, by - / or . */
    uint64_t texts;    /* two letters or more, and a space or no digit: names rather than codes */
    uint64_t mails;    /* with @ */
    uint64_t quoted;   /* in quotes other than " */
    uint64_t paths;    /* with / \ > or :: between two parts */
    uint64_t indented; /* white space first */
    struct ov_steps depths;  /* of small numbers */
    uint64_t dotted;         /* numbers like 1.2 */
    struct ov_steps parts;   /* of these and of whole numbers */
    struct ov_steps indents; /* of the white space at the start */
    uint64_t distinct;       /* different values */
    uint64_t bytes;          /* of all cells */
    size_t longest;          /* bytes */
    uint64_t *hashes;        /* owned: of the cell in each row; 0: empty */
    uint64_t *set;           /* owned: the different hashes; NULL before ov_columns_finish */
    size_t set_mask;         /* slots - 1 */
    size_t capacity;         /* of hashes */
    uint64_t *above;         /* owned: of each path in turn, without its last part */
    size_t above_capacity;
    uint64_t bracketed; /* cells that end with something in brackets: `Head office (D1)` */
    uint64_t *inside;   /* owned: of each of these in turn, what is in the brackets */
    size_t inside_capacity;
};

/* {0} is empty. */
struct ov_columns {
    struct ov_column items[OV_COLUMNS_MOST];
    size_t count; /* columns */
    size_t rows;
};

/* Adds a row; false when out of memory. */
OV_MUST_USE bool ov_columns_add(struct ov_columns *columns, const struct ov_record *record);
/* To be called once, after the last row. False when out of memory. */
OV_MUST_USE bool ov_columns_finish(struct ov_columns *columns);
void ov_columns_deinit(struct ov_columns *columns);

/* How many filled cells of one column are values of another. */
uint64_t ov_columns_contained(const struct ov_columns *columns, size_t column, size_t in);
/* How many cells of one column end with a value of another in brackets. */
uint64_t ov_columns_inside(const struct ov_columns *columns, size_t column, size_t in);
/* How many filled cells of one column say the same as the first one with the same value in another
 * column; false when out of memory. */
OV_MUST_USE bool ov_columns_determined(const struct ov_columns *columns, size_t column, size_t by,
                                       uint64_t *count);
/* How many paths of a column are below another value of it (*below), and how many different values
 * they are below (*different); false when out of memory. */
OV_MUST_USE bool ov_columns_nested(const struct ov_columns *columns, size_t column, uint64_t *below,
                                   uint64_t *different);
/* Whether nobody comes round who goes from each row to the row whose `id` is its `parent`; a row
 * that is its own parent has none. False also when out of memory. */
bool ov_columns_is_acyclic(const struct ov_columns *columns, size_t id, size_t parent);

/* Whether a value is in single, curly or angle quotes. */
bool ov_is_in_foreign_quotes(struct ov_text value);
/* Whether a value is 0, 1, or a word for yes or no. */
bool ov_is_flag_word(struct ov_text value);
/* Whether a value is a number as people write it. */
bool ov_is_plain_number(struct ov_text value);

#endif
