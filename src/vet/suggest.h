/* vet/suggest.h: OV402 (missing parent), with suggestions. */
#ifndef VET_SUGGEST_H
#define VET_SUGGEST_H

#include "vet/check_internal.h"

/* Applies OV402: for each row whose parent is not found, with the identifier that was probably
 * meant, if any. Needs a resolved forest. Fails with OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_rules_missing_parent(struct ov_check *check, struct ov_error *err);

#endif
