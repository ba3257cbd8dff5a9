/* config/reading.c: see reading.h. */
#include "config/reading.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum { NESTING = CJSON_NESTING_LIMIT };

void ov_reading_number(cJSON *root)
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

struct ov_place ov_reading_place(const struct ov_reading *r, const cJSON *value, bool of_key)
{
    const struct ov_json_value *known = &r->values[value->valueint];
    return of_key ? known->key : known->place;
}

bool ov_reading_fail(struct ov_reading *r, struct ov_place place, const char *format, ...)
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

bool ov_reading_fail_memory(struct ov_reading *r)
{
    ov_fail_memory(r->err);
    return false;
}

bool ov_reading_fail_kind(struct ov_reading *r, const cJSON *value, const char *must)
{
    return ov_reading_fail(r, ov_reading_place(r, value, false), "`%.60s` must be %s",
                           value->string ? value->string
                                         : ov_translate(r->err->language, "a value in the list"),
                           ov_translate(r->err->language, must));
}

bool ov_reading_fail_unknown(struct ov_reading *r, const cJSON *member, const char *const *words,
                             size_t count)
{
    struct ov_place place = ov_reading_place(r, member, true);
    size_t len = strlen(member->string);
    const char *nearest =
        ov_text_nearest(ov_text_of(member->string), words, count, len < 6 ? (unsigned)len / 2 : 3);
    char list[200] = "";
    if (nearest)
        return ov_reading_fail(r, place, "unknown key `%.60s`; did you mean `%s`?", member->string,
                               nearest);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", words[i]);
    }
    return ov_reading_fail(r, place, "unknown key `%.60s`; valid keys are %s", member->string,
                           list);
}

bool ov_reading_is_unique_key(struct ov_reading *r, const cJSON *member)
{
    for (const cJSON *other = member->next; other; other = other->next)
        if (strcmp(other->string, member->string) == 0)
            return ov_reading_fail(r, ov_reading_place(r, other, true), "duplicate key `%.60s`",
                                   member->string);
    return true;
}

bool ov_reading_copy(struct ov_reading *r, const char *text, struct ov_text *kept)
{
    return ov_arena_copy(&r->config->arena, ov_text_of(text), kept) || ov_reading_fail_memory(r);
}

const struct ov_rule *ov_reading_rule(struct ov_reading *r, const cJSON *at, const char *name,
                                      bool is_key)
{
    const struct ov_rule *rule = ov_rule_find(ov_text_of(name));
    const struct ov_rule *near = rule ? NULL : ov_rule_nearest(ov_text_of(name));
    if (near)
        ov_reading_fail(r, ov_reading_place(r, at, is_key),
                        "unknown rule `%.60s`; did you mean %s (%s)?", name, near->code,
                        near->name);
    else if (!rule)
        ov_reading_fail(r, ov_reading_place(r, at, is_key),
                        "unknown rule `%.60s`; `orgvet explain` lists all rules", name);
    return rule;
}
