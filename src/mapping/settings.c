/* mapping/settings.c: see settings.h. Parses with cJSON. */
#include "mapping/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/error.h"

/* Settings that are not about a field, and their valid values (NULL: any). */
static const struct {
    const char *key;
    const char *values[5];
} plain[] = {
    {"target_framework", {"new", "existing"}},
    {"hierarchy", {"selected", "none"}},
    {"identifier", {NULL}},
    {"select_framework", {NULL}},
    {"missing_parent", {"error", "root"}},
    {"conflict_idnumber", {"error", "skip", "suffix", "empty"}},
};
enum { PLAIN = sizeof plain / sizeof *plain };

bool ov_setting_field(struct ov_text key, struct ov_text prefix, struct ov_text *field)
{
    if (key.len <= prefix.len || memcmp(key.ptr, prefix.ptr, prefix.len) != 0)
        return false;
    *field = (struct ov_text){key.ptr + prefix.len, key.len - prefix.len};
    return true;
}

/* The field with this name in any importer, or NULL. */
static const struct ov_field *any_field(struct ov_text name)
{
    for (size_t i = 0; i < ov_importer_count(); i++) {
        const struct ov_importer *importer = ov_importer_at(i);
        int field = ov_importer_field(importer, name);
        if (field >= 0)
            return &importer->fields[field];
    }
    return NULL;
}

/* Fails with the unknown key and the nearest valid one. */
static enum ov_status fail_unknown(struct ov_text key, struct ov_error *err)
{
    const struct ov_importer *all = ov_importer_at(0); /* positions has all fields */
    char names[2 * OV_FIELDS_MAX][48];
    const char *words[2 * OV_FIELDS_MAX + PLAIN];
    size_t count = 0;
    for (size_t i = 0; i < all->field_count; i++) {
        snprintf(names[count], sizeof names[0], "csvmapping:%s", all->fields[i].name);
        words[count] = names[count];
        count++;
        if (!all->fields[i].has_default)
            continue;
        snprintf(names[count], sizeof names[0], "csvdefault:%s", all->fields[i].name);
        words[count] = names[count];
        count++;
    }
    for (size_t i = 0; i < PLAIN; i++)
        words[count++] = plain[i].key;
    const char *nearest = ov_text_nearest(key, words, count, 3);
    int shown = key.len < 60 ? (int)key.len : 60;
    if (nearest)
        return ov_fail(err, OV_E_OPTION, "unknown setting `%.*s`; did you mean `%s`?", shown,
                       key.ptr, nearest);
    return ov_fail(err, OV_E_OPTION,
                   "unknown setting `%.*s`; `orgvet dry-run` prints the available settings", shown,
                   key.ptr);
}

static enum ov_status check_value(size_t index, struct ov_text value, struct ov_error *err)
{
    const char *const *values = plain[index].values;
    char list[96] = "";
    if (!values[0])
        return OV_OK;
    for (size_t i = 0; values[i]; i++) {
        if (ov_text_equal(value, ov_text_of(values[i])))
            return OV_OK;
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s`%s`",
                 i ? ov_translate(ov_error_language(err), " or ") : "", values[i]);
    }
    return ov_fail(err, OV_E_OPTION, "the setting `%s` cannot be `%.*s`; it must be %s",
                   plain[index].key, (int)(value.len < 60 ? value.len : 60), value.ptr, list);
}

static enum ov_status check_field(struct ov_text key, struct ov_text value, struct ov_error *err)
{
    struct ov_text name;
    const struct ov_field *field;
    if (ov_setting_field(key, OV_SETTING_MAPPING, &name))
        return any_field(name) ? OV_OK : fail_unknown(key, err);
    if (!ov_setting_field(key, OV_SETTING_DEFAULT, &name) || !(field = any_field(name)))
        return fail_unknown(key, err);
    if (!field->has_default)
        return ov_fail(err, OV_E_OPTION, "the field `%s` cannot have a default", field->name);
    if (!ov_field_accepts(field->kind, value))
        return ov_fail(err, OV_E_OPTION, "the default of `%s` cannot be `%.*s`; it must be %s",
                       field->name, (int)(value.len < 60 ? value.len : 60), value.ptr,
                       ov_translate(ov_error_language(err),
                                    field->kind == OV_FIELD_FLAG ? "0 or 1" : "0, 1, 2 or 4"));
    return OV_OK;
}

static bool keep(struct ov_settings *settings, struct ov_setting setting)
{
    if (!ov_grow(&settings->items, &settings->capacity, settings->count + 1,
                 sizeof *settings->items) ||
        !ov_arena_copy(&settings->arena, setting.key, &setting.key) ||
        !ov_arena_copy(&settings->arena, setting.value, &setting.value))
        return false;
    settings->items[settings->count++] = setting;
    return true;
}

