/* config/config.c: reads and validates orgvet.json, with cJSON; see orgvet/config.h. Texts are
 * copied into the configuration. */
#include "config/config.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/json.h"
#include "mapping/settings.h"
#include "orgvet/payload.h"
#include "config/json_place.h"

enum { NESTING = CJSON_NESTING_LIMIT };

/* A configuration being read. */
struct reading {
    struct ov_config *config;
    struct ov_text json;
    struct ov_json_value *values; /* owned: places, indexed as number_values numbers them */
    size_t scope;                 /* being read; 0: the whole configuration */
    struct ov_settings settings;  /* the settings so far; adding one validates it */
    struct ov_error *err;
};

/* Places and messages. */

/* Numbers the values in the order in which they start, as ov_json_places lists them. */
static void number_values(cJSON *root)
{
    cJSON *open[NESTING + 1];
    size_t depth = 0;
    int index = 0;
    for (cJSON *at = root; at; index++) {
        cJSON *next = at->child;
        at->valueint = index; /* no other code here uses valueint */
        if (next && depth < NESTING)
            open[depth++] = at;
        else
            next = at->next;
        while (!next && depth > 0)
            next = open[--depth]->next;
        at = next;
    }
}

static struct ov_place place_of(const struct reading *r, const cJSON *value, bool of_key)
{
    const struct ov_json_value *known = &r->values[value->valueint];
    return of_key ? known->key : known->place;
}

static OV_PRINTF(3, 4) bool fail(struct reading *r, struct ov_place place, const char *format, ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, ov_translate(r->err->language, format), args);
    va_end(args);
    ov_fail(r->err, OV_E_OPTION, "%llu:%llu: %s", (unsigned long long)place.line,
            (unsigned long long)place.column, message);
    return false;
}

static bool fail_memory(struct reading *r)
{
    ov_fail_memory(r->err);
    return false;
}

/* Reports what the value of this key must be. */
static bool fail_kind(struct reading *r, const cJSON *value, const char *must)
{
    return fail(r, place_of(r, value, false), "`%.60s` must be %s",
                value->string ? value->string
                              : ov_translate(r->err->language, "a value in the list"),
                ov_translate(r->err->language, must));
}

/* Reports an unknown key, with the nearest valid one or all of them. */
static bool fail_unknown(struct reading *r, const cJSON *member, const char *const *words,
                         size_t count)
{
    struct ov_place place = place_of(r, member, true);
    size_t len = strlen(member->string);
    const char *nearest =
        ov_text_nearest(ov_text_of(member->string), words, count, len < 6 ? (unsigned)len / 2 : 3);
    char list[200] = "";
    if (nearest)
        return fail(r, place, "unknown key `%.60s`; did you mean `%s`?", member->string, nearest);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", words[i]);
    }
    return fail(r, place, "unknown key `%.60s`; valid keys are %s", member->string, list);
}

/* Fails on a duplicate key, which JSON parsers silently accept. */
static bool is_unique_key(struct reading *r, const cJSON *member)
{
    for (const cJSON *other = member->next; other; other = other->next)
        if (strcmp(other->string, member->string) == 0)
            return fail(r, place_of(r, other, true), "duplicate key `%.60s`", member->string);
    return true;
}

/* Values. */

static bool copy_text(struct reading *r, const char *text, struct ov_text *kept)
{
    return ov_arena_copy(&r->config->arena, ov_text_of(text), kept) || fail_memory(r);
}

static struct ov_config_value *add_value(struct reading *r, enum ov_config_key key,
                                         const char *name, const char *text, const cJSON *at)
{
    struct ov_config *config = r->config;
    struct ov_config_entry entry = {.scope = r->scope, .value.key = key};
    struct ov_place place = place_of(r, at, false);
    entry.value.line = place.line;
    entry.value.column = place.column;
    if (!ov_grow(&config->entries, &config->capacity, config->count + 1, sizeof entry)) {
        fail_memory(r);
        return NULL;
    }
    if (!copy_text(r, name, &entry.value.name) || !copy_text(r, text, &entry.value.text))
        return NULL;
    config->entries[config->count] = entry;
    return &config->entries[config->count++].value;
}

