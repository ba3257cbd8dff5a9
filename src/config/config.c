/* config/config.c: reads and validates orgvet.json, with cJSON; see orgvet/config.h. Texts are
 * copied into the configuration. Here are its structure and the suppressions; the other values are
 * read in values.c. */
#include "config/config.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/json_place.h"
#include "config/reading.h"
#include "config/values.h"

/* Suppressions. */

/* A required, non-empty string (borrowed from the JSON); NULL, and an error is set, when it is
 * missing. */
static const char *required_text(struct ov_reading *r, const cJSON *object, const char *name,
                                 const char *why)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!member)
        ov_reading_fail(r, ov_reading_place(r, object, false), "a suppression needs `%s`: %s", name,
                        ov_translate(r->err->language, why));
    else if (!cJSON_IsString(member))
        ov_reading_fail_kind(r, member, "a string");
    else if (ov_text_trim(ov_text_of(member->valuestring)).len == 0)
        ov_reading_fail(r, ov_reading_place(r, member, false),
                        "`%s` in a suppression cannot be empty: %s", name,
                        ov_translate(r->err->language, why));
    else
        return member->valuestring;
    return NULL;
}

static bool read_suppression(struct ov_reading *r, const cJSON *object)
{
    static const char *const names[] = {"code", "identifier", "reason"};
    struct ov_config *config = r->config;
    struct ov_config_suppression added = {.what.scope = r->scope};
    struct ov_error why = OV_ERROR_LIKE(r->err);
    if (!cJSON_IsObject(object))
        return ov_reading_fail(
            r, ov_reading_place(r, object, false),
            "`suppress` must contain objects with `code`, `identifier` and `reason`");
    for (const cJSON *member = object->child; member; member = member->next) {
        size_t known = 0;
        while (known < 3 && strcmp(names[known], member->string) != 0)
            known++;
        if (known == 3)
            return ov_reading_fail_unknown(r, member, names, 3);
        if (!ov_reading_is_unique_key(r, member))
            return false;
    }
    const char *code = required_text(r, object, "code", OV_N_("the rule to suppress"));
    const char *reason =
        code ? required_text(r, object, "reason", OV_N_("later readers need to know why")) : NULL;
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(object, "identifier");
    struct ov_place place = ov_reading_place(r, object, false);
    if (!reason || !(added.what.rule = ov_reading_rule(
                         r, cJSON_GetObjectItemCaseSensitive(object, "code"), code, false)))
        return false;
    if (id && !cJSON_IsString(id))
        return ov_reading_fail_kind(r, id, "a string");
    added.what.line = place.line;
    added.what.column = place.column;
    if (!ov_reading_copy(r, reason, &added.what.reason) ||
        (id && !ov_reading_copy(r, id->valuestring, &added.what.identifier)))
        return false;
    if (!ov_grow(&config->suppressions, &config->suppression_capacity,
                 config->suppression_count + 1, sizeof added))
        return ov_reading_fail_memory(r);
    if (id && !(added.pattern = ov_glob_new(added.what.identifier, false, &why)))
        return why.status == OV_E_MEMORY
                   ? ov_reading_fail_memory(r)
                   : ov_reading_fail(r, ov_reading_place(r, id, false), "invalid glob `%.60s`: %s",
                                     id->valuestring, why.message);
    config->suppressions[config->suppression_count++] = added;
    return true;
}

static bool read_suppress(struct ov_reading *r, const cJSON *list)
{
    if (!cJSON_IsArray(list))
        return ov_reading_fail_kind(r, list,
                                    "a list of objects with `code`, `identifier` and `reason`");
    for (const cJSON *item = list->child; item; item = item->next)
        if (!read_suppression(r, item))
            return false;
    return true;
}

/* The whole configuration. */

static bool read_files(struct ov_reading *r, const cJSON *object);
static bool read_sheets(struct ov_reading *r, const cJSON *object);

/* Reads the members of the whole configuration (scope 0), or of an entry of `files`. */
static bool read_members(struct ov_reading *r, const cJSON *object)
{
    const char *words[OV_CONFIG_KEYS + 2];
    size_t count = 0;
    bool fine = true;
    for (enum ov_config_key key = 0; key < OV_CONFIG_KEYS; key++)
        if (ov_config_key_fits(key, r->scope))
            words[count++] = ov_config_key_name(key);
    words[count++] = "suppress";
    bool of_files = r->scope > 0 && !r->config->scopes[r->scope - 1].sheet.len;
    if (r->scope == 0)
        words[count++] = "files";
    if (of_files)
        words[count++] = "sheets";
    const cJSON *files = NULL, *sheets = NULL;
    for (const cJSON *member = object->child; member && fine; member = member->next) {
        enum ov_config_key key = 0;
        while (key < OV_CONFIG_KEYS && strcmp(ov_config_key_name(key), member->string) != 0)
            key++;
        if (!ov_reading_is_unique_key(r, member))
            return false;
        if (key < OV_CONFIG_KEYS && ov_config_key_fits(key, r->scope))
            fine = ov_config_read_value(r, key, member);
        else if (strcmp(member->string, "suppress") == 0)
            fine = read_suppress(r, member);
        else if (r->scope == 0 && strcmp(member->string, "files") == 0)
            files = member;
        else if (of_files && strcmp(member->string, "sheets") == 0)
            sheets = member;
        else if (r->scope > 0 || strcmp(member->string, "$schema") != 0)
            fine = ov_reading_fail_unknown(r, member, words, count);
    }
    return fine && (!files || read_files(r, files)) && (!sheets || read_sheets(r, sheets));
}

