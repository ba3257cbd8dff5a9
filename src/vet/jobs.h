/* vet/jobs.h: user uploads, compared with positions and departments (orgvet/jobs.h). */
#ifndef VET_JOBS_H
#define VET_JOBS_H

#include "orgvet/jobs.h"
#include "vet/check_internal.h"

/* Whether a header is of a column of user uploads that is read; of a check that
 * ov_jobs_check made: its header, each row, the end. */
bool ov_jobs_reads(struct ov_text header);
OV_MUST_USE enum ov_status ov_jobs_header(struct ov_check *check, struct ov_error *err);
OV_MUST_USE enum ov_status ov_jobs_row(struct ov_check *check, const struct ov_vetted *vetted,
                                       struct ov_error *err);
OV_MUST_USE enum ov_status ov_jobs_conclude(struct ov_check *check, struct ov_error *err);

#endif
