/* payload/emit/importable.h: which rows of a vetted file can be imported (orgvet/payload.h). */
#ifndef PAYLOAD_EMIT_IMPORTABLE_H
#define PAYLOAD_EMIT_IMPORTABLE_H

#include "orgvet/payload.h"
#include "vet/check_access.h"

/* Whether a row can be imported. */
enum ov_row_state {
    OV_ROW_UNKNOWN, /* not determined yet */
    OV_ROW_SOUND,   /* it can be imported */
    OV_ROW_HELD,    /* held back: an error, or it has no place in the hierarchy */
    OV_ROW_BELOW,   /* held back only because a row above it is */
    OV_ROW_EMITTED, /* set by parents_first.c: it has been passed on */
};

/* Determines the states of all rows, enum ov_row_state, in linear time; the caller frees *states,
 * also after a failure. OV_E_STATE when the check is not finished, or has errors and did not keep
 * all findings. */
OV_MUST_USE enum ov_status ov_importable_find(const struct ov_check *check, uint8_t **states,
                                              struct ov_soundness *soundness, struct ov_error *err);

/* Whether the whole file can be imported. Also for a check that did not keep all findings. */
OV_MUST_USE enum ov_status ov_importable_all(const struct ov_check *check, bool *whole,
                                             struct ov_error *err);

/* The first error about the file or its header, with which no row can be imported; only errors of
 * rules below `below` count. Borrowed; NULL when there is none. */
const struct ov_item *ov_importable_file_error(const struct ov_check *check,
                                               enum ov_rule_index below);

#endif
