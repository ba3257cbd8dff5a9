/* orgvet/fix.h: simple mistakes mended.
 *
 * What is mended is what a check has found, and how the file is written down. The mended file is
 * vetted again before anything is said of it: the findings are gone, there are no new ones, and no
 * row hangs on another parent than before; a change of which that is not true is left undone. Cells
 * that need no mending stay as they are, byte for byte.
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

/* What can be mended, in the order in which it is told. */
enum ov_fix_kind {
    OV_FIX_ENCODING,  /* another encoding → UTF-8 (OV112) */
    OV_FIX_BOM,       /* a byte-order mark → none */
    OV_FIX_LINE_ENDS, /* mixed → those of most lines; a lone CR → LF */
    OV_FIX_DELIMITER, /* another delimiter → comma, a `sep=` line → none; a tab stays in a file
                         whose name ends in .tsv or .tab */
    OV_FIX_BLANK,     /* blank rows → none (OV108), at the end of the file too */
    OV_FIX_SPACE,     /* white space around a value that is imported → none (OV306) */
    OV_FIX_FLAG,      /* yes, no, true … → 1, 0 (OV304) */
    OV_FIX_ZEROS,  /* unsafe: leading zeros that a spreadsheet took (OV310), in the identifier and
                      in the parents that name it */
    OV_FIX_PARENT, /* unsafe: a parent that no row has → what was probably meant (OV402) */
    OV_FIX_ORDER,  /* on request: rows behind their parents */
    OV_FIX_KINDS,  /* the number of kinds */
};

struct ov_fix_options {
    bool unsafe;         /* also what is a guess */
    bool sort;           /* also the order of rows */
    unsigned confidence; /* percent: how sure a guess at a parent must be; 0: 75. See
                            ov_fix_confidence */
    unsigned kinds; /* these alone (1 << enum ov_fix_kind, or-ed), and the encoding, without which
                       nothing can be written; 0: all */
    uint64_t row;   /* of cells: those of this data row alone, from 1; 0: of all */
    bool (*stopped)(void *ctx); /* asked now and then while ov_fix_new is at work: true ends it with
                                   OV_E_STATE; NULL: nothing ends it */
    void *ctx;
};

/* How sure the did-you-mean of an OV402 is, in percent: 95 where upper and lower case, spaces,
 * leading zeros or characters that look alike differ, else the share of the characters that agree,
 * at most 50 where only digits differ; divided by the number of identifiers that are as near. */

struct ov_fix;

/* Finds out what can be mended in a file: of a finished check that was made with `keep_for_reread`
 * and keeps all findings, with the bytes that were vetted. Both must outlive it. Reads the source
 * some four times, more often where something is left undone. NULL on failure (OV_E_IO: the file is
 * not the one that was vetted); ov_fix_free takes NULL. */
OV_API OV_MUST_USE struct ov_fix *ov_fix_new(struct ov_check *check, const struct ov_source *source,
                                             const struct ov_fix_options *options,
                                             struct ov_error *err);
OV_API void ov_fix_free(struct ov_fix *fix);

/* Whether anything can be mended. */
OV_API bool ov_fix_is_needed(const struct ov_fix *fix);

/* What was found out. Numbers are of cells, rows or line ends; of encoding, byte-order mark and
 * delimiter 1 or 0. */
struct ov_fix_summary {
    uint64_t mended[OV_FIX_KINDS];
    uint64_t left[OV_FIX_KINDS]; /* would be changed, but for what speaks against it */
    uint64_t guesses; /* without options.unsafe: what it would add, if nothing speaks against it;
                         with it: parents whose guess is not sure enough */
    bool has_columns; /* false: what the columns are is not known, and nothing is mended */
    uint64_t findings[OV_SEVERITIES]; /* of the mended file */
};
OV_API struct ov_fix_summary ov_fix_summary(const struct ov_fix *fix);

/* Writes in words what is mended, what is left as it is and why, and what will still be found; name
 * is the file's, written whether the mended file was. */
OV_API OV_MUST_USE enum ov_status ov_fix_write_summary(const struct ov_fix *fix,
                                                       struct ov_text name, bool written,
                                                       const struct ov_sink *out,
                                                       struct ov_error *err);

/* Writes the mended file: UTF-8; the very bytes of the file when nothing can be mended. */
OV_API OV_MUST_USE enum ov_status ov_fix_write(struct ov_fix *fix, const struct ov_sink *out,
                                               struct ov_error *err);

struct ov_patch_options {
    struct ov_text name; /* of the file */
    bool color;
    bool escape; /* control characters, for a terminal */
};
/* Writes the difference as a unified diff (POSIX diff -u), decoded to UTF-8: of a UTF-8 file with
 * LF or CRLF line ends `patch` makes the mended file from it. Empty when no line differs. A hunk is
 * held in memory. */
OV_API OV_MUST_USE enum ov_status ov_fix_write_patch(struct ov_fix *fix,
                                                     const struct ov_patch_options *options,
                                                     const struct ov_sink *out,
                                                     struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
