/* page/changes.c: see changes.h. The framework's items are read as a payload of `emit` is. */
#include "page/changes.h"

#include <stdlib.h>

#include "base/error.h"
#include "orgvet/payload.h"
#include "page/asked.h"
#include "payload/diff/diff.h"

enum { CELL = 300 /* bytes of an identifier or name */ };

static enum ov_status read_framework(struct ov_snapshot *snapshot, struct ov_request *request,
                                     int64_t framework, bool flags, struct ov_error *err)
{
    struct ov_query query;
    struct ov_sql *sql = ov_request_read(request);
    enum ov_status status = OV_OK;
    if (!sql)
        return ov_fail(err, OV_E_IO, "the store cannot be read");
    ov_query_begin(
        &query, sql,
        "SELECT json_patch(json_object('idnumber', item.idnumber, 'name', item.name,"
        " 'description', item.description, 'descriptionformat', item.descriptionformat),"
        " iif(?2, json_object('globalmanager', json(iif(item.globalmanager, 'true',"
        " 'false')), 'departmentmanager', json(iif(item.departmentmanager, 'true',"
        " 'false'))), '{}')), json_quote(above.idnumber) FROM item LEFT JOIN stored_item AS"
        " above ON above.id = item.parent WHERE item.framework = ?1 ORDER BY item.id",
        OV_BIND(OV_SQL_I(framework), OV_SQL_I(flags)), err);
    while (status == OV_OK && ov_query_next(&query)) {
        struct ov_text item = ov_query_text(&query, 0), parent = ov_query_text(&query, 1);
        item.len--; /* json_patch would leave a null out */
        status = ov_snapshot_feed(snapshot, item.ptr, item.len, err);
        if (status == OV_OK)
            status = ov_snapshot_feed(snapshot, ",\"parent\":", 10, err);
        if (status == OV_OK)
            status = ov_snapshot_feed(snapshot, parent.ptr, parent.len, err);
        if (status == OV_OK)
            status = ov_snapshot_feed(snapshot, "}\n", 2, err);
    }
    enum ov_status ended = ov_query_end(&query);
    ov_request_read_end(request); /* what follows takes its time */
    if (status == OV_OK)
        status = ended;
    return status == OV_OK ? ov_snapshot_finish(snapshot, err) : status;
}

static enum ov_status read_file(struct ov_snapshot *snapshot, const struct ov_look *look,
                                struct ov_error *err)
{
    char piece[64 * 1024];
    size_t got;
    enum ov_status status = OV_OK;
    for (uint64_t at = 0; status == OV_OK; at += got) {
        got = look->source.read_at(look->source.ctx, at, piece, sizeof piece);
        if (got == 0)
            break;
        status = ov_snapshot_feed(snapshot, piece, got, err);
    }
    return status == OV_OK ? ov_snapshot_finish(snapshot, err) : status;
}

enum ov_status ov_changes_put(const struct ov_changes *changes, struct ov_text name,
                              enum ov_language language, struct ov_buf *out, struct ov_error *err)
{
    struct ov_diff_summary s = ov_diff_summary(changes->diff);
    struct ov_some some = {0};
    struct ov_sink sink = {ov_some_put, &some};
    struct ov_text framework = ov_text_of(ov_translate(language, "the framework"));
    enum ov_status status =
        ov_diff_write(changes->diff, OV_DIFF_TEXT, language, framework, name, &sink, err);
    ov_buf_format(out,
                  "{\"summary\":{\"added\":%llu,\"removed\":%llu,\"renamed\":%llu,\"moved\":%llu,"
                  "\"moved_rows\":%llu,\"changed\":%llu},\"text\":",
                  (unsigned long long)s.added, (unsigned long long)s.removed,
                  (unsigned long long)s.renamed, (unsigned long long)s.moved,
                  (unsigned long long)s.moved_rows, (unsigned long long)s.changed);
    ov_buf_json(out, ov_buf_view(&some.text), OV_JSON_PLAIN);
    ov_buf_format(out, ",\"cut\":%s,\"left_out\":%llu}", some.cut ? "true" : "false",
                  (unsigned long long)ov_snapshot_left_out(changes->before));
    ov_buf_deinit(&some.text);
    return status;
}

