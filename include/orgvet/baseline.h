/* orgvet/baseline.h: known and accepted findings, so that only new ones are reported. Findings are
 * matched by file and fingerprint, which survives re-sorting the file and adding rows.
 *
 * A baseline file is JSON: {"orgvet_baseline":1,"findings":[{"path":…,"code":…,"fingerprint":…,
 * "message":…}, …]}, sorted, one finding per line. */
#ifndef ORGVET_BASELINE_H
#define ORGVET_BASELINE_H

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_baseline;

/* An empty baseline; NULL when out of memory. ov_baseline_free frees it and takes NULL. */
OV_API OV_MUST_USE struct ov_baseline *ov_baseline_new(struct ov_error *err);
OV_API void ov_baseline_free(struct ov_baseline *baseline);

/* Reads a baseline file. OV_E_OPTION when it is not a baseline of orgvet, or of a later version. */
OV_API OV_MUST_USE enum ov_status ov_baseline_read(struct ov_baseline *baseline,
                                                   struct ov_text json, struct ov_error *err);

/* Adds all findings of a finished check that kept all of them (options.max_kept, max_findings).
 * `path` is the file's name in the baseline. */
OV_API OV_MUST_USE enum ov_status ov_baseline_add(struct ov_baseline *baseline,
                                                  struct ov_check *check, struct ov_text path,
                                                  struct ov_error *err);

/* Writes the baseline as JSON. */
OV_API OV_MUST_USE enum ov_status
ov_baseline_write(struct ov_baseline *baseline, const struct ov_sink *out, struct ov_error *err);

/* Removes known findings from a finished check that keeps all findings: from its list and from its
 * counts. *known is the number removed; when it is not 0, the check has no root cause. */
OV_API OV_MUST_USE enum ov_status ov_check_hide(struct ov_check *check,
                                                struct ov_baseline *baseline, struct ov_text path,
                                                uint64_t *known, struct ov_error *err);

/* Iterates over the entries of the file `path` that ov_check_hide did not find: these have been
 * fixed. Starts at *index, initially 0, and advances it past the entry returned. False at the end.
 * Texts live as long as the baseline. */
OV_API bool ov_baseline_next_gone(const struct ov_baseline *baseline, struct ov_text path,
                                  size_t *index, struct ov_text *code, struct ov_text *message);

#ifdef __cplusplus
}
#endif
#endif
