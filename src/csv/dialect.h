/* csv/dialect.h: detects the delimiter from the first records. */
#ifndef CSV_DIALECT_H
#define CSV_DIALECT_H

#include "base/text.h"
#include "orgvet/records.h"

enum { OV_SAMPLE_SIZE = 64 * 1024 /* bytes of text that are examined */ };

/* The result for a sample. */
struct ov_dialect {
    char delimiter; /* the delimiter to use; ',' when no other fits */
    char fitting;   /* the one that clearly fits (nine in ten records agree), or 0 */
    size_t columns; /* columns that `fitting` gives */
};

/* Examines the first records of a UTF-8 sample. complete: the sample is the whole file. OV_E_MEMORY
 * is the only failure. */
OV_MUST_USE enum ov_status ov_dialect_guess(struct ov_text sample, bool complete,
                                            struct ov_dialect *dialect, struct ov_error *err);

/* Why a sample is read as one column with a delimiter: see ov_reader_why_one_column. OV_E_MEMORY is
 * the only failure. */
OV_MUST_USE enum ov_status ov_dialect_why(struct ov_text sample, bool complete, char delimiter,
                                          enum ov_one_column *why, const char **fitting,
                                          size_t *columns, struct ov_error *err);

#endif
