/* orgvet/jobs.h: vets a user upload against departments and positions. Its columns jobdepartmentN
 * and jobpositionN refer to them by ID number (Moodle Workplace documentation, "Upload users"), so
 * a renumbered identifier silently breaks it: OV601, OV602. */
#ifndef ORGVET_JOBS_H
#define ORGVET_JOBS_H

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_jobs;

/* The identifiers that jobs can refer to; initially none. NULL when out of memory; ov_jobs_free
 * takes NULL. */
OV_API OV_MUST_USE struct ov_jobs *ov_jobs_new(struct ov_error *err);
OV_API void ov_jobs_free(struct ov_jobs *jobs);

/* Adds the identifiers of a finished check, as departments or positions according to its importer,
 * and the existing ones of the framework (ov_check_add_existing). OV_E_OPTION when its importer was
 * assumed, or its identifier is not the ID number column. */
OV_API OV_MUST_USE enum ov_status ov_jobs_add(struct ov_jobs *jobs, const struct ov_check *check,
                                              struct ov_error *err);

/* A check of a user upload; feed, finish and read it like any other. It has no importer, settings
 * or hierarchy. `jobs` serves only this check and must outlive it. Feeding fails with OV_E_OPTION
 * when the file has no jobs column. */
OV_API OV_MUST_USE struct ov_check *
ov_jobs_check(struct ov_jobs *jobs, const struct ov_check_options *options, struct ov_error *err);

/* The kind of column that the finished check met but had no identifiers for: "position" or
 * "department", static; otherwise NULL. */
OV_API const char *ov_jobs_unchecked(const struct ov_jobs *jobs);

#ifdef __cplusplus
}
#endif
#endif
