/* vet/rules_record.h: rules about a record as a whole. */
#ifndef VET_RULES_RECORD_H
#define VET_RULES_RECORD_H

#include "vet/check_internal.h"

/* Runs the rules that something in the record triggers, or all of them; sets vetted->broken. */
void ov_rules_record(struct ov_check *check, struct ov_vetted *vetted, bool all);
/* Buffers a blank row for OV108, which is reported only when another record follows. False when out
 * of memory. */
OV_MUST_USE bool ov_rules_blank(struct ov_check *check, const struct ov_record *record);
/* Reports the buffered blank rows: another record follows or, with `end`, none does. */
void ov_rules_flush_blanks(struct ov_check *check, bool end);
/* Reports lines above the header (OV113). */
void ov_rules_titles(struct ov_check *check);

#endif
