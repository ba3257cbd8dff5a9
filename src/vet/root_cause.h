/* vet/root_cause.h: what one change would resolve most findings. */
#ifndef VET_ROOT_CAUSE_H
#define VET_ROOT_CAUSE_H

#include "vet/check_internal.h"

/* The root cause. */
OV_MUST_USE enum ov_status ov_find_cause(struct ov_check *check, struct ov_error *err);
void ov_fit_row(struct ov_check *check, const struct ov_record *record);

#endif