static bool read_importer(struct reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value))
        return fail_kind(r, value, "a string: positions or departments");
    if (!ov_importer_find(ov_text_of(value->valuestring)))
        return fail(r, place_of(r, value, false),
                    "unknown importer `%.60s`; it must be positions or departments",
                    value->valuestring);
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

static bool read_settings(struct reading *r, const cJSON *object, enum ov_config_key key)
{
    if (!cJSON_IsObject(object))
        return fail_kind(r, object, "an object, {\"setting\": value}");
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
        if (status == OV_OK && is_unique_key(r, member))
            added = add_value(r, key, member->string,
                              cJSON_IsString(member) ? member->valuestring : value, member);
        else if (status == OV_E_OPTION)
            fail(r, place_of(r, member, true), "%s", why.message);
        else if (status != OV_OK)
            fail_memory(r);
        if (added && !ov_arena_copy(&r->config->arena, ov_buf_view(&text), &added->json)) {
            fail_memory(r);
            added = NULL;
        }
        ov_buf_deinit(&text);
        cJSON_free(value);
        if (!added)
            return false;
    }
    return true;
}

/* The rule with this code or name; NULL, and an error is set, when there is none. */
static const struct ov_rule *rule_of(struct reading *r, const cJSON *at, const char *name,
                                     bool is_key)
{
    const struct ov_rule *rule = ov_rule_find(ov_text_of(name));
    const struct ov_rule *near = rule ? NULL : ov_rule_nearest(ov_text_of(name));
    if (near)
        fail(r, place_of(r, at, is_key), "unknown rule `%.60s`; did you mean %s (%s)?", name,
             near->code, near->name);
    else if (!rule)
        fail(r, place_of(r, at, is_key), "unknown rule `%.60s`; `orgvet explain` lists all rules",
             name);
    return rule;
}

/* Whether a text is the name of a severity, or `other`. */
static bool is_level(const char *text, const char *other)
{
    for (int s = 0; s < OV_SEVERITIES; s++)
        if (strcmp(text, ov_severity_name((enum ov_severity)s)) == 0)
            return true;
    return strcmp(text, other) == 0;
}

static bool read_rules(struct reading *r, const cJSON *object, enum ov_config_key key)
{
    if (!cJSON_IsObject(object))
        return fail_kind(r, object, "an object, {\"OV309\": \"off\"}");
    for (const cJSON *member = object->child; member; member = member->next) {
        const struct ov_rule *rule = rule_of(r, member, member->string, true);
        if (!rule || !is_unique_key(r, member))
            return false;
        if (!cJSON_IsString(member) || !is_level(member->valuestring, "off"))
            return fail_kind(r, member, "\"error\", \"warning\", \"info\" or \"off\"");
        if (!add_value(r, key, rule->code, member->valuestring, member))
            return false;
    }
    return true;
}

static bool read_patterns(struct reading *r, const cJSON *object, enum ov_config_key key)
{
    if (!cJSON_IsObject(object))
        return fail_kind(r, object, "an object, {\"idnumber\": \"^[A-Z]+$\"}");
    for (const cJSON *member = object->child; member; member = member->next) {
        struct ov_error why = OV_ERROR_LIKE(r->err);
        bool known = false;
        for (size_t i = 0; i < ov_importer_count(); i++)
            known |= ov_importer_field(ov_importer_at(i), ov_text_of(member->string)) >= 0;
        if (!known)
            return fail(r, place_of(r, member, true), "pattern for unknown field `%.60s`",
                        member->string);
        if (!cJSON_IsString(member))
            return fail_kind(r, member, "a string (a PCRE2 pattern)");
        struct ov_pattern *pattern = ov_pattern_new(ov_text_of(member->valuestring), &why);
        ov_pattern_free(pattern);
        if (!pattern && why.status == OV_E_OPTION)
            return fail(r, place_of(r, member, false), "invalid pattern for `%.60s`: %s",
                        member->string, why.message);
        if (!pattern)
            return fail_memory(r);
        if (!is_unique_key(r, member) ||
            !add_value(r, key, member->string, member->valuestring, member))
            return false;
    }
    return true;
}

