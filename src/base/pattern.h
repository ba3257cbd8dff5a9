/* base/pattern.h: regular expressions of users (PCRE2, UTF mode), with limits on match steps,
 * depth and heap so that no value can keep one busy for ever. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "orgvet/base.h"

struct ov_pattern;

/* What a match came to. */
enum ov_match {
    OV_MATCH_NO,
    OV_MATCH_YES,
    OV_MATCH_LIMIT, /* it ran into a limit: a failure of the pattern, not of the value */
};

/* Compiles; NULL on failure, with the position in the message (OV_E_OPTION). ov_pattern_free
 * frees. */
OV_MUST_USE struct ov_pattern *ov_pattern_new(struct ov_text regex, struct ov_error *err);
void ov_pattern_free(struct ov_pattern *pattern);

/* Searches the text (anchor with ^ and $ to match the whole). A match never covers ill-formed
 * UTF-8. */
enum ov_match ov_pattern_search(struct ov_pattern *pattern, struct ov_text text);

#endif
