/* draft/view.h: a file that was vetted to be looked at: its check, its rows in an unnamed file, and
 * its hierarchy. A view does not change; what it is asked for is found without reading the file
 * again. One thread uses it at a time. */
#ifndef DRAFT_VIEW_H
#define DRAFT_VIEW_H

#include "draft/tree.h"

struct ov_compare; /* draft/compare.h */
struct ov_view;

/* What is vetted, and how. Texts are borrowed while the view is made. */
struct ov_view_options {
    const struct ov_importer *importer; /* NULL: found out */
    const char *file_name;
    enum ov_language language; /* of the findings */
    struct ov_text settings;   /* of the service, as JSON; empty: none */
    const char *encoding;      /* NULL: found out */
    char delimiter;            /* 0: found out */
    uint64_t max_findings;     /* kept; 0: all */
    int file;                  /* its bytes, from offset 0; taken over, whatever comes of it */
    int rows;                  /* an empty file; taken over too */
    /* Adds the identifiers that the target framework has; NULL: none is meant. */
    enum ov_status (*existing)(void *ctx, struct ov_check *check, struct ov_error *err);
    /* That framework, to be compared with the file; the caller's then. NULL with OV_OK in err:
     * none. May be NULL. */
    struct ov_snapshot *(*read_framework)(void *ctx, const struct ov_importer *importer,
                                          struct ov_error *err);
    void *ctx; /* of both */
};

/* Rows that a filter leaves. */
struct ov_view_filter {
    int rule;            /* of a finding; -1: any */
    int severity;        /* enum ov_severity, or -1: any */
    bool only;           /* rows in which something was found */
    struct ov_text text; /* in a cell, or a message; empty: any */
    bool names;          /* the text is in the identifier or the name, and nowhere else */
};

struct ov_filtered {
    struct ov_buf key; /* the filter's; empty: none is here */
    uint32_t *rows;    /* owned, from 0, rising; NULL: all of them */
    uint32_t count;
    uint64_t used;
};
enum { OV_VIEW_FILTERED = 4 };

struct ov_view {
    struct ov_check *check;  /* owned; finished */
    char *encoding;          /* owned: the check's, as long as it is there; or NULL */
    struct ov_source source; /* of the file; ctx: this view */
    int file, rows_file;
    uint64_t size, rows_size; /* of both, in bytes */
    bool has_rows;            /* the columns are known: rows and hierarchy are there */
    uint64_t *row_at;  /* owned: where each row begins in rows_file, and where the last one ends */
    uint32_t *finding; /* owned: per row, index of its first finding + 1; 0: none */
    struct ov_draft_tree tree;
    struct ov_compare *compare; /* owned; NULL: no framework is imported into */
    struct ov_filtered views[OV_VIEW_FILTERED];
    uint64_t turn;        /* of the views */
    struct ov_buf record; /* the row read last */
    void *keeper;         /* of whoever keeps it */
};

/* Vets. NULL on failure; OV_E_OPTION: encoding or settings do not fit. ov_view_free takes NULL. */
OV_MUST_USE struct ov_view *ov_view_new(const struct ov_view_options *options,
                                        struct ov_error *err);
void ov_view_free(struct ov_view *view);
/* Bytes that it takes, roughly. */
/* Vets the file once more, under the same choices, for as many findings; NULL on failure. The
 * caller frees. */
OV_MUST_USE struct ov_check *ov_view_vet(const struct ov_view *view, uint64_t findings,
                                         struct ov_error *err);

struct ov_view_size {
    uint64_t memory, disk;
};
struct ov_view_size ov_view_size(const struct ov_view *view);

/* A row as it was read: its line, and its cells one after the other. Texts live until the next row
 * is read. */
struct ov_view_row {
    uint64_t line;
    uint32_t cells;
    struct ov_text rest;
};
OV_MUST_USE enum ov_status ov_view_read(struct ov_view *view, uint32_t row,
                                        struct ov_view_row *found, struct ov_error *err);
/* The next cell; empty behind the last one. */
struct ov_text ov_view_cell(struct ov_view_row *row);
/* One cell by its column; empty when there is none. */
struct ov_text ov_view_column(const struct ov_view_row *row, int column);

/* The finding at an index of the check's list. */
OV_MUST_USE enum ov_status ov_view_finding(struct ov_view *view, size_t index,
                                           struct ov_finding *finding);
/* The index behind the last finding of a row, whose first one is at `first`. */
size_t ov_view_findings_end(const struct ov_view *view, size_t first);

void ov_filtered_clear(struct ov_filtered *filtered);
/* The rows that a filter leaves; kept for the next call. NULL on failure. */
OV_MUST_USE const struct ov_filtered *
ov_filtered(struct ov_view *view, const struct ov_view_filter *filter, struct ov_error *err);
/* The row at a place in a view; the place of the first row that is not before one. */
static inline uint32_t ov_filtered_row(const struct ov_filtered *filtered, uint32_t place)
{
    return filtered->rows ? filtered->rows[place] : place;
}
uint32_t ov_filtered_place(const struct ov_filtered *filtered, uint32_t row);

#endif
