/* draft/download.h: the files that the page offers of a draft: reports, the corrected file, what is
 * to be done by hand. */
#ifndef DRAFT_DOWNLOAD_H
#define DRAFT_DOWNLOAD_H

#include "draft/view.h"

struct ov_download;

/* The download of a name (`what` of a request); static. NULL: there is none. */
const struct ov_download *ov_download_find(struct ov_text what);
/* Its media type (RFC 2046), and the ending that follows the stem of the file's name; static. */
const char *ov_download_type(const struct ov_download *download);
const char *ov_download_ending(const struct ov_download *download);
/* Writes it. OV_E_OPTION where the view lacks what it needs; otherwise the failures of the view and
 * of the sink. */
OV_MUST_USE enum ov_status ov_download_write(const struct ov_download *download,
                                             struct ov_view *view, const char *file_name,
                                             enum ov_language language, const struct ov_sink *out,
                                             struct ov_error *err);

#endif
