/* base/glob.h: wildcard patterns for paths and identifiers. `?` matches one character, `*` any
 * number, `[a-z]` one of these, `[!a-z]` one not among these; `\` quotes the next character. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

#include "base/pattern.h"

/* Compiles a glob, which must match the whole text; NULL on failure (OV_E_OPTION with the reason).
 * path: only `**` matches a `/`, and a glob without `/` is matched against the last part of a path.
 * Match with ov_pattern_search, free with ov_pattern_free. */
OV_MUST_USE struct ov_pattern *ov_glob_new(struct ov_text glob, bool path, struct ov_error *err);

/* The longest literal part of a valid glob for identifiers, truncated to `most` bytes, and where it
 * must occur: as the whole text, its beginning, its end, or anywhere. An empty beginning means no
 * literal part. *literal is a view into the glob; a whole text is never truncated. */
enum ov_glob_kind { OV_GLOB_WHOLE, OV_GLOB_BEGINS, OV_GLOB_ENDS, OV_GLOB_HOLDS };
enum ov_glob_kind ov_glob_literal(struct ov_text glob, size_t most, struct ov_text *literal);

#endif
