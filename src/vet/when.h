/* vet/when.h: what can trigger a rule of finding/rules.def. */
#ifndef VET_WHEN_H
#define VET_WHEN_H

enum {
    OV_WHEN_ANY = 1 << 0, /* anything: no record takes the fast path */
    /* records; none of the first five is in a record that the reader calls plain */
    OV_WHEN_ODD = 1 << 1,     /* not plain: other bytes than printable ASCII, or quotes */
    OV_WHEN_STRAY = 1 << 2,   /* a quote in an unquoted cell */
    OV_WHEN_BROKEN = 1 << 3,  /* quotes that ended the parsing of the record */
    OV_WHEN_LARGE = 1 << 4,   /* a cell above the limit */
    OV_WHEN_UNKEPT = 1 << 19, /* a formula without a value */
    OV_WHEN_WIDTH = 1 << 5,   /* another number of cells than the header */
    /* cells */
    OV_WHEN_MISSING = 1 << 6,  /* a required field or an identifier is empty, or blank */
    OV_WHEN_LONG = 1 << 7,     /* more bytes than the field's limit of characters */
    OV_WHEN_VALUE = 1 << 8,    /* the field's kind does not accept the value */
    OV_WHEN_PATTERN = 1 << 9,  /* the field has a pattern */
    OV_WHEN_EDGE = 1 << 10,    /* the first or last character may be white space */
    OV_WHEN_FORMULA = 1 << 11, /* it begins with = + - @ */
    OV_WHEN_CONTROL = 1 << 12, /* there may be a control or bidirectional character */
    OV_WHEN_LATIN = 1 << 13,   /* there may be one of U+00C0 to U+00FF */
    OV_WHEN_HASH = 1 << 17,    /* it begins with # */
    OV_WHEN_ENTITY = 1 << 18,  /* it contains & */
    OV_ONCE = 1 << 14,         /* with these: about the text alone, so once for each column */
    /* rows among each other */
    OV_WHEN_TREE = 1 << 15,  /* only if there is a hierarchy */
    OV_WHEN_SHAPE = 1 << 16, /* once levels and cycles are known */
};

#endif