/* --- one row --- */

static struct ov_text name_of(const struct ov_snapshot *snapshot, const struct ov_kept *kept)
{
    return kept->fields[ov_importer_kind(snapshot->importer, OV_FIELD_NAME)];
}

bool ov_changes_is(const struct ov_changes *changes, struct ov_text id, enum ov_changed what)
{
    static const unsigned bits[] = {[OV_MOVED] = OV_CHANGE_PARENT,
                                    [OV_RENAMED] = OV_CHANGE_NAME,
                                    [OV_CHANGED] = OV_CHANGE_FIELDS};
    uint32_t row = ov_snapshot_find(changes->after, id);
    if (row == OV_NO_NODE)
        return false;
    bool added = changes->diff->was[row] == OV_NO_NODE;
    return what == OV_ADDED ? added : !added && changes->diff->changes[row] & bits[what];
}

void ov_changes_put_row(const struct ov_changes *changes, struct ov_text id, struct ov_buf *out)
{
    struct ov_kept before;
    uint32_t row = ov_snapshot_find(changes->after, id);
    if (row == OV_NO_NODE)
        return;
    unsigned what = changes->diff->changes[row];
    bool added = changes->diff->was[row] == OV_NO_NODE;
    if (added)
        ov_buf_string(out, ",\"change\":{\"added\":true}");
    if (added || !what)
        return;
    ov_snapshot_get(changes->before, changes->diff->was[row], &before);
    ov_buf_format(out, ",\"change\":{\"other\":%s", what & OV_CHANGE_FIELDS ? "true" : "false");
    if (what & OV_CHANGE_PARENT) {
        ov_buf_string(out, ",\"from\":");
        if (before.parent.len)
            ov_buf_json(out, ov_utf8_cut(before.parent, CELL), OV_JSON_PLAIN);
        else
            ov_buf_string(out, "null");
    }
    if (what & OV_CHANGE_NAME) {
        ov_buf_string(out, ",\"was\":");
        ov_buf_json(out, ov_utf8_cut(name_of(changes->before, &before), CELL), OV_JSON_PLAIN);
    }
    ov_buf_char(out, '}');
}

struct ov_text ov_changes_name(const struct ov_changes *changes, struct ov_text id)
{
    struct ov_kept kept;
    uint32_t row = ov_snapshot_find(changes->before, id);
    if (row == OV_NO_NODE)
        return (struct ov_text){0};
    ov_snapshot_get(changes->before, row, &kept);
    return name_of(changes->before, &kept);
}

/* --- all of them --- */

struct ov_changes *ov_changes_new(const struct ov_look *look, struct ov_request *request,
                                  int64_t framework, struct ov_error *err)
{
    const struct ov_importer *importer = look->check->importer;
    bool flags = ov_importer_field(importer, OV_TEXT("globalmanager")) >= 0;
    struct ov_changes *changes = calloc(1, sizeof *changes);
    if (!changes) {
        ov_fail_memory(err);
        return NULL;
    }
    changes->before = ov_snapshot_of_payload(importer, err);
    changes->after = changes->before ? ov_snapshot_new(look->check, err) : NULL;
    bool good = changes->after != NULL &&
                read_framework(changes->before, request, framework, flags, err) == OV_OK &&
                read_file(changes->after, look, err) == OV_OK;
    changes->diff = good ? ov_diff_new(changes->before, changes->after, err) : NULL;
    if (changes->diff)
        return changes;
    ov_changes_free(changes);
    return NULL;
}

void ov_changes_free(struct ov_changes *changes)
{
    if (!changes)
        return;
    ov_diff_free(changes->diff);
    ov_snapshot_free(changes->after);
    ov_snapshot_free(changes->before);
    free(changes);
}

uint64_t ov_changes_size(const struct ov_changes *changes)
{
    return ov_snapshot_size(changes->before) + ov_snapshot_size(changes->after) +
           (uint64_t)(changes->before->count + changes->after->count) * 2 * sizeof(uint32_t);
}
