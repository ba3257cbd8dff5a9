/* mapping/words.h: what a column's heading says that the column contains, by its words (words.def).
 */
#ifndef MAPPING_WORDS_H
#define MAPPING_WORDS_H

#include <stdbool.h>

#include "base/mem.h"
#include "base/text.h"

/* What a heading may speak of; or-ed. */
enum ov_role {
    OV_ROLE_PARENT = 1 << 0,       /* the row above */
    OV_ROLE_ID = 1 << 1,           /* an identifier */
    OV_ROLE_NAME = 1 << 2,         /* a name */
    OV_ROLE_DESCRIPTION = 1 << 3,  /* a description */
    OV_ROLE_ENTITY = 1 << 4,       /* positions, departments */
    OV_ROLE_PERSON = 1 << 5,       /* people */
    OV_ROLE_OTHER = 1 << 6,        /* dates, places, states … */
    OV_ROLE_GLOBAL = 1 << 7,       /* the flag of a global manager */
    OV_ROLE_DEPARTMENTAL = 1 << 8, /* the flag of a department manager */
    OV_ROLE_FORMAT = 1 << 9,       /* the format of a description */
    OV_ROLE_LEVEL = 1 << 10,       /* a level of the hierarchy */
    OV_ROLE_START = 1 << 11,       /* the day from which a row is valid */
    OV_ROLE_END = 1 << 12,         /* … until which */
};

struct ov_words;

/* The table, prepared for comparing; NULL when out of memory. ov_words_free takes NULL. */
OV_MUST_USE struct ov_words *ov_words_new(void);
void ov_words_free(struct ov_words *words);

/* Whether some roles could not be determined, because memory was short. NULL: no. */
bool ov_words_failed(const struct ov_words *words);

/* The roles of a heading, enum ov_role or-ed; 0: none. *count: its words. */
unsigned ov_words_roles(const struct ov_words *words, struct ov_text heading, size_t *count);

/* Replaces buf's contents by the words of a heading for comparison: folded, without marks, split at
 * camelCase and at everything but letters and digits, each followed by a space. */
void ov_words_of(struct ov_text heading, struct ov_buf *buf);

#endif
