/* orgvet/payload.h: the items that the importer makes of a vetted file.
 *
 * The file is read twice: ov_check vets it (with `keep_for_reread`), then the same bytes are fed
 * again and the items come out, parents before children. OV_E_IO when the bytes differ the second
 * time.
 *
 *     struct ov_emit *emit = ov_emit_new(check, &options, &err);
 *     … ov_emit_feed(emit, bytes, len, &err) … ov_emit_finish(emit, &receipt, &err);
 *     ov_emit_free(emit); */
#ifndef ORGVET_PAYLOAD_H
#define ORGVET_PAYLOAD_H

#include <stdbool.h>

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The format of a payload. */
enum ov_payload_format {
    OV_PAYLOAD_JSON,   /* one object with settings, items and receipt */
    OV_PAYLOAD_NDJSON, /* one item per line */
    OV_PAYLOAD_CSV,    /* RFC 4180, UTF-8, LF, with the importer's own field names */
};
/* The format with this name; false when there is none. */
OV_API bool ov_payload_format_find(struct ov_text name, enum ov_payload_format *format);

/* Which rows of a vetted file can be imported. A row is importable when it has no finding of
 * severity error, is not in a cycle, and its parent is empty, importable, or in the target
 * framework already. Of several rows with the same identifier the first may be. If an error
 * concerns no single row (a column is missing), no row is importable. */
struct ov_soundness {
    bool errors;        /* some finding is an error, or some row is not importable */
    bool has_header;    /* there is a header, so that rows can be held back */
    uint64_t rows;      /* data rows of the file */
    uint64_t held_back; /* of these: not importable */
};

/* The check is finished and kept all findings (options.max_kept, max_findings), or found no error.
 * OV_E_STATE otherwise. */
OV_API OV_MUST_USE enum ov_status ov_check_soundness(const struct ov_check *check,
                                                     struct ov_soundness *soundness,
                                                     struct ov_error *err);

struct ov_emit_options {
    enum ov_payload_format format; /* of what is written to out */
    struct ov_text framework;      /* name of the framework to create */
    const struct ov_sink *out;     /* borrowed until ov_emit_free */
    const struct ov_sink *
        quarantine; /* same lifetime; receives the rows held back, as CSV; NULL: they are dropped */
};

struct ov_receipt {
    uint64_t rows;      /* items written */
    uint64_t held_back; /* rows of the file that were not written */
    bool has_id; /* items have an `id` besides `idnumber`: re-importing the csv form needs the
                    setting {"identifier":"id"} */
    uint64_t backslash_row;  /* csv: the file's row of the first item with `\"` in its line, which
                                the importer's own parser takes for an escape (OV110); 0: none */
    char source_sha256[65];  /* of the file; hexadecimal, NUL-terminated */
    char payload_sha256[65]; /* of the items as ndjson; the same */
};

struct ov_emit;

/* Prepares the payload of a finished check, which must outlive it. OV_E_STATE when the check is not
 * finished, was made without options.keep_for_reread, or did not keep all findings
 * (options.max_kept, max_findings). NULL on failure; ov_emit_free takes NULL. Nothing is written
 * before ov_emit_feed or ov_emit_finish. */
OV_API OV_MUST_USE struct ov_emit *
ov_emit_new(struct ov_check *check, const struct ov_emit_options *options, struct ov_error *err);
OV_API void ov_emit_free(struct ov_emit *emit);

/* Feeds the next bytes of the file, from its beginning. After a failure the output is incomplete:
 * JSON stays unclosed. */
OV_API OV_MUST_USE enum ov_status ov_emit_feed(struct ov_emit *emit, const void *bytes, size_t len,
                                               struct ov_error *err);
/* Marks the end of the file, writes what is left, and fills in *receipt. Call it once. */
OV_API OV_MUST_USE enum ov_status ov_emit_finish(struct ov_emit *emit, struct ov_receipt *receipt,
                                                 struct ov_error *err);

/* Writes the receipt as a JSON object, followed by a line end. */
OV_API OV_MUST_USE enum ov_status ov_receipt_write(const struct ov_receipt *receipt,
                                                   const struct ov_sink *out, struct ov_error *err);

/* What to upload for a vetted file: its own bytes, if an import service with the same settings
 * would read from them exactly what was vetted; otherwise the canonical form, which is the csv form
 * above plus the settings for it. A service knows nothing but settings: it takes the first line as
 * the header, UTF-8 as the encoding, the comma as the delimiter, and every parent cell literally.
 *
 *     struct ov_form *upload = ov_form_new(check, &file, &err);
 *     if (ov_form_reasons(upload))
 *         … ov_form_write(upload, &out, &err);
 *     … ov_form_vet(upload, &uploaded, &err) … ov_form_check(upload) …
 *     ov_form_free(upload); */
