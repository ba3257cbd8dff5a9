/* report/junit.c: JUnit's XML: a test suite per file, a test case per finding. An error is a failed
 * case, a warning or info a skipped one; a file without findings has one case, which passes. */
#include "report/place.h"
#include "base/xml.h"
#include "report/report.h"

static void begin_junit(struct ov_report *report)
{
    ov_buf_string(&report->out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"orgvet\">\n");
}

static void open_junit(struct ov_report *report, const struct ov_vetted_file *file)
{
    uint64_t shown = ov_report_will_show(report, file->check);
    uint64_t errors = ov_check_result(file->check)->severities[OV_ERROR];
    ov_buf_string(&report->out, "<testsuite name=\"");
    ov_buf_xml(&report->out, ov_text_of(file->path), OV_XML_ATTRIBUTE);
    ov_buf_format(&report->out, "\" tests=\"%llu\"", (unsigned long long)(shown ? shown : 1));
    if (!report->options.max_findings) /* otherwise unknown in advance */
        ov_buf_format(&report->out, " failures=\"%llu\" errors=\"0\" skipped=\"%llu\"",
                      (unsigned long long)errors, (unsigned long long)(shown - errors));
    ov_buf_string(&report->out, ">\n");
}

static void put_case(struct ov_buf *out, const struct ov_vetted_file *file, const char *name)
{
    ov_buf_string(out, "<testcase classname=\"");
    ov_buf_xml(out, ov_text_of(file->path), OV_XML_ATTRIBUTE);
    ov_buf_format(out, "\" name=\"%s", name);
}

static enum ov_status append_junit_case(struct ov_report *report, const struct ov_vetted_file *file,
                                        const struct ov_finding *finding, struct ov_error *err)
{
    struct ov_buf *out = &report->out;
    bool error = finding->severity == OV_ERROR;
    (void)err;
    put_case(out, file, finding->rule->code);
    const struct ov_check_result *result = ov_check_result(file->check);
    ov_buf_format(out, " %s, ", finding->rule->name);
    if (result->is_workbook) {
        ov_buf_xml(out, result->sheet, OV_XML_ATTRIBUTE);
        ov_buf_char(out, '!');
        ov_put_cell_name(out, finding->place);
        ov_buf_string(out, "\">");
    } else {
        ov_buf_format(out, "line %llu, column %llu\">", (unsigned long long)finding->place.line,
                      (unsigned long long)finding->place.column);
    }
    ov_buf_string(out, error ? "<failure type=\"error\" message=\"" : "<skipped message=\"");
    if (!error)
        ov_buf_format(out, "%s: ", ov_severity_name(finding->severity));
    ov_buf_xml(out, finding->message, OV_XML_ATTRIBUTE);
    if (!error && finding->help.len) {
        ov_buf_string(out, "; ");
        ov_buf_xml(out, finding->help, OV_XML_ATTRIBUTE);
    }
    ov_buf_string(out, error ? "\">" : "\"/>");
    if (error) {
        ov_buf_xml(out, finding->help, OV_XML_ATTRIBUTE);
        ov_buf_string(out, "</failure>");
    }
    ov_buf_string(out, "</testcase>\n");
    return OV_OK;
}

static enum ov_status close_junit(struct ov_report *report, const struct ov_vetted_file *file,
                                  struct ov_error *err)
{
    (void)err;
    if (report->shown_all == 0) {
        put_case(&report->out, file, "no findings");
        ov_buf_string(&report->out, "\"/>\n");
    }
    ov_buf_string(&report->out, "</testsuite>\n");
    return OV_OK;
}

static enum ov_status end_junit(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    ov_buf_string(&report->out, "</testsuites>\n");
    return OV_OK;
}

const struct ov_format ov_format_junit = {.name = "junit",
                                          .begin = begin_junit,
                                          .open = open_junit,
                                          .put = append_junit_case,
                                          .close = close_junit,
                                          .end = end_junit};
