/* csv/scan.h: finds the ends of cells, 64 bytes at a time.
 *
 * Takes text that begins at the first byte of a record and builds an index of its separators:
 * delimiters, CR and LF outside quotes. Stops at the first quote that RFC 4180 does not allow
 * there, because what follows cannot be determined by counting quotes. Never reads beyond the
 * blocks it is given; keeps the state between blocks in struct ov_scan.
 *
 * One algorithm (scan.c) in a variant for each kind of processor; all build the same index. */
#ifndef CSV_SCAN_H
#define CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OV_SCAN_BLOCK = 64, /* bytes */
    OV_SCAN_SLACK = 3,  /* extra entries that may be written after the last one */
};

/* An entry of the index: the position of the separator, and properties of the cell before it. */
#define OV_SCAN_ODD     UINT32_C(0x80000000) /* a byte that is not printable ASCII, or is `\` */
#define OV_SCAN_ESCAPED UINT32_C(0x40000000) /* a doubled quote */
#define OV_SCAN_AT      UINT32_C(0x3FFFFFFF) /* the position */

/* The state at the end of a block. {.after_separator = 1} at the first byte of a record. */
struct ov_scan {
    uint64_t in_quotes;       /* all ones inside quotes, else 0 */
    uint64_t after_separator; /* 1 when the last byte was a separator */
    uint64_t after_quote;     /* 1 when the last byte was a quote */
    uint32_t pending;         /* OV_SCAN_ODD and OV_SCAN_ESCAPED of the unfinished cell */
};

/* Scans `blocks` blocks of text, which begins at position `base`. Writes an entry for each
 * separator to `index`, which needs a capacity of 64 per block plus OV_SCAN_SLACK, and their number
 * to *count. Returns the number of bytes scanned: all, or those before a misplaced quote (or before
 * an invalid byte after a closing quote). */
typedef size_t ov_scan_fn(struct ov_scan *scan, const char *text, size_t blocks, char delimiter,
                          uint32_t base, uint32_t *index, size_t *count);

/* The variant with this name, or the best one if name is NULL. NULL when the name is unknown or the
 * processor does not support the variant. */
ov_scan_fn *ov_scan_variant(const char *name);

/* The name of variant i, supported or not; static. NULL past the end. */
const char *ov_scan_name(size_t i);

#endif
