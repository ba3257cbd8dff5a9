/* draft/reading.h: how a draft is to be read, as the page says it in the parameters of each
 * question: importer, settings, encoding, delimiter, header_row, sheet, and the options of the
 * layout (parents, path_separator, fill, where, valid_on, valid_from, valid_to). What is empty is
 * detected. */
#ifndef DRAFT_READING_H
#define DRAFT_READING_H

#include "draft/view.h"

enum { OV_READING_LAYOUTS = 50 /* most options of the layout */ };

struct ov_reading {
    struct ov_view_options options; /* as far as parameters say; texts are borrowed from them */
    struct ov_view_layout layout[OV_READING_LAYOUTS]; /* of options */
    char encoding[64], sheet[1024];                   /* likewise */
};

/* Gives a parameter by name, borrowed; empty when it was not given. */
typedef struct ov_text ov_param_fn(const void *ctx, const char *name);

/* Reads the parameters. OV_E_OPTION: one of them is not valid. The options refer to the reading,
 * which stays where it is. */
OV_MUST_USE enum ov_status ov_reading_init(struct ov_reading *reading, ov_param_fn *param,
                                           const void *ctx, struct ov_error *err);
/* Appends the parameters, so that two readings of a file with the same text are the same. */
void ov_reading_key(ov_param_fn *param, const void *ctx, struct ov_buf *key);

#endif
