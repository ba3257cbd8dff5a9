/* vet/unit_ids.h: what the units of paths (units.h) become in the hierarchy: parents, and
 * identifiers for rows that have none. */
#ifndef VET_UNIT_IDS_H
#define VET_UNIT_IDS_H

#include "vet/units.h"

/* Makes an identifier of what buf contains: of at most 100 characters, and another than that of any
 * row; where the text is longer, is one, or `plain` is false, its beginning and a hash. */
void ov_make_id(struct ov_buf *buf, const struct ov_forest *forest, bool plain, uint64_t hash);
/* Replaces buf's contents by the identifier of a unit that has none. False when out of memory. */
OV_MUST_USE bool ov_units_put_id(const struct ov_units *units, const struct ov_forest *forest,
                                 uint32_t unit, struct ov_buf *buf);
/* Sets the parents of all rows, and the identifiers of those that have none: their path, of at most
 * 100 characters, told apart by a hash where that is not unique. To be called once all rows are in
 * the forest, and every unit above a row is a row or, as its `row`, a name; before it is resolved.
 */
OV_MUST_USE enum ov_status ov_units_link(const struct ov_units *units, struct ov_forest *forest,
                                         struct ov_error *err);

#endif