struct ov_form;

/* Why the file's own bytes cannot be uploaded; or-ed. */
enum ov_form_reason {
    OV_FORM_ENCODING = 1 << 0,    /* not UTF-8 */
    OV_FORM_DELIMITER = 1 << 1,   /* not the comma */
    OV_FORM_SEP_LINE = 1 << 2,    /* a `sep=` line */
    OV_FORM_SKIPPED = 1 << 3,     /* lines above the header */
    OV_FORM_BLANK_ROW = 1 << 4,   /* blank rows, other than empty lines at the end */
    OV_FORM_ROOT_MARKER = 1 << 5, /* parent values that mean "no parent" */
    OV_FORM_BACKSLASH = 1 << 6,   /* `\"` in a cell (OV110) */
    OV_FORM_READING = 1 << 7,     /* without the reading options it would be read differently */
    OV_FORM_LEFT_OUT = 1 << 8,    /* records that are not rows, or are left out by an option */
    OV_FORM_LAYOUT = 1 << 9,      /* options for a layout (enum ov_layout_key) */
    OV_FORM_EDITS = 1 << 10,      /* edits (orgvet/edits.h) */
};

/* Makes the decision for a finished check made with `keep_for_reread` that keeps all its findings
 * and knows its columns. Both arguments must outlive the form. Reads the file again when reading
 * options were given. NULL on failure; ov_form_free takes NULL. */
OV_API OV_MUST_USE struct ov_form *ov_form_new(struct ov_check *check, const struct ov_source *file,
                                               struct ov_error *err);
OV_API void ov_form_free(struct ov_form *upload);
/* Flags of enum ov_form_reason; 0: upload the file's own bytes. */
OV_API unsigned ov_form_reasons(const struct ov_form *upload);
/* The reasons in words, in the language of ov_form_new's `err`: "another encoding than UTF-8, blank
 * rows". Lives as long as the form. */
OV_API struct ov_text ov_form_reasons_text(const struct ov_form *upload);
/* The settings to send with the upload, a JSON object; lives as long as the form. */
OV_API struct ov_text ov_form_settings(const struct ov_form *upload);
/* ov_check_dry_run for the upload. */
OV_API OV_MUST_USE enum ov_status ov_form_dry_run(const struct ov_form *upload,
                                                  const struct ov_sink *out, bool *refused,
                                                  struct ov_error *err);
/* Writes the canonical form. OV_E_OPTION when no form can represent a value (OV110). */
OV_API OV_MUST_USE enum ov_status ov_form_write(struct ov_form *upload, const struct ov_sink *out,
                                                struct ov_error *err);
/* Vets the upload as a service does; `uploaded` is the file, or the output of ov_form_write.
 * OV_E_OPTION when it has no errors but differs from what was vetted. */
OV_API OV_MUST_USE enum ov_status
ov_form_vet(struct ov_form *upload, const struct ov_source *uploaded, struct ov_error *err);
/* After ov_form_vet: the finished check of the upload. Lives as long as the form. */
OV_API struct ov_check *ov_form_check(const struct ov_form *upload);

/* The format of a tree. */
enum ov_tree_format {
    OV_TREE_TEXT,    /* one row per line, indented below its parent */
    OV_TREE_DOT,     /* Graphviz */
    OV_TREE_MERMAID, /* a Mermaid flowchart */
    OV_TREE_JSON,    /* a flat list, parents first, each row with its level and subtree size */
};
/* The format with this name; false when there is none. */
OV_API bool ov_tree_format_find(struct ov_text name, enum ov_tree_format *format);

struct ov_tree_options {
    enum ov_tree_format format; /* how to draw it */
    bool ascii;                 /* text: no box drawing */
    bool color;                 /* text: findings in color */
    struct ov_text root;        /* start at the row with this identifier; empty: all rows */
    uint32_t depth;             /* number of levels drawn; 0: all */
    const struct ov_sink *out;  /* borrowed until ov_tree_free */
};

/* Draws the tree of a finished check, which must outlive it; used like ov_emit. Every row is drawn
 * once, even if it is wrong: a row whose parent was not found is drawn at the top level, and so is
 * one row of each cycle. OV_E_OPTION when no row has the identifier `root`. */
