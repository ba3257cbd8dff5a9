/* vet/rules_file.h: rules about the whole file. */
#ifndef VET_RULES_FILE_H
#define VET_RULES_FILE_H

#include "vet/check_internal.h"

/* Once all records are known. */
void ov_rules_file(struct ov_check *check);

#endif
