/* payload/diff/diff_markdown.c: writes changes as Markdown, for a pull request: tables, and a small
 * diagram of the moves. */
#include "base/i18n.h"
#include "base/unicode.h"
#include "payload/diff/diff.h"

enum { SHOWN = 50 /* rows per table */, DRAWN = 20 /* moves in the diagram */ };

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

/* Writes a table cell, with characters that are special in Markdown or HTML escaped. */
static void put_cell(struct ov_buf *out, struct ov_text text)
{
    struct ov_buf plain = {0};
    ov_buf_string(out, "| ");
    ov_buf_escaped(&plain, text); /* removes line ends and control characters */
    out->failed |= plain.failed;
    for (size_t i = 0; i < plain.len; i++) {
        char c = plain.ptr[i];
        if (c == '<')
            ov_buf_string(out, "&lt;");
        else if (c == '&')
            ov_buf_string(out, "&amp;");
        else {
            if (strchr("\\`*_{}[]()#+!|~@", c))
                ov_buf_char(out, '\\');
            ov_buf_char(out, c);
        }
    }
    ov_buf_char(out, ' ');
    ov_buf_deinit(&plain);
}

static void put_message(struct ov_diff_out *out, const char *text)
{
    ov_buf_string(&out->buf, ov_translate(out->language, text));
}

/* The parent, or the text shown if there is none. */
static struct ov_text parent_of(const struct ov_diff_out *out, struct ov_text parent)
{
    return parent.len ? parent : ov_text_of(ov_translate(out->language, "(top level)"));
}

/* Writes a heading, and the header row of the table below it, whose columns are separated by `|`.
 */
static void put_heading(struct ov_diff_out *out, uint64_t count, const char *what,
                        const char *columns)
{
    struct ov_buf *buf = &out->buf;
    const char *head = ov_translate(out->language, columns);
    ov_buf_string(buf, "\n### ");
    ov_buf_say_count(buf, out->language, count, what, what);
    ov_buf_format(buf, "\n\n| %s |\n|---", head);
    for (; *head; head++)
        ov_buf_string(buf, *head == '|' ? "|---" : "");
    ov_buf_string(buf, "|\n");
}

static void put_rest(struct ov_diff_out *out, uint64_t count)
{
    if (count <= SHOWN)
        return;
    ov_buf_string(&out->buf, "\n… ");
    ov_buf_say_count(&out->buf, out->language, count - SHOWN, "and {0} more", "and {0} more");
    ov_buf_char(&out->buf, '\n');
}

static void put_one_sided(struct ov_diff_out *out, bool added)
{
    const struct ov_diff *diff = out->diff;
    const struct ov_snapshot *side = added ? diff->after : diff->before;
    const struct ov_snapshot *others = added ? diff->before : diff->after;
    const uint32_t *same = added ? diff->was : diff->now;
    const uint32_t *other = added ? diff->been : diff->became;
    uint64_t count = added ? diff->summary.added : diff->summary.removed, shown = 0;
    if (!count)
        return;
    put_heading(out, count, added ? OV_N_("{0} added") : OV_N_("{0} removed"),
                added ? OV_N_("identifier | name | parent | probably before")
                      : OV_N_("identifier | name | parent | probably now"));
    for (uint32_t row = 0; row < side->count && shown < SHOWN; row++) {
        struct ov_kept kept, probably = {0};
        if (same[row] != OV_NO_NODE)
            continue;
        ov_snapshot_get(side, row, &kept);
        if (other[row] != OV_NO_NODE)
            ov_snapshot_get(others, other[row], &probably);
        put_cell(&out->buf, kept.id);
        put_cell(&out->buf, name_of(side, &kept));
        put_cell(&out->buf, parent_of(out, kept.parent));
        put_cell(&out->buf, probably.id);
        ov_buf_string(&out->buf, "|\n");
        shown++;
    }
    put_rest(out, count);
}

static void put_fields(struct ov_diff_out *out, const struct ov_kept *before,
                       const struct ov_kept *after)
{
    const struct ov_importer *importer = out->diff->after->importer;
    for (size_t i = 0; i < importer->field_count; i++) {
        if (!ov_diff_field_differs(out->diff, i, before, after))
            continue;
        put_cell(&out->buf, after->id);
        put_cell(&out->buf, ov_text_of(importer->fields[i].name));
        bool flags = ov_diff_are_flags(&importer->fields[i], before->fields[i], after->fields[i]);
        bool gained = flags && ov_text_equal(after->fields[i], OV_TEXT("1"));
        struct ov_text yes = ov_text_of(ov_translate(out->language, "yes"));
        struct ov_text no = ov_text_of(ov_translate(out->language, "no"));
        put_cell(&out->buf, !flags ? before->fields[i] : gained ? no : yes);
        put_cell(&out->buf, !flags ? after->fields[i] : gained ? yes : no);
        ov_buf_string(&out->buf, "|\n");
    }
}