static enum ov_status put_setting(struct ov_settings *settings, struct ov_setting setting,
                                  struct ov_error *err)
{
    enum ov_status status = OV_OK;
    size_t index = 0;
    while (index < PLAIN && !ov_text_equal(setting.key, ov_text_of(plain[index].key)))
        index++;
    if (index < PLAIN)
        status = setting.is_null ? OV_OK : check_value(index, setting.value, err);
    else
        status = check_field(setting.key, setting.value, err);
    if (status != OV_OK)
        return status;
    return keep(settings, setting) ? OV_OK : ov_fail_memory(err);
}

enum ov_status ov_settings_put(struct ov_settings *settings, struct ov_text key,
                               struct ov_text value, struct ov_error *err)
{
    return put_setting(settings, (struct ov_setting){.key = key, .value = value, .is_text = true},
                       err);
}

/* Whether a JSON number is an exact integer, below 2^53. */
static bool is_whole(double number)
{
    return number > -9007199254740992.0 && number < 9007199254740992.0 &&
           number == (double)(int64_t)number;
}

static enum ov_status put_json_value(struct ov_settings *settings, const char *key,
                                     const cJSON *value, struct ov_error *err)
{
    struct ov_setting setting = {.key = ov_text_of(key)};
    char number[40];
    if (!value || cJSON_IsNull(value)) {
        setting.is_null = true;
    } else if (cJSON_IsString(value)) {
        setting.value = ov_text_of(value->valuestring);
        setting.is_text = true;
    } else if (cJSON_IsNumber(value) && is_whole(value->valuedouble)) {
        snprintf(number, sizeof number, "%.0f", value->valuedouble);
        setting.value = ov_text_of(number);
    } else {
        return ov_fail(err, OV_E_OPTION, "the setting `%.60s` must be a string or a whole number",
                       key);
    }
    return put_setting(settings, setting, err);
}

static enum ov_status put_list(struct ov_settings *settings, const cJSON *list,
                               struct ov_error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "name");
        if (!cJSON_IsString(name))
            return ov_fail(err, OV_E_OPTION,
                           "a list of settings must contain objects with `name` and `value`");
        enum ov_status status = put_json_value(
            settings, name->valuestring, cJSON_GetObjectItemCaseSensitive(item, "value"), err);
        if (status != OV_OK)
            return status;
    }
    return OV_OK;
}

static enum ov_status put_object(struct ov_settings *settings, const cJSON *object,
                                 struct ov_error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        enum ov_status status = put_json_value(settings, item->string, item, err);
        if (status != OV_OK)
            return status;
    }
    return OV_OK;
}

enum ov_status ov_settings_put_json(struct ov_settings *settings, struct ov_text json,
                                    struct ov_error *err)
{
    const char *end = NULL;
    struct ov_text trimmed = ov_text_trim(json);
    if (trimmed.len == 0 || memchr(trimmed.ptr, 0, trimmed.len))
        return ov_fail(err, OV_E_OPTION, "the settings are not a JSON object");
    char *copy = malloc(trimmed.len + 1); /* cJSON reports the error position only for a C string */
    if (!copy)
        return ov_fail_memory(err);
    memcpy(copy, trimmed.ptr, trimmed.len);
    copy[trimmed.len] = '\0';
    cJSON *root = cJSON_ParseWithOpts(copy, &end, 1);
    enum ov_status status;
    if (cJSON_IsArray(root))
        status = put_list(settings, root, err);
    else if (cJSON_IsObject(root))
        status = put_object(settings, root, err);
    else if (root)
        status =
            ov_fail(err, OV_E_OPTION, "the settings must be a JSON object, {\"key\":\"value\"}");
    else
        status = ov_fail(err, OV_E_OPTION,
                         "the settings are not valid JSON from character %zu on: `%.24s`",
                         end ? (size_t)(end - copy) + 1 : 1, end ? end : copy);
    cJSON_Delete(root);
    free(copy);
    return status;
}

bool ov_settings_copy(struct ov_settings *settings, const struct ov_settings *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!keep(settings, from->items[i]))
            return false;
    return true;
}

const struct ov_setting *ov_settings_get(const struct ov_settings *settings, struct ov_text key)
{
    for (size_t i = settings->count; i-- > 0;)
        if (ov_text_equal(settings->items[i].key, key))
            return &settings->items[i];
    return NULL;
}

void ov_setting_put(struct ov_json *json, struct ov_text key, const struct ov_setting *setting)
{
    struct ov_buf *out = ov_json_begin_value(json, key);
    if (!setting || setting->is_null)
        ov_buf_string(out, "null");
    else if (setting->is_text)
        ov_buf_json(out, setting->value, json->style);
    else
        ov_buf_text(out, setting->value);
}

void ov_settings_json(const struct ov_settings *settings, struct ov_buf *out)
{
    struct ov_json json = {.out = out};
    ov_json_object(&json, NULL);
    for (size_t i = 0; i < settings->count; i++) {
        const struct ov_setting *setting = &settings->items[i];
        if (ov_settings_get(settings, setting->key) == setting) /* not overridden by a later one */
            ov_setting_put(&json, setting->key, setting);
    }
    ov_json_end(&json);
}

void ov_settings_deinit(struct ov_settings *settings)
{
    free(settings->items);
    ov_arena_deinit(&settings->arena);
    *settings = (struct ov_settings){0};
}
