/* vet/rules_cell.h: rules about a value, seen from its cell alone. */
#ifndef VET_RULES_CELL_H
#define VET_RULES_CELL_H

#include "vet/check_internal.h"

/* OV301 to OV311, but OV310, of one cell. OV_E_PATTERN when a pattern ran into its limits. */
OV_MUST_USE enum ov_status ov_rules_cell(struct ov_check *check, struct ov_vetted *vetted,
                                         const struct ov_plan *plan, struct ov_error *err);
/* Whether no rule has anything to report about a record: printable ASCII in as many cells as the
 * header has. Most are so, and this finds out with a few comparisons for each cell that is needed.
 */
bool ov_rules_nothing_to_say(const struct ov_check *check, const struct ov_record *record);
/* Whether a spreadsheet has changed an identifier (OV310), seen from it alone. */
bool ov_is_damaged(struct ov_text id, enum ov_message *message);

#endif