/* Adds a scope for a member of `files` or `sheets`, and reads it. */
static bool read_scope(struct ov_reading *r, const cJSON *member, struct ov_config_scope *added)
{
    struct ov_config *config = r->config;
    struct ov_error why = OV_ERROR_LIKE(r->err);
    if (!ov_grow(&config->scopes, &config->scope_capacity, config->scope_count + 1, sizeof *added))
        return ov_reading_fail_memory(r);
    if (added->glob.ptr[0] == '/' || strncmp(added->glob.ptr, "../", 3) == 0)
        ov_fail(&why, OV_E_OPTION, "it must be relative to the configuration's folder");
    else
        added->pattern = ov_glob_new(added->glob, true, &why);
    if (!added->pattern)
        return why.status == OV_E_MEMORY
                   ? ov_reading_fail_memory(r)
                   : ov_reading_fail(r, ov_reading_place(r, member, true),
                                     "invalid glob `%.60s`: %s", member->string, why.message);
    config->scopes[config->scope_count++] = *added;
    r->scope = config->scope_count;
    return added->excluded || read_members(r, member);
}

/* The sheets of the files of the current scope. */
static bool read_sheets(struct ov_reading *r, const cJSON *object)
{
    const size_t files = r->scope;
    if (!cJSON_IsObject(object))
        return ov_reading_fail_kind(r, object, "an object, {\"Positions\": {…}}");
    for (const cJSON *member = object->child; member; member = member->next) {
        struct ov_config_scope added = {.glob = r->config->scopes[files - 1].glob,
                                        .excluded = cJSON_IsFalse(member)};
        if (!ov_reading_is_unique_key(r, member))
            return false;
        if ((!cJSON_IsObject(member) && !added.excluded) || !member->string[0])
            return ov_reading_fail_kind(
                r, member, "an object with the overrides for this sheet, {}, or false to skip it");
        if (!ov_reading_copy(r, member->string, &added.sheet) || !read_scope(r, member, &added))
            return false;
    }
    r->scope = files;
    return true;
}

static bool read_files(struct ov_reading *r, const cJSON *object)
{
    if (!cJSON_IsObject(object))
        return ov_reading_fail_kind(r, object, "an object, {\"hr/departments*.csv\": {…}}");
    for (const cJSON *member = object->child; member; member = member->next) {
        struct ov_config_scope added = {.excluded = cJSON_IsFalse(member)};
        if (!ov_reading_is_unique_key(r, member))
            return false;
        if (!cJSON_IsObject(member) && !added.excluded)
            return ov_reading_fail_kind(
                r, member,
                "an object with the overrides for these files, {}, or false to skip them");
        if (!ov_reading_copy(r, member->string, &added.glob) || !read_scope(r, member, &added))
            return false;
    }
    return true;
}

/* Reports where a text is not valid JSON, with a hint at a common mistake. end: where cJSON
 * stopped. */
static void fail_syntax(struct ov_reading *r, const char *end)
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
        hint = OV_N_(": a comma too many before this");
    else if (here == '/' || here == '#')
        hint = OV_N_(": JSON has no comments");
    else if (here == '\'')
        hint = OV_N_(": texts are in double quotes");
    else if (here == '"')
        hint = OV_N_(": a comma or colon may be missing before this, or the text is not closed");
    ov_reading_fail(r, ov_json_place(r->json, at), "invalid JSON%s",
                    *hint ? ov_translate(r->err->language, hint) : "");
}

static bool read_all(struct ov_reading *r)
{
    const char *end = NULL;
    if (memchr(r->json.ptr, 0, r->json.len) || ov_utf8_valid_prefix(r->json, NULL) != r->json.len)
        return ov_reading_fail(r, (struct ov_place){1, 1, 0},
                               "the configuration must be JSON in UTF-8");
    cJSON *root = cJSON_ParseWithOpts(r->json.ptr, &end, 1);
    bool fine = false;
    size_t count;
    if (!root) {
        fail_syntax(r, end);
    } else if (!cJSON_IsObject(root)) {
        ov_reading_fail(r, (struct ov_place){1, 1, 0},
                        "a configuration must be an object, {\"key\": value}");
    } else if (!ov_json_places(r->json, &r->values, &count)) {
        ov_reading_fail_memory(r);
    } else {
        ov_reading_number(root);
        fine = read_members(r, root);
    }
    cJSON_Delete(root);
    return fine;
}

struct ov_config *ov_config_new(struct ov_text json, struct ov_error *err)
{
    struct ov_reading r = {.config = calloc(1, sizeof *r.config), .err = err};
    char *copied = malloc(json.len + 1);
    if (ov_text_begins(json, OV_TEXT(OV_UTF8_MARK)))
        json = (struct ov_text){json.ptr + 3, json.len - 3};
    if (copied) { /* cJSON reports where it stopped only for a C string */
        memcpy(copied, json.len ? json.ptr : "", json.len);
        copied[json.len] = '\0';
    }
    r.json = (struct ov_text){copied, json.len};
    bool fine = r.config && copied ? read_all(&r) : ov_reading_fail_memory(&r);
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

bool ov_config_fits(const struct ov_config *config, size_t scope, struct ov_text path,
                    struct ov_text sheet)
{
    if (scope == 0)
        return true;
    const struct ov_config_scope *one = &config->scopes[scope - 1];
    return (one->sheet.len == 0 || ov_text_equal(one->sheet, sheet)) &&
           ov_pattern_search(one->pattern, path) == OV_MATCH_YES;
}

struct ov_text ov_config_sheet(const struct ov_config *config, size_t scope)
{
    return scope ? config->scopes[scope - 1].sheet : (struct ov_text){0};
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
