/* config/values.c: see values.h. */
#include "config/values.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "orgvet/payload.h"

static struct ov_config_value *add_value(struct ov_reading *r, enum ov_config_key key,
                                         const char *name, const char *text, const cJSON *at)
{
    struct ov_config *config = r->config;
    struct ov_config_entry entry = {.scope = r->scope, .value.key = key};
    struct ov_place place = ov_reading_place(r, at, false);
    entry.value.line = place.line;
    entry.value.column = place.column;
    if (!ov_grow(&config->entries, &config->capacity, config->count + 1, sizeof entry)) {
        ov_reading_fail_memory(r);
        return NULL;
    }
    if (!ov_reading_copy(r, name, &entry.value.name) ||
        !ov_reading_copy(r, text, &entry.value.text))
        return NULL;
    config->entries[config->count] = entry;
    return &config->entries[config->count++].value;
}

static bool read_importer(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value))
        return ov_reading_fail_kind(r, value, "a string: positions or departments");
    if (!ov_importer_find(ov_text_of(value->valuestring)))
        return ov_reading_fail(r, ov_reading_place(r, value, false),
                               "unknown importer `%.60s`; it must be positions or departments",
                               value->valuestring);
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

static bool read_settings(struct ov_reading *r, const cJSON *object, enum ov_config_key key)
{
    if (!cJSON_IsObject(object))
        return ov_reading_fail_kind(r, object, "an object, {\"setting\": value}");
    for (const cJSON *member = object->child; member; member = member->next) {
        struct ov_error why = OV_ERROR_LIKE(r->err);
        struct ov_buf text = {0};
        struct ov_json json = {.out = &text};
        char *value = cJSON_PrintUnformatted(member);
        ov_json_object(&json, NULL);
        ov_json_raw(&json, member->string, ov_text_of(value));
        ov_json_end(&json);
        enum ov_status status = OV_OK;
        if (!value || text.failed)
            status = ov_fail_memory(&why);
        else
            status = ov_settings_put_json(&r->settings, ov_buf_view(&text), &why);
        struct ov_config_value *added = NULL;
        if (status == OV_OK && ov_reading_is_unique_key(r, member))
            added = add_value(r, key, member->string,
                              cJSON_IsString(member) ? member->valuestring : value, member);
        else if (status == OV_E_OPTION)
            ov_reading_fail(r, ov_reading_place(r, member, true), "%s", why.message);
        else if (status != OV_OK)
            ov_reading_fail_memory(r);
        if (added && !ov_arena_copy(&r->config->arena, ov_buf_view(&text), &added->json)) {
            ov_reading_fail_memory(r);
            added = NULL;
        }
        ov_buf_deinit(&text);
        cJSON_free(value);
        if (!added)
            return false;
    }
    return true;
}

/* Whether a text is the name of a severity, or `other`. */
static bool is_level(const char *text, const char *other)
{
    for (int s = 0; s < OV_SEVERITIES; s++)
        if (strcmp(text, ov_severity_name((enum ov_severity)s)) == 0)
            return true;
    return strcmp(text, other) == 0;
}

static bool read_rules(struct ov_reading *r, const cJSON *object, enum ov_config_key key)
{
    if (!cJSON_IsObject(object))
        return ov_reading_fail_kind(r, object, "an object, {\"OV309\": \"off\"}");
    for (const cJSON *member = object->child; member; member = member->next) {
        const struct ov_rule *rule = ov_reading_rule(r, member, member->string, true);
        if (!rule || !ov_reading_is_unique_key(r, member))
            return false;
        if (!cJSON_IsString(member) || !is_level(member->valuestring, "off"))
            return ov_reading_fail_kind(r, member, "\"error\", \"warning\", \"info\" or \"off\"");
        if (!add_value(r, key, rule->code, member->valuestring, member))
            return false;
    }
    return true;
}

static bool read_patterns(struct ov_reading *r, const cJSON *object, enum ov_config_key key)
{
    if (!cJSON_IsObject(object))
        return ov_reading_fail_kind(r, object, "an object, {\"idnumber\": \"^[A-Z]+$\"}");
    for (const cJSON *member = object->child; member; member = member->next) {
        struct ov_error why = OV_ERROR_LIKE(r->err);
        bool known = false;
        for (size_t i = 0; i < ov_importer_count(); i++)
            known |= ov_importer_field(ov_importer_at(i), ov_text_of(member->string)) >= 0;
        if (!known)
            return ov_reading_fail(r, ov_reading_place(r, member, true),
                                   "pattern for unknown field `%.60s`", member->string);
        if (!cJSON_IsString(member))
            return ov_reading_fail_kind(r, member, "a string (a PCRE2 pattern)");
        struct ov_pattern *pattern = ov_pattern_new(ov_text_of(member->valuestring), &why);
        ov_pattern_free(pattern);
        if (!pattern && why.status == OV_E_OPTION)
            return ov_reading_fail(r, ov_reading_place(r, member, false),
                                   "invalid pattern for `%.60s`: %s", member->string, why.message);
        if (!pattern)
            return ov_reading_fail_memory(r);
        if (!ov_reading_is_unique_key(r, member) ||
            !add_value(r, key, member->string, member->valuestring, member))
            return false;
    }
    return true;
}

static bool read_flag(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsBool(value))
        return ov_reading_fail_kind(r, value, "true or false");
    return add_value(r, key, "", cJSON_IsTrue(value) ? "true" : "false", value) != NULL;
}

