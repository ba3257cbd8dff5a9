/* vet/rules_mapping.h: rules about columns and settings. */
#ifndef VET_RULES_MAPPING_H
#define VET_RULES_MAPPING_H

#include "vet/check_internal.h"

/* Applies OV201 to OV203 and OV205 to OV209, once columns are bound. Running out of memory sets
 * list.failed. */
void ov_rules_mapping(struct ov_check *check);

/* Reports an option that names a column which the file does not have (OV202). setting: its name;
 * field: that it sets, or -1. */
void ov_report_unknown_column(struct ov_check *check, struct ov_text setting, struct ov_text name,
                              int field);

#endif
