/* server/jobs/job.h: imports and exports: what was scheduled, how far it is, what became of it. */
#ifndef SERVER_JOBS_JOB_H
#define SERVER_JOBS_JOB_H

#include "server/store/content.h"
#include "server/http/value.h"

/* States (CONTRACT 7); clients go by their words. */
enum ov_state {
    OV_STATE_CREATED = 1,
    OV_STATE_SCHEDULED,
    OV_STATE_RUNNING,
    OV_STATE_DONE,
    OV_STATE_ERROR,
    OV_STATE_ROLLED_BACK,
};
const char *ov_state_words(int64_t state);

enum { OV_FRAMEWORKS_MAX = 4096 /* of one export, and so of its import */ };

/* What an import or export needs to be done; texts are the pool's. */
struct ov_work {
    int64_t id, account, tenant; /* tenant 0: none */
    struct ov_text kind;         /* class of the importer or exporter */
    struct ov_text settings;     /* as they were given */
    struct ov_text filename;     /* of an import */
    int64_t content;             /* of an import */
    enum ov_language language;   /* of what is told about it */
};

/* An importer that a file can be read with, by its class. */
bool ov_is_zip(struct ov_text head);
#define OV_STRUCTURE_IMPORTER OV_TEXT("tool_organisation\\tool_wp\\importer\\orgstructure")
#define OV_STRUCTURE_EXPORTER OV_TEXT("tool_organisation\\tool_wp\\exporter\\orgstructure")

/* Looks for a framework that an import into an existing one is for: by id, or by idnumber; of this
 * kind and tenant. *id 0: there is none. */
OV_MUST_USE enum ov_status ov_framework_find(struct ov_sql *sql, struct ov_text select,
                                             const char *kind, int64_t tenant, int64_t *id,
                                             struct ov_error *err);
/* The name of a framework for a file: without folder and extension. */
struct ov_text ov_framework_name(struct ov_text filename);

/* What an export is made of. */
struct ov_export_settings {
    bool positions, departments;
    struct ov_text *frameworks; /* ids or idnumbers; the pool's */
    size_t framework_count;     /* 0: all */
};
/* Reads the settings of an export, a JSON object; empty: the defaults. OV_E_OPTION says what is
 * wrong. */
OV_MUST_USE enum ov_status ov_export_settings(struct ov_values_pool *pool, struct ov_text json,
                                              struct ov_export_settings *settings,
                                              struct ov_error *err);
/* The same of an import of an export: import_instances, select_frameworks (by name). */
OV_MUST_USE enum ov_status ov_structure_settings(struct ov_values_pool *pool, struct ov_text json,
                                                 struct ov_export_settings *settings,
                                                 struct ov_error *err);
/* Appends them as the service answers them; key: `export_instances` or `import_instances`. */
void ov_export_settings_json(struct ov_buf *out, const char *key,
                             const struct ov_export_settings *settings);

/* A line of an import's log. Zero: not known. */
struct ov_log_line {
    const char *level; /* info, warning, error */
    struct ov_text code, message;
    int64_t line, column, row;
};
OV_MUST_USE enum ov_status ov_log_add(struct ov_sql *sql, int64_t import,
                                      const struct ov_log_line *line, struct ov_error *err);

/* How far it has come, in percent, or -1: as far as before; false: it is to break off, with
 * OV_E_STATE, and to be begun anew later. */
typedef bool ov_progress_fn(void *ctx, int percent);
/* Reports it; OV_E_STATE when the work is to be aborted. progress may be NULL. */
OV_MUST_USE enum ov_status ov_go_on(ov_progress_fn *progress, void *ctx, int percent,
                                    struct ov_error *err);

/* import.c: vets and imports, all of it or nothing: rows are added in slices, so that others can
 * write in between, and are hidden until the last one, which sets the status too. *good: it was
 * imported; else its log says why. Failures are those of the service. */
OV_MUST_USE enum ov_status ov_import_run(struct ov_store *store, const struct ov_work *work,
                                         ov_progress_fn *progress, void *ctx, bool *good,
                                         struct ov_error *err);
/* export.c: writes the file. The same. */
OV_MUST_USE enum ov_status ov_export_run(struct ov_store *store, const struct ov_work *work,
                                         ov_progress_fn *progress, void *ctx, bool *good,
                                         struct ov_error *err);
/* A range of items, first to last, that an import has added to a framework; made: the framework
 * too.
 */
struct ov_range {
    int64_t import, framework, first, last;
    bool made;
};
/* Hides it, inside a transaction, until it is shown or deleted. */
OV_MUST_USE enum ov_status ov_range_hide(struct ov_sql *sql, const struct ov_range *range,
                                         struct ov_error *err);
/* Notes that frameworks are not as they were, for whoever keeps what they were like. */
OV_MUST_USE enum ov_status ov_frameworks_changed(struct ov_sql *sql, struct ov_error *err);

/* import.c: deletes what is hidden, and log lines, of an import that came to nothing; 0: of all
 * that are not in progress. In slices, too. */
OV_MUST_USE enum ov_status ov_import_sweep(struct ov_store *store, int64_t import,
                                           ov_progress_fn *progress, void *ctx,
                                           struct ov_error *err);
/* import.c, export.c: ends it with an error that says why, in a transaction of its own. What was
 * found in an import's file, and conflicts with a framework, go to its log. */
struct ov_intake;
struct ov_conflicts;
OV_MUST_USE enum ov_status ov_import_refuse(struct ov_store *store, const struct ov_work *work,
                                            const struct ov_intake *intake,
                                            const struct ov_conflicts *conflicts,
                                            const char *message, struct ov_error *err);
OV_MUST_USE enum ov_status ov_export_refuse(struct ov_store *store, const struct ov_work *work,
                                            const char *message, struct ov_error *err);

#endif
