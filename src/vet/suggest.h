/* vet/suggest.h: OV402, with what a missing parent was probably meant to be. */
#ifndef VET_SUGGEST_H
#define VET_SUGGEST_H

#include "vet/check_internal.h"

/* OV402 with its did-you-mean. */
OV_MUST_USE enum ov_status ov_rules_missing_parent(struct ov_check *check, struct ov_error *err);

#endif
