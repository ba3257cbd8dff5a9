/* vet/dry_run.h: what the import service answers to a dry run. */
#ifndef VET_DRY_RUN_H
#define VET_DRY_RUN_H

#include "base/text.h"
#include "orgvet/check.h"

/* After settings_only, the settings that the service would use, as PHP writes JSON; or,
 * when it refuses them, the detail of its message (*refused). */
OV_MUST_USE enum ov_status ov_dry_run_answer(struct ov_check *check, struct ov_buf *text,
                                             bool *refused, struct ov_error *err);
/* The detail about an importer that is not known. */
void ov_dry_run_unknown(struct ov_text name, struct ov_buf *detail);

#endif
