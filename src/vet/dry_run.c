/* vet/dry_run.c: the answer of the import service to a dry run, computed offline. The answer and
 * the documented errors are those of seeds/migration-web-services.txt; errors that it does not show
 * are worded by orgvet (CONTRACT 1.3, 1.4). */
#include <string.h>

#include "base/error.h"
#include "vet/check_internal.h"
#include "vet/dry_run.h"

/* Writes the service's error object with this detail. */
static enum ov_status refuse(struct ov_text detail, const struct ov_sink *out, struct ov_error *err)
{
    struct ov_buf message = {0}, line = {0};
    struct ov_json json = {.out = &line, .style = OV_JSON_PHP};
    ov_buf_string(&message, "Invalid parameter value detected (");
    ov_buf_text(&message, detail);
    ov_buf_char(&message, ')');
    ov_json_object(&json, NULL);
    ov_json_string(&json, "exception", "invalid_parameter_exception");
    ov_json_string(&json, "errorcode", "invalidparameter");
    ov_json_text(&json, "message", ov_buf_view(&message));
    ov_json_end(&json);
    line.failed |= message.failed;
    ov_buf_deinit(&message);
    ov_buf_char(&line, '\n');
    return ov_buf_write(&line, out, err);
}

/* Appends the valid importers, sorted by class name. */
static void put_choices(struct ov_buf *detail)
{
    ov_buf_string(detail, "\nChoose from: ");
    for (size_t i = ov_importer_count(); i-- > 0;) {
        ov_buf_string(detail, ov_importer_at(i)->class_name);
        if (i)
            ov_buf_string(detail, ", ");
    }
}

void ov_dry_run_unknown(struct ov_text name, struct ov_buf *detail)
{
    ov_buf_string(detail, "Could not find importer '");
    ov_buf_text(detail, name);
    ov_buf_char(detail, '\'');
    put_choices(detail);
}

enum ov_status ov_dry_run_unknown_importer(struct ov_text name, const struct ov_sink *out,
                                           struct ov_error *err)
{
    struct ov_buf detail = {0};
    ov_dry_run_unknown(name, &detail);
    enum ov_status status =
        detail.failed ? ov_fail_memory(err) : refuse(ov_buf_view(&detail), out, err);
    ov_buf_deinit(&detail);
    return status;
}

/* Appends the findings that make the service refuse the settings; false when there are none.
 * Duplicate headers (OV203) do not: the service reads the first column. */
static bool put_problems(struct ov_check *check, struct ov_buf *detail)
{
    struct ov_finding finding;
    size_t count = 0;
    enum ov_status status;
    ov_check_rewind(check);
    ov_buf_string(detail, "Import settings validation failed: ");
    while ((status = ov_check_next(check, &finding)) == OV_OK && finding.rule) {
        bool settings = strncmp(finding.rule->code, "OV2", 3) == 0 ||
                        strncmp(finding.rule->code, "OV101", 5) == 0 ||
                        strncmp(finding.rule->code, "OV109", 5) == 0;
        if (!settings || finding.severity != OV_ERROR || finding.rule == ov_rule_at(OV_R203))
            continue;
        if (count++)
            ov_buf_string(detail, "; ");
        ov_buf_text(detail, finding.message);
    }
    detail->failed |= status != OV_OK;
    return count > 0 || detail->failed;
}

enum ov_status ov_dry_run_answer(struct ov_check *check, struct ov_buf *text, bool *refused,
                                 struct ov_error *err)
{
    *refused = true;
    if (!check->facts.finished)
        return ov_fail(err, OV_E_STATE,
                       "a dry run can only be answered after the header has been read");
    if (check->facts.has_header && !check->facts.stopped && !check->facts.header_broken &&
        !check->importer) {
        ov_buf_string(text, "More than one importer is available, importer must be specified");
        put_choices(text);
    } else if (put_problems(check, text) || !check->facts.bound) {
        if (!check->facts.bound && text->len && text->ptr[text->len - 1] == ' ')
            ov_buf_string(text, "the file has no header that can be read");
    } else {
        *refused = false;
        text->len = 0;
        ov_binding_json(&check->binding, OV_JSON_PHP, text);
    }
    return text->failed ? ov_fail_memory(err) : OV_OK;
}

enum ov_status ov_check_dry_run(struct ov_check *check, const struct ov_error *failure,
                                const struct ov_sink *out, bool *refused, struct ov_error *err)
{
    struct ov_buf text = {0}, line = {0};
    struct ov_json json = {.out = &line, .style = OV_JSON_PHP};
    *refused = true;
    if (failure)
        return refuse(ov_text_of(failure->message), out, err);
    enum ov_status status = ov_dry_run_answer(check, &text, refused, err);
    if (status == OV_OK && *refused) {
        status = refuse(ov_buf_view(&text), out, err);
    } else if (status == OV_OK) {
        ov_json_object(&json, NULL);
        ov_json_number(&json, "id", 0);
        ov_json_text(&json, "settings", ov_buf_view(&text));
        ov_json_end(&json);
        ov_buf_char(&line, '\n');
        status = ov_buf_write(&line, out, err);
    }
    ov_buf_deinit(&text);
    return status;
}
