/* payload/reread/payload_reader.c: see payload_reader.h. Brackets and strings are tracked only to
 * find where an item starts and ends; cJSON parses the item itself. An item is an object in an
 * array of the single outermost object (json), or an outermost object itself (ndjson). */
#include "payload/reread/payload_reader.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct ov_payload_reader {
    const struct ov_importer **importer; /* borrowed; *importer NULL: not known yet */
    ov_payload_item_fn *on_item;
    void *ctx;
    struct ov_buf item;  /* the current item so far */
    struct ov_buf outer; /* the outermost object so far, without the contents of its arrays */
    size_t depth;        /* open brackets */
    bool in_array;       /* inside an array of the outermost object */
    bool in_string, escaped;
    uint64_t count; /* items so far */
};

enum { OUTER = 1, ARRAY = 2, ITEM = 3, DEEPEST = 64, LARGEST = 1 << 28 };

static enum ov_status refuse(const struct ov_payload_reader *reader, struct ov_error *err)
{
    return ov_fail(err, OV_E_OPTION,
                   "this starts like JSON, but is not a payload of `orgvet emit` (item %llu)",
                   (unsigned long long)reader->count + 1);
}

struct ov_payload_reader *ov_payload_reader_new(const struct ov_importer **importer,
                                                ov_payload_item_fn *on_item, void *ctx,
                                                struct ov_error *err)
{
    struct ov_payload_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        ov_fail_memory(err);
        return NULL;
    }
    *reader = (struct ov_payload_reader){.importer = importer, .on_item = on_item, .ctx = ctx};
    reader->item.maximum = reader->outer.maximum = LARGEST;
    return reader;
}

void ov_payload_reader_free(struct ov_payload_reader *reader)
{
    if (!reader)
        return;
    ov_buf_deinit(&reader->item);
    ov_buf_deinit(&reader->outer);
    free(reader);
}

/* The importer that has as many flags as the item has booleans, or NULL. */
static const struct ov_importer *importer_of(const cJSON *json)
{
    for (size_t i = ov_importer_count(); i-- > 0;) {
        const struct ov_importer *importer = ov_importer_at(i);
        size_t members = 0, flags = 0;
        for (size_t f = 0; f < importer->field_count; f++)
            flags += importer->fields[f].kind == OV_FIELD_FLAG;
        for (const cJSON *member = json->child; member; member = member->next)
            members += cJSON_IsBool(member) ? 1 : 0;
        if (members == flags)
            return importer;
    }
    return NULL;
}

/* The text of a member (borrowed; that of a number is written to `number`); empty for null or a
 * missing member. False when it is an array or an object. */
static bool text_of(const cJSON *member, char number[32], struct ov_text *text)
{
    if (!member || cJSON_IsNull(member)) {
        *text = (struct ov_text){0};
    } else if (cJSON_IsString(member)) {
        *text = ov_text_of(member->valuestring);
    } else if (cJSON_IsBool(member)) {
        *text = cJSON_IsTrue(member) ? OV_TEXT("1") : OV_TEXT("0");
    } else if (cJSON_IsNumber(member)) {
        snprintf(number, 32, "%d", member->valueint);
        *text = ov_text_of(number);
    } else {
        return false;
    }
    return true;
}

