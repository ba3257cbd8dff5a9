/* payload/diff/diff.h: the changes between two snapshots as data, shared with the writers of each
 * format. */
#ifndef PAYLOAD_DIFF_DIFF_H
#define PAYLOAD_DIFF_DIFF_H

#include "base/json.h"
#include "payload/diff/snapshot.h"

/* How a row that both snapshots have was changed; or-ed. */
enum ov_change {
    OV_CHANGE_NAME = 1,
    OV_CHANGE_PARENT = 2,
    OV_CHANGE_FIELDS = 4, /* any other field */
};

/* The changes. Rows are matched by identifier; OV_NO_NODE: no match. */
struct ov_diff {
    const struct ov_snapshot *before, *after; /* borrowed */
    uint32_t *now;                            /* owned: per row of before: its row in after */
    uint32_t *became;               /* owned: per removed row: the added row it probably became */
    uint32_t *was;                  /* owned: per row of after: its row in before */
    uint32_t *been;                 /* owned: per added row: the removed row it probably was */
    uint8_t *changes;               /* owned: per row of after, enum ov_change */
    struct ov_diff_summary summary; /* counts of all changes */
};

/* Whether field `i` of a row has a different value; false for names and parents. */
bool ov_diff_field_differs(const struct ov_diff *diff, size_t i, const struct ov_kept *before,
                           const struct ov_kept *after);

/* Whether both values of a field are valid flags, so that it was set or cleared. */
bool ov_diff_are_flags(const struct ov_field *field, struct ov_text before, struct ov_text after);

/* The output: a buffer that is written to a sink when it becomes large. */
struct ov_diff_out {
    const struct ov_diff *diff; /* borrowed, like sink and err */
    const struct ov_sink *sink;
    enum ov_language language;
    struct ov_buf buf;     /* pending output */
    struct ov_json json;   /* writes to buf */
    enum ov_status status; /* the first failure; sticky */
    struct ov_error *err;
};
/* Writes the buffer when it is large enough, or in any case (all). Failures go to out->status. */
void ov_diff_flush(struct ov_diff_out *out, bool all);

/* Write all changes in one format. before, after: names of the two files. Failures go to
 * out->status. */
void ov_diff_text(struct ov_diff_out *out, struct ov_text before, struct ov_text after);
void ov_diff_json(struct ov_diff_out *out, struct ov_text before, struct ov_text after);
void ov_diff_markdown(struct ov_diff_out *out, struct ov_text before, struct ov_text after);

#endif
