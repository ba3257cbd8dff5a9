/* vet/dry_run.h: what the import service would answer to a dry run. */
#ifndef VET_DRY_RUN_H
#define VET_DRY_RUN_H

#include "base/text.h"
#include "orgvet/check.h"

/* For a finished check made with settings_only. Appends the settings that the service would use, as
 * PHP writes JSON; or, with *refused, the detail of its error message. OV_E_STATE when the check is
 * not finished. */
OV_MUST_USE enum ov_status ov_dry_run_answer(struct ov_check *check, struct ov_buf *text,
                                             bool *refused, struct ov_error *err);
/* Appends the detail of the error about an unknown importer. Running out of memory sets
 * detail->failed. */
void ov_dry_run_unknown(struct ov_text name, struct ov_buf *detail);

#endif
