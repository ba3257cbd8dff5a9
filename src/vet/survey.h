/* vet/survey.h: what a check decides from the head of the file, before the first record is vetted:
 * where the header is. */
#ifndef VET_SURVEY_H
#define VET_SURVEY_H

#include "orgvet/base.h"

/* The ov_head_fn of a check (csv/reader.h); ctx: the check. OV_E_MEMORY is the only failure. */
OV_MUST_USE enum ov_status ov_survey_head(void *ctx, struct ov_error *err);

#endif
