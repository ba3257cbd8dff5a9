/* payload/emit/draw.h: how each format of a tree is written, a row at a time. */
#ifndef PAYLOAD_EMIT_DRAW_H
#define PAYLOAD_EMIT_DRAW_H

#include "payload/reread/rows.h"

/* What stands in the drawing for one row. */
struct ov_drawn {
    ov_node node, parent; /* parent: the row drawn above it, or OV_NODE_NONE */
    struct ov_text id, name;
    struct ov_text parent_id;    /* as its cell says; empty: none */
    uint32_t level;              /* 1 at the top of the drawing */
    uint32_t below;              /* rows below it */
    bool last;                   /* of the rows with its parent */
    bool cut;                    /* rows below it are not drawn */
    const struct ov_item *first; /* its findings, as far as they are of its row; NULL: none */
    const struct ov_item *end;   /* behind the list of findings */
};

struct ov_canvas {
    const struct ov_check *check;
    const struct ov_tree_options *options;
    struct ov_buf out;
    uint8_t *open;  /* owned, of text: per level, whether more rows follow there */
    size_t levels;  /* capacity of open */
    uint64_t drawn; /* rows so far */
};

/* Writes what stands before the first row, a row, and what stands behind the last one. The second
 * is false when there is no memory. */
void ov_draw_begin(struct ov_canvas *canvas);
OV_MUST_USE bool ov_draw_row(struct ov_canvas *canvas, const struct ov_drawn *row);
void ov_draw_end(struct ov_canvas *canvas);

#endif
