/* book/archive.h: the members of a zip archive (APPNOTE 6.3.10), read by libzip from a source.
 * Bounds hold for everything: a hostile archive ends in a problem, not in memory or time. */
#ifndef BOOK_ARCHIVE_H
#define BOOK_ARCHIVE_H

#include "base/text.h"

enum {
    OV_ARCHIVE_MEMBERS = 65536, /* most members */
    OV_ARCHIVE_RATIO = 200,     /* most bytes for each packed one, of members above 1 MiB */
};

/* What is wrong with an archive, for people: static, for ov_translate; NULL: nothing. */
typedef const char *ov_problem;
extern const ov_problem ov_problem_broken, ov_problem_large /* unpacks to too much */,
    ov_problem_password;

struct ov_archive;

/* Opens the archive of `size` bytes; most: bytes that all its members may unpack to; UINT64_MAX: it
 * is orgvet's own, and has no bounds. source:
 * copied, and what it reads from must outlive the archive. NULL: *problem says why, or err has
 * OV_E_MEMORY. */
struct ov_archive *ov_archive_open(const struct ov_source *source, uint64_t size, uint64_t most,
                                   ov_problem *problem, struct ov_error *err);
void ov_archive_free(struct ov_archive *archive);

/* The index of a member by its name; -1: there is none. */
int64_t ov_archive_find(const struct ov_archive *archive, const char *name);

/* The bytes that a member unpacks to; 0: there is none. */
uint64_t ov_archive_size(const struct ov_archive *archive, int64_t member);

/* Keeps what a member unpacks to in a file without a name, once it has been read to its end: it can
 * be read again without being unpacked again. Of several, the last one is kept; -1: none is any
 * more. */
void ov_archive_keep(struct ov_archive *archive, int64_t member);

/* Receives the next bytes of a member. False stops reading. */
typedef bool ov_bytes_fn(void *ctx, const char *bytes, size_t len);
/* Reads a member from its start. False when it was stopped, is broken (*problem), or for lack of
 * memory (neither). */
bool ov_archive_read(struct ov_archive *archive, int64_t member, ov_bytes_fn *take, void *ctx,
                     ov_problem *problem);

#endif
