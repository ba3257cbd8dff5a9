/* vet/rules_cell.h: rules that need a single cell only. */
#ifndef VET_RULES_CELL_H
#define VET_RULES_CELL_H

#include "vet/check_internal.h"

/* Runs the rules that something in the cell triggers, or all of them. OV_E_PATTERN if a pattern
 * exceeded its limits. */
OV_MUST_USE enum ov_status ov_rules_cell(struct ov_check *check, struct ov_vetted *vetted,
                                         const struct ov_plan *plan, bool all,
                                         struct ov_error *err);
/* Fast path: whether no record or cell rule can apply to the record, since it is printable ASCII,
 * has as many cells as the header, and a few comparisons per planned cell find nothing. False means
 * that the rules must run. */
bool ov_rules_nothing_to_say(const struct ov_check *check, const struct ov_record *record);
/* The message about the first control or stray invisible character of a text (OV307), *odd; or
 * OV_MESSAGES. lines: line ends and tabs are fine. */
enum ov_message ov_odd_character(struct ov_text text, bool lines, uint32_t *odd);
/* Appends the text without stray invisible characters, for names (joiners stay where they join). */
void ov_buf_visible(struct ov_buf *out, struct ov_text text);
/* Sets the name of a character, U+200B, in a finding. */
void ov_name_character(struct ov_check *check, struct ov_item *item, uint32_t code);
/* Whether a text is a date as spreadsheets write them. */
bool ov_is_date(struct ov_text text);
/* Whether an identifier by itself looks changed by a spreadsheet (OV310); *message: how. */
bool ov_is_damaged(struct ov_text id, enum ov_message *message);

#endif
