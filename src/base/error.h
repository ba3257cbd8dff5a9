/* base/error.h: how failures are written down. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "orgvet/base.h"

/* Writes status and message, in err's language, into err unless err is NULL or already holds a
 * failure; returns status, so that callers can `return ov_fail(...)`. */
enum ov_status ov_fail(struct ov_error *err, enum ov_status status, const char *format, ...)
    OV_PRINTF(3, 4);

/* The language in which a failure is told (err may be NULL); one that is to be looked at before
 * anything becomes of it begins in the same one. */
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