struct ov_tree;
OV_API OV_MUST_USE struct ov_tree *
ov_tree_new(struct ov_check *check, const struct ov_tree_options *options, struct ov_error *err);
OV_API void ov_tree_free(struct ov_tree *tree);
/* Feeds the next bytes of the file, from its beginning; ov_tree_finish marks its end. */
OV_API OV_MUST_USE enum ov_status ov_tree_feed(struct ov_tree *tree, const void *bytes, size_t len,
                                               struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_tree_finish(struct ov_tree *tree, struct ov_error *err);

/* The contents of a file, kept for a comparison: rows by their identifiers. Made from a finished
 * check (with options.keep_for_reread), which may be freed after ov_snapshot_finish; or from a json
 * or ndjson payload of `emit`, whose importer is detected if it is NULL. Rows without an identifier
 * and later rows with a duplicate identifier are left out. NULL on failure; ov_snapshot_free takes
 * NULL. */
struct ov_snapshot;
OV_API OV_MUST_USE struct ov_snapshot *ov_snapshot_new(const struct ov_check *check,
                                                       struct ov_error *err);
OV_API OV_MUST_USE struct ov_snapshot *ov_snapshot_of_payload(const struct ov_importer *importer,
                                                              struct ov_error *err);
OV_API void ov_snapshot_free(struct ov_snapshot *snapshot);
/* Feeds the next bytes of the file or payload; ov_snapshot_finish marks its end. */
OV_API OV_MUST_USE enum ov_status ov_snapshot_feed(struct ov_snapshot *snapshot, const void *bytes,
                                                   size_t len, struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_snapshot_finish(struct ov_snapshot *snapshot,
                                                     struct ov_error *err);
/* The number of rows kept, and of rows left out. */
OV_API uint64_t ov_snapshot_rows(const struct ov_snapshot *snapshot);
OV_API uint64_t ov_snapshot_left_out(const struct ov_snapshot *snapshot);

/* The changes between two snapshots; both must outlive it. OV_E_OPTION when they have different
 * importers. */
struct ov_diff;
OV_API OV_MUST_USE struct ov_diff *ov_diff_new(const struct ov_snapshot *before,
                                               const struct ov_snapshot *after,
                                               struct ov_error *err);
OV_API void ov_diff_free(struct ov_diff *diff);

/* Numbers of changes. A row may be renamed, moved and changed at the same time. */
struct ov_diff_summary {
    uint64_t added, removed; /* rows only in the later, only in the earlier snapshot */
    uint64_t renumbered;     /* of the removed: probably still present under another identifier */
    uint64_t renamed;        /* rows whose name differs */
    uint64_t moved;          /* subtrees: rows whose parent differs */
    uint64_t moved_rows;     /* these rows and all rows below them */
    uint64_t changed;        /* rows whose description, format or flag differs */
};
/* The numbers of changes; computed by ov_diff_new. */
OV_API struct ov_diff_summary ov_diff_summary(const struct ov_diff *diff);

enum ov_diff_format { OV_DIFF_TEXT, OV_DIFF_JSON, OV_DIFF_MARKDOWN };
/* The format with this name; false when there is none. */
OV_API bool ov_diff_format_find(struct ov_text name, enum ov_diff_format *format);
/* Writes the changes; `before` and `after` are the names of the two files. Text and markdown are
 * empty when there are no changes; json is the same in every language. */
OV_API OV_MUST_USE enum ov_status ov_diff_write(const struct ov_diff *diff,
                                                enum ov_diff_format format,
                                                enum ov_language language, struct ov_text before,
                                                struct ov_text after, const struct ov_sink *out,
                                                struct ov_error *err);

/* A limit on changes (OV501). */
enum ov_budget_kind { OV_BUDGET_REMOVED, OV_BUDGET_MOVED, OV_BUDGET_RENAMED };
struct ov_budget {
    enum ov_budget_kind kind; /* what is limited */
    double most;              /* rows; for moved rows their subtrees */
    bool percent;             /* `most` is a percentage of the rows before */
};
/* Parses `N` or `N%`, N being decimal digits, at most 1000000000; false for anything else. Leaves
 * budget->kind unchanged. */
OV_API bool ov_budget_parse(struct ov_text text, struct ov_budget *budget);
/* Whether the changes exceed the budget; *count and *limit are the changes and the allowed maximum,
 * in rows. */
OV_API bool ov_diff_is_over(const struct ov_diff *diff, const struct ov_budget *budget,
                            uint64_t *count, uint64_t *limit);
/* Adds OV501 to a finished check when the budget is exceeded; `before` is the name of the file it
 * was compared with. */
OV_API OV_MUST_USE enum ov_status ov_check_add_budget(struct ov_check *check,
                                                      const struct ov_diff *diff,
                                                      const struct ov_budget *budget,
                                                      struct ov_text before, struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
