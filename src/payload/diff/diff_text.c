/* payload/diff/diff_text.c: writes changes as text, one per line. */
#include "base/i18n.h"
#include "base/unicode.h"
#include "payload/diff/diff.h"

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

static void put_message(struct ov_diff_out *out, const char *text, const struct ov_text *others,
                        size_t count)
{
    ov_buf_say_escaped(&out->buf, out->language, text, others, count);
}

static void put_counted(struct ov_diff_out *out, uint64_t count, const char *text)
{
    ov_buf_say_count(&out->buf, out->language, count, text, text);
}

static void put_count(struct ov_diff_out *out, uint64_t count, const char *text, bool *any)
{
    if (!count)
        return;
    ov_buf_string(&out->buf, *any ? ", " : "");
    put_counted(out, count, text);
    *any = true;
}

static void put_summary(struct ov_diff_out *out, const struct ov_diff_summary *summary)
{
    bool any = false;
    put_count(out, summary->added, OV_N_("{0} added"), &any);
    put_count(out, summary->removed, OV_N_("{0} removed"), &any);
    if (summary->renumbered)
        put_counted(out, summary->renumbered,
                    OV_N_(" ({0} of them probably with a new identifier)"));
    put_count(out, summary->renamed, OV_N_("{0} renamed"), &any);
    put_count(out, summary->moved, OV_N_("{0} moved"), &any);
    if (summary->moved_rows > summary->moved)
        put_counted(out, summary->moved_rows, OV_N_(" ({0} rows including those below)"));
    put_count(out, summary->changed, OV_N_("{0} with changed details"), &any);
    ov_buf_char(&out->buf, '\n');
}

static void put_removed(struct ov_diff_out *out, uint32_t row)
{
    const struct ov_diff *diff = out->diff;
    struct ov_kept kept, now;
    ov_snapshot_get(diff->before, row, &kept);
    put_row(&out->buf, "- ", diff->before, &kept);
    if (diff->became[row] != OV_NO_NODE) {
        ov_snapshot_get(diff->after, diff->became[row], &now);
        put_message(out, OV_N_(", probably has a new identifier: {0}"), OV_OTHERS(now.id));
    }
    ov_buf_char(&out->buf, '\n');
}

static void put_added(struct ov_diff_out *out, uint32_t row)
{
    struct ov_kept kept;
    ov_snapshot_get(out->diff->after, row, &kept);
    put_row(&out->buf, "+ ", out->diff->after, &kept);
    put_message(out, kept.parent.len ? OV_N_(", below {0}") : OV_N_(", at the top level"),
                OV_OTHERS(kept.parent));
    ov_buf_char(&out->buf, '\n');
}

static void put_moved(struct ov_diff_out *out, uint32_t row, struct ov_text from, struct ov_text to)
{
    if (from.len && to.len)
        put_message(out, OV_N_(", moved from {0} to {1}"), OV_OTHERS(from, to));
    else if (to.len)
        put_message(out, OV_N_(", moved from the top level to {0}"), OV_OTHERS(to));
    else
        put_message(out, OV_N_(", moved from {0} to the top level"), OV_OTHERS(from));
    if (out->diff->after->size[row] > 1)
        put_counted(out, out->diff->after->size[row] - UINT64_C(1),
                    OV_N_(", along with {0} below it"));
    ov_buf_char(&out->buf, '\n');
}

static void put_fields(struct ov_diff_out *out, const struct ov_kept *before,
                       const struct ov_kept *after)
{
    const struct ov_importer *importer = out->diff->after->importer;
    for (size_t i = 0; i < importer->field_count; i++) {
        struct ov_text was = before->fields[i], is = after->fields[i];
        struct ov_text field = ov_text_of(importer->fields[i].name);
        if (!ov_diff_field_differs(out->diff, i, before, after))
            continue;
        put_row(&out->buf, "* ", out->diff->after, after);
        if (!ov_diff_are_flags(&importer->fields[i], was, is))
            put_message(out, ", {0}: `{1}` → `{2}`", OV_OTHERS(field, was, is));
        else if (ov_text_equal(is, OV_TEXT("1")))
            put_message(out, OV_N_(", {0} set"), OV_OTHERS(field));
        else
            put_message(out, OV_N_(", {0} cleared"), OV_OTHERS(field));
        ov_buf_char(&out->buf, '\n');
    }
}

static void put_changes(struct ov_diff_out *out, uint32_t row)
{
    const struct ov_diff *diff = out->diff;
    struct ov_kept before, after;
    ov_snapshot_get(diff->before, diff->was[row], &before);
    ov_snapshot_get(diff->after, row, &after);
    if (diff->changes[row] & OV_CHANGE_NAME) {
        put_row(&out->buf, "~ ", diff->after, &after);
        put_message(out, OV_N_(", renamed: was `{0}`"), OV_OTHERS(name_of(diff->before, &before)));
        ov_buf_char(&out->buf, '\n');
    }
    if (diff->changes[row] & OV_CHANGE_PARENT) {
        put_row(&out->buf, "> ", diff->after, &after);
        put_moved(out, row, before.parent, after.parent);
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
    put_summary(out, s);
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
