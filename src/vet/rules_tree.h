/* vet/rules_tree.h: rules about the relations between rows. */
#ifndef VET_RULES_TREE_H
#define VET_RULES_TREE_H

#include "vet/check_internal.h"

/* Another place that a finding refers to; index: less than their number. Texts are borrowed from
 * the check. */
struct ov_related ov_vet_related(const struct ov_check *check, const struct ov_item *item,
                                 size_t index);
/* Applies OV310 and OV4xx, OV402 (suggest.h) included, once all rows are loaded. Resolves the
 * forest and computes its shape and cycles. Fails with OV_E_MEMORY and the failures of org/. */
OV_MUST_USE enum ov_status ov_rules_tree(struct ov_check *check, struct ov_error *err);

#endif