static enum ov_status deliver_item(struct ov_payload_reader *reader, const cJSON *json,
                                   struct ov_error *err)
{
    struct ov_kept kept = {.broken = false};
    char numbers[OV_FIELDS_MAX + 2][32];
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(json, "idnumber");
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(json, "id");
    if (!id || !cJSON_GetObjectItemCaseSensitive(json, "name"))
        return refuse(reader, err);
    const struct ov_importer *importer = importer_of(json);
    if (!*reader->importer)
        *reader->importer = importer;
    if (!importer || importer != *reader->importer)
        return ov_fail(err, OV_E_OPTION, "this payload is not for the importer `%s`",
                       ov_importer_name(*reader->importer));
    bool fine = text_of(own ? own : id, numbers[OV_FIELDS_MAX], &kept.id) &&
                text_of(cJSON_GetObjectItemCaseSensitive(json, "parent"),
                        numbers[OV_FIELDS_MAX + 1], &kept.parent);
    for (size_t i = 0; fine && i < importer->field_count; i++) {
        const struct ov_field *field = &importer->fields[i];
        const char *name = field->kind == OV_FIELD_PARENT ? "parent" : field->name;
        fine = text_of(cJSON_GetObjectItemCaseSensitive(json, name), numbers[i], &kept.fields[i]);
    }
    if (!fine)
        return refuse(reader, err);
    reader->count++;
    return reader->on_item(reader->ctx, &kept, err);
}

static enum ov_status parse(struct ov_payload_reader *reader, struct ov_buf *text, bool outermost,
                            struct ov_error *err)
{
    if (text->failed)
        return text->len >= LARGEST / 2 ? refuse(reader, err) : ov_fail_memory(err);
    cJSON *json = cJSON_ParseWithLength(text->ptr, text->len);
    enum ov_status status = OV_OK;
    text->len = 0;
    if (!json || !cJSON_IsObject(json))
        status = refuse(reader, err);
    else if (!outermost || !cJSON_GetObjectItemCaseSensitive(json, "schema_version"))
        status = deliver_item(reader, json, err);
    cJSON_Delete(json);
    return status;
}

/* Tracks a bracket; parses the item or the outermost object when it closes one. */
static enum ov_status on_bracket(struct ov_payload_reader *reader, char c, struct ov_error *err)
{
    if (c == '{' || c == '[') {
        reader->in_array |= reader->depth == OUTER && c == '[';
        if (++reader->depth > DEEPEST || (reader->depth == OUTER && c != '{'))
            return refuse(reader, err);
        return OV_OK;
    }
    if (reader->depth == 0)
        return refuse(reader, err);
    reader->depth--;
    if (reader->in_array && reader->depth == ARRAY && c == '}')
        return parse(reader, &reader->item, false, err);
    reader->in_array &= reader->depth > OUTER;
    return reader->depth == 0 ? parse(reader, &reader->outer, true, err) : OV_OK;
}

/* Appends a byte to the item or to the outermost object. depth: that of the byte; a bracket counts
 * as inside. */
static void keep_byte(struct ov_payload_reader *reader, size_t depth, char c)
{
    if (!reader->in_array || depth < ARRAY)
        ov_buf_char(&reader->outer, c);
    else if (depth >= ITEM)
        ov_buf_char(&reader->item, c);
}

enum ov_status ov_payload_reader_feed(struct ov_payload_reader *reader, const char *bytes,
                                      size_t len, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < len && status == OV_OK; i++) {
        char c = bytes[i];
        bool bracket = !reader->in_string && (c == '{' || c == '}' || c == '[' || c == ']');
        if (reader->depth == 0 && c != '{') {
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
                return refuse(reader, err);
            continue;
        }
        if (!bracket) {
            keep_byte(reader, reader->depth, c);
            if (c == '"' && !reader->escaped)
                reader->in_string = !reader->in_string;
            reader->escaped = reader->in_string && c == '\\' && !reader->escaped;
            continue;
        }
        if (c == '{' || c == '[') {
            status = on_bracket(reader, c, err);
            keep_byte(reader, c == '[' && reader->depth == ARRAY ? OUTER : reader->depth, c);
        } else {
            keep_byte(reader, c == ']' && reader->depth == ARRAY ? OUTER : reader->depth, c);
            status = on_bracket(reader, c, err);
        }
    }
    return status;
}

enum ov_status ov_payload_reader_finish(struct ov_payload_reader *reader, struct ov_error *err)
{
    if (reader->depth)
        return ov_fail(err, OV_E_OPTION,
                       "this payload is incomplete: it ends in the middle of its JSON");
    return OV_OK;
}
