/* orgvet/importer.h: the CSV importers that orgvet supports (seeds/migration-web-services.txt). */
#ifndef ORGVET_IMPORTER_H
#define ORGVET_IMPORTER_H

#include <stdbool.h>

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One importer; a const table inside the library. */
struct ov_importer;

/* Finds an importer by its short name ("positions") or class name
 * ("tool_organisation\tool_wp\importer\positions_csv"); NULL when there is none. */
OV_API const struct ov_importer *ov_importer_find(struct ov_text name);
/* The importers; index < ov_importer_count(). */
OV_API size_t ov_importer_count(void);
OV_API const struct ov_importer *ov_importer_at(size_t index);

/* The importer whose word ("position", "department") occurs in the file name, folders ignored; NULL
 * when no importer or several match. *count is the number of matches. */
OV_API const struct ov_importer *ov_importer_of_name(struct ov_text path, size_t *count);

/* The short name, "positions" or "departments"; static. */
OV_API const char *ov_importer_name(const struct ov_importer *importer);
/* The class name used by the web service; static. */
OV_API const char *ov_importer_class(const struct ov_importer *importer);

/* Writes a template: a header that the importer maps automatically, and two sample rows; as CSV
 * (RFC 4180, in UTF-8 with its mark), or as a workbook (.xlsx, ECMA-376) whose headings have
 * comments in that language. The failures of the sink; OV_E_MEMORY; of a workbook OV_E_IO. */
OV_API OV_MUST_USE enum ov_status ov_importer_write_template(const struct ov_importer *importer,
                                                             bool workbook,
                                                             enum ov_language language,
                                                             const struct ov_sink *sink,
                                                             struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
