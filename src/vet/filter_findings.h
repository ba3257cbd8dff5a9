/* vet/filter_findings.h: findings that are removed from a finished check. */
#ifndef VET_FILTER_FINDINGS_H
#define VET_FILTER_FINDINGS_H

#include "finding/list.h"
#include "orgvet/check.h"

/* Takes the findings that are chosen out of a finished check that keeps all, and
 * out of its counts. *count: how many they were. With any the check has no root cause. */
typedef enum ov_status ov_chosen(void *ctx, const struct ov_item *item, bool *out,
                                 struct ov_error *err);
OV_MUST_USE enum ov_status ov_vet_filter(struct ov_check *check, ov_chosen *chosen, void *ctx,
                                         uint64_t *count, struct ov_error *err);

#endif
