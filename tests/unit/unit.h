/* tests/unit/unit.h: what the unit tests share. One file per module; each provides one suite. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orgvet/orgvet.h"

/* The suites, each adding its tests. */
void suite_base(void);
void suite_json(void);
void suite_csv(void);
void suite_edits(void);
void suite_mapping(void);
void suite_layout(void);
void suite_org(void);
void suite_check(void);
void suite_payload(void);
void suite_service(void);
void suite_page(void);

/* A small deterministic random number generator (xorshift). */
struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *rng);
/* A number below bound. */
unsigned rng_below(struct rng *rng, unsigned bound);

/* Asserts that a text equals a C string, and prints both if it does not. */
#define ASSERT_TEXT(text, string)                                                                  \
    do {                                                                                           \
        struct ov_text text_ = (text);                                                             \
        const char *string_ = (string);                                                            \
        bool same_ = text_.len == strlen(string_) &&                                               \
                     (text_.len == 0 || !memcmp(text_.ptr, string_, text_.len));                   \
        CU_ASSERT(same_);                                                                          \
        if (!same_)                                                                                \
            printf("  %s:%d: `%.*s` is not `%s`\n", __FILE__, __LINE__, (int)text_.len, text_.ptr, \
                   string_);                                                                       \
    } while (0)

#endif
