/* draft/reply.h: how much an answer about a draft may hold. */
#ifndef DRAFT_REPLY_H
#define DRAFT_REPLY_H

#include "base/text.h"

enum {
    OV_REPLY_MAX_ROWS = 500,      /* rows or nodes */
    OV_REPLY_MAX_BYTES = 4 << 20, /* after which it ends with the row */
    OV_REPLY_MAX_COLUMNS = 200,   /* cells of a row, and columns */
    OV_REPLY_MAX_CELL = 300,      /* bytes of a cell in a list of rows */
    OV_REPLY_MAX_FOUND = 1000,    /* rows or nodes that a search finds */
    OV_REPLY_MAX_TEXT = 100000,   /* bytes of a text for people, which ends with a line */
};

/* A text of at most OV_REPLY_MAX_TEXT bytes; {0} at first. The caller frees `text`. */
struct ov_reply_text {
    struct ov_buf text;
    bool cut; /* there was more */
};
/* Writes to one; borrowed. */
struct ov_sink ov_reply_text_sink(struct ov_reply_text *reply);

#endif
