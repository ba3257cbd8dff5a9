/* payload/emit/draw.h: writes a tree row by row, in each of its formats. */
#ifndef PAYLOAD_EMIT_DRAW_H
#define PAYLOAD_EMIT_DRAW_H

#include "base/json.h"
#include "payload/reread/rows.h"

/* One row of the drawing. Texts are borrowed. */
struct ov_drawn {
    ov_node node, parent;        /* parent: the row it is drawn below, or OV_NODE_NONE */
    struct ov_text id, name;     /* empty: none */
    struct ov_text parent_id;    /* as in its cell; empty: none */
    uint32_t level;              /* 1 at the top of the drawing */
    uint32_t below;              /* rows below it */
    bool last;                   /* it is the last one drawn below its parent */
    bool cut;                    /* rows below it exist, but are not drawn */
    const struct ov_item *first; /* its first finding in the check's list; NULL: none */
    const struct ov_item *end;   /* end of the check's list */
};

/* The output of a drawing. */
struct ov_canvas {
    const struct ov_check *check;          /* borrowed */
    const struct ov_tree_options *options; /* borrowed */
    struct ov_buf out;                     /* what has been drawn; the caller may empty it */
    struct ov_json json;                   /* writes to out */
    uint8_t *open;  /* owned, text format only: per level, whether more rows follow */
    size_t levels;  /* capacity of open */
    uint64_t drawn; /* rows so far */
};

/* Append to canvas->out: the text before the first row, a row, and the text after the last one.
 * ov_draw_row returns false when out of memory. */
void ov_draw_begin(struct ov_canvas *canvas);
OV_MUST_USE bool ov_draw_row(struct ov_canvas *canvas, const struct ov_drawn *row);
void ov_draw_end(struct ov_canvas *canvas);

#endif
