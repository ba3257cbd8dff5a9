/* csv/scan.h: where cells end, found 64 bytes at a time.
 *
 * Takes text that begins at the first byte of a record and gives an index of its separators: the
 * delimiters, CR and LF outside quotes. Stops at the first quote that stands where RFC 4180 has
 * none, since what is behind it cannot be told by counting quotes. Never reads past the blocks it
 * is given; keeps what a block needs to know of the one before.
 *
 * One algorithm (scan.c) in one variant for each kind of processor; all give the same index. */
#ifndef CSV_SCAN_H
#define CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OV_SCAN_BLOCK = 64, /* bytes */
    OV_SCAN_SLACK = 3,  /* entries that may be written behind the last one */
};

/* An entry of the index: the separator's position, and what is special about the cell before it. */
#define OV_SCAN_ODD     UINT32_C(0x80000000) /* a byte that is no printable ASCII, or `\` */
#define OV_SCAN_ESCAPED UINT32_C(0x40000000) /* a quote written twice */
#define OV_SCAN_AT      UINT32_C(0x3FFFFFFF) /* the position */

/* What is known at the end of a block. {.after_separator = 1} at the first byte of a record. */
struct ov_scan {
    uint64_t in_quotes;       /* all ones inside quotes, else 0 */
    uint64_t after_separator; /* 1 when the last byte was a separator */
    uint64_t after_quote;     /* 1 when it was a quote */
    uint32_t pending;         /* OV_SCAN_ODD and OV_SCAN_ESCAPED of the cell not yet ended */
};

/* Scans `blocks` blocks of text, which stands at position `base`; writes an entry for each
 * separator to `index`, which has room for 64 a block and OV_SCAN_SLACK more, and their number to
 * *count. Returns the bytes scanned: all, or those before a quote that is out of place (or, when a
 * byte follows a closing quote that must not, before that byte). */
typedef size_t ov_scan_fn(struct ov_scan *scan, const char *text, size_t blocks, char delimiter,
                          uint32_t base, uint32_t *index, size_t *count);

/* The variant of this name, or the best one when name is NULL; NULL when there is none of this
 * name, or the processor cannot run it. */
ov_scan_fn *ov_scan_variant(const char *name);

/* The name of variant i, whether or not it can run here; NULL behind the last. */
const char *ov_scan_name(size_t i);

#endif
