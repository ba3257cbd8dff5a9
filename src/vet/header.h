/* vet/header.h: what the header leads to. */
#ifndef VET_HEADER_H
#define VET_HEADER_H

#include "vet/check_internal.h"

/* Copies the header's texts and places; false when there is no memory. */
OV_MUST_USE bool ov_header_keep(struct ov_check *check, const struct ov_record *record);
/* OV109; sets check->stopped. */
OV_MUST_USE enum ov_status ov_header_delimiter(struct ov_check *check, struct ov_error *err);
/* The importer: the caller's; else the one that the file's name speaks of; else the one
 * that alone has the fields of the settings; else, but with options.importer_required, the one that
 * alone has some column (*column: its heading). NULL when it is not clear. */
const struct ov_importer *ov_header_importer(const struct ov_check *check, struct ov_text *column);
/* What headings alone say that a file is. */
enum ov_other_upload ov_headers_upload(const struct ov_text *headers, size_t count);
/* After binding, which columns the rules look at, and which make the hierarchy. */
void ov_header_plan(struct ov_check *check);

#endif
