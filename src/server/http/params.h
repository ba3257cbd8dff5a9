/* server/http/params.h: parameters of a request, as PHP reads them (CONTRACT 2.3): a[0][name]=x
 * makes a tree; of equal names the last one counts. Bounded in number, length of a name and
 * nesting. */
#ifndef SERVER_HTTP_PARAMS_H
#define SERVER_HTTP_PARAMS_H

#include "server/http/value.h"

enum {
    OV_PARAMS_MAX = 1000,      /* parameters of a request */
    OV_PARAM_NAME_MAX = 1000,  /* bytes of a name */
    OV_PARAM_NESTING_MAX = 16, /* brackets of a name */
};

/* What is wrong with parameters. */
enum ov_params_problem {
    OV_PARAMS_FINE,
    OV_PARAMS_TOO_MANY,
    OV_PARAMS_NAME_TOO_LONG,
    OV_PARAMS_TOO_DEEP,
    OV_PARAMS_NUL,    /* a NUL byte in a name */
    OV_PARAMS_ESCAPE, /* a % that two hexadecimal digits do not follow */
};
/* What to say of it; static. */
const char *ov_params_problem_text(enum ov_params_problem problem);

/* Parameters; the root is a map. {.root = ov_value_new(pool, OV_VALUE_MAP)} */
struct ov_params {
    struct ov_values_pool *pool;
    struct ov_value *root;
    uint32_t count; /* given so far */
};

/* Adds one; value is kept, not copied. */
OV_MUST_USE enum ov_params_problem ov_params_put(struct ov_params *params, struct ov_text name,
                                                 struct ov_text value);
/* Adds all of `a=1&b=2` (application/x-www-form-urlencoded). */
OV_MUST_USE enum ov_params_problem ov_params_put_form(struct ov_params *params,
                                                      struct ov_text form);
/* Decodes %XX, and + as a space where `plus`. */
OV_MUST_USE enum ov_params_problem ov_params_decode(struct ov_values_pool *pool,
                                                    struct ov_text text, bool plus,
                                                    struct ov_text *decoded);

#endif
