/* page/asked.h: what the page asks about a draft: who, which file, how it is to be read; and the
 * look of it that answers. */
#ifndef PAGE_ASKED_H
#define PAGE_ASKED_H

#include "page/looks.h"
#include "server/api/draft.h"

struct ov_asked {
    struct ov_request *request;
    int64_t item, tenant;
    struct ov_draft draft;
    struct ov_look_options options;
    int64_t framework; /* an existing one that is imported into; 0: none */
    struct ov_look *look;
};

/* Whether the caller may import, by capability and by the token's service; else a fault. */
bool ov_asked_may(struct ov_request *request);
/* Finds the draft and reads the parameters; else a fault. */
bool ov_asked_draft(struct ov_asked *asked);
/* The same, and takes its look, to be given back; else a fault. */
bool ov_asked_take(struct ov_asked *asked);
/* Gives it back, whatever came of the question; makes a fault of a status that tells of the file or
 * of what was asked. Whether the question was answered. */
bool ov_asked_give(struct ov_asked *asked, enum ov_status status);

/* A number among the parameters, from 0 to most; 0 when it is none. */
uint32_t ov_asked_number(const struct ov_request *request, const char *name, uint32_t most);

/* Answers a question, as JSON. */
typedef enum ov_status ov_question(struct ov_asked *asked, struct ov_buf *out,
                                   struct ov_error *err);
enum {
    OV_REPLY_MAX_ROWS = 500,      /* most rows or nodes of an answer */
    OV_REPLY_MAX_BYTES = 4 << 20, /* of an answer, after which it ends with the row */
    OV_REPLY_MAX_COLUMNS = 200,   /* most cells of a row, and columns */
    OV_REPLY_MAX_CELL = 300,      /* bytes of a cell in a list of rows */
    OV_REPLY_MAX_FOUND = 1000,    /* most rows or nodes that a search tells */
};
/* A text of which so much is told as finds room; as the ctx of a sink. */
struct ov_some {
    struct ov_buf text;
    bool cut;
};
OV_MUST_USE enum ov_status ov_some_put(void *some, const char *bytes, size_t len,
                                       struct ov_error *err);

/* rows.c */
ov_question ov_ask_rows, ov_ask_row, ov_ask_position, ov_ask_next, ov_ask_row_at, ov_ask_find;
/* nodes.c */
ov_question ov_ask_node, ov_ask_children, ov_ask_way, ov_ask_overview, ov_ask_changes,
    ov_ask_changed;
/* copies.c */
ov_question ov_ask_fix;

#endif
