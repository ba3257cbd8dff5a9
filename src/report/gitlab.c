/* report/gitlab.c: GitLab's Code Quality report: a JSON array of objects with `description`,
 * `check_name`, `fingerprint`, `severity` and `location`. The fingerprint includes the path,
 * because it must be unique in the project. */
#include "base/hash.h"
#include "report/report.h"

/* The path relative to the repository: without a leading "./". */
static struct ov_text relative(const char *path)
{
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    return ov_text_of(path);
}

static void begin_gitlab(struct ov_report *report)
{
    ov_json_list(&report->json, NULL);
}

static enum ov_status append_gitlab_issue(struct ov_report *report,
                                          const struct ov_vetted_file *file,
                                          const struct ov_finding *finding, struct ov_error *err)
{
    static const char *const severities[] = {"info", "minor", "major"};
    struct ov_json *json = &report->json;
    struct ov_buf text = {0};
    char fingerprint[33];
    (void)err;
    ov_buf_text(&text, relative(file->path));
    ov_buf_char(&text, '\0');
    ov_buf_string(&text, finding->fingerprint);
    ov_hash_hex(ov_buf_view(&text), fingerprint);
    text.len = 0;
    ov_buf_text(&text, finding->message);
    if (finding->help.len)
        ov_buf_string(&text, "; ");
    ov_buf_text(&text, finding->help);
    ov_json_line(json);
    ov_json_object(json, NULL);
    ov_json_text(json, "description", ov_buf_view(&text));
    text.len = 0;
    ov_buf_format(&text, "%s %s", finding->rule->code, finding->rule->name);
    ov_json_text(json, "check_name", ov_buf_view(&text));
    ov_json_string(json, "fingerprint", fingerprint);
    ov_json_string(json, "severity", severities[finding->severity]);
    ov_json_object(json, "location");
    ov_json_text(json, "path", relative(file->path));
    ov_json_object(json, "lines");
    ov_json_number(json, "begin", finding->place.line);
    ov_json_end(json);
    ov_json_end(json);
    ov_json_end(json);
    report->out.failed |= text.failed;
    ov_buf_deinit(&text);
    return OV_OK;
}

static enum ov_status end_gitlab(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    ov_json_line(&report->json);
    ov_json_end(&report->json);
    ov_buf_char(&report->out, '\n');
    return OV_OK;
}

const struct ov_format ov_format_gitlab = {
    .name = "gitlab", .begin = begin_gitlab, .put = append_gitlab_issue, .end = end_gitlab};
