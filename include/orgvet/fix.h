/* orgvet/fix.h: fixes simple mistakes.
 *
 * What is fixed are findings of a check, and how the file is written (encoding, delimiter …). The
 * fixed file is vetted again before anything is reported: the findings are gone, there are no new
 * ones, and no row has a different parent than before; a change that would break this is not made.
 * Cells that need no fix are kept byte for byte.
 *
 *     struct ov_fix *fix = ov_fix_new(check, &source, &options, &err);
 *     if (ov_fix_is_needed(fix)) … ov_fix_write(fix, &sink, &err) …
 *     ov_fix_free(fix); */
#ifndef ORGVET_FIX_H
#define ORGVET_FIX_H

#include <stdbool.h>

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What can be fixed, in the order of the summary. */
enum ov_fix_kind {
    OV_FIX_ENCODING,  /* another encoding → UTF-8 (OV112) */
    OV_FIX_BOM,       /* a byte-order mark → removed */
    OV_FIX_LINE_ENDS, /* mixed line ends → those of most lines; a lone CR → LF */
    OV_FIX_DELIMITER, /* another delimiter → comma, a `sep=` line → removed; a tab is kept in a file
                         whose name ends in .tsv or .tab */
    OV_FIX_BLANK,     /* blank rows → removed (OV108), also at the end of the file */
    OV_FIX_TITLES,  /* lines above the header → removed (OV113); unsafe if they have half as many
                       filled cells as the header or more */
    OV_FIX_HEADERS, /* repeated and second headers, drawn lines → removed (OV114) */
    OV_FIX_SURPLUS, /* empty cells beyond the header → removed (OV107) */
    OV_FIX_SPACE,   /* white space around an imported value or a heading → removed (OV306) */
    OV_FIX_INVISIBLE, /* invisible characters in a heading or value → removed (OV307) */
    OV_FIX_FLAG,      /* yes, no, true … → 1, 0 (OV304) */
    OV_FIX_ZEROS, /* unsafe: leading zeros lost in a spreadsheet (OV310), restored in the identifier
                     and in the parents that refer to it */
    OV_FIX_PARENT,   /* unsafe: a parent not found in the file → the most likely one (OV402) */
    OV_FIX_NOT_ROWS, /* unsafe: totals (OV115) and comments (OV116) → removed */
    OV_FIX_ORDER,    /* on request: rows sorted after their parents */
    OV_FIX_KINDS,    /* the number of kinds */
};

struct ov_fix_options {
    bool unsafe;         /* also apply guesses */
    bool sort;           /* also reorder rows */
    unsigned confidence; /* minimum confidence of a guessed parent, percent; 0: 75. See below */
    unsigned kinds; /* only these kinds (1 << enum ov_fix_kind, or-ed), plus the encoding, without
                       which nothing can be written; 0: all */
    uint64_t row;   /* for cells: only those of this data row, 1-based; 0: any row */
    bool (*stopped)(
        void *ctx); /* polled while ov_fix_new runs: true aborts it with OV_E_STATE; NULL: never */
    void *ctx;      /* borrowed; passed to stopped */
};

/* The confidence of the did-you-mean of an OV402, in percent: 95 when only upper and lower case,
 * spaces, leading zeros or look-alike characters differ; otherwise the share of matching
 * characters, at most 50 when only digits differ. It is divided by the number of equally near
 * identifiers. */

struct ov_fix;

/* Determines what can be fixed. `check` is finished, was made with `keep_for_reread` and keeps all
 * findings; `source` has the bytes that were vetted. Both must outlive the fix. Reads the source
 * about four times, more often when changes have to be undone. NULL on failure (OV_E_IO: the file
 * is not the one that was vetted). ov_fix_free takes NULL. */
OV_API OV_MUST_USE struct ov_fix *ov_fix_new(struct ov_check *check, const struct ov_source *source,
                                             const struct ov_fix_options *options,
                                             struct ov_error *err);
OV_API void ov_fix_free(struct ov_fix *fix);

/* Whether anything can be fixed. */
OV_API bool ov_fix_is_needed(const struct ov_fix *fix);

/* The result of ov_fix_new. Numbers count cells, rows or line ends; for encoding, byte-order mark
 * and delimiter they are 1 or 0. */
struct ov_fix_summary {
    uint64_t fixed[OV_FIX_KINDS]; /* number of fixes per kind */
    uint64_t left[OV_FIX_KINDS];  /* not changed, because the change would break something */
    uint64_t guesses; /* without options.unsafe: what it would add, if nothing prevents it; with it:
                         parents whose guess is below the required confidence */
    bool has_columns; /* false: the columns are unknown, and nothing is fixed */
    uint64_t findings[OV_SEVERITIES]; /* of the fixed file */
};
/* The result of ov_fix_new. */
OV_API struct ov_fix_summary ov_fix_summary(const struct ov_fix *fix);

/* Writes a text that lists what is fixed, what is left unchanged and why, and which findings
 * remain. `name` is the file's; `written`: whether the fixed file was saved. */
OV_API OV_MUST_USE enum ov_status ov_fix_write_summary(const struct ov_fix *fix,
                                                       struct ov_text name, bool written,
                                                       const struct ov_sink *out,
                                                       struct ov_error *err);

/* Writes the fixed file in UTF-8; the original bytes when nothing can be fixed. */
OV_API OV_MUST_USE enum ov_status ov_fix_write(struct ov_fix *fix, const struct ov_sink *out,
                                               struct ov_error *err);

struct ov_patch_options {
    struct ov_text name; /* of the file, for the header */
    bool color;          /* ANSI colours */
    bool escape;         /* escape control characters, for a terminal */
};
/* Writes the changes as a unified diff (POSIX diff -u), decoded to UTF-8. For a UTF-8 file with LF
 * or CRLF line ends, `patch` turns the original into the fixed file. Empty when no line differs.
 * One hunk at a time is kept in memory. */
OV_API OV_MUST_USE enum ov_status ov_fix_write_patch(struct ov_fix *fix,
                                                     const struct ov_patch_options *options,
                                                     const struct ov_sink *out,
                                                     struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
