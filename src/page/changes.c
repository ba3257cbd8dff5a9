/* page/changes.c: see changes.h. The framework's items are read as a payload of `emit` is. */
#include "page/changes.h"

#include "base/error.h"
#include "orgvet/payload.h"

enum { TOLD = 100 * 1000 /* bytes of changes in words */ };

static enum ov_status read_framework(struct ov_snapshot *snapshot, struct ov_sql *sql,
                                     int64_t framework, bool flags, struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(&query, sql,
                   "SELECT json_patch(json_object('idnumber', item.idnumber, 'name', item.name,"
                   " 'description', item.description, 'descriptionformat', item.descriptionformat),"
                   " iif(?2, json_object('globalmanager', json(iif(item.globalmanager, 'true',"
                   " 'false')), 'departmentmanager', json(iif(item.departmentmanager, 'true',"
                   " 'false'))), '{}')), json_quote(above.idnumber) FROM item LEFT JOIN item AS"
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

static enum ov_status put_some(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    struct ov_buf *text = ctx;
    size_t room = text->len < TOLD ? TOLD - text->len : 0;
    ov_buf_text(text, ov_utf8_cut((struct ov_text){bytes, len}, room));
    return text->failed ? ov_fail_memory(err) : OV_OK;
}

static enum ov_status put_diff(const struct ov_diff *diff, struct ov_text name, struct ov_buf *out,
                               struct ov_error *err)
{
    struct ov_diff_summary s = ov_diff_summary(diff);
    struct ov_buf text = {0};
    struct ov_sink sink = {put_some, &text};
    enum ov_status status =
        ov_diff_write(diff, OV_DIFF_TEXT, OV_TEXT("the framework"), name, &sink, err);
    ov_buf_format(out,
                  "{\"summary\":{\"added\":%llu,\"removed\":%llu,\"renamed\":%llu,\"moved\":%llu,"
                  "\"moved_rows\":%llu,\"changed\":%llu},\"text\":",
                  (unsigned long long)s.added, (unsigned long long)s.removed,
                  (unsigned long long)s.renamed, (unsigned long long)s.moved,
                  (unsigned long long)s.moved_rows, (unsigned long long)s.changed);
    ov_buf_json(out, ov_buf_view(&text), OV_JSON_PLAIN);
    ov_buf_char(out, '}');
    ov_buf_deinit(&text);
    return status;
}

enum ov_status ov_changes_put(struct ov_look *look, struct ov_sql *sql, int64_t framework,
                              struct ov_text name, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_importer *importer = look->check->importer;
    bool flags = ov_importer_field(importer, OV_TEXT("globalmanager")) >= 0;
    struct ov_snapshot *before = ov_snapshot_of_payload(importer, err);
    struct ov_snapshot *after = before ? ov_snapshot_new(look->check, err) : NULL;
    struct ov_diff *diff = NULL;
    enum ov_status status = after ? OV_OK : OV_E_MEMORY;
    if (status == OV_OK)
        status = read_framework(before, sql, framework, flags, err);
    if (status == OV_OK)
        status = read_file(after, look, err);
    if (status == OV_OK && !(diff = ov_diff_new(before, after, err)))
        status = OV_E_MEMORY;
    if (status == OV_OK)
        status = put_diff(diff, name, out, err);
    ov_diff_free(diff);
    ov_snapshot_free(after);
    ov_snapshot_free(before);
    return status;
}
