/* payload/diff/diff_json.c: writes changes as JSON, for programs. */
#include "base/json.h"
#include "payload/diff/diff.h"

static void put_key(struct ov_buf *out, const char *key)
{
    ov_buf_string(out, key);
}

static void put_text(struct ov_buf *out, const char *key, struct ov_text text)
{
    put_key(out, key);
    if (text.len)
        ov_buf_json(out, text, OV_JSON_PLAIN);
    else
        ov_buf_string(out, "null");
}

static void put_number(struct ov_buf *out, const char *key, uint64_t number)
{
    put_key(out, key);
    ov_buf_decimal(out, number);
}

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

/* Starts an object with `id` and `name`. */
static void begin_row(struct ov_diff_out *out, const struct ov_snapshot *snapshot,
                      const struct ov_kept *kept, bool *any)
{
    ov_buf_string(&out->buf, *any ? ",\n" : "\n");
    *any = true;
    put_text(&out->buf, "{\"id\":", kept->id);
    put_text(&out->buf, ",\"name\":", name_of(snapshot, kept));
}

/* Writes a removed or an added row, and the row that it probably is on the other side. */
static void put_one_sided(struct ov_diff_out *out, const struct ov_snapshot *snapshot, uint32_t row,
                          const struct ov_snapshot *others, uint32_t other, const char *key,
                          bool *any)
{
    struct ov_kept kept, probably;
    ov_snapshot_get(snapshot, row, &kept);
    begin_row(out, snapshot, &kept, any);
    put_text(&out->buf, ",\"parent\":", kept.parent);
    if (other != OV_NO_NODE) {
        ov_snapshot_get(others, other, &probably);
        put_text(&out->buf, key, probably.id);
    }
    ov_buf_char(&out->buf, '}');
}

static void put_value(struct ov_buf *out, const struct ov_field *field, const char *key,
                      struct ov_text value)
{
    put_key(out, key);
    if (field->kind == OV_FIELD_FLAG && ov_field_accepts(OV_FIELD_FLAG, value))
        ov_buf_string(out, ov_text_equal(value, OV_TEXT("1")) ? "true" : "false");
    else
        ov_buf_json(out, value, OV_JSON_PLAIN);
}

static void put_fields(struct ov_diff_out *out, const struct ov_kept *before,
                       const struct ov_kept *after)
{
    const struct ov_importer *importer = out->diff->after->importer;
    bool any = false;
    ov_buf_string(&out->buf, ",\"fields\":[");
    for (size_t i = 0; i < importer->field_count; i++) {
        if (!ov_diff_field_differs(out->diff, i, before, after))
            continue;
        ov_buf_string(&out->buf, any ? "," : "");
        put_text(&out->buf, "{\"field\":", ov_text_of(importer->fields[i].name));
        put_value(&out->buf, &importer->fields[i], ",\"from\":", before->fields[i]);
        put_value(&out->buf, &importer->fields[i], ",\"to\":", after->fields[i]);
        ov_buf_char(&out->buf, '}');
        any = true;
    }
    ov_buf_char(&out->buf, ']');
}

static void put_change(struct ov_diff_out *out, uint32_t row, enum ov_change change, bool *any)
{
    const struct ov_diff *diff = out->diff;
    struct ov_kept before, after;
    ov_snapshot_get(diff->before, diff->was[row], &before);
    ov_snapshot_get(diff->after, row, &after);
    begin_row(out, diff->after, &after, any);
    if (change == OV_CHANGE_NAME) {
        put_text(&out->buf, ",\"from\":", name_of(diff->before, &before));
        put_text(&out->buf, ",\"to\":", name_of(diff->after, &after));
    } else if (change == OV_CHANGE_PARENT) {
        put_text(&out->buf, ",\"from\":", before.parent);
        put_text(&out->buf, ",\"to\":", after.parent);
        put_number(&out->buf, ",\"subtree\":", diff->after->size[row]);
    } else {
        put_fields(out, &before, &after);
    }
    ov_buf_char(&out->buf, '}');
}

static void put_changes(struct ov_diff_out *out, const char *key, enum ov_change change)
{
    bool any = false;
    put_key(&out->buf, key);
    for (uint32_t row = 0; row < out->diff->after->count; row++, ov_diff_flush(out, false))
        if (out->diff->changes[row] & change)
            put_change(out, row, change, &any);
    ov_buf_string(&out->buf, any ? "\n]" : "]");
}

void ov_diff_json(struct ov_diff_out *out, struct ov_text before, struct ov_text after)
{
    const struct ov_diff *diff = out->diff;
    const struct ov_diff_summary *s = &diff->summary;
    const struct ov_importer *importer = diff->after->importer;
    bool any = false;
    put_text(&out->buf, "{\"schema_version\":1,\"old\":", before);
    put_text(&out->buf, ",\"new\":", after);
    put_text(&out->buf, ",\"importer\":",
             importer ? ov_text_of(ov_importer_name(importer)) : (struct ov_text){0});
    put_number(&out->buf, ",\n\"summary\":{\"added\":", s->added);
    put_number(&out->buf, ",\"removed\":", s->removed);
    put_number(&out->buf, ",\"renumbered\":", s->renumbered);
    put_number(&out->buf, ",\"renamed\":", s->renamed);
    put_number(&out->buf, ",\"moved\":", s->moved);
    put_number(&out->buf, ",\"moved_rows\":", s->moved_rows);
    put_number(&out->buf, ",\"changed\":", s->changed);
    ov_buf_string(&out->buf, "},\n\"added\":[");
    for (uint32_t row = 0; row < diff->after->count; row++, ov_diff_flush(out, false))
        if (diff->was[row] == OV_NO_NODE)
            put_one_sided(out, diff->after, row, diff->before, diff->been[row],
                          ",\"probably_was\":", &any);
    ov_buf_string(&out->buf, any ? "\n],\n\"removed\":[" : "],\n\"removed\":[");
    any = false;
    for (uint32_t row = 0; row < diff->before->count; row++, ov_diff_flush(out, false))
        if (diff->now[row] == OV_NO_NODE)
            put_one_sided(out, diff->before, row, diff->after, diff->became[row],
                          ",\"probably_now\":", &any);
    ov_buf_string(&out->buf, any ? "\n]" : "]");
    put_changes(out, ",\n\"renamed\":[", OV_CHANGE_NAME);
    put_changes(out, ",\n\"moved\":[", OV_CHANGE_PARENT);
    put_changes(out, ",\n\"changed\":[", OV_CHANGE_FIELDS);
    ov_buf_string(&out->buf, "}\n");
}
