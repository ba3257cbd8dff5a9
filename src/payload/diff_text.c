/* payload/diff_text.c: a line a change. */
#include "finding/list.h"
#include "payload/diff.h"

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

static void put_row(struct ov_buf *out, const char *mark, const struct ov_snapshot *snapshot,
                    const struct ov_kept *kept)
{
    ov_buf_string(out, mark);
    ov_buf_escaped(out, kept->id);
    ov_buf_string(out, "  ");
    ov_buf_escaped(out, name_of(snapshot, kept));
}

static void put_parent(struct ov_buf *out, struct ov_text parent)
{
    if (parent.len)
        ov_buf_escaped(out, parent);
    else
        ov_buf_string(out, "the top");
}

static void put_count(struct ov_buf *out, uint64_t count, const char *word, bool *any)
{
    if (!count)
        return;
    ov_buf_string(out, *any ? ", " : "");
    ov_buf_number(out, count);
    ov_buf_char(out, ' ');
    ov_buf_string(out, word);
    *any = true;
}

static void put_summary(struct ov_buf *out, const struct ov_diff_summary *summary)
{
    bool any = false;
    put_count(out, summary->added, "added", &any);
    put_count(out, summary->removed, "removed", &any);
    if (summary->renumbered) {
        ov_buf_string(out, " (");
        ov_buf_number(out, summary->renumbered);
        ov_buf_string(out, " of them probably re-numbered)");
    }
    put_count(out, summary->renamed, "renamed", &any);
    put_count(out, summary->moved, "moved", &any);
    if (summary->moved_rows > summary->moved) {
        ov_buf_string(out, " (");
        ov_buf_number(out, summary->moved_rows);
        ov_buf_string(out, " rows with those below)");
    }
    put_count(out, summary->changed, "with other details", &any);
    ov_buf_char(out, '\n');
}

static void put_removed(struct ov_diff_out *out, uint32_t row)
{
    const struct ov_diff *diff = out->diff;
    struct ov_kept kept, now;
    ov_snapshot_get(diff->before, row, &kept);
    put_row(&out->buf, "- ", diff->before, &kept);
    if (diff->became[row] != OV_NO_NODE) {
        ov_snapshot_get(diff->after, diff->became[row], &now);
        ov_buf_string(&out->buf, ", probably re-numbered: now ");
        ov_buf_escaped(&out->buf, now.id);
    }
    ov_buf_char(&out->buf, '\n');
}

static void put_added(struct ov_diff_out *out, uint32_t row)
{
    struct ov_kept kept;
    ov_snapshot_get(out->diff->after, row, &kept);
    put_row(&out->buf, "+ ", out->diff->after, &kept);
    ov_buf_string(&out->buf, ", below ");
    put_parent(&out->buf, kept.parent);
    ov_buf_char(&out->buf, '\n');
}

static void put_fields(struct ov_diff_out *out, const struct ov_kept *before,
                       const struct ov_kept *after)
{
    const struct ov_importer *importer = out->diff->after->importer;
    struct ov_buf *buf = &out->buf;
    for (size_t i = 0; i < importer->field_count; i++) {
        if (!ov_diff_field_differs(out->diff, i, before, after))
            continue;
        put_row(buf, "* ", out->diff->after, after);
        ov_buf_string(buf, ", ");
        ov_buf_string(buf, importer->fields[i].name);
        if (ov_diff_are_flags(&importer->fields[i], before->fields[i], after->fields[i])) {
            ov_buf_string(buf, ov_text_equal(after->fields[i], OV_TEXT("1")) ? " gained" : " lost");
        } else {
            ov_buf_string(buf, ": `");
            ov_buf_escaped(buf, before->fields[i]);
            ov_buf_string(buf, "` → `");
            ov_buf_escaped(buf, after->fields[i]);
            ov_buf_char(buf, '`');
        }
        ov_buf_char(buf, '\n');
    }
}

static void put_changes(struct ov_diff_out *out, uint32_t row)
{
    const struct ov_diff *diff = out->diff;
    struct ov_buf *buf = &out->buf;
    struct ov_kept before, after;
    ov_snapshot_get(diff->before, diff->was[row], &before);
    ov_snapshot_get(diff->after, row, &after);
    if (diff->changes[row] & OV_CHANGE_NAME) {
        put_row(buf, "~ ", diff->after, &after);
        ov_buf_string(buf, ", renamed: was `");
        ov_buf_escaped(buf, name_of(diff->before, &before));
        ov_buf_string(buf, "`\n");
    }
    if (diff->changes[row] & OV_CHANGE_PARENT) {
        put_row(buf, "> ", diff->after, &after);
        ov_buf_string(buf, ", moved from ");
        put_parent(buf, before.parent);
        ov_buf_string(buf, " to ");
        put_parent(buf, after.parent);
        if (diff->after->size[row] > 1) {
            ov_buf_string(buf, ", with ");
            ov_buf_number(buf, diff->after->size[row] - UINT64_C(1));
            ov_buf_string(buf, " below it");
        }
        ov_buf_char(buf, '\n');
    }
    if (diff->changes[row] & OV_CHANGE_FIELDS)
        put_fields(out, &before, &after);
}

void ov_diff_text(struct ov_diff_out *out, struct ov_text before, struct ov_text after)
{
    const struct ov_diff *diff = out->diff;
    const struct ov_diff_summary *s = &diff->summary;
    if (!(s->added | s->removed | s->renamed | s->moved | s->changed))
        return;
    ov_buf_escaped(&out->buf, before);
    ov_buf_string(&out->buf, " → ");
    ov_buf_escaped(&out->buf, after);
    ov_buf_string(&out->buf, ": ");
    put_summary(&out->buf, s);
    for (uint32_t row = 0; row < diff->before->count; row++, ov_diff_flush(out, false))
        if (diff->now[row] == OV_NO_NODE)
            put_removed(out, row);
    for (uint32_t row = 0; row < diff->after->count; row++, ov_diff_flush(out, false)) {
        if (diff->was[row] == OV_NO_NODE)
            put_added(out, row);
        else if (diff->changes[row])
            put_changes(out, row);
    }
}