static bool read_flag(struct reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsBool(value))
        return fail_kind(r, value, "true or false");
    return add_value(r, key, "", cJSON_IsTrue(value) ? "true" : "false", value) != NULL;
}

/* A string, or a list of strings. */
static bool read_texts(struct reading *r, const cJSON *value, enum ov_config_key key)
{
    if (cJSON_IsString(value))
        return add_value(r, key, "", value->valuestring, value) != NULL;
    if (!cJSON_IsArray(value))
        return fail_kind(r, value, "a string or a list of strings");
    for (const cJSON *item = value->child; item; item = item->next) {
        if (!cJSON_IsString(item))
            return fail(r, place_of(r, item, false), "`%.60s` must contain only strings",
                        value->string);
        if (!add_value(r, key, "", item->valuestring, item))
            return false;
    }
    return true;
}

static bool read_depth(struct reading *r, const cJSON *value, enum ov_config_key key)
{
    char text[32];
    double number = cJSON_IsNumber(value) ? value->valuedouble : 0;
    if (number < 1 || number > 1e9 || number != floor(number))
        return fail_kind(r, value, "a whole number from 1 to 1000000000");
    snprintf(text, sizeof text, "%.0f", number);
    return add_value(r, key, "", text, value) != NULL;
}

static bool read_fail_on(struct reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value) || !is_level(value->valuestring, "never"))
        return fail_kind(r, value, "\"error\", \"warning\", \"info\" or \"never\"");
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

static bool read_budget(struct reading *r, const cJSON *object, enum ov_config_key key)
{
    static const char *const names[] = {"max_removed", "max_moved", "max_renamed"};
    if (!cJSON_IsObject(object))
        return fail_kind(r, object, "an object, {\"max_removed\": \"5%\"}");
    for (const cJSON *member = object->child; member; member = member->next) {
        char number[40];
        struct ov_budget budget;
        size_t known = 0;
        while (known < 3 && strcmp(names[known], member->string) != 0)
            known++;
        if (known == 3)
            return fail_unknown(r, member, names, 3);
        const char *text = cJSON_IsString(member) ? member->valuestring : number;
        snprintf(number, sizeof number, "%.15g", cJSON_IsNumber(member) ? member->valuedouble : -1);
        if (!ov_budget_parse(ov_text_of(text), &budget))
            return fail_kind(r, member, "a number or a percentage, such as 10 or \"3%\"");
        if (!is_unique_key(r, member) || !add_value(r, key, member->string, text, member))
            return false;
    }
    return true;
}

static bool read_path(struct reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value) || !value->valuestring[0])
        return fail_kind(r, value, "a string (the path of a file)");
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

static bool read_site(struct reading *r, const cJSON *value, enum ov_config_key key)
{
    if (!cJSON_IsString(value) || (strncmp(value->valuestring, "https://", 8) != 0 &&
                                   strncmp(value->valuestring, "http://", 7) != 0))
        return fail_kind(r, value, "an address, \"https://…\"");
    return add_value(r, key, "", value->valuestring, value) != NULL;
}

/* Suppressions. */

/* A required, non-empty string (borrowed from the JSON); NULL, and an error is set, when it is
 * missing. */
