/* vet/proposals.h: proposals of columns in a check (mapping/propose.h), and what becomes of them.
 */
#ifndef VET_PROPOSALS_H
#define VET_PROPOSALS_H

#include "vet/check_internal.h"

/* To be called once the header is bound: proposes columns from the head of the file, and with
 * options.accept_mapping maps them. The failures are those of reading the head, or OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_find_proposals(struct ov_check *check, struct ov_error *err);
/* After the rules about columns: with options.provisional, where a field is missing without which
 * nothing can be vetted, goes on with the proposals as if they had been accepted. */
OV_MUST_USE enum ov_status ov_go_on_with_proposals(struct ov_check *check, struct ov_error *err);

#endif
