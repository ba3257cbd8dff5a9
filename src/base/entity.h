/* base/entity.h: character references of HTML (HTML Living Standard, 13.5): the numeric ones, and
 * the named ones that occur in names. */
#ifndef BASE_ENTITY_H
#define BASE_ENTITY_H

#include "base/text.h"

/* Appends the text with its character references replaced. False, with nothing appended, when it
 * has none. */
bool ov_decode_entities(struct ov_text text, struct ov_buf *out);

#endif