static const char *required_text(struct reading *r, const cJSON *object, const char *name,
                                 const char *why)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!member)
        fail(r, place_of(r, object, false), "a suppression needs `%s`: %s", name,
             ov_translate(r->err->language, why));
    else if (!cJSON_IsString(member))
        fail_kind(r, member, "a string");
    else if (ov_text_trim(ov_text_of(member->valuestring)).len == 0)
        fail(r, place_of(r, member, false), "`%s` in a suppression cannot be empty: %s", name,
             ov_translate(r->err->language, why));
    else
        return member->valuestring;
    return NULL;
}

static bool read_suppression(struct reading *r, const cJSON *object)
{
    static const char *const names[] = {"code", "identifier", "reason"};
    struct ov_config *config = r->config;
    struct ov_config_suppression added = {.what.scope = r->scope};
    struct ov_error why = OV_ERROR_LIKE(r->err);
    if (!cJSON_IsObject(object))
        return fail(r, place_of(r, object, false),
                    "`suppress` must contain objects with `code`, `identifier` and `reason`");
    for (const cJSON *member = object->child; member; member = member->next) {
        size_t known = 0;
        while (known < 3 && strcmp(names[known], member->string) != 0)
            known++;
        if (known == 3)
            return fail_unknown(r, member, names, 3);
        if (!is_unique_key(r, member))
            return false;
    }
    const char *code = required_text(r, object, "code", OV_N_("the rule to suppress"));
    const char *reason =
        code ? required_text(r, object, "reason", OV_N_("later readers need to know why")) : NULL;
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(object, "identifier");
    struct ov_place place = place_of(r, object, false);
    if (!reason || !(added.what.rule =
                         rule_of(r, cJSON_GetObjectItemCaseSensitive(object, "code"), code, false)))
        return false;
    if (id && !cJSON_IsString(id))
        return fail_kind(r, id, "a string");
    added.what.line = place.line;
    added.what.column = place.column;
    if (!copy_text(r, reason, &added.what.reason) ||
        (id && !copy_text(r, id->valuestring, &added.what.identifier)))
        return false;
    if (!ov_grow(&config->suppressions, &config->suppression_capacity,
                 config->suppression_count + 1, sizeof added))
        return fail_memory(r);
    if (id && !(added.pattern = ov_glob_new(added.what.identifier, false, &why)))
        return why.status == OV_E_MEMORY
                   ? fail_memory(r)
                   : fail(r, place_of(r, id, false), "invalid glob `%.60s`: %s", id->valuestring,
                          why.message);
    config->suppressions[config->suppression_count++] = added;
    return true;
}

static bool read_suppress(struct reading *r, const cJSON *list)
{
    if (!cJSON_IsArray(list))
        return fail_kind(r, list, "a list of objects with `code`, `identifier` and `reason`");
    for (const cJSON *item = list->child; item; item = item->next)
        if (!read_suppression(r, item))
            return false;
    return true;
}

/* The whole configuration. */

static const struct {
    const char *name;
    bool (*read)(struct reading *r, const cJSON *value, enum ov_config_key key);
    bool top; /* valid at the top level only, not in an entry of `files` */
} keys[OV_CONFIG_KEYS] = {
    [OV_CONFIG_IMPORTER] = {"importer", read_importer, false},
    [OV_CONFIG_SETTINGS] = {"settings", read_settings, false},
    [OV_CONFIG_RULES] = {"rules", read_rules, false},
    [OV_CONFIG_PATTERNS] = {"patterns", read_patterns, false},
    [OV_CONFIG_REQUIRE_ID] = {"require_id", read_flag, false},
    [OV_CONFIG_SINGLE_ROOT] = {"single_root", read_flag, false},
    [OV_CONFIG_ROOT_MARKERS] = {"root_markers", read_texts, false},
    [OV_CONFIG_MAX_DEPTH] = {"max_depth", read_depth, false},
    [OV_CONFIG_FAIL_ON] = {"fail_on", read_fail_on, false},
    [OV_CONFIG_BUDGET] = {"budget", read_budget, false},
    [OV_CONFIG_EXISTING] = {"existing", read_texts, false},
    [OV_CONFIG_SITE] = {"site", read_site, true},
    [OV_CONFIG_JOBS_FILE] = {"jobs_file", read_path, true},
};