static void put_changes(struct ov_diff_out *out, enum ov_change change, uint64_t count,
                        const char *what, const char *columns)
{
    const struct ov_diff *diff = out->diff;
    uint64_t shown = 0;
    if (!count)
        return;
    put_heading(out, count, what, columns);
    for (uint32_t row = 0; row < diff->after->count && shown < SHOWN; row++) {
        struct ov_kept before, after;
        if (!(diff->changes[row] & change))
            continue;
        ov_snapshot_get(diff->before, diff->was[row], &before);
        ov_snapshot_get(diff->after, row, &after);
        shown++;
        if (change == OV_CHANGE_FIELDS) {
            put_fields(out, &before, &after);
            continue;
        }
        put_cell(&out->buf, after.id);
        if (change == OV_CHANGE_NAME) {
            put_cell(&out->buf, name_of(diff->before, &before));
            put_cell(&out->buf, name_of(diff->after, &after));
        } else {
            put_cell(&out->buf, name_of(diff->after, &after));
            put_cell(&out->buf, parent_of(out, before.parent));
            put_cell(&out->buf, parent_of(out, after.parent));
            ov_buf_string(&out->buf, "| ");
            ov_buf_number(&out->buf, diff->after->size[row]);
            ov_buf_char(&out->buf, ' ');
        }
        ov_buf_string(&out->buf, "|\n");
    }
    put_rest(out, count);
}

/* Writes a quoted Mermaid label, with special characters as numeric entities. */
static void put_label(struct ov_buf *out, struct ov_text text)
{
    struct ov_buf plain = {0};
    ov_buf_escaped(&plain, text);
    out->failed |= plain.failed;
    ov_buf_string(out, "[\"");
    for (size_t i = 0; i < plain.len; i++) {
        if (strchr("\"#<>&`\\", plain.ptr[i]))
            ov_buf_format(out, "#%u;", (unsigned)(unsigned char)plain.ptr[i]);
        else
            ov_buf_char(out, plain.ptr[i]);
    }
    ov_buf_string(out, "\"]");
    ov_buf_deinit(&plain);
}

/* Draws each move: from the old parent (dashed) and the new one to the row. Nodes are named by row
 * number. */
static void put_picture(struct ov_diff_out *out)
{
    const struct ov_diff *diff = out->diff;
    unsigned drawn = 0;
    if (!diff->summary.moved)
        return;
    ov_buf_string(&out->buf, "\n```mermaid\nflowchart TD\n");
    for (uint32_t row = 0; row < diff->after->count && drawn < DRAWN; row++) {
        struct ov_kept before, after;
        if (!(diff->changes[row] & OV_CHANGE_PARENT))
            continue;
        ov_snapshot_get(diff->before, diff->was[row], &before);
        ov_snapshot_get(diff->after, row, &after);
        uint32_t old = diff->before->parent[diff->was[row]], new = diff->after->parent[row];
        ov_buf_format(&out->buf, "  b%u", old == OV_NO_NODE ? 0 : old + 1);
        put_label(&out->buf, parent_of(out, before.parent));
        ov_buf_format(&out->buf, " -.->|%s| n%u", ov_translate(out->language, "was"), row + 1);
        put_label(&out->buf, after.id);
        ov_buf_format(&out->buf, "\n  a%u", new == OV_NO_NODE ? 0 : new + 1);
        put_label(&out->buf, parent_of(out, after.parent));
        ov_buf_format(&out->buf, " --> n%u\n", row + 1);
        drawn++;
    }
    ov_buf_string(&out->buf, "```\n");
    if (diff->summary.moved > DRAWN) {
        ov_buf_char(&out->buf, '\n');
        put_message(out, OV_N_("The diagram shows only the first ones."));
        ov_buf_char(&out->buf, '\n');
    }
}

void ov_diff_markdown(struct ov_diff_out *out, struct ov_text before, struct ov_text after)
{
    const struct ov_diff_summary *s = &out->diff->summary;
    if (!(s->added | s->removed | s->renamed | s->moved | s->changed))
        return;
    ov_buf_string(&out->buf, "## ");
    put_message(out, OV_N_("What changes"));
    ov_buf_format(&out->buf, "\n\n| %s |\n|---|---|\n", ov_translate(out->language, "from | to"));
    put_cell(&out->buf, before);
    put_cell(&out->buf, after);
    ov_buf_string(&out->buf, "|\n");
    put_changes(out, OV_CHANGE_PARENT, s->moved, OV_N_("{0} moved"),
                OV_N_("identifier | name | from | to | rows"));
    put_picture(out);
    put_changes(out, OV_CHANGE_NAME, s->renamed, OV_N_("{0} renamed"),
                OV_N_("identifier | before | now"));
    put_one_sided(out, true);
    put_one_sided(out, false);
    put_changes(out, OV_CHANGE_FIELDS, s->changed, OV_N_("{0} with changed details"),
                OV_N_("identifier | field | before | now"));
}
