/* report/checkstyle.c: Checkstyle's XML, which many build servers and editors understand. */
#include "base/xml.h"
#include "report/report.h"

static void begin_checkstyle(struct ov_report *report)
{
    ov_buf_string(&report->out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
}

static void open_checkstyle(struct ov_report *report, const struct ov_vetted_file *file)
{
    ov_buf_string(&report->out, "<file name=\"");
    ov_buf_xml(&report->out, ov_text_of(file->path), OV_XML_ATTRIBUTE);
    ov_buf_string(&report->out, "\">\n");
}

static enum ov_status append_checkstyle_error(struct ov_report *report,
                                              const struct ov_vetted_file *file,
                                              const struct ov_finding *finding,
                                              struct ov_error *err)
{
    struct ov_buf *out = &report->out;
    (void)file;
    (void)err;
    ov_buf_format(out, "<error line=\"%llu\" column=\"%llu\" severity=\"%s\" message=\"",
                  (unsigned long long)finding->place.line,
                  (unsigned long long)finding->place.column, ov_severity_name(finding->severity));
    ov_buf_xml(out, finding->message, OV_XML_ATTRIBUTE);
    if (finding->help.len) {
        ov_buf_string(out, "; ");
        ov_buf_xml(out, finding->help, OV_XML_ATTRIBUTE);
    }
    ov_buf_format(out, "\" source=\"orgvet.%s\"/>\n", finding->rule->code);
    return OV_OK;
}

static enum ov_status close_checkstyle(struct ov_report *report, const struct ov_vetted_file *file,
                                       struct ov_error *err)
{
    (void)file;
    (void)err;
    ov_buf_string(&report->out, "</file>\n");
    return OV_OK;
}

static enum ov_status end_checkstyle(struct ov_report *report, struct ov_error *err)
{
    (void)err;
    ov_buf_string(&report->out, "</checkstyle>\n");
    return OV_OK;
}

const struct ov_format ov_format_checkstyle = {.name = "checkstyle",
                                               .begin = begin_checkstyle,
                                               .open = open_checkstyle,
                                               .put = append_checkstyle_error,
                                               .close = close_checkstyle,
                                               .end = end_checkstyle};
