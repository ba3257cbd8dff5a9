/* server/api/export_file.c: see export_file.h, and webservice/pluginfile.php (PROTOCOL.md,
 * Download). */
#include "server/api/export_file.h"

#include "server/auth/access.h"
#include "server/api/routes.h"
#include "server/jobs/job.h"

/* Parses /1/tool_wp/export/ID/NAME. */
static bool parse_path(struct ov_text path, int64_t *id, struct ov_text *name)
{
    static const char prefix[] = "/1/tool_wp/export/";
    size_t at = sizeof prefix - 1;
    if (path.len <= at || memcmp(path.ptr, prefix, at) != 0)
        return false;
    struct ov_text number = {path.ptr + at, path.len - at};
    const char *slash = memchr(number.ptr, '/', number.len);
    if (!slash)
        return false;
    number.len = (size_t)(slash - number.ptr);
    *name = (struct ov_text){slash + 1, (size_t)(path.ptr + path.len - slash - 1)};
    return ov_text_number(number, id) && name->len > 0;
}

bool ov_send_export(struct ov_request *request, int64_t id, struct ov_text name)
{
    int64_t scope = ov_access_scope(request), tenant;
    struct ov_query query;
    if (!ov_access_job_tenant(request, false, id, &tenant))
        return false;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql)
        return false;
    ov_query_begin(
        &query, sql,
        "SELECT content, (SELECT size FROM content WHERE content.id = export.content" OV_SHARED(
            "AND content.tenant = export.tenant") "), filename"
                                                  " FROM export WHERE id = ?1 AND tenant = ?6 AND " OV_IN_SCOPE
                                                  " AND status = ?5 AND"
                                                  " (filename = ?4 OR ?4 IS NULL)",
        OV_BIND(OV_SQL_I(id), OV_SQL_I(request->caller.account), OV_SQL_I(scope), OV_SQL_T0(name),
                OV_SQL_I(OV_STATE_DONE), OV_SQL_I(tenant)),
        &request->err);
    bool found = ov_query_next(&query);
    if (found) {
        request->answer.content = (struct ov_content){tenant, ov_query_int(&query, 0)};
        request->answer.size = (uint64_t)ov_query_int(&query, 1);
        request->answer.file_name = ov_pool_text(&request->pool, ov_query_text(&query, 2));
        request->answer.type = "application/zip";
    }
    if (ov_query_end(&query) != OV_OK)
        return false;
    return found || ov_fault(request, OV_FAULT_NO_FILE, NULL);
}

bool ov_endpoint_file(struct ov_request *request)
{
    struct ov_text name, path = request->rest;
    int64_t id;
    if (path.len == 0)
        path = ov_request_param(request, "file");
    return parse_path(path, &id, &name) ? ov_send_export(request, id, name)
                                        : ov_fault(request, OV_FAULT_NO_FILE, NULL);
}
