/* vet/jobs.h: checks user uploads against positions and departments (orgvet/jobs.h). */
#ifndef VET_JOBS_H
#define VET_JOBS_H

#include "orgvet/jobs.h"
#include "vet/check_internal.h"

/* Whether a header is that of a user upload's column that is read. */
bool ov_jobs_reads(struct ov_text header);
/* Called for a check made by ov_jobs_check: for its header (OV_E_OPTION when it has no job column),
 * for each row, and at the end. Other failures are OV_E_MEMORY and those of ov_forest_add. */
OV_MUST_USE enum ov_status ov_jobs_header(struct ov_check *check, struct ov_error *err);
OV_MUST_USE enum ov_status ov_jobs_row(struct ov_check *check, const struct ov_vetted *vetted,
                                       struct ov_error *err);
OV_MUST_USE enum ov_status ov_jobs_conclude(struct ov_check *check, struct ov_error *err);

#endif
