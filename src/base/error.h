/* base/error.h: how failures are written down. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "orgvet/base.h"

/* Writes status and message into err unless err is NULL or already holds a failure; returns
 * status, so that callers can `return ov_fail(...)`. */
enum ov_status ov_fail(struct ov_error *err, enum ov_status status, const char *format, ...)
    OV_PRINTF(3, 4);

/* ov_fail for a failed allocation. */
enum ov_status ov_fail_memory(struct ov_error *err);

#endif
