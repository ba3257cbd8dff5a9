/* server/api/result.c: see result.h. Declarations are at most three levels deep, which bounds the
 * recursion. */
#include "server/api/result.h"

#include "base/xml.h"

void ov_result_json(struct ov_json *json, const char *key, const struct ov_spec *spec,
                    const struct ov_value *value)
{
    if (!spec || !value || value->kind == OV_VALUE_NULL) {
        ov_json_null(json, key);
    } else if (spec->type == OV_TYPE_LIST) {
        ov_json_list(json, key);
        for (const struct ov_value *one = value->first; one; one = one->next)
            ov_result_json(json, NULL, spec->of, one);
        ov_json_end(json);
    } else if (spec->type == OV_TYPE_STRUCT) {
        ov_json_object(json, key);
        for (const struct ov_spec *one = spec->of; one->name; one++) {
            const struct ov_value *child = ov_value_get(value, ov_text_of(one->name));
            if (child || !one->optional)
                ov_result_json(json, one->name, one, child);
        }
        ov_json_end(json);
    } else if (spec->type == OV_TYPE_INT) {
        ov_json_signed(json, key, value->number);
    } else if (spec->type == OV_TYPE_BOOL) {
        ov_json_bool(json, key, value->number);
    } else {
        ov_json_text(json, key, value->text);
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
            ov_buf_format(out, "%lld", (long long)value->number);
        ov_buf_string(out, "</VALUE>\n");
    }
}
