/* server/jobs/job.h: import and export jobs: their state, settings and execution. Errors:
 * OV_E_OPTION for invalid settings, OV_E_STATE as stated; others are failures of the service. */
#ifndef SERVER_JOBS_JOB_H
#define SERVER_JOBS_JOB_H

#include <stdatomic.h>

#include "server/store/content.h"
#include "server/http/value.h"

/* States of a job (PROTOCOL.md, Status); clients compare their names. */
enum ov_state {
    OV_STATE_CREATED = 1,
    OV_STATE_SCHEDULED,
    OV_STATE_RUNNING,
    OV_STATE_DONE,
    OV_STATE_ERROR,
    OV_STATE_ROLLED_BACK,
};
/* The name of a state, in English. Static. */
const char *ov_state_words(int64_t state);

enum { OV_FRAMEWORKS_MAX = 4096 /* per export, and so per import of an export */ };

/* A job: an import or export to run. Texts are borrowed from a pool. */
struct ov_job {
    bool is_import;
    int64_t id, account, tenant; /* tenant 0: none */
    int64_t attempt;             /* how often it was taken; tells apart who holds it */
    int64_t percent;             /* its progress, as far as it was reported */
    atomic_llong *held_at;       /* where it is noted when it was last held (ov_now_ms); or NULL */
    int64_t lease;               /* seconds for which holding it keeps others away */
    struct ov_text kind;         /* class of the importer or exporter */
    struct ov_text settings;     /* JSON as given by the client; may be empty */
    struct ov_text filename;     /* of an import */
    struct ov_content content;   /* of an import: the file */
    int64_t target; /* of an import: the existing framework that it was scheduled for; 0: a new one;
                       below: unknown */
    enum ov_language language; /* of its messages */
};

/* *held: the job is in progress, and nobody else has taken it in the meantime; from now on it is
 * kept for another lease, and its progress can be read by others. Whatever is written for a job is
 * written in a transaction that holds it: a node that comes back too late cannot. The caller has a
 * write transaction. */
OV_MUST_USE enum ov_status ov_job_hold(struct ov_sql *sql, const struct ov_job *work, bool *held,
                                       struct ov_error *err);

#define OV_STRUCTURE_IMPORTER OV_TEXT("tool_organisation\\tool_wp\\importer\\orgstructure")
#define OV_STRUCTURE_EXPORTER OV_TEXT("tool_organisation\\tool_wp\\exporter\\orgstructure")

/* Finds an existing framework of this kind and tenant by id or idnumber. *id: 0 if not found. */
OV_MUST_USE enum ov_status ov_framework_find(struct ov_sql *sql, struct ov_text select,
                                             const char *kind, int64_t tenant, int64_t *id,
                                             struct ov_error *err);
/* The name of a framework for a file: without its extension. Borrowed. */
struct ov_text ov_framework_name(struct ov_text filename);

/* The settings of an export, or of an import of an export. */
struct ov_export_settings {
    bool positions, departments; /* kinds of frameworks to include */
    struct ov_text *frameworks;  /* ids or idnumbers, or names; the pool's */
    size_t framework_count;      /* 0: all frameworks */
};
/* Parses the settings of an export, a JSON object; empty: the defaults. OV_E_OPTION if invalid. */
OV_MUST_USE enum ov_status ov_export_settings(struct ov_values_pool *pool, struct ov_text json,
                                              struct ov_export_settings *settings,
                                              struct ov_error *err);
/* The same for the import of an export: import_instances, select_frameworks (by name). */
OV_MUST_USE enum ov_status ov_zip_import_settings(struct ov_values_pool *pool, struct ov_text json,
                                                  struct ov_export_settings *settings,
                                                  struct ov_error *err);
/* Appends settings as JSON, for answers; key: `export_instances` or `import_instances`. */
void ov_export_settings_json(struct ov_buf *out, const char *key,
                             const struct ov_export_settings *settings);

/* A line of an import's log; texts are borrowed. 0 for positions: unknown. */
struct ov_log_line {
    const char *level; /* info, warning, error */
    struct ov_text code, message;
    int64_t line, column, row; /* from 1 */
};
/* Appends a line to the log of a tenant's import. The caller has a write transaction. */
OV_MUST_USE enum ov_status ov_log_add(struct ov_sql *sql, int64_t tenant, int64_t import,
                                      const struct ov_log_line *line, struct ov_error *err);

/* Receives the progress in percent, or -1: unchanged. Returning false aborts the job with
 * OV_E_STATE; it is restarted later. */
typedef bool ov_progress_fn(void *ctx, int percent);
/* Reports progress; OV_E_STATE if the job is to be aborted. progress may be NULL. */
OV_MUST_USE enum ov_status ov_go_on(ov_progress_fn *progress, void *ctx, int percent,
                                    struct ov_error *err);

/* A range of items, first to last, that an import added to a framework; made: it also created the
 * framework. */
struct ov_range {
    int64_t tenant, import, framework, first, last;
    bool made;
};
/* Hides a range until it is shown or deleted. The caller has a write transaction. */
OV_MUST_USE enum ov_status ov_range_hide(struct ov_sql *sql, const struct ov_range *range,
                                         struct ov_error *err);
/* Marks frameworks of a tenant as changed, to invalidate views of them; how often that was done.
 * The caller of the former has a write transaction. */
OV_MUST_USE enum ov_status ov_frameworks_changed(struct ov_sql *sql, int64_t tenant,
                                                 struct ov_error *err);
OV_MUST_USE enum ov_status ov_frameworks_changes(struct ov_sql *sql, int64_t tenant,
                                                 int64_t *changes, struct ov_error *err);
/* Adds to one of a tenant's counters, from 0; *before: what it was. The caller has a write
 * transaction. */
OV_MUST_USE enum ov_status ov_counter_add(struct ov_sql *sql, int64_t tenant, const char *name,
                                          int64_t amount, int64_t *before, struct ov_error *err);

#endif
