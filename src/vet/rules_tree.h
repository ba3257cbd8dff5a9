/* vet/rules_tree.h: rules about rows among each other. */
#ifndef VET_RULES_TREE_H
#define VET_RULES_TREE_H

#include "vet/check_internal.h"

/* Another place that a finding speaks of; index below their number. */
struct ov_related ov_vet_related(const struct ov_check *check, const struct ov_item *item,
                                 size_t index);
/* OV4xx but OV402, and OV310, when all rows are known. */
OV_MUST_USE enum ov_status ov_rules_tree(struct ov_check *check, struct ov_error *err);

#endif
