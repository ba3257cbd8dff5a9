/* page/draft_download.h: what is imported of a draft, and downloads of it. */
#ifndef PAGE_DRAFT_DOWNLOAD_H
#define PAGE_DRAFT_DOWNLOAD_H

#include "page/draft_request.h"

/* Prepares the import of the file: where its own bytes do not say what was vetted (edits, another
 * encoding, a workbook …), its canonical form is stored in a new draft area. Writes the area's
 * number, the settings to import it with, and the reasons in words (empty: the file itself). OV_OK
 * also after a fault. */
OV_MUST_USE enum ov_status ov_draft_ready(struct ov_draft_request *call, struct ov_json *json,
                                          struct ov_error *err);

/* Sends a file made from the draft: `csv` and `xlsx` (annotated), `json` (the report),
 * `html`, `copy` and `workbook` (as it was corrected), or `file` (the draft itself). False after a
 * fault or a failure. */
bool ov_draft_download(struct ov_request *request);

#endif
