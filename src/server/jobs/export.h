/* server/jobs/export.h: exports: a zip with manifest.json and one CSV per framework, with the
 * importer's field names (PROTOCOL.md, Export). */
#ifndef SERVER_JOBS_EXPORT_H
#define SERVER_JOBS_EXPORT_H

#include "server/jobs/job.h"

/* Writes the file of an export, and sets the export's status. *good: it was written; otherwise the
 * export has ended with an error. Errors are failures of the service. */
OV_MUST_USE enum ov_status ov_export_run(struct ov_store *store, const struct ov_job *work,
                                         ov_progress_fn *progress, void *ctx, bool *good,
                                         struct ov_error *err);
/* Ends an export with an error, in its own transaction. */
OV_MUST_USE enum ov_status ov_export_refuse(struct ov_store *store, const struct ov_job *work,
                                            const char *message, struct ov_error *err);

#endif
