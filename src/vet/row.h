/* vet/row.h: a row of the file: the rules about records and cells, then the hierarchy. */
#ifndef VET_ROW_H
#define VET_ROW_H

#include "vet/check_internal.h"

/* Vets a record after the header, whose number vetted has, and sets vetted->id. If the columns are
 * known, the row is added to the hierarchy, and what the rules about the whole file need is noted.
 * Fails with OV_E_MEMORY, OV_E_PATTERN, and as ov_loader_add does. */
OV_MUST_USE enum ov_status ov_vet_row(struct ov_check *check, struct ov_vetted *vetted,
                                      struct ov_error *err);

#endif
