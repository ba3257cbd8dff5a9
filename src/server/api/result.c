/* server/api/result.c: see result.h. Declarations are at most three levels deep, which bounds the
 * recursion. */
#include "server/api/result.h"

#include "base/json.h"
#include "base/xml.h"

static void put_number(struct ov_buf *out, int64_t number)
{
    ov_buf_format(out, "%lld", (long long)number);
}

void ov_result_json(struct ov_buf *out, const struct ov_spec *spec, const struct ov_value *value)
{
    if (!spec || !value || value->kind == OV_VALUE_NULL) {
        ov_buf_string(out, "null");
    } else if (spec->type == OV_TYPE_LIST) {
        ov_buf_char(out, '[');
        for (const struct ov_value *one = value->first; one; one = one->next) {
            ov_result_json(out, spec->of, one);
            ov_buf_string(out, one->next ? "," : "");
        }
        ov_buf_char(out, ']');
    } else if (spec->type == OV_TYPE_STRUCT) {
        bool first = true;
        ov_buf_char(out, '{');
        for (const struct ov_spec *one = spec->of; one->name; one++) {
            const struct ov_value *child = ov_value_get(value, ov_text_of(one->name));
            if (!child && one->optional)
                continue;
            ov_buf_string(out, first ? "" : ",");
            ov_buf_json(out, ov_text_of(one->name), OV_JSON_PHP);
            ov_buf_char(out, ':');
            ov_result_json(out, one, child);
            first = false;
        }
        ov_buf_char(out, '}');
    } else if (spec->type == OV_TYPE_INT) {
        put_number(out, value->number);
    } else if (spec->type == OV_TYPE_BOOL) {
        ov_buf_string(out, value->number ? "true" : "false");
    } else {
        ov_buf_json(out, value->text, OV_JSON_PHP);
    }
}

void ov_result_xml(struct ov_buf *out, const struct ov_spec *spec, const struct ov_value *value)
{
    if (!spec)
        return;
    if (spec->type == OV_TYPE_LIST) {
        ov_buf_string(out, "<MULTIPLE>\n");
        for (const struct ov_value *one = value ? value->first : NULL; one; one = one->next)
            ov_result_xml(out, spec->of, one);
        ov_buf_string(out, "</MULTIPLE>\n");
    } else if (spec->type == OV_TYPE_STRUCT) {
        ov_buf_string(out, "<SINGLE>\n");
        for (const struct ov_spec *one = spec->of; one->name; one++) {
            ov_buf_format(out, "<KEY name=\"%s\">", one->name);
            ov_result_xml(out, one, value ? ov_value_get(value, ov_text_of(one->name)) : NULL);
            ov_buf_string(out, "</KEY>\n");
        }
        ov_buf_string(out, "</SINGLE>\n");
    } else if (!value || value->kind == OV_VALUE_NULL) {
        ov_buf_string(out, "<VALUE null=\"null\"/>\n");
    } else {
        ov_buf_string(out, "<VALUE>");
        if (spec->type == OV_TYPE_TEXT || spec->type == OV_TYPE_SETTINGS)
            ov_buf_xml(out, value->text, OV_XML_CONTENT);
        else
            put_number(out, value->number);
        ov_buf_string(out, "</VALUE>\n");
    }
}
