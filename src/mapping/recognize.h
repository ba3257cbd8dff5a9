/* mapping/recognize.h: recognizes the layout of a file that has no column for the parent, by its
 * headings and by the values of its head (SPEC: `--parents`). Nothing is decided here. */
#ifndef MAPPING_RECOGNIZE_H
#define MAPPING_RECOGNIZE_H

#include "mapping/bind.h"
#include "mapping/columns.h"
#include "mapping/words.h"

/* The columns whose empty cells mean the ones above: --fill-down. */
struct ov_filled_columns {
    size_t items[OV_COLUMNS_MOST];
    size_t count;
};

/* Appends the value of the option --parents that the file seems to need: levels=…, path=…,
 * outline=…; nothing if there is none; sets *filled. False when out of memory. columns: of the same
 * file, and finished. */
OV_MUST_USE bool ov_recognize_layout(const struct ov_words *words, const struct ov_binding *binding,
                                     const struct ov_columns *columns, struct ov_buf *out,
                                     struct ov_filled_columns *filled);

#endif
