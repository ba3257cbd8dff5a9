/* payload/emit/payload_writer.c: see payload_writer.h. Members are in the order of SPEC 6: the
 * identifier first, then the importer's fields in their order, then depth and row. */
#include "payload/emit/payload_writer.h"

#include "base/error.h"
#include "csv/quote.h"
#include "vet/check_access.h"

static bool is_true(struct ov_text flag)
{
    return ov_text_equal(flag, OV_TEXT("1"));
}

static void put_value(struct ov_json *json, const char *key, enum ov_field_kind kind,
                      struct ov_text value)
{
    if (kind == OV_FIELD_FLAG)
        ov_json_bool(json, key, is_true(value));
    else if (kind == OV_FIELD_FORMAT && ov_text_is_digits(value) && ov_field_accepts(kind, value))
        ov_json_raw(json, key, value);
    else if (kind == OV_FIELD_PARENT)
        ov_json_text_or_null(json, key, value);
    else
        ov_json_text(json, key, value);
}

void ov_payload_item_json(struct ov_json *json, const struct ov_check *check,
                          const struct ov_values *values, bool has_id, uint64_t row)
{
    const struct ov_importer *importer = ov_check_binding(check)->importer;
    int id = ov_importer_kind(importer, OV_FIELD_ID);
    ov_json_object(json, NULL);
    ov_json_text_or_null(json, "idnumber", values->fields[id]);
    if (has_id)
        ov_json_text_or_null(json, "id", values->id);
    for (int i = 0; i < (int)importer->field_count; i++) {
        const struct ov_field *field = &importer->fields[i];
        if (i != id)
            put_value(json, field->kind == OV_FIELD_PARENT ? "parent" : field->name, field->kind,
                      values->fields[i]);
    }
    ov_json_number(json, "depth", ov_check_shape(check)->depth[values->node]);
    ov_json_number(json, "row", row);
    ov_json_end(json);
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

void ov_payload_begin(struct ov_json *json, const struct ov_check *check, struct ov_text framework)
{
    const struct ov_importer *importer = ov_check_binding(check)->importer;
    ov_json_object(json, NULL);
    ov_json_number(json, "schema_version", 1);
    ov_json_string(json, "importer", importer->class_name);
    ov_json_line(json);
    ov_json_raw(json, "settings", ov_check_result(check)->settings);
    ov_json_line(json);
    ov_json_object(json, "framework");
    ov_json_text(json, "name", framework);
    ov_json_end(json);
    ov_json_line(json);
    ov_json_list(json, importer->name);
}

static void put_receipt(struct ov_json *json, const char *key, const struct ov_receipt *receipt)
{
    ov_json_object(json, key);
    ov_json_number(json, "rows", receipt->rows);
    ov_json_string(json, "source_sha256", receipt->source_sha256);
    ov_json_string(json, "payload_sha256", receipt->payload_sha256);
    ov_json_end(json);
}

void ov_payload_end(struct ov_json *json, const struct ov_receipt *receipt)
{
    ov_json_line(json);
    ov_json_end(json);
    ov_json_line(json);
    put_receipt(json, "receipt", receipt);
    ov_json_end(json);
    ov_buf_char(json->out, '\n');
}

enum ov_status ov_receipt_write(const struct ov_receipt *receipt, const struct ov_sink *out,
                                struct ov_error *err)
{
    struct ov_buf line = {0};
    struct ov_json json = {.out = &line};
    put_receipt(&json, NULL, receipt);
    ov_buf_char(&line, '\n');
    return ov_buf_write(&line, out, err);
}