const char *ov_config_key_name(enum ov_config_key key)
{
    return keys[key].name;
}

static bool read_files(struct reading *r, const cJSON *object);

/* Reads the members of the whole configuration (scope 0), or of an entry of `files`. */
static bool read_members(struct reading *r, const cJSON *object)
{
    const char *words[OV_CONFIG_KEYS + 2];
    size_t count = 0;
    bool fine = true;
    for (size_t i = 0; i < OV_CONFIG_KEYS; i++)
        if (r->scope == 0 || !keys[i].top)
            words[count++] = keys[i].name;
    words[count++] = "suppress";
    if (r->scope == 0)
        words[count++] = "files";
    const cJSON *files = NULL;
    for (const cJSON *member = object->child; member && fine; member = member->next) {
        size_t key = 0;
        while (key < OV_CONFIG_KEYS && strcmp(keys[key].name, member->string) != 0)
            key++;
        if (!is_unique_key(r, member))
            return false;
        if (key < OV_CONFIG_KEYS && (r->scope == 0 || !keys[key].top))
            fine = keys[key].read(r, member, (enum ov_config_key)key);
        else if (strcmp(member->string, "suppress") == 0)
            fine = read_suppress(r, member);
        else if (r->scope == 0 && strcmp(member->string, "files") == 0)
            files = member;
        else if (r->scope > 0 || strcmp(member->string, "$schema") != 0)
            fine = fail_unknown(r, member, words, count);
    }
    return fine && (!files || read_files(r, files));
}

static bool read_files(struct reading *r, const cJSON *object)
{
    struct ov_config *config = r->config;
    if (!cJSON_IsObject(object))
        return fail_kind(r, object, "an object, {\"hr/departments*.csv\": {…}}");
    for (const cJSON *member = object->child; member; member = member->next) {
        struct ov_config_scope added = {0};
        struct ov_error why = OV_ERROR_LIKE(r->err);
        if (!is_unique_key(r, member))
            return false;
        added.excluded = cJSON_IsFalse(member);
        if (!cJSON_IsObject(member) && !added.excluded)
            return fail_kind(
                r, member,
                "an object with the overrides for these files, {}, or false to skip them");
        if (!copy_text(r, member->string, &added.glob))
            return false;
        if (!ov_grow(&config->scopes, &config->scope_capacity, config->scope_count + 1,
                     sizeof added))
            return fail_memory(r);
        if (member->string[0] == '/' || strncmp(member->string, "../", 3) == 0)
            ov_fail(&why, OV_E_OPTION, "it must be relative to the configuration's folder");
        else
            added.pattern = ov_glob_new(added.glob, true, &why);
        if (!added.pattern)
            return why.status == OV_E_MEMORY
                       ? fail_memory(r)
                       : fail(r, place_of(r, member, true), "invalid glob `%.60s`: %s",
                              member->string, why.message);
        config->scopes[config->scope_count++] = added;
        r->scope = config->scope_count;
        if (!added.excluded && !read_members(r, member))
            return false;
    }
    return true;
}

/* Reports where a text is not valid JSON, with a hint at a common mistake. end: where cJSON
 * stopped. */
