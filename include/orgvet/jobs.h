/* orgvet/jobs.h: a user upload held against vetted departments and positions. Its columns
 * jobdepartmentN and jobpositionN name them by ID number (Moodle Workplace documentation, "Upload
 * users"), so that an identifier that was renumbered silently breaks it: OV601, OV602. */
#ifndef ORGVET_JOBS_H
#define ORGVET_JOBS_H

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_jobs;

/* What jobs can name: nothing yet. NULL when there is no memory; ov_jobs_free takes NULL. */
OV_API OV_MUST_USE struct ov_jobs *ov_jobs_new(struct ov_error *err);
OV_API void ov_jobs_free(struct ov_jobs *jobs);

/* Adds the identifiers of a finished check, which are departments or positions as its importer
 * says, and those that the framework had already (ov_check_add_existing). OV_E_OPTION when its
 * importer was assumed, or its identifier is another column than the ID number. */
OV_API OV_MUST_USE enum ov_status ov_jobs_add(struct ov_jobs *jobs, const struct ov_check *check,
                                              struct ov_error *err);

/* A check of a user upload: feed, finish and read it as any other. It has no importer, settings or
 * hierarchy. The jobs are for this one check and must outlive it. Feeding fails with OV_E_OPTION
 * when the file has no column of jobs. */
OV_API OV_MUST_USE struct ov_check *
ov_jobs_check(struct ov_jobs *jobs, const struct ov_check_options *options, struct ov_error *err);

/* Whether the finished check met a column for which nothing was added: "position" or "department";
 * else NULL. */
OV_API const char *ov_jobs_unchecked(const struct ov_jobs *jobs);

#ifdef __cplusplus
}
#endif
#endif
