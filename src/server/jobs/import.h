/* server/jobs/import.h: what an import of one CSV file is made of, for import.c (one file) and
 * import_zip.c (the files of an export). */
#ifndef SERVER_JOBS_IMPORT_H
#define SERVER_JOBS_IMPORT_H

#include "orgvet/check.h"
#include "server/jobs/job.h"

enum { OV_FINDINGS_KEPT = 10000 /* most of a file, here and on the page */ };

/* Hands over the bytes of a CSV file, from the beginning, as often as it is called. */
struct ov_csv_source {
    enum ov_status (*read)(void *ctx, ov_content_fn *take, void *take_ctx, struct ov_error *err);
    void *ctx;
    uint64_t size; /* bytes; 0: not known */
};

/* A CSV file on its way into a framework. {0} before ov_intake_vet. */
struct ov_intake {
    const struct ov_csv_source *source;
    struct ov_check *check;  /* owned */
    struct ov_text name;     /* of the framework to be made; borrowed */
    struct ov_text idnumber; /* of it; empty: none */
    int64_t tenant;
    enum ov_language language; /* of its log */
    int64_t framework;         /* an existing one; 0: a new one */
    ov_progress_fn *progress;
    void *progress_ctx;
    uint64_t most_rows;     /* that it may have, for memory's sake; 0: the size bounds them */
    uint64_t rows;          /* items added */
    struct ov_intake *next; /* of the same import */
};

/* Vets it under the given settings; *good: it can be imported. sql is for reading. OV_E_OPTION when
 * the settings do not fit. */
OV_MUST_USE enum ov_status ov_intake_vet(struct ov_intake *intake, struct ov_sql *sql,
                                         const struct ov_importer *importer, const char *file_name,
                                         struct ov_text settings, bool *good, struct ov_error *err);
/* Before the first byte: finds the framework that the settings say is to be there (*framework; 0: a
 * new one is meant), and tells the check the identifiers that it has. OV_E_OPTION: it is not there.
 */
OV_MUST_USE enum ov_status ov_intake_target(struct ov_check *check, struct ov_sql *sql,
                                            const struct ov_importer *importer, int64_t tenant,
                                            int64_t *framework, struct ov_error *err);
/* The transactions in which an import is added, one after the other. */
struct ov_slice {
    struct ov_store *store;
    int64_t import;
    struct ov_sql *sql; /* of the one that is open; NULL: none is */
    int64_t until;      /* when it is to end, of ov_now_ms */
    ov_progress_fn *progress;
    void *progress_ctx;
};
/* Ends it, and begins the next one, when it has taken long enough. OV_E_STATE: the import is not in
 * progress any more, or is to be broken off. */
OV_MUST_USE enum ov_status ov_slice_next(struct ov_slice *slice, struct ov_error *err);

/* Adds its rows to the framework, hidden, and lines to the import's log. Without conflicts all
 * could be added; else nothing of it may stay, and they say why. OV_E_OPTION: the framework has
 * gone. */
struct ov_conflicts {
    struct ov_values_pool pool;
    struct ov_log_line *lines;
    size_t count, capacity;
    uint64_t total; /* those that are not kept counted too */
};
OV_MUST_USE enum ov_status ov_intake_add(struct ov_intake *intake, struct ov_slice *slice,
                                         struct ov_conflicts *conflicts, struct ov_error *err);
void ov_intake_deinit(struct ov_intake *intake);
void ov_conflicts_deinit(struct ov_conflicts *conflicts);

/* Writes the findings of a check to the import's log. */
OV_MUST_USE enum ov_status ov_intake_log(const struct ov_intake *intake, struct ov_sql *sql,
                                         int64_t import, struct ov_error *err);

/* import_zip.c: the same of an export's zip, open as a file that it closes. */
OV_MUST_USE enum ov_status ov_structure_run(struct ov_store *store, const struct ov_work *work,
                                            int fd, ov_progress_fn *progress, void *ctx, bool *good,
                                            struct ov_error *err);

/* import.c: adds the rows of all intakes, ends the import and keeps its report, in one transaction.
 * *good: they were added; else nothing was, and the import's log says why. */
OV_MUST_USE enum ov_status ov_import_add(struct ov_store *store, const struct ov_work *work,
                                         struct ov_intake *first, struct ov_text report,
                                         ov_progress_fn *progress, void *ctx, bool *good,
                                         struct ov_error *err);

#endif
