/* mapping/find_header.h: which of a file's first records is its header. */
#ifndef MAPPING_FIND_HEADER_H
#define MAPPING_FIND_HEADER_H

#include "mapping/words.h"

enum { OV_HEADER_AMONG = 20 /* records that are not blank, among which it is looked for */ };

/* One of the first records. */
struct ov_head_row {
    const struct ov_text *cells; /* borrowed: an array of `count` texts */
    size_t count;
    size_t filled; /* cells that are not blank */
};

/* The fields that the headings name; or-ed. */
enum ov_named_field {
    OV_NAMES_ID = 1 << 0,
    OV_NAMES_NAME = 1 << 1,
    OV_NAMES_PARENT = 1 << 2,
    OV_NAMES_OTHERS = 1 << 3, /* from here on one bit for each other field */
};
/* The field that a heading names: exactly, by alias, folded, or (words not NULL) by its words; 0:
 * none. */
unsigned ov_heading_names(const struct ov_words *words, struct ov_text heading);

/* The index of the header among the first rows (at most OV_HEADER_AMONG, at least one); usual: the
 * number of filled cells of most records. */
size_t ov_find_header(const struct ov_words *words, const struct ov_head_row *rows, size_t count,
                      size_t usual);

/* Whether the row below a header is a second header, of labels or technical names for the same
 * fields. */
bool ov_is_second_header(const struct ov_words *words, const struct ov_head_row *header,
                         const struct ov_head_row *below);

#endif
