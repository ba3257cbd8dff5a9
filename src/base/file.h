/* base/file.h: whole reads and writes of descriptors (POSIX). */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "orgvet/base.h"

/* Writes all bytes, however often that is interrupted; false with errno set. */
OV_MUST_USE bool ov_write_all(int fd, const char *bytes, size_t len);
/* Reads so many bytes from an offset; fewer at the end of the file, or after a failure. */
size_t ov_read_at(int fd, uint64_t offset, char *buf, size_t len);

#endif
