/* base/error.h: recording failures. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "orgvet/base.h"

/* Writes status and message, in err's language, into err, unless err is NULL or already holds a
 * failure. Returns status, so that callers can `return ov_fail(...)`. */
enum ov_status ov_fail(struct ov_error *err, enum ov_status status, const char *format, ...)
    OV_PRINTF(3, 4);

/* The language of err's message; English when err is NULL. OV_ERROR_LIKE initialises an error in
 * the same language that is inspected before it is passed on. */
static inline enum ov_language ov_error_language(const struct ov_error *err)
{
    return err ? err->language : OV_ENGLISH;
}
#define OV_ERROR_LIKE(err)                                                                         \
    {                                                                                              \
        .language = ov_error_language(err)                                                         \
    }

/* ov_fail for a failed allocation. */
enum ov_status ov_fail_memory(struct ov_error *err);

#endif
