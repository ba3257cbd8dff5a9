/* server/jobs/import.h: imports, completely or not at all (PROTOCOL.md, Import): of a file
 * (import.c), of the zip of an export (import_zip.c), and their steps for one CSV file: vetting
 * (import_csv.c), adding (import_add.c). */
#ifndef SERVER_JOBS_IMPORT_H
#define SERVER_JOBS_IMPORT_H

#include "orgvet/check.h"
#include "server/jobs/job.h"

/* Vets and imports a file of the store. Rows are added in slices, so that others can write in
 * between, and stay hidden until the last slice, which also sets the status. *good: it was
 * imported; otherwise its log has the reason. Errors are failures of the service. */
OV_MUST_USE enum ov_status ov_import_run(struct ov_store *store, const struct ov_job *work,
                                         ov_progress_fn *progress, void *ctx, bool *good,
                                         struct ov_error *err);
/* The same for the zip of an export; takes ownership of fd, an open file. */
OV_MUST_USE enum ov_status ov_zip_import_run(struct ov_store *store, const struct ov_job *work,
                                             int fd, ov_progress_fn *progress, void *ctx,
                                             bool *good, struct ov_error *err);
/* Deletes, in slices, the hidden items and the log lines that an import has added so far, which the
 * caller runs; NULL: the hidden items of all imports that are not running. */
OV_MUST_USE enum ov_status ov_import_sweep(struct ov_store *store, const struct ov_job *work,
                                           ov_progress_fn *progress, void *ctx,
                                           struct ov_error *err);
/* Ends an import with an error, in its own transaction. The findings of its file (intake) and the
 * conflicts with a framework go to its log; both may be NULL. */
struct ov_csv_import;
struct ov_conflicts;
OV_MUST_USE enum ov_status ov_import_refuse(struct ov_store *store, const struct ov_job *work,
                                            const struct ov_csv_import *intake,
                                            const struct ov_conflicts *conflicts,
                                            const char *message, struct ov_error *err);

/* --- the steps --- */

/* A CSV file; read() passes all its bytes to take(), from the start on each call. */
struct ov_csv_source {
    enum ov_status (*read)(void *ctx, ov_content_fn *take, void *take_ctx, struct ov_error *err);
    void *ctx;     /* passed to read(); borrowed */
    uint64_t size; /* bytes; 0: unknown */
};

/* A CSV file to be imported into a framework. Set the inputs before ov_csv_import_vet, the rest to
 * 0; free with ov_csv_import_deinit. */
struct ov_csv_import {
    const struct ov_csv_source *source; /* borrowed */
    struct ov_check *check;             /* owned; set by ov_csv_import_vet */
    struct ov_text name;                /* name of a new framework; borrowed */
    struct ov_text idnumber;            /* idnumber of a new framework; empty: none */
    int64_t tenant;                     /* of the framework; 0: none */
    enum ov_language language;          /* of its log messages */
    int64_t framework;                  /* an existing one; 0: create a new one */
    ov_progress_fn *progress;           /* may be NULL */
    void *progress_ctx;                 /* passed to progress; borrowed */
    uint64_t most_rows; /* limit on its rows, to bound memory; 0: no limit but the file's size */
    uint64_t rows;      /* out: items added */
    struct ov_csv_import *next; /* next file of the same import */
};

/* Vets the file with the given settings; *good: it can be imported. sql: a read connection.
 * OV_E_OPTION if the settings are invalid. */
OV_MUST_USE enum ov_status ov_csv_import_vet(struct ov_csv_import *intake, struct ov_sql *sql,
                                             const struct ov_importer *importer,
                                             const char *file_name, struct ov_text settings,
                                             bool *good, struct ov_error *err);
/* Reports progress from one percentage to another, after so many bytes of the file; OV_E_STATE if
 * the import is to be aborted. */
enum { OV_VETTED_PERCENT = 40 /* the progress of a job after vetting */ };
OV_MUST_USE enum ov_status ov_csv_import_progress(const struct ov_csv_import *intake, uint64_t fed,
                                                  int from, int to, struct ov_error *err);
/* Call before the first byte: finds the existing framework in the settings (*framework; 0: a new
 * one is to be created) and adds its identifiers to the check. OV_E_OPTION: framework not found. */
OV_MUST_USE enum ov_status ov_csv_import_target(struct ov_check *check, struct ov_sql *sql,
                                                const struct ov_importer *importer, int64_t tenant,
                                                int64_t *framework, struct ov_error *err);
/* An import is added in a series of short write transactions ("slices"). */
struct ov_slice {
    struct ov_store *store;    /* borrowed */
    const struct ov_job *work; /* the import; borrowed */
    struct ov_sql *sql;        /* of the open transaction; NULL: none */
    int64_t until;             /* when it should end (ov_now_ms) */
    ov_progress_fn *progress;
    void *progress_ctx;
};
/* If the current slice has taken long enough, ends it and starts the next one. OV_E_STATE: the
 * import is no longer running, or is to be aborted. */
OV_MUST_USE enum ov_status ov_slice_next(struct ov_slice *slice, struct ov_error *err);

/* Adds the file's rows to the framework, still hidden, and lines to the import's log. If there are
 * conflicts, the caller must discard everything and report them. OV_E_OPTION: the framework no
 * longer exists. */
struct ov_conflicts {
    struct ov_values_pool pool; /* owns the messages */
    struct ov_log_line *lines;  /* owned */
    size_t count, capacity;
    uint64_t total; /* including those not kept in lines */
};
OV_MUST_USE enum ov_status ov_csv_import_add(struct ov_csv_import *intake, struct ov_slice *slice,
                                             struct ov_conflicts *conflicts, struct ov_error *err);
void ov_csv_import_deinit(struct ov_csv_import *intake);
void ov_conflicts_deinit(struct ov_conflicts *conflicts);

/* Appends the findings of the check to the import's log. The caller has a write transaction. */
OV_MUST_USE enum ov_status ov_csv_import_log(const struct ov_csv_import *intake, struct ov_sql *sql,
                                             const struct ov_job *work, struct ov_error *err);

/* Adds the rows of all intakes in slices; the last one makes them visible, ends the
 * import and stores its report. *good: they were added; otherwise nothing was, and the import's log
 * has the reason. */
OV_MUST_USE enum ov_status ov_import_add(struct ov_store *store, const struct ov_job *work,
                                         struct ov_csv_import *first, struct ov_text report,
                                         ov_progress_fn *progress, void *ctx, bool *good,
                                         struct ov_error *err);

#endif
