/* server/api/docs.c: /webservice/docs: an HTML page that documents the functions from their
 * declarations. */
#include <stdio.h>

#include "base/xml.h"
#include "server/api/functions.h"
#include "server/api/routes.h"

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{background:#8882;padding:0 .2em}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.2rem .8rem .2rem 0;border-top:1px solid #8884;"
    "vertical-align:top}h2{margin-top:2.5rem}";

static void put_text(struct ov_buf *out, const char *text)
{
    ov_buf_xml(out, ov_text_of(text), OV_XML_CONTENT); /* HTML needs the same escaped */
}

static void put_rows(struct ov_buf *out, const struct ov_spec *specs, const char *prefix,
                     bool params)
{
    for (const struct ov_spec *spec = specs; spec->name; spec++) {
        char below[200];
        ov_buf_format(out, "<tr><td><code>%s%s</code><td>%s<td>", prefix, spec->name,
                      ov_type_name(spec->type));
        if (params)
            ov_buf_string(out, !spec->optional ? "needed" : "");
        else
            ov_buf_string(out, spec->null_allowed ? "may be null" : "");
        if (params && spec->fallback && *spec->fallback)
            ov_buf_format(out, "default <code>%s</code>", spec->fallback);
        ov_buf_string(out, "<td>");
        put_text(out, spec->what ? spec->what : "");
        ov_buf_string(out, "\n");
        snprintf(below, sizeof below, "%s%s[].", prefix, spec->name);
        if (spec->type == OV_TYPE_LIST && spec->of->type == OV_TYPE_STRUCT)
            put_rows(out, spec->of->of, below, params); /* lists are nested one level deep */
    }
}

static void put_result(struct ov_buf *out, const struct ov_spec *result)
{
    if (!result) {
        ov_buf_string(out, "<p>Answers <code>null</code>.\n");
        return;
    }
    bool list = result->type == OV_TYPE_LIST;
    ov_buf_format(out, "<h3>Answer%s</h3><table>\n", list ? ": a list of" : "");
    put_rows(out, list ? result->of->of : result->of, "", false);
    ov_buf_string(out, "</table>\n");
}

bool ov_endpoint_docs(struct ov_request *request)
{
    if (request->rest.len > 1)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    struct ov_buf *out = &request->answer.body;
    request->answer.type = "text/html; charset=utf-8";
    ov_buf_format(out,
                  "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
                  "content=\"width=device-width\"><title>Web service functions</title>"
                  "<style>%s</style>\n<h1>Web service functions</h1>\n"
                  "<p>Send them to <code>",
                  style);
    put_text(out, request->service->base_url);
    ov_buf_string(
        out, "/webservice/rest/server.php</code> by GET or POST, with <code>wstoken</code>, "
             "<code>wsfunction</code> and <code>moodlewsrestformat=json</code> (without it the "
             "answer is XML). Files are uploaded to <code>/webservice/upload.php</code>; "
             "tokens for users with a password come from <code>/login/token.php</code>.\n<ul>");
    for (size_t i = 0; ov_function_at(i); i++)
        ov_buf_format(out, "<li><a href=\"#%s\">%s</a>\n", ov_function_at(i)->name,
                      ov_function_at(i)->name);
    ov_buf_string(out, "</ul>\n");
    for (size_t i = 0; ov_function_at(i); i++) {
        const struct ov_function *function = ov_function_at(i);
        ov_buf_format(out, "<h2 id=\"%s\">%s</h2>\n<p>", function->name, function->name);
        put_text(out, function->what);
        if (function->capability >= 0)
            ov_buf_format(out, "\n<p>Needs the capability <code>%s</code>.",
                          ov_capability_at((size_t)function->capability).name);
        ov_buf_string(out, "\n<h3>Parameters</h3><table>\n");
        put_rows(out, function->params, "", true);
        ov_buf_string(out, "</table>\n");
        put_result(out, function->result);
    }
    return true;
}
