/* vet/check_clone.h: further checks under the choices of one: of the same file, or of another
 * state of it. */
#ifndef VET_CHECK_CLONE_H
#define VET_CHECK_CLONE_H

#include "orgvet/check.h"

/* A new check under the choices of another, which knows its importer; NULL on
 * failure. Of the same bytes, with so many findings; or of other ones, read in another way. */
struct ov_check *ov_check_again(const struct ov_check *model, uint64_t findings,
                                struct ov_error *err);
struct ov_check *ov_check_like(const struct ov_check *model, const struct ov_read_options *read,
                               struct ov_error *err);

/* Feeds a check all bytes of a source and finishes it. size: how many must come; 0:
 * not known. */
OV_MUST_USE enum ov_status ov_vet_source(struct ov_check *check, const struct ov_source *source,
                                         uint64_t size, struct ov_error *err);

/* A new check as a site makes it that is given the importer and these settings (a
 * JSON object), and has what the model's target framework has: no other choice of the model's
 * counts; NULL on failure. settings_only: as in ov_check_options; else with `keep_for_reread`. */
struct ov_check *ov_check_of_site(const struct ov_check *model, struct ov_text settings,
                                  bool settings_only, struct ov_error *err);

#endif
