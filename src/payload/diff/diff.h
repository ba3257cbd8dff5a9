/* payload/diff/diff.h: changes as data, and how each format writes them. */
#ifndef PAYLOAD_DIFF_DIFF_H
#define PAYLOAD_DIFF_DIFF_H

#include "payload/diff/snapshot.h"

/* What has changed of a row that both have; or-ed. */
enum ov_change {
    OV_CHANGE_NAME = 1,
    OV_CHANGE_PARENT = 2,
    OV_CHANGE_FIELDS = 4, /* others */
};

struct ov_diff {
    const struct ov_snapshot *before, *after;
    uint32_t
        *now; /* owned: per row of before, the row of after with its identifier, or OV_NO_NODE */
    uint32_t *became; /* owned: per row of before that is gone, the one that it probably is now */
    uint32_t *was;    /* owned: per row of after, the row of before with its identifier */
    uint32_t *been;   /* owned: per added row, the one that it probably was */
    uint8_t *changes; /* owned: per row of after, enum ov_change */
    struct ov_diff_summary summary;
};

/* Whether field `i` of a row has another value; names and parents aside. */
bool ov_diff_field_differs(const struct ov_diff *diff, size_t i, const struct ov_kept *before,
                           const struct ov_kept *after);

/* Whether both values of a field are flags: gained or lost, not one text and another. */
bool ov_diff_are_flags(const struct ov_field *field, struct ov_text before, struct ov_text after);

/* Where the changes go: a buffer that leaves through a sink when it is large. */
struct ov_diff_out {
    const struct ov_diff *diff;
    const struct ov_sink *sink;
    enum ov_language language;
    struct ov_buf buf;
    enum ov_status status; /* the first failure */
    struct ov_error *err;
};
void ov_diff_flush(struct ov_diff_out *out, bool all);

void ov_diff_text(struct ov_diff_out *out, struct ov_text before, struct ov_text after);
void ov_diff_json(struct ov_diff_out *out, struct ov_text before, struct ov_text after);
void ov_diff_markdown(struct ov_diff_out *out, struct ov_text before, struct ov_text after);

#endif
