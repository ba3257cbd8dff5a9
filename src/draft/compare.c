/* draft/compare.c: see compare.h. */
#include "draft/compare.h"

#include <stdlib.h>

#include "base/error.h"
#include "orgvet/payload.h"
#include "draft/reply.h"
#include "payload/diff/diff.h"

enum { CELL = 300 /* bytes of an identifier or name */ };

static enum ov_status feed(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    return ov_snapshot_feed(ctx, bytes, len, err);
}

static enum ov_status read_file(struct ov_snapshot *snapshot, const struct ov_view *view,
                                struct ov_error *err)
{
    enum ov_status status = ov_view_bytes(view, UINT64_MAX, NULL, feed, snapshot, err);
    return status == OV_OK ? ov_snapshot_finish(snapshot, err) : status;
}

enum ov_status ov_compare_put(const struct ov_compare *compare, struct ov_text name,
                              enum ov_language language, struct ov_json *json, struct ov_error *err)
{
    struct ov_diff_summary s = ov_diff_summary(compare->diff);
    struct ov_reply_text some = {0};
    struct ov_sink sink = ov_reply_text_sink(&some);
    struct ov_text framework = ov_text_of(ov_translate(language, "the framework"));
    enum ov_status status =
        ov_diff_write(compare->diff, OV_DIFF_TEXT, language, framework, name, &sink, err);
    ov_json_object(json, NULL);
    ov_json_object(json, "summary");
    ov_json_number(json, "added", s.added);
    ov_json_number(json, "removed", s.removed);
    ov_json_number(json, "renamed", s.renamed);
    ov_json_number(json, "moved", s.moved);
    ov_json_number(json, "moved_rows", s.moved_rows);
    ov_json_number(json, "changed", s.changed);
    ov_json_end(json);
    ov_json_text(json, "text", ov_buf_view(&some.text));
    ov_json_bool(json, "cut", some.cut);
    ov_json_number(json, "left_out", ov_snapshot_left_out(compare->before));
    ov_json_end(json);
    ov_buf_deinit(&some.text);
    return status;
}

/* --- one row --- */

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

bool ov_compare_is(const struct ov_compare *compare, struct ov_text id, enum ov_changed what)
{
    static const unsigned bits[] = {[OV_MOVED] = OV_CHANGE_PARENT,
                                    [OV_RENAMED] = OV_CHANGE_NAME,
                                    [OV_CHANGED] = OV_CHANGE_FIELDS};
    uint32_t row = ov_snapshot_find(compare->after, id);
    if (row == OV_NO_NODE)
        return false;
    bool added = compare->diff->was[row] == OV_NO_NODE;
    return what == OV_ADDED ? added : !added && compare->diff->changes[row] & bits[what];
}

void ov_compare_put_row(const struct ov_compare *compare, struct ov_text id, struct ov_json *json)
{
    struct ov_kept before;
    uint32_t row = ov_snapshot_find(compare->after, id);
    if (row == OV_NO_NODE)
        return;
    unsigned what = compare->diff->changes[row];
    bool added = compare->diff->was[row] == OV_NO_NODE;
    if (!added && !what)
        return;
    ov_json_object(json, "change");
    if (added) {
        ov_json_bool(json, "added", true);
    } else {
        ov_snapshot_get(compare->before, compare->diff->was[row], &before);
        ov_json_bool(json, "other", what & OV_CHANGE_FIELDS);
        if (what & OV_CHANGE_PARENT)
            ov_json_text_or_null(json, "from", ov_utf8_cut(before.parent, CELL));
        if (what & OV_CHANGE_NAME)
            ov_json_text(json, "was", ov_utf8_cut(name_of(compare->before, &before), CELL));
    }
    ov_json_end(json);
}

struct ov_text ov_compare_name(const struct ov_compare *compare, struct ov_text id)
{
    struct ov_kept kept;
    uint32_t row = ov_snapshot_find(compare->before, id);
    if (row == OV_NO_NODE)
        return (struct ov_text){0};
    ov_snapshot_get(compare->before, row, &kept);
    return name_of(compare->before, &kept);
}

/* --- creation --- */

struct ov_compare *ov_compare_new(const struct ov_view *view, struct ov_snapshot *before,
                                  struct ov_error *err)
{
    struct ov_compare *compare = calloc(1, sizeof *compare);
    if (!compare) {
        ov_snapshot_free(before);
        ov_fail_memory(err);
        return NULL;
    }
    compare->before = before;
    compare->after = ov_snapshot_new(view->check, err);
    if (compare->after && read_file(compare->after, view, err) == OV_OK)
        compare->diff = ov_diff_new(compare->before, compare->after, err);
    if (compare->diff)
        return compare;
    ov_compare_free(compare);
    return NULL;
}

void ov_compare_free(struct ov_compare *compare)
{
    if (!compare)
        return;
    ov_diff_free(compare->diff);
    ov_snapshot_free(compare->after);
    ov_snapshot_free(compare->before);
    free(compare);
}

uint64_t ov_compare_size(const struct ov_compare *compare)
{
    return ov_snapshot_size(compare->before) + ov_snapshot_size(compare->after) +
           (uint64_t)(compare->before->count + compare->after->count) * 2 * sizeof(uint32_t);
}
