/* vet/filter_findings.h: removes findings from a finished check. */
#ifndef VET_FILTER_FINDINGS_H
#define VET_FILTER_FINDINGS_H

#include "finding/list.h"
#include "orgvet/check.h"

/* Decides whether to remove a finding: sets *out. A failure ends the filtering. */
typedef enum ov_status ov_chosen(void *ctx, const struct ov_item *item, bool *out,
                                 struct ov_error *err);
/* Removes the findings that `chosen` selects from the list and the counts of a finished check that
 * keeps all findings. *count: how many were removed; if any, the check no longer has a root cause.
 * OV_E_STATE when the check is not finished or its list is cut; else the failure of `chosen`. */
OV_MUST_USE enum ov_status ov_vet_filter(struct ov_check *check, ov_chosen *chosen, void *ctx,
                                         uint64_t *count, struct ov_error *err);

#endif