static void fail_syntax(struct reading *r, const char *end)
{
    size_t at =
        end >= r->json.ptr && end <= r->json.ptr + r->json.len ? (size_t)(end - r->json.ptr) : 0;
    size_t before = at;
    const char *hint = "";
    /* where a key is expected, cJSON stops after the invalid token */
    if (at > 0 && !strchr(" \t\r\n,:{[\"", r->json.ptr[at - 1])) {
        for (before = at - 1; before > 0 && strchr(" \t\r\n", r->json.ptr[before - 1]);)
            before--;
        if (before > 0 && strchr("{,", r->json.ptr[before - 1]))
            at--;
        before = at;
    }
    while (before > 0 && strchr(" \t\r\n", r->json.ptr[before - 1]))
        before--;
    char here = at < r->json.len ? r->json.ptr[at] : '\0';
    if (before > 0 && r->json.ptr[before - 1] == ',' && (here == '}' || here == ']'))
        hint = ": a comma too many before this";
    else if (here == '/' || here == '#')
        hint = ": JSON has no comments";
    else if (here == '\'')
        hint = ": texts stand in double quotes";
    else if (here == '"')
        hint = ": a comma or colon may be missing before this, or the text is not closed";
    fail(r, ov_json_place(r->json, at), "invalid JSON%s", hint);
}

static bool read_all(struct reading *r)
{
    const char *end = NULL;
    if (memchr(r->json.ptr, 0, r->json.len) || ov_utf8_valid_prefix(r->json, NULL) != r->json.len)
        return fail(r, (struct ov_place){1, 1, 0}, "the configuration must be JSON in UTF-8");
    cJSON *root = cJSON_ParseWithOpts(r->json.ptr, &end, 1);
    bool fine = false;
    size_t count;
    if (!root) {
        fail_syntax(r, end);
    } else if (!cJSON_IsObject(root)) {
        fail(r, (struct ov_place){1, 1, 0}, "a configuration must be an object, {\"key\": value}");
    } else if (!ov_json_places(r->json, &r->values, &count)) {
        fail_memory(r);
    } else {
        number_values(root);
        fine = read_members(r, root);
    }
    cJSON_Delete(root);
    return fine;
}

struct ov_config *ov_config_new(struct ov_text json, struct ov_error *err)
{
    struct reading r = {.config = calloc(1, sizeof *r.config), .err = err};
    char *copied = malloc(json.len + 1);
    if (json.len >= 3 && memcmp(json.ptr, "\xEF\xBB\xBF", 3) == 0)
        json = (struct ov_text){json.ptr + 3, json.len - 3};
    if (copied) { /* cJSON reports where it stopped only for a C string */
        memcpy(copied, json.len ? json.ptr : "", json.len);
        copied[json.len] = '\0';
    }
    r.json = (struct ov_text){copied, json.len};
    bool fine = r.config && copied ? read_all(&r) : fail_memory(&r);
    ov_settings_deinit(&r.settings);
    free(r.values);
    free(copied);
    if (fine)
        return r.config;
    ov_config_free(r.config);
    return NULL;
}

void ov_config_free(struct ov_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->scope_count; i++)
        ov_pattern_free(config->scopes[i].pattern);
    for (size_t i = 0; i < config->suppression_count; i++)
        ov_pattern_free(config->suppressions[i].pattern);
    free(config->entries);
    free(config->scopes);
    free(config->suppressions);
    ov_arena_deinit(&config->arena);
    free(config);
}

size_t ov_config_scopes(const struct ov_config *config)
{
    return config->scope_count + 1;
}

bool ov_config_fits(const struct ov_config *config, size_t scope, struct ov_text path)
{
    return scope == 0 || ov_pattern_search(config->scopes[scope - 1].pattern, path) == OV_MATCH_YES;
}

bool ov_config_excludes(const struct ov_config *config, size_t scope)
{
    return scope > 0 && config->scopes[scope - 1].excluded;
}

struct ov_text ov_config_glob(const struct ov_config *config, size_t scope)
{
    return config->scopes[scope - 1].glob;
}

bool ov_config_next(const struct ov_config *config, size_t scope, size_t *index,
                    struct ov_config_value *value)
{
    while (*index < config->count) {
        const struct ov_config_entry *entry = &config->entries[(*index)++];
        if (entry->scope != scope)
            continue;
        *value = entry->value;
        return true;
    }
    return false;
}
