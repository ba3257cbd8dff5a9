/* draft/view.h: a vetted file kept for viewing: its check, its rows in an unnamed file, and its
 * hierarchy. A view does not change, apart from caches; queries do not read the original file
 * again. Not thread-safe: one thread uses it at a time. */
#ifndef DRAFT_VIEW_H
#define DRAFT_VIEW_H

#include "draft/filter.h"
#include "draft/tree.h"

enum { OV_FINDINGS_KEPT = 10000 /* most findings of a file, on the page and of an import */ };

struct ov_compare; /* draft/compare.h */
struct ov_view;

/* An option of the layout of a file. */
struct ov_view_layout {
    enum ov_layout_key key;
    struct ov_text value;
};

/* What to vet, and how. Texts are borrowed for the call of ov_view_new. */
struct ov_view_options {
    const struct ov_importer *importer;  /* NULL: detected */
    const char *file_name;               /* may determine the importer */
    enum ov_language language;           /* of the findings */
    struct ov_text settings;             /* of the service, as a JSON object; empty: none */
    const char *encoding;                /* NULL: detected */
    char delimiter;                      /* 0: detected */
    uint64_t header_row;                 /* as in ov_read_options; 0: looked for */
    const char *sheet;                   /* of a workbook; NULL: the first that is not hidden */
    const struct ov_view_layout *layout; /* how rows name their parents, and the like */
    size_t layout_count;
    struct ov_row_edits *edits; /* owned by the view, also on failure; NULL: none */
    uint64_t max_findings;      /* most findings kept; 0: all */
    int file; /* descriptor of the file, read from offset 0; closed by the view, also on failure */
    int rows; /* descriptor of an empty file for the rows; likewise */
    /* Adds the identifiers of the target framework to the check; NULL: there is no framework. */
    enum ov_status (*existing)(void *ctx, struct ov_check *check, struct ov_error *err);
    /* Returns that framework for comparison with the file; ownership passes to the view. NULL
     * without an error in err: no comparison. May be NULL. */
    struct ov_snapshot *(*read_framework)(void *ctx, const struct ov_importer *importer,
                                          struct ov_error *err);
    void *ctx; /* of both functions */
};

struct ov_view {
    struct ov_check *check;     /* owned; finished */
    char *encoding;             /* owned: the check refers to it; NULL: detected */
    struct ov_row_edits *edits; /* owned: likewise; NULL: none */
    struct ov_source source;    /* of the file's bytes; ctx is `file` */
    int file, rows_file;        /* owned descriptors */
    uint64_t size, rows_size;   /* of both files, in bytes */
    bool has_rows;              /* there is a usable header: rows and hierarchy are available */
    uint64_t *row_at;  /* owned: offset of each row in rows_file, then the end of the last one */
    uint32_t *finding; /* owned: per row, index of its first finding + 1; 0: none */
    struct ov_draft_tree tree;
    struct ov_compare *compare;                 /* owned; NULL: nothing to compare with */
    struct ov_filtered views[OV_VIEW_FILTERED]; /* cache, least recently used is replaced */
    uint64_t turn;                              /* counts the uses of the cache */
    struct ov_buf record;                       /* bytes of the row read last */
    void *keeper;                               /* for the caller's use */
};

/* Vets a file and keeps it for viewing. NULL on failure (OV_E_OPTION: encoding or settings are not
 * valid for it; OV_E_LIMIT: too many columns). ov_view_free takes NULL. */
OV_MUST_USE struct ov_view *ov_view_new(const struct ov_view_options *options,
                                        struct ov_error *err);
void ov_view_free(struct ov_view *view);
/* Vets the file again with the same options, keeping at most `findings` findings (0: all). The
 * caller frees the check; NULL on failure. */
OV_MUST_USE struct ov_check *ov_view_vet(const struct ov_view *view, uint64_t findings,
                                         struct ov_error *err);

/* Feeds the file's bytes to a function, from the first to the most-th one, until *enough (NULL: to
 * the end). Fails as that does, and with OV_E_IO when the file has become shorter. */
typedef enum ov_status ov_bytes_fn(void *ctx, const char *bytes, size_t len, struct ov_error *err);
OV_MUST_USE enum ov_status ov_view_bytes(const struct ov_view *view, uint64_t most,
                                         const bool *enough, ov_bytes_fn *on_bytes, void *ctx,
                                         struct ov_error *err);

/* Approximate space in use, in bytes. */
struct ov_view_size {
    uint64_t memory, disk;
};
struct ov_view_size ov_view_size(const struct ov_view *view);

/* A row as it was read. Texts are borrowed until the next row is read. */
struct ov_view_row {
    uint64_t line;       /* where it starts in the file, from 1; of a made one: is first named */
    int64_t key;         /* what edits call it (orgvet/edits.h); 0: it was made, from a path */
    uint32_t cells;      /* number of cells */
    bool edited;         /* the cell returned last was set by an edit */
    struct ov_text rest; /* encoded cells not returned yet */
};
/* The number of rows that are in the file, or were added to it; made ones follow. */
uint32_t ov_view_file_rows(const struct ov_view *view);
/* Reads a row; row: from 0, less than the number of rows. OV_E_IO or OV_E_MEMORY on failure. */
OV_MUST_USE enum ov_status ov_view_read(struct ov_view *view, uint32_t row,
                                        struct ov_view_row *found, struct ov_error *err);
/* Returns the next cell; empty after the last one. */
struct ov_text ov_view_cell(struct ov_view_row *row);
/* Returns a cell by its column, from 0; empty when there is none. Call it before ov_view_cell. */
struct ov_text ov_view_column(const struct ov_view_row *row, int column);

/* Returns the finding at an index of the check's list; its texts are borrowed until the next call.
 * OV_E_MEMORY on failure. */
OV_MUST_USE enum ov_status ov_view_finding(struct ov_view *view, size_t index,
                                           struct ov_finding *finding);
/* The index after the last finding of a row, whose first one is at `first`. */
size_t ov_view_findings_end(const struct ov_view *view, size_t first);

#endif
