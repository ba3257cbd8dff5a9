/* base/glob.h: patterns with wildcards, for paths and identifiers. `?` stands for one character,
 * `*` for any number, `[a-z]` for one of these, `[!a-z]` for one of all others, `\` takes the next
 * character as it is. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

#include "base/pattern.h"

/* Compiles a glob that covers the whole text; NULL on failure (OV_E_OPTION says why). path: no
 * wildcard but `**` covers a `/`, and a glob without `/` covers the last part of a path alone.
 * ov_pattern_free frees it, ov_pattern_search matches. */
OV_MUST_USE struct ov_pattern *ov_glob_new(struct ov_text glob, bool path, struct ov_error *err);

/* The longest text that a valid glob for identifiers asks for literally, at most so many bytes of
 * it: the whole text, its beginning, its end, or what it holds somewhere; an empty beginning:
 * nothing. *literal is of the glob; a whole text is never cut. */
enum ov_glob_kind { OV_GLOB_WHOLE, OV_GLOB_BEGINS, OV_GLOB_ENDS, OV_GLOB_HOLDS };
enum ov_glob_kind ov_glob_literal(struct ov_text glob, size_t most, struct ov_text *literal);

#endif
