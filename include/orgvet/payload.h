/* orgvet/payload.h: what a vetted file means for the importer.
 *
 * The file is read twice: ov_check vets it (with `keep_for_reread`), then the same bytes are handed
 * over again and the items come out, parents before children. A file that is not the same the
 * second time is OV_E_IO.
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

/* How a payload is written. */
enum ov_payload_format {
    OV_PAYLOAD_JSON,   /* one object with settings, items and receipt */
    OV_PAYLOAD_NDJSON, /* an item a line */
    OV_PAYLOAD_CSV,    /* RFC 4180, UTF-8, LF, under the importer's own field names */
};
/* The format of this name; false when there is none. */
OV_API bool ov_payload_format_find(struct ov_text name, enum ov_payload_format *format);

/* Which rows of a vetted file can be imported. A row is sound when nothing of level error is said
 * of it, it is in no cycle, and its parent is none, sound, or in the target framework already. The
 * first of several rows with one identifier may be sound. Of a file with an error that is no row's
 * (a column is missing) no row is. */
struct ov_soundness {
    bool errors;        /* there is something of level error, or a row that is not sound */
    bool has_header;    /* there is a header: rows can be held back */
    uint64_t rows;      /* data rows of the file */
    uint64_t held_back; /* of these: not sound */
};

/* Of a check that is finished and kept all findings (options.max_kept, max_findings), or found no
 * error. */
OV_API OV_MUST_USE enum ov_status ov_check_soundness(const struct ov_check *check,
                                                     struct ov_soundness *soundness,
                                                     struct ov_error *err);

struct ov_emit_options {
    enum ov_payload_format format;
    struct ov_text framework;         /* name of the framework to be made */
    const struct ov_sink *out;        /* borrowed until ov_emit_free */
    const struct ov_sink *quarantine; /* the same: rows held back, as CSV; NULL: they are dropped */
};

struct ov_receipt {
    uint64_t rows;      /* items written */
    uint64_t held_back; /* rows of the file that were not */
    bool has_id;        /* items have an `id` besides `idnumber`: a re-import of the csv form needs
                           the setting {"identifier":"id"} */
    uint64_t backslash_row; /* of csv: the file's row of the first item with `\"` in its line, which
                               the importer's own parser takes for an escape (OV110); 0: none */
    char source_sha256[65]; /* of the file; hexadecimal, NUL-terminated */
    char payload_sha256[65]; /* of the items as ndjson */
};

struct ov_emit;

/* An emission of a finished check, which must outlive it. OV_E_STATE when the check is not
 * finished, was made without options.keep_for_reread, or kept not all findings (options.max_kept,
 * max_findings). NULL on failure; ov_emit_free frees it and takes NULL. Nothing is written before
 * ov_emit_feed or ov_emit_finish. */
OV_API OV_MUST_USE struct ov_emit *
ov_emit_new(struct ov_check *check, const struct ov_emit_options *options, struct ov_error *err);
OV_API void ov_emit_free(struct ov_emit *emit);

/* Hands over the next bytes of the file, from its beginning. Any failure leaves what was written
 * unfinished: JSON unclosed. */
