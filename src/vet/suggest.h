/* vet/suggest.h: OV402 (missing parent), with suggestions. */
#ifndef VET_SUGGEST_H
#define VET_SUGGEST_H

#include "vet/check_internal.h"

/* Applies OV402: for each row whose parent is not found, with the identifier that was probably
 * meant, if any. Needs a resolved forest. Fails with OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_rules_missing_parent(struct ov_check *check, struct ov_error *err);

/* The part of a parent's cell that may be an identifier, in each of the usual forms: `Head (P1)`,
 * `P1 - Head`, `Head - P1`. Empty if there is none. */
enum { OV_INSIDE_FORMS = 3 };
struct ov_text ov_identifier_inside(struct ov_text cell, unsigned form);

#endif
