/* vet/check_clone.h: creates further checks with the options of an existing one, for the same file
 * or a modified version of it. */
#ifndef VET_CHECK_CLONE_H
#define VET_CHECK_CLONE_H

#include "orgvet/check.h"

/* A new check with the options, settings, rule levels, patterns, root markers and existing
 * identifiers of `model`, whose importer must be known. ov_check_again: for the same bytes, keeping
 * at most `findings` findings (0: all). ov_check_like: for other bytes, read with `read`, without
 * keep_for_reread. The caller frees it with ov_check_free; NULL on failure, with the reason in err.
 */
struct ov_check *ov_check_again(const struct ov_check *model, uint64_t findings,
                                struct ov_error *err);
struct ov_check *ov_check_like(const struct ov_check *model, const struct ov_read_options *read,
                               struct ov_error *err);

/* Feeds all bytes of a source to a check and finishes it. size: expected bytes, 0 if not known.
 * OV_E_IO when the source ends before `size` bytes. */
OV_MUST_USE enum ov_status ov_vet_source(struct ov_check *check, const struct ov_source *source,
                                         uint64_t size, struct ov_error *err);

/* A new check as the import service makes it when given the importer and these settings (a JSON
 * object). Of the model it takes the importer, the file name, the language, the threads and the
 * identifiers of the target framework, and no other option. settings_only: as in ov_check_options;
 * without it the check is made with `keep_for_reread`. The caller frees it with ov_check_free; NULL
 * on failure, with the reason in err. */
struct ov_check *ov_check_of_site(const struct ov_check *model, struct ov_text settings,
                                  bool settings_only, struct ov_error *err);

#endif
