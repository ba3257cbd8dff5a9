/* orgvet/importer.h: the CSV importers that orgvet knows (seeds/migration-web-services.txt). */
#ifndef ORGVET_IMPORTER_H
#define ORGVET_IMPORTER_H

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One importer; a const table inside the library. */
struct ov_importer;

/* The importer of a short name ("positions") or class name
 * ("tool_organisation\tool_wp\importer\positions_csv"); NULL when there is none. */
OV_API const struct ov_importer *ov_importer_find(struct ov_text name);
OV_API size_t ov_importer_count(void);
OV_API const struct ov_importer *ov_importer_at(size_t index);

/* The importer that the name of a file contains the word of ("position", "department"), its folders
 * aside; NULL when none or several do. *count: how many do. */
OV_API const struct ov_importer *ov_importer_of_name(struct ov_text path, size_t *count);

/* "positions", "departments"; static. */
OV_API const char *ov_importer_name(const struct ov_importer *importer);
/* The class name that the web service uses; static. */
OV_API const char *ov_importer_class(const struct ov_importer *importer);

/* A CSV with the header that the importer maps by itself and two sample rows; static. */
OV_API const char *ov_importer_template(const struct ov_importer *importer);

#ifdef __cplusplus
}
#endif
#endif
