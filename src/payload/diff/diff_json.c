/* payload/diff/diff_json.c: writes changes as JSON, for programs. */
#include "payload/diff/diff.h"

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

/* Begins an object with `id` and `name`, on a line of its own. */
static void begin_row(struct ov_json *json, const struct ov_snapshot *snapshot,
                      const struct ov_kept *kept)
{
    ov_json_line(json);
    ov_json_object(json, NULL);
    ov_json_text_or_null(json, "id", kept->id);
    ov_json_text_or_null(json, "name", name_of(snapshot, kept));
}

/* Ends a list of rows. */
static void end_rows(struct ov_json *json)
{
    if (json->any)
        ov_json_line(json);
    ov_json_end(json);
}

/* Writes the rows of one side that the other one does not have, and for each the row that it
 * probably is there, as the member `key`. there: per row, its row on the other side; maybe:
 * likewise, the probable one. */
static void put_one_sided(struct ov_diff_out *out, const struct ov_snapshot *snapshot,
                          const uint32_t *there, const struct ov_snapshot *others,
                          const uint32_t *maybe, const char *key)
{
    struct ov_kept kept, probably;
    for (uint32_t row = 0; row < snapshot->count; row++, ov_diff_flush(out, false)) {
        if (there[row] != OV_NO_NODE)
            continue;
        ov_snapshot_get(snapshot, row, &kept);
        begin_row(&out->json, snapshot, &kept);
        ov_json_text_or_null(&out->json, "parent", kept.parent);
        if (maybe[row] != OV_NO_NODE) {
            ov_snapshot_get(others, maybe[row], &probably);
            ov_json_text_or_null(&out->json, key, probably.id);
        }
        ov_json_end(&out->json);
    }
    end_rows(&out->json);
}

static void put_value(struct ov_json *json, const struct ov_field *field, const char *key,
                      struct ov_text value)
{
    if (field->kind == OV_FIELD_FLAG && ov_field_accepts(OV_FIELD_FLAG, value))
        ov_json_bool(json, key, ov_text_equal(value, OV_TEXT("1")));
    else
        ov_json_text(json, key, value);
}

static void put_fields(struct ov_diff_out *out, const struct ov_kept *before,
                       const struct ov_kept *after)
{
    const struct ov_importer *importer = out->diff->after->importer;
    ov_json_list(&out->json, "fields");
    for (size_t i = 0; i < importer->field_count; i++) {
        if (!ov_diff_field_differs(out->diff, i, before, after))
            continue;
        ov_json_object(&out->json, NULL);
        ov_json_string(&out->json, "field", importer->fields[i].name);
        put_value(&out->json, &importer->fields[i], "from", before->fields[i]);
        put_value(&out->json, &importer->fields[i], "to", after->fields[i]);
        ov_json_end(&out->json);
    }
    ov_json_end(&out->json);
}

static void put_change(struct ov_diff_out *out, uint32_t row, enum ov_change change)
{
    const struct ov_diff *diff = out->diff;
    struct ov_json *json = &out->json;
    struct ov_kept before, after;
    ov_snapshot_get(diff->before, diff->was[row], &before);
    ov_snapshot_get(diff->after, row, &after);
    begin_row(json, diff->after, &after);
    if (change == OV_CHANGE_NAME) {
        ov_json_text_or_null(json, "from", name_of(diff->before, &before));
        ov_json_text_or_null(json, "to", name_of(diff->after, &after));
    } else if (change == OV_CHANGE_PARENT) {
        ov_json_text_or_null(json, "from", before.parent);
        ov_json_text_or_null(json, "to", after.parent);
        ov_json_number(json, "subtree", diff->after->size[row]);
    } else {
        put_fields(out, &before, &after);
    }
    ov_json_end(json);
}

static void put_changes(struct ov_diff_out *out, const char *key, enum ov_change change)
{
    ov_json_line(&out->json);
    ov_json_list(&out->json, key);
    for (uint32_t row = 0; row < out->diff->after->count; row++, ov_diff_flush(out, false))
        if (out->diff->changes[row] & change)
            put_change(out, row, change);
    end_rows(&out->json);
}

static void put_summary(struct ov_json *json, const struct ov_diff_summary *summary)
{
    ov_json_object(json, "summary");
    ov_json_number(json, "added", summary->added);
    ov_json_number(json, "removed", summary->removed);
    ov_json_number(json, "renumbered", summary->renumbered);
    ov_json_number(json, "renamed", summary->renamed);
    ov_json_number(json, "moved", summary->moved);
    ov_json_number(json, "moved_rows", summary->moved_rows);
    ov_json_number(json, "changed", summary->changed);
    ov_json_end(json);
}

void ov_diff_json(struct ov_diff_out *out, struct ov_text before, struct ov_text after)
{
    const struct ov_diff *diff = out->diff;
    const struct ov_importer *importer = diff->after->importer;
    struct ov_json *json = &out->json;
    ov_json_object(json, NULL);
    ov_json_number(json, "schema_version", 1);
    ov_json_text_or_null(json, "old", before);
    ov_json_text_or_null(json, "new", after);
    ov_json_text_or_null(json, "importer",
                         ov_text_of(importer ? ov_importer_name(importer) : NULL));
    ov_json_line(json);
    put_summary(json, &diff->summary);
    ov_json_line(json);
    ov_json_list(json, "added");
    put_one_sided(out, diff->after, diff->was, diff->before, diff->been, "probably_was");
    ov_json_line(json);
    ov_json_list(json, "removed");
    put_one_sided(out, diff->before, diff->now, diff->after, diff->became, "probably_now");
    put_changes(out, "renamed", OV_CHANGE_NAME);
    put_changes(out, "moved", OV_CHANGE_PARENT);
    put_changes(out, "changed", OV_CHANGE_FIELDS);
    ov_json_end(json);
    ov_buf_char(&out->buf, '\n');
}
