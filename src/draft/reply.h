/* draft/reply.h: limits on the size of an answer about a draft. */
#ifndef DRAFT_REPLY_H
#define DRAFT_REPLY_H

#include "base/text.h"

enum {
    OV_REPLY_MAX_ROWS = 500,      /* rows or nodes in a list */
    OV_REPLY_MAX_BYTES = 4 << 20, /* bytes after which a list of rows ends */
    OV_REPLY_MAX_COLUMNS = 200,   /* columns, and cells per row */
    OV_REPLY_MAX_CELL = 300,      /* bytes of a cell in a list of rows */
    OV_REPLY_MAX_FOUND = 1000,    /* results of a search */
    OV_REPLY_MAX_TEXT = 100000,   /* bytes of a text for people; cut at the end of a line */
};

/* A text of at most OV_REPLY_MAX_TEXT bytes; initially {0}. The caller frees `text`. */
struct ov_reply_text {
    struct ov_buf text;
    bool cut; /* the text was cut off */
};
/* A sink that appends to `reply`, which is borrowed. Fails with OV_E_MEMORY only; the text is cut
 * off at the limit without a failure. */
struct ov_sink ov_reply_text_sink(struct ov_reply_text *reply);

#endif
