/* base/file.h: complete reads and writes on descriptors (POSIX). */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "orgvet/base.h"

/* Writes all bytes, retrying when interrupted; false with errno set. */
OV_MUST_USE bool ov_write_all(int fd, const char *bytes, size_t len);
/* Reads up to `len` bytes at an offset. Returns the number of bytes read: fewer at the end of the
 * file or after a failure. */
size_t ov_read_at(int fd, uint64_t offset, char *buf, size_t len);

#endif
