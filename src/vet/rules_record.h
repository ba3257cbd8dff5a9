/* vet/rules_record.h: rules about a record as such. */
#ifndef VET_RULES_RECORD_H
#define VET_RULES_RECORD_H

#include "vet/check_internal.h"

/* OV103 to OV107, OV110, OV111 of any record; sets vetted->broken. */
void ov_rules_record(struct ov_check *check, struct ov_vetted *vetted);
/* Blank rows (OV108), pending until another record follows. */
OV_MUST_USE bool ov_rules_blank(struct ov_check *check, const struct ov_record *record);
void ov_rules_flush_blanks(struct ov_check *check);

#endif
