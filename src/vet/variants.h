/* vet/variants.h: the ways in which one identifier is written, so that a parent that is written
 * otherwise is recognised (OV402). */
#ifndef VET_VARIANTS_H
#define VET_VARIANTS_H

#include "base/text.h"

/* Best reason first. */
enum ov_variant {
    OV_VARIANT_WRITTEN,  /* without what spreadsheets and data frames write around a value: ="…",
                            '…, ….0 */
    OV_VARIANT_BARE,     /* without white space and invisible characters */
    OV_VARIANT_SQUEEZED, /* the same, folded: ignores case and compatibility variants */
    OV_VARIANT_UNZEROED, /* the same, without leading zeros of numbers */
    OV_VARIANT_SKELETON, /* with confusable letters made equal */
    /* an identifier that is part of the parent's cell: */
    OV_VARIANT_BRACKETS, /* Head (P1) */
    OV_VARIANT_FIRST,    /* P1 - Head */
    OV_VARIANT_LAST,     /* Head - P1 */
    OV_VARIANTS,
};

/* A variant of an identifier, or, with `missing`, of a missing parent, which may have it inside. In
 * the text or in the buffer, whose contents are replaced. */
struct ov_text ov_variant_of(struct ov_text text, enum ov_variant variant, bool missing,
                             struct ov_buf *buf);
/* Removes white space and invisible characters from a buffer. */
void ov_squeeze(struct ov_buf *buf);
/* Removes the leading zeros of each run of digits from a buffer. */
void ov_unzero(struct ov_buf *buf);

/* The part of a parent's cell that may be an identifier, in each of the usual ways: `Head (P1)`,
 * `P1 - Head`, `Head - P1`. Empty if there is none. */
enum { OV_VARIANTS_INSIDE = OV_VARIANTS - OV_VARIANT_BRACKETS };
struct ov_text ov_identifier_inside(struct ov_text cell, unsigned variant);

#endif
