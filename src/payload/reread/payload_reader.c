/* payload/reread/payload_reader.c: see payload_reader.h. Brackets and strings are followed so far
 * as to find where an item begins and ends; what is in it, cJSON reads. An item is an object in an
 * array of the one outermost object (json), or an outermost object itself (ndjson). */
#include "payload/reread/payload_reader.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct ov_payload_reader {
    const struct ov_importer **importer;
    ov_payload_item_fn *on_item;
    void *ctx;
    struct ov_buf item;  /* the item so far */
    struct ov_buf outer; /* the outermost object so far, without what is in its arrays */
    size_t depth;        /* brackets that are open */
    bool in_array;       /* of the outermost object */
    bool in_string, escaped;
    uint64_t count;
};

enum { OUTER = 1, ARRAY = 2, ITEM = 3, DEEPEST = 64, LARGEST = 1 << 28 };

static enum ov_status refuse(const struct ov_payload_reader *items, struct ov_error *err)
{
    return ov_fail(err, OV_E_OPTION,
                   "this starts like JSON, but is not a payload of `orgvet emit` (item %llu)",
                   (unsigned long long)items->count + 1);
}

struct ov_payload_reader *ov_payload_reader_new(const struct ov_importer **importer,
                                                ov_payload_item_fn *on_item, void *ctx,
                                                struct ov_error *err)
{
    struct ov_payload_reader *items = calloc(1, sizeof *items);
    if (!items) {
        ov_fail_memory(err);
        return NULL;
    }
    *items = (struct ov_payload_reader){.importer = importer, .on_item = on_item, .ctx = ctx};
    items->item.maximum = items->outer.maximum = LARGEST;
    return items;
}

void ov_payload_reader_free(struct ov_payload_reader *items)
{
    if (!items)
        return;
    ov_buf_deinit(&items->item);
    ov_buf_deinit(&items->outer);
    free(items);
}

/* The importer whose fields, all of them, the item has. */
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

/* The text of a member; `number` holds the digits of one that is a number. False: it is none. */
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

static enum ov_status take_item(struct ov_payload_reader *items, const cJSON *json,
                                struct ov_error *err)
{
    struct ov_kept kept = {.broken = false};
    char numbers[OV_FIELDS_MAX + 2][32];
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(json, "idnumber");
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(json, "id");
    if (!id || !cJSON_GetObjectItemCaseSensitive(json, "name"))
        return refuse(items, err);
    const struct ov_importer *importer = importer_of(json);
    if (!*items->importer)
        *items->importer = importer;
    if (!importer || importer != *items->importer)
        return ov_fail(err, OV_E_OPTION, "this payload is not for the importer `%s`",
                       ov_importer_name(*items->importer));
    bool fine = text_of(own ? own : id, numbers[OV_FIELDS_MAX], &kept.id) &&
                text_of(cJSON_GetObjectItemCaseSensitive(json, "parent"),
                        numbers[OV_FIELDS_MAX + 1], &kept.parent);
    for (size_t i = 0; fine && i < importer->field_count; i++) {
        const struct ov_field *field = &importer->fields[i];
        const char *name = field->kind == OV_FIELD_PARENT ? "parent" : field->name;
        fine = text_of(cJSON_GetObjectItemCaseSensitive(json, name), numbers[i], &kept.fields[i]);
    }
    if (!fine)
        return refuse(items, err);
    items->count++;
    return items->on_item(items->ctx, &kept, err);
}

static enum ov_status parse(struct ov_payload_reader *items, struct ov_buf *text, bool outermost,
                            struct ov_error *err)
{
    if (text->failed)
        return text->len >= LARGEST / 2 ? refuse(items, err) : ov_fail_memory(err);
    cJSON *json = cJSON_ParseWithLength(text->ptr, text->len);
    enum ov_status status = OV_OK;
    text->len = 0;
    if (!json || !cJSON_IsObject(json))
        status = refuse(items, err);
    else if (!outermost || !cJSON_GetObjectItemCaseSensitive(json, "schema_version"))
        status = take_item(items, json, err);
    cJSON_Delete(json);
    return status;
}

/* Follows a bracket; the item, or the outermost object, that it closes is read. */
static enum ov_status on_bracket(struct ov_payload_reader *items, char c, struct ov_error *err)
{
    if (c == '{' || c == '[') {
        items->in_array |= items->depth == OUTER && c == '[';
        if (++items->depth > DEEPEST || (items->depth == OUTER && c != '{'))
            return refuse(items, err);
        return OV_OK;
    }
    if (items->depth == 0)
        return refuse(items, err);
    items->depth--;
    if (items->in_array && items->depth == ARRAY && c == '}')
        return parse(items, &items->item, false, err);
    items->in_array &= items->depth > OUTER;
    return items->depth == 0 ? parse(items, &items->outer, true, err) : OV_OK;
}

/* Where a byte belongs, from the depth inside its bracket. */
static void keep(struct ov_payload_reader *items, size_t depth, char c)
{
    if (!items->in_array || depth < ARRAY)
        ov_buf_char(&items->outer, c);
    else if (depth >= ITEM)
        ov_buf_char(&items->item, c);
}

enum ov_status ov_payload_reader_feed(struct ov_payload_reader *items, const char *bytes,
                                      size_t len, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < len && status == OV_OK; i++) {
        char c = bytes[i];
        bool bracket = !items->in_string && (c == '{' || c == '}' || c == '[' || c == ']');
        if (items->depth == 0 && c != '{') {
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
                return refuse(items, err);
            continue;
        }
        if (!bracket) {
            keep(items, items->depth, c);
            if (c == '"' && !items->escaped)
                items->in_string = !items->in_string;
            items->escaped = items->in_string && c == '\\' && !items->escaped;
            continue;
        }
        if (c == '{' || c == '[') {
            status = on_bracket(items, c, err);
            keep(items, c == '[' && items->depth == ARRAY ? OUTER : items->depth, c);
        } else {
            keep(items, c == ']' && items->depth == ARRAY ? OUTER : items->depth, c);
            status = on_bracket(items, c, err);
        }
    }
    return status;
}

enum ov_status ov_payload_reader_finish(struct ov_payload_reader *items, struct ov_error *err)
{
    if (items->depth)
        return ov_fail(err, OV_E_OPTION,
                       "this payload is incomplete: it ends in the middle of its JSON");
    return OV_OK;
}
