/* vet/rules_mapping.h: rules about columns and settings. */
#ifndef VET_RULES_MAPPING_H
#define VET_RULES_MAPPING_H

#include "vet/check_internal.h"

/* OV201 to OV209 but OV204. */
void ov_rules_mapping(struct ov_check *check);
/* OV204, once the rows are known. */
void ov_rules_empty_headers(struct ov_check *check);

#endif
