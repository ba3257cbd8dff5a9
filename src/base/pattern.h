/* base/pattern.h: user-supplied regular expressions (PCRE2, UTF mode), with limits on match steps,
 * depth and heap, so that no value can stall matching. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "orgvet/base.h"

struct ov_pattern;

/* The result of a match. */
enum ov_match {
    OV_MATCH_NO,
    OV_MATCH_YES,
    OV_MATCH_LIMIT, /* a limit was hit: a failure of the pattern, not of the value */
};

/* Compiles a regular expression; NULL on failure, with the position in the message (OV_E_OPTION).
 * ov_pattern_free takes NULL. */
OV_MUST_USE struct ov_pattern *ov_pattern_new(struct ov_text regex, struct ov_error *err);
void ov_pattern_free(struct ov_pattern *pattern);

/* Searches the text (use ^ and $ to match all of it). A match never includes ill-formed UTF-8. */
enum ov_match ov_pattern_search(struct ov_pattern *pattern, struct ov_text text);

#endif
