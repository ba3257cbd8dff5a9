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
    ov_buf_char(&report->out, '[');
}

static enum ov_status append_gitlab_issue(struct ov_report *report,
                                          const struct ov_vetted_file *file,
                                          const struct ov_finding *finding, struct ov_error *err)
{
    static const char *const severities[] = {"info", "minor", "major"};
    struct ov_buf *out = &report->out, text = {0};
    bool *any = report->state;
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
    ov_buf_string(out, *any ? ",\n{\"description\":" : "\n{\"description\":");
    ov_buf_json(out, ov_buf_view(&text), OV_JSON_PLAIN);
    ov_buf_format(out,
                  ",\"check_name\":\"%s %s\",\"fingerprint\":\"%s\",\"severity\":\"%s\","
                  "\"location\":{\"path\":",
                  finding->rule->code, finding->rule->name, fingerprint,
                  severities[finding->severity]);
    ov_buf_json(out, relative(file->path), OV_JSON_PLAIN);
    ov_buf_format(out, ",\"lines\":{\"begin\":%llu}}}", (unsigned long long)finding->place.line);
    out->failed |= text.failed;
    ov_buf_deinit(&text);
    *any = true;
    return OV_OK;
}

static void end_gitlab(struct ov_report *report)
{
    ov_buf_string(&report->out, "\n]\n");
}

const struct ov_format ov_format_gitlab = {.name = "gitlab",
                                           .state_size = sizeof(bool),
                                           .begin = begin_gitlab,
                                           .put = append_gitlab_issue,
                                           .end = end_gitlab};
