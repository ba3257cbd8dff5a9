/* server/jobs/rollback.h: undoing an import. */
#ifndef SERVER_JOBS_ROLLBACK_H
#define SERVER_JOBS_ROLLBACK_H

#include "server/jobs/job.h"

struct ov_rollback {
    int64_t import;            /* its id */
    struct ov_text username;   /* who undoes it, for its log */
    enum ov_language language; /* of the line in its log */
    int64_t items, frameworks; /* out: how many are removed */
};

/* Undoes an import that is in this state, inside a transaction: what it added is hidden, and
 * deleted by the worker in slices (ov_import_sweep). OV_E_STATE: it cannot be undone; err says why,
 * such as which later work depends on it. */
OV_MUST_USE enum ov_status ov_import_roll_back(struct ov_sql *sql, int64_t state,
                                               struct ov_rollback *rollback, struct ov_error *err);

#endif
