/* vet/root_cause.h: finds the single change that would resolve most findings. */
#ifndef VET_ROOT_CAUSE_H
#define VET_ROOT_CAUSE_H

#include "vet/check_internal.h"

/* Sets the root cause in check->result, and its text in check->texts, once all rules have run.
 * Fails with OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_find_cause(struct ov_check *check, struct ov_error *err);
/* Samples a row's other columns as candidates for the identifier; at most OV_FIT_ROWS rows. Running
 * out of memory sets list.failed. */
void ov_fit_row(struct ov_check *check, const struct ov_record *record);

#endif
