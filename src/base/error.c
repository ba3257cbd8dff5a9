/* base/error.c: see error.h. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum ov_status ov_fail(struct ov_error *err, enum ov_status status, const char *format, ...)
{
    if (err && err->status == OV_OK) {
        va_list args;
        va_start(args, format);
        err->status = status;
        vsnprintf(err->message, sizeof err->message, ov_translate(err->language, format), args);
        va_end(args);
        err->message[ov_utf8_cut(ov_text_of(err->message), sizeof err->message - 2).len] = '\0';
    }
    return status;
}

enum ov_status ov_fail_memory(struct ov_error *err)
{
    return ov_fail(err, OV_E_MEMORY, "out of memory");
}
