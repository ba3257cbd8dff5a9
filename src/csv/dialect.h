/* csv/dialect.h: which delimiter the first records were written with. */
#ifndef CSV_DIALECT_H
#define CSV_DIALECT_H

#include "base/text.h"

enum { OV_SAMPLE_SIZE = 64 * 1024 /* bytes of text that are looked at */ };

/* What a sample says. */
struct ov_dialect {
    char delimiter; /* the one to read with; ',' when no other fits */
    char fitting;   /* the one that clearly fits (nine in ten records agree), or 0 */
    size_t columns; /* that it gives */
};

/* Looks at the first records of a sample in UTF-8. complete: the sample is the whole file. */
OV_MUST_USE enum ov_status ov_dialect_guess(struct ov_text sample, bool complete,
                                            struct ov_dialect *dialect, struct ov_error *err);

#endif
