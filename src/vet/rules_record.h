/* vet/rules_record.h: rules about a record as a whole. */
#ifndef VET_RULES_RECORD_H
#define VET_RULES_RECORD_H

#include "vet/check_internal.h"

/* Applies OV103 to OV107, OV110 and OV111 to the header or a row; sets vetted->broken when its
 * cells cannot be trusted. Running out of memory sets list.failed. */
void ov_rules_record(struct ov_check *check, struct ov_vetted *vetted);
/* Buffers a blank row for OV108, which is reported only when another record follows. False when out
 * of memory. */
OV_MUST_USE bool ov_rules_blank(struct ov_check *check, const struct ov_record *record);
/* Reports the buffered blank rows: another record follows. */
void ov_rules_flush_blanks(struct ov_check *check);

#endif