/* A string, or a list of strings. */
static bool read_texts(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    if (cJSON_IsString(value))
        return add_value(r, key, "", value->valuestring, value) != NULL;
    if (!cJSON_IsArray(value))
        return ov_reading_fail_kind(r, value, "a string or a list of strings");
    for (const cJSON *item = value->child; item; item = item->next) {
        if (!cJSON_IsString(item))
            return ov_reading_fail(r, ov_reading_place(r, item, false),
                                   "`%.60s` must contain only strings", value->string);
        if (!add_value(r, key, "", item->valuestring, item))
            return false;
    }
    return true;
}

/* An option that vetting validates as it does that of the command line. */
static bool read_text(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value) || !value->valuestring[0])
        return ov_reading_fail_kind(r, value, "a string");
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

/* A whole number from 1. */
static bool read_number(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    char text[32];
    double number = cJSON_IsNumber(value) ? value->valuedouble : 0;
    if (number < 1 || number > 1e9 || number != floor(number))
        return ov_reading_fail_kind(r, value, "a whole number from 1 to 1000000000");
    snprintf(text, sizeof text, "%.0f", number);
    return add_value(r, key, "", text, value) != NULL;
}

static bool read_fail_on(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value) || !is_level(value->valuestring, "never"))
        return ov_reading_fail_kind(r, value, "\"error\", \"warning\", \"info\" or \"never\"");
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

static bool read_budget(struct ov_reading *r, const cJSON *object, enum ov_config_key key)
{
    static const char *const names[] = {"max_removed", "max_moved", "max_renamed"};
    if (!cJSON_IsObject(object))
        return ov_reading_fail_kind(r, object, "an object, {\"max_removed\": \"5%\"}");
    for (const cJSON *member = object->child; member; member = member->next) {
        char number[40];
        struct ov_budget budget;
        size_t known = 0;
        while (known < 3 && strcmp(names[known], member->string) != 0)
            known++;
        if (known == 3)
            return ov_reading_fail_unknown(r, member, names, 3);
        const char *text = cJSON_IsString(member) ? member->valuestring : number;
        snprintf(number, sizeof number, "%.15g", cJSON_IsNumber(member) ? member->valuedouble : -1);
        if (!ov_budget_parse(ov_text_of(text), &budget))
            return ov_reading_fail_kind(r, member,
                                        "a number or a percentage, such as 10 or \"3%\"");
        if (!ov_reading_is_unique_key(r, member) ||
            !add_value(r, key, member->string, text, member))
            return false;
    }
    return true;
}

static bool read_path(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value) || !value->valuestring[0])
        return ov_reading_fail_kind(r, value, "a string (the path of a file)");
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

static bool read_site(struct ov_reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value) || (strncmp(value->valuestring, "https://", 8) != 0 &&
                                   strncmp(value->valuestring, "http://", 7) != 0))
        return ov_reading_fail_kind(r, value, "an address, \"https://…\"");
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

static const struct {
    const char *name;
    bool (*read)(struct ov_reading *r, const cJSON *value, enum ov_config_key key);
    bool top; /* valid at the top level only, not in an entry of `files` */
} keys[OV_CONFIG_KEYS] = {
    [OV_CONFIG_IMPORTER] = {"importer", read_importer, false},
    [OV_CONFIG_SETTINGS] = {"settings", read_settings, false},
    [OV_CONFIG_RULES] = {"rules", read_rules, false},
    [OV_CONFIG_PATTERNS] = {"patterns", read_patterns, false},
    [OV_CONFIG_REQUIRE_ID] = {"require_id", read_flag, false},
    [OV_CONFIG_SINGLE_ROOT] = {"single_root", read_flag, false},
    [OV_CONFIG_ROOT_MARKERS] = {"root_markers", read_texts, false},
    [OV_CONFIG_MAX_DEPTH] = {"max_depth", read_number, false},
    [OV_CONFIG_FAIL_ON] = {"fail_on", read_fail_on, false},
    [OV_CONFIG_BUDGET] = {"budget", read_budget, false},
    [OV_CONFIG_EXISTING] = {"existing", read_texts, false},
    [OV_CONFIG_SITE] = {"site", read_site, true},
    [OV_CONFIG_ENCODING] = {"encoding", read_text, false},
    [OV_CONFIG_DELIMITER] = {"delimiter", read_text, false},
    [OV_CONFIG_HEADER_ROW] = {"header_row", read_number, false},
    [OV_CONFIG_SHEET] = {"sheet", read_text, false},
    [OV_CONFIG_COMMENT] = {"comment", read_text, false},
    [OV_CONFIG_PARENTS] = {"parents", read_text, false},
    [OV_CONFIG_PATH_SEPARATOR] = {"path_separator", read_text, false},
    [OV_CONFIG_FILL_DOWN] = {"fill_down", read_texts, false},
    [OV_CONFIG_WHERE] = {"where", read_texts, false},
    [OV_CONFIG_VALID_ON] = {"valid_on", read_text, false},
    [OV_CONFIG_VALID_FROM] = {"valid_from", read_text, false},
    [OV_CONFIG_VALID_TO] = {"valid_to", read_text, false},
    [OV_CONFIG_JOBS_FILE] = {"jobs_file", read_path, true},
};

const char *ov_config_key_name(enum ov_config_key key)
{
    return keys[key].name;
}

bool ov_config_key_fits(enum ov_config_key key, size_t scope)
{
    return scope == 0 || !keys[key].top;
}

bool ov_config_read_value(struct ov_reading *r, enum ov_config_key key, const cJSON *value)
{
    return keys[key].read(r, value, key);
}
