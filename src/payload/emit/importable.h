/* payload/emit/importable.h: which rows of a vetted file can be imported (orgvet/payload.h). */
#ifndef PAYLOAD_EMIT_IMPORTABLE_H
#define PAYLOAD_EMIT_IMPORTABLE_H

#include "orgvet/payload.h"
#include "vet/check_access.h"

enum ov_row_state {
    OV_ROW_UNKNOWN,
    OV_ROW_SOUND,
    OV_ROW_HELD,    /* something is wrong with it */
    OV_ROW_BELOW,   /* sound but for a parent that is held back */
    OV_ROW_EMITTED, /* for whoever emits */
};

/* States of all rows, which the caller frees. Linear. */
OV_MUST_USE enum ov_status ov_importable_find(const struct ov_check *check, uint8_t **states,
                                              struct ov_soundness *soundness, struct ov_error *err);

/* Whether it can be imported as a whole; also of a check that did not keep all findings. */
OV_MUST_USE enum ov_status ov_importable_all(const struct ov_check *check, bool *whole,
                                             struct ov_error *err);

/* The first error of the file or its header, which no row can be sound with; of rules before
 * `below` alone. NULL when there is none. */
const struct ov_item *ov_importable_file_error(const struct ov_check *check,
                                               enum ov_rule_index below);

#endif
