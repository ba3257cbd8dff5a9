/* server/http/params.h: parameters of a request, parsed as PHP does (PROTOCOL.md, Parameters):
 * a[0][name]=x builds a tree; the last of several equal names wins. Their number, the length of a
 * name and the nesting are limited. */
#ifndef SERVER_HTTP_PARAMS_H
#define SERVER_HTTP_PARAMS_H

#include "server/http/value.h"

enum {
    OV_PARAMS_MAX = 1000,      /* parameters per request */
    OV_PARAM_NAME_MAX = 1000,  /* bytes per name */
    OV_PARAM_NESTING_MAX = 16, /* brackets per name */
};

/* Errors in parameters. */
enum ov_params_problem {
    OV_PARAMS_FINE,
    OV_PARAMS_TOO_MANY,
    OV_PARAMS_NAME_TOO_LONG,
    OV_PARAMS_TOO_DEEP,
    OV_PARAMS_NUL,    /* a NUL byte in a name */
    OV_PARAMS_ESCAPE, /* a % without two hexadecimal digits */
};
/* A message about the problem. Static. */
const char *ov_params_problem_text(enum ov_params_problem problem);

/* Parameters of a request. Initialise with {.pool = pool, .root = ov_value_new(pool,
 * OV_VALUE_MAP)}. */
struct ov_params {
    struct ov_values_pool *pool; /* borrowed; owns the values */
    struct ov_value *root;       /* a map */
    uint32_t count;              /* parameters added so far */
};

/* Adds one parameter; value is borrowed, not copied. Out of memory is reported by pool->failed. */
OV_MUST_USE enum ov_params_problem ov_params_put(struct ov_params *params, struct ov_text name,
                                                 struct ov_text value);
/* Adds all parameters of `a=1&b=2` (application/x-www-form-urlencoded). */
OV_MUST_USE enum ov_params_problem ov_params_put_form(struct ov_params *params,
                                                      struct ov_text form);
/* Decodes %XX and, if `plus`, + as a space. *decoded belongs to the pool. */
OV_MUST_USE enum ov_params_problem ov_params_decode(struct ov_values_pool *pool,
                                                    struct ov_text text, bool plus,
                                                    struct ov_text *decoded);

#endif
