/* vet/header.h: everything derived from the header record. */
#ifndef VET_HEADER_H
#define VET_HEADER_H

#include "vet/check_internal.h"

/* Copies the header's texts and places into the check; false when out of memory. */
OV_MUST_USE bool ov_header_keep(struct ov_check *check, const struct ov_record *record);
/* Rule OV118: with options.other_uploads, a user or course upload. Sets check->facts.stopped when
 * it fires. OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_header_other_upload(struct ov_check *check, struct ov_error *err);
/* Rule OV109: the file was read with the wrong delimiter. Sets check->stopped when it fires.
 * Failures are those of ov_reader_fitting_delimiter. */
OV_MUST_USE enum ov_status ov_header_delimiter(struct ov_check *check, struct ov_error *err);
/* Determines the importer: the one in the options; else the one that the file name suggests; else
 * the only one with all fields named in the settings; else, unless options.importer_required, the
 * only one that some column is characteristic of (*column: its header, borrowed; otherwise empty).
 * NULL when it cannot be determined. */
const struct ov_importer *ov_header_importer(const struct ov_check *check, struct ov_text *column);
/* Which other kind of upload the headers indicate (OV_OTHER_NONE: none known). */
enum ov_other_upload ov_headers_upload(const struct ov_text *headers, size_t count);
/* After binding: determines the columns of the hierarchy and plans which columns the cell rules
 * check. */
void ov_header_plan(struct ov_check *check);

#endif
