/* server/jobs/rollback.h: rollback of imports (PROTOCOL.md, Log and rollback). */
#ifndef SERVER_JOBS_ROLLBACK_H
#define SERVER_JOBS_ROLLBACK_H

#include "server/jobs/job.h"

struct ov_rollback {
    int64_t tenant, import;    /* the import's tenant, and its id */
    struct ov_text username;   /* the user, for the import's log; borrowed */
    enum ov_language language; /* of the line in the log */
    int64_t items, frameworks; /* out: how many are removed */
};

/* Rolls back an import in the given state: hides what it added; the worker deletes that in slices
 * (ov_import_sweep). The caller has a write transaction. OV_E_STATE: it cannot be rolled back; err
 * has the reason, such as which later import depends on it. */
OV_MUST_USE enum ov_status ov_import_roll_back(struct ov_sql *sql, int64_t state,
                                               struct ov_rollback *rollback, struct ov_error *err);

#endif
