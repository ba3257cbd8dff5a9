/* base/error.c: see error.h. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

enum ov_status ov_fail(struct ov_error *err, enum ov_status status, const char *format, ...)
{
    if (err && err->status == OV_OK) {
        va_list args;
        va_start(args, format);
        err->status = status;
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return status;
}

enum ov_status ov_fail_memory(struct ov_error *err)
{
    return ov_fail(err, OV_E_MEMORY, "out of memory");
}
