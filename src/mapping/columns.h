/* mapping/columns.h: what the columns of a file contain, judged by the records of its head. */
#ifndef MAPPING_COLUMNS_H
#define MAPPING_COLUMNS_H

#include "orgvet/records.h"

enum { OV_COLUMNS_MOST = 64 /* columns that are looked at */ };

/* Counts of cells. */
struct ov_column {
    uint64_t filled;   /* not empty */
    uint64_t numbers;  /* digits, with separators and a sign */
    uint64_t flags;    /* 0, 1, or a word for yes or no */
    uint64_t dates;    /* digits in three groups, by - / or . */
    uint64_t texts;    /* two letters or more, and a space or no digit: names rather than codes */
    uint64_t mails;    /* with @ */
    uint64_t distinct; /* different values */
    uint64_t bytes;    /* of all cells */
    size_t longest;    /* bytes */
    uint64_t *hashes;  /* owned: of the cell in each row; 0: empty */
    uint64_t *set;     /* owned: the different hashes; NULL before ov_columns_finish */
    size_t set_mask;   /* slots - 1 */
    size_t capacity;   /* of hashes */
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
/* Whether nobody comes round who goes from each row to the row whose `id` is its `parent`; a row
 * that is its own parent has none. False also when out of memory. */
bool ov_columns_is_acyclic(const struct ov_columns *columns, size_t id, size_t parent);

/* Whether a value is 0, 1, or a word for yes or no. */
bool ov_is_flag_word(struct ov_text value);
/* Whether a value is a number as people write it. */
bool ov_is_plain_number(struct ov_text value);

#endif
