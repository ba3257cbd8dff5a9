/* payload/emit/payload_writer.c: see payload_writer.h. Members are in the order of SPEC 6: the
 * identifier first, then the importer's fields in their order, then depth and row. */
#include "payload/emit/payload_writer.h"

#include "base/error.h"
#include "base/json.h"
#include "csv/quote.h"
#include "vet/check_access.h"

static bool is_true(struct ov_text flag)
{
    return ov_text_equal(flag, OV_TEXT("1"));
}

static void put_key(struct ov_buf *out, const char *key)
{
    ov_buf_string(out, ",\"");
    ov_buf_string(out, key);
    ov_buf_string(out, "\":");
}

static void put_text_or_null(struct ov_buf *out, struct ov_text text)
{
    if (text.len)
        ov_buf_json(out, text, OV_JSON_PLAIN);
    else
        ov_buf_string(out, "null");
}

static void put_value(struct ov_buf *out, enum ov_field_kind kind, struct ov_text value)
{
    if (kind == OV_FIELD_FLAG)
        ov_buf_string(out, is_true(value) ? "true" : "false");
    else if (kind == OV_FIELD_FORMAT && ov_text_is_digits(value) && ov_field_accepts(kind, value))
        ov_buf_text(out, value);
    else if (kind == OV_FIELD_PARENT)
        put_text_or_null(out, value);
    else
        ov_buf_json(out, value, OV_JSON_PLAIN);
}

void ov_payload_item_json(struct ov_buf *out, const struct ov_check *check,
                          const struct ov_values *values, bool has_id, uint64_t row)
{
    const struct ov_importer *importer = ov_check_binding(check)->importer;
    int id = ov_importer_kind(importer, OV_FIELD_ID);
    ov_buf_string(out, "{\"idnumber\":");
    put_text_or_null(out, values->fields[id]);
    if (has_id) {
        put_key(out, "id");
        put_text_or_null(out, values->id);
    }
    for (int i = 0; i < (int)importer->field_count; i++) {
        const struct ov_field *field = &importer->fields[i];
        if (i == id)
            continue;
        put_key(out, field->kind == OV_FIELD_PARENT ? "parent" : field->name);
        put_value(out, field->kind, values->fields[i]);
    }
    put_key(out, "depth");
    ov_buf_decimal(out, ov_check_shape(check)->depth[values->node]);
    put_key(out, "row");
    ov_buf_decimal(out, row);
    ov_buf_char(out, '}');
}

void ov_payload_csv_header(struct ov_buf *out, const struct ov_importer *importer, bool has_id)
{
    if (has_id)
        ov_buf_string(out, "id,");
    for (size_t i = 0; i < importer->field_count; i++) {
        ov_buf_string(out, i ? "," : "");
        ov_buf_string(out, importer->fields[i].name);
    }
    ov_buf_char(out, '\n');
}

void ov_payload_item_csv(struct ov_buf *out, const struct ov_check *check,
                         const struct ov_values *values, bool has_id)
{
    const struct ov_importer *importer = ov_check_binding(check)->importer;
    if (has_id) {
        ov_buf_csv(out, values->id, ',');
        ov_buf_char(out, ',');
    }
    for (size_t i = 0; i < importer->field_count; i++) {
        if (i)
            ov_buf_char(out, ',');
        if (importer->fields[i].kind == OV_FIELD_FLAG)
            ov_buf_char(out, is_true(values->fields[i]) ? '1' : '0');
        else
            ov_buf_csv(out, values->fields[i], ',');
    }
    ov_buf_char(out, '\n');
}

bool ov_payload_has_id(const struct ov_check *check)
{
    int column = ov_binding_column(ov_check_binding(check), OV_FIELD_ID);
    return column >= 0 && column != ov_check_facts(check)->id_column;
}

void ov_payload_begin(struct ov_buf *out, const struct ov_check *check, struct ov_text framework)
{
    const struct ov_importer *importer = ov_check_binding(check)->importer;
    ov_buf_string(out, "{\"schema_version\":1,\"importer\":");
    ov_buf_json(out, ov_text_of(importer->class_name), OV_JSON_PLAIN);
    ov_buf_string(out, ",\n\"settings\":");
    ov_buf_text(out, ov_check_result(check)->settings);
    ov_buf_string(out, ",\n\"framework\":{\"name\":");
    ov_buf_json(out, framework, OV_JSON_PLAIN);
    ov_buf_string(out, "},\n\"");
    ov_buf_string(out, importer->name);
    ov_buf_string(out, "\":[");
}

void ov_payload_receipt(struct ov_buf *out, const struct ov_receipt *receipt)
{
    ov_buf_string(out, "{\"rows\":");
    ov_buf_decimal(out, receipt->rows);
    ov_buf_format(out, ",\"source_sha256\":\"%s\",\"payload_sha256\":\"%s\"}",
                  receipt->source_sha256, receipt->payload_sha256);
}

void ov_payload_end(struct ov_buf *out, const struct ov_receipt *receipt)
{
    ov_buf_string(out, "\n],\n\"receipt\":");
    ov_payload_receipt(out, receipt);
    ov_buf_string(out, "}\n");
}

enum ov_status ov_receipt_write(const struct ov_receipt *receipt, const struct ov_sink *out,
                                struct ov_error *err)
{
    struct ov_buf line = {0};
    ov_payload_receipt(&line, receipt);
    ov_buf_char(&line, '\n');
    enum ov_status status =
        line.failed ? ov_fail_memory(err) : out->write(out->ctx, line.ptr, line.len, err);
    ov_buf_deinit(&line);
    return status;
}
