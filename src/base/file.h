/* base/file.h: complete writes on descriptors (POSIX); ov_read_at is in orgvet/base.h. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "orgvet/base.h"

/* Writes all bytes, retrying when interrupted; false with errno set. */
OV_MUST_USE bool ov_write_all(int fd, const char *bytes, size_t len);

#endif
