/* vet/rules_mapping.h: rules about columns and settings. */
#ifndef VET_RULES_MAPPING_H
#define VET_RULES_MAPPING_H

#include "vet/check_internal.h"

/* Applies OV201 to OV203 and OV205 to OV209, once columns are bound. Running out of memory sets
 * list.failed. */
void ov_rules_mapping(struct ov_check *check);

#endif