OV_API OV_MUST_USE enum ov_status ov_emit_feed(struct ov_emit *emit, const void *bytes, size_t len,
                                               struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_emit_finish(struct ov_emit *emit, struct ov_receipt *receipt,
                                                 struct ov_error *err);

/* Writes the receipt as a JSON object and a line end. */
OV_API OV_MUST_USE enum ov_status ov_receipt_write(const struct ov_receipt *receipt,
                                                   const struct ov_sink *out, struct ov_error *err);

/* What is uploaded of a vetted file: its own bytes when an import service that is given the
 * settings reads from them exactly what was vetted; else the canonical form, which is the csv form
 * above with the settings that go with it. A service is given nothing but settings: it takes the
 * first line for the header, UTF-8 for the encoding, the comma for the delimiter, and each parent
 * cell as it is.
 *
 *     struct ov_form *upload = ov_form_new(check, &file, &err);
 *     if (ov_form_reasons(upload))
 *         … ov_form_write(upload, &out, &err);
 *     … ov_form_vet(upload, &uploaded, &err) … ov_form_check(upload) …
 *     ov_form_free(upload); */
struct ov_form;

/* Why the file's own bytes do not do; or-ed. */
enum ov_form_reason {
    OV_FORM_ENCODING = 1 << 0,    /* another encoding than UTF-8 */
    OV_FORM_DELIMITER = 1 << 1,   /* another delimiter than the comma */
    OV_FORM_SEP_LINE = 1 << 2,    /* a `sep=` line */
    OV_FORM_SKIPPED = 1 << 3,     /* lines above the header */
    OV_FORM_BLANK_ROW = 1 << 4,   /* blank rows, other than empty lines at the end */
    OV_FORM_ROOT_MARKER = 1 << 5, /* parents that mean "none" */
    OV_FORM_BACKSLASH = 1 << 6,   /* `\"` in a cell (OV110) */
    OV_FORM_READING = 1 << 7,     /* without the options of reading it is read otherwise */
};

/* Decides, for a finished check made with `keep_for_reread` that keeps all its findings and knows
 * its columns; both arguments must outlive it. Reads the file again where options of reading were
 * given. NULL on failure; ov_form_free takes NULL. */
OV_API OV_MUST_USE struct ov_form *ov_form_new(struct ov_check *check, const struct ov_source *file,
                                               struct ov_error *err);
OV_API void ov_form_free(struct ov_form *upload);
/* enum ov_form_reason; 0: the file's own bytes are uploaded. */
OV_API unsigned ov_form_reasons(const struct ov_form *upload);
/* The reasons in words, in the language of ov_form_new's `err`: "another encoding than UTF-8,
 * blank rows". Lives as long as the upload. */
OV_API struct ov_text ov_form_reasons_text(const struct ov_form *upload);
/* The settings to be sent with it, a JSON object; lives as long as the upload. */
OV_API struct ov_text ov_form_settings(const struct ov_form *upload);
/* ov_check_dry_run of what is uploaded. */
OV_API OV_MUST_USE enum ov_status ov_form_dry_run(const struct ov_form *upload,
                                                  const struct ov_sink *out, bool *refused,
                                                  struct ov_error *err);
/* Writes the canonical form. OV_E_OPTION when no form can carry a value (OV110). */
OV_API OV_MUST_USE enum ov_status ov_form_write(struct ov_form *upload, const struct ov_sink *out,
                                                struct ov_error *err);
/* Vets what is uploaded as a service does; `uploaded` is the file, or what ov_form_write wrote.
 * OV_E_OPTION when it is without errors and yet not what was vetted. */
OV_API OV_MUST_USE enum ov_status
ov_form_vet(struct ov_form *upload, const struct ov_source *uploaded, struct ov_error *err);
/* After ov_form_vet: the finished check of what is uploaded. Lives as long as the upload. */
OV_API struct ov_check *ov_form_check(const struct ov_form *upload);

/* How a hierarchy is drawn. */
enum ov_tree_format {
    OV_TREE_TEXT,    /* a row a line, below its parent */
    OV_TREE_DOT,     /* Graphviz */
    OV_TREE_MERMAID, /* a Mermaid flowchart */
    OV_TREE_JSON, /* a flat list, parents first, each with its level and the size of its subtree */
};
/* The format of this name; false when there is none. */
OV_API bool ov_tree_format_find(struct ov_text name, enum ov_tree_format *format);

struct ov_tree_options {
    enum ov_tree_format format;
    bool ascii;                /* of text: no box drawing */
    bool color;                /* of text: findings in color */
    struct ov_text root;       /* draw from the row with this identifier; empty: all */
    uint32_t depth;            /* levels drawn; 0: all */
    const struct ov_sink *out; /* borrowed until ov_tree_free */
};

/* A drawing of a finished check, which must outlive it; used like ov_emit. Every row is drawn once,
 * whatever is wrong with it: one whose parent is not there at the top, one of each cycle at the top
 * too. OV_E_OPTION when no row has the identifier `root`. */
struct ov_tree;
OV_API OV_MUST_USE struct ov_tree *
ov_tree_new(struct ov_check *check, const struct ov_tree_options *options, struct ov_error *err);
OV_API void ov_tree_free(struct ov_tree *tree);
OV_API OV_MUST_USE enum ov_status ov_tree_feed(struct ov_tree *tree, const void *bytes, size_t len,
                                               struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_tree_finish(struct ov_tree *tree, struct ov_error *err);

/* What a file means, kept to be compared: rows by their identifiers. From a finished check (with
 * options.keep_for_reread), which may be freed after ov_snapshot_finish; or from a payload of
 * `emit` as json or ndjson, whose importer may be NULL: found out. Rows without an identifier, and
 * those whose identifier an earlier row has, are left out. NULL on failure; ov_snapshot_free takes
 * NULL. */
struct ov_snapshot;
OV_API OV_MUST_USE struct ov_snapshot *ov_snapshot_new(const struct ov_check *check,
                                                       struct ov_error *err);
OV_API OV_MUST_USE struct ov_snapshot *ov_snapshot_of_payload(const struct ov_importer *importer,
                                                              struct ov_error *err);
OV_API void ov_snapshot_free(struct ov_snapshot *snapshot);
OV_API OV_MUST_USE enum ov_status ov_snapshot_feed(struct ov_snapshot *snapshot, const void *bytes,
                                                   size_t len, struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_snapshot_finish(struct ov_snapshot *snapshot,
                                                     struct ov_error *err);
OV_API uint64_t ov_snapshot_rows(const struct ov_snapshot *snapshot);
OV_API uint64_t ov_snapshot_left_out(const struct ov_snapshot *snapshot);
/* NULL while it is not known: of a payload without items. */
OV_API const struct ov_importer *ov_snapshot_importer(const struct ov_snapshot *snapshot);

/* What changes from one snapshot to another; both must outlive it. OV_E_OPTION when they are of two
 * importers. */
struct ov_diff;
OV_API OV_MUST_USE struct ov_diff *ov_diff_new(const struct ov_snapshot *before,
                                               const struct ov_snapshot *after,
                                               struct ov_error *err);
OV_API void ov_diff_free(struct ov_diff *diff);

/* Numbers of changes. A row may be renamed, moved and changed at once. */
struct ov_diff_summary {
    uint64_t added, removed;
    uint64_t renumbered; /* of the removed: probably there under another identifier */
    uint64_t renamed;
    uint64_t moved;      /* subtrees: rows that have another parent */
    uint64_t moved_rows; /* these and all below them */
    uint64_t changed;    /* rows with another description, format or flag */
};
OV_API struct ov_diff_summary ov_diff_summary(const struct ov_diff *diff);

enum ov_diff_format { OV_DIFF_TEXT, OV_DIFF_JSON, OV_DIFF_MARKDOWN };
OV_API bool ov_diff_format_find(struct ov_text name, enum ov_diff_format *format);
/* Writes it; the names are those of the two files. Text and markdown are empty when there are no
 * changes; json is the same in every language. */
OV_API OV_MUST_USE enum ov_status ov_diff_write(const struct ov_diff *diff,
                                                enum ov_diff_format format,
                                                enum ov_language language, struct ov_text before,
                                                struct ov_text after, const struct ov_sink *out,
                                                struct ov_error *err);

/* How much may change (OV501). */
enum ov_budget_kind { OV_BUDGET_REMOVED, OV_BUDGET_MOVED, OV_BUDGET_RENAMED };
struct ov_budget {
    enum ov_budget_kind kind;
    double most;  /* rows; of moved ones their subtrees */
    bool percent; /* of the rows before */
};
/* Reads `N` or `N%`, N being decimal digits, at most 1000000000; false for anything else. Leaves
 * the kind alone. */
OV_API bool ov_budget_parse(struct ov_text text, struct ov_budget *budget);
/* Whether more has changed; how much has, and how much may, in rows. */
OV_API bool ov_diff_is_over(const struct ov_diff *diff, const struct ov_budget *budget,
                            uint64_t *count, uint64_t *limit);
/* Adds OV501 to a finished check when more has changed; `before` is the name of what it was
 * compared with. */
OV_API OV_MUST_USE enum ov_status ov_check_add_budget(struct ov_check *check,
                                                      const struct ov_diff *diff,
                                                      const struct ov_budget *budget,
                                                      struct ov_text before, struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
