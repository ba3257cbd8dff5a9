/* base/pattern.c: see pattern.h. The only file that includes PCRE2. */
#include "base/pattern.h"

#include <stdlib.h>

#include "base/error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
    MATCH_STEPS = 1000000, /* backtracking steps per value */
    HEAP_KIB = 16 * 1024,  /* memory per match */
};

struct ov_pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

struct ov_pattern *ov_pattern_new(struct ov_text regex, struct ov_error *err)
{
    int error;
    PCRE2_SIZE at;
    struct ov_pattern *pattern = calloc(1, sizeof *pattern);
    if (!pattern) {
        ov_fail_memory(err);
        return NULL;
    }
    pattern->code = pcre2_compile((PCRE2_SPTR)regex.ptr, regex.len,
                                  PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &at, NULL);
    if (!pattern->code) {
        PCRE2_UCHAR text[160];
        pcre2_get_error_message(error, text, sizeof text);
        if (error == PCRE2_ERROR_HEAP_FAILED || error == PCRE2_ERROR_NOMEMORY)
            ov_fail_memory(err);
        else
            ov_fail(err, OV_E_OPTION, "%s, at character %zu", (const char *)text, (size_t)at + 1);
        ov_pattern_free(pattern);
        return NULL;
    }
    /* Without the JIT, matching is only slower. */
    (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
    pattern->match = pcre2_match_data_create(1, NULL);
    pattern->context = pcre2_match_context_create(NULL);
    if (!pattern->match || !pattern->context) {
        ov_fail_memory(err);
        ov_pattern_free(pattern);
        return NULL;
    }
    pcre2_set_match_limit(pattern->context, MATCH_STEPS);
    pcre2_set_depth_limit(pattern->context, MATCH_STEPS);
    pcre2_set_heap_limit(pattern->context, HEAP_KIB);
    return pattern;
}

void ov_pattern_free(struct ov_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    pcre2_match_data_free(pattern->match);
    pcre2_match_context_free(pattern->context);
    free(pattern);
}

enum ov_match ov_pattern_search(struct ov_pattern *pattern, struct ov_text text)
{
    int rc = pcre2_match(pattern->code, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, 0, 0,
                         pattern->match, pattern->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter uses the heap instead */
        rc = pcre2_match(pattern->code, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, 0,
                         PCRE2_NO_JIT, pattern->match, pattern->context);
    if (rc >= 0)
        return OV_MATCH_YES;
    return rc == PCRE2_ERROR_NOMATCH ? OV_MATCH_NO : OV_MATCH_LIMIT;
}
