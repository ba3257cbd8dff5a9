/* orgvet/baseline.h: findings that are known and accepted, so that only new ones are told. They are
 * told apart by file and fingerprint, which survives re-sorting the file and adding rows.
 *
 * A baseline file is JSON: {"orgvet_baseline":1,"findings":[{"path":…,"code":…,"fingerprint":…,
 * "message":…}, …]}, sorted, a finding a line. */
#ifndef ORGVET_BASELINE_H
#define ORGVET_BASELINE_H

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_baseline;

/* An empty one; NULL when there is no memory. ov_baseline_free takes NULL. */
OV_API OV_MUST_USE struct ov_baseline *ov_baseline_new(struct ov_error *err);
OV_API void ov_baseline_free(struct ov_baseline *baseline);

/* Reads a baseline file. OV_E_OPTION when it is none of orgvet's, or of a later version. */
OV_API OV_MUST_USE enum ov_status ov_baseline_read(struct ov_baseline *baseline,
                                                   struct ov_text json, struct ov_error *err);

/* Adds all findings of a finished check that kept them all (options.max_kept, max_findings); `path`
 * is the file's name in the baseline. */
OV_API OV_MUST_USE enum ov_status ov_baseline_add(struct ov_baseline *baseline,
                                                  struct ov_check *check, struct ov_text path,
                                                  struct ov_error *err);

/* Writes it. */
OV_API OV_MUST_USE enum ov_status
ov_baseline_write(struct ov_baseline *baseline, const struct ov_sink *out, struct ov_error *err);

/* Takes what is known out of a finished check that keeps all findings: out of its findings and its
 * counts. *known: how many they were. With any the check has no root cause. */
OV_API OV_MUST_USE enum ov_status ov_check_hide(struct ov_check *check,
                                                struct ov_baseline *baseline, struct ov_text path,
                                                uint64_t *known, struct ov_error *err);

/* The next entry of the file `path` that ov_check_hide did not find, from *index on, 0 at first,
 * which moves behind it: something that was mended. False behind the last one. Texts live as long
 * as the baseline. */
OV_API bool ov_baseline_next_gone(const struct ov_baseline *baseline, struct ov_text path,
                                  size_t *index, struct ov_text *code, struct ov_text *message);

#ifdef __cplusplus
}
#endif
#endif
