/* server/http/params.c: see params.h. */
#include "server/http/params.h"

#include <stdio.h>

const char *ov_params_problem_text(enum ov_params_problem problem)
{
    static const char *const texts[] = {
        [OV_PARAMS_FINE] = "nothing is wrong",
        [OV_PARAMS_TOO_MANY] = "more than 1000 parameters",
        [OV_PARAMS_NAME_TOO_LONG] = "the name of a parameter is longer than 1000 bytes",
        [OV_PARAMS_TOO_DEEP] = "the name of a parameter has more than 16 brackets",
        [OV_PARAMS_NUL] = "the name of a parameter holds a NUL byte",
        [OV_PARAMS_ESCAPE] = "a `%` that two hexadecimal digits do not follow",
    };
    return texts[problem];
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum ov_params_problem ov_params_decode(struct ov_values_pool *pool, struct ov_text text, bool plus,
                                        struct ov_text *decoded)
{
    char *out = ov_arena_take(&pool->arena, text.len + 1);
    *decoded = (struct ov_text){0};
    if (!out) {
        pool->failed = true;
        return OV_PARAMS_FINE;
    }
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return OV_PARAMS_ESCAPE;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        out[len++] = c;
    }
    *decoded = (struct ov_text){out, len};
    return OV_PARAMS_FINE;
}

/* The child with this key, created if missing; an empty key is the next index. */
static struct ov_value *child_of(struct ov_params *params, struct ov_value *map, struct ov_text key,
                                 enum ov_value_kind kind)
{
    struct ov_value *child = key.len ? ov_value_get(map, key) : NULL;
    if (!child) {
        if (key.len == 0)
            key = ov_pool_format(params->pool, "%lld", (long long)map->number);
        child = ov_value_new(params->pool, kind);
        ov_value_add(map, key, child);
        int64_t index;
        bool is_index = ov_text_number(key, &index) && (key.len == 1 || *key.ptr != '0');
        if (is_index && index >= map->number)
            map->number = index + 1;
    } else if (child->kind != kind) { /* a later value replaces an earlier one */
        child->kind = kind;
        child->first = child->last = NULL;
        child->count = 0;
        child->number = 0;
    }
    return child;
}

/* The part of a name before its first bracket. Like PHP, turns spaces and dots into `_`. */
static struct ov_text plain_part(struct ov_params *params, struct ov_text name, size_t len)
{
    struct ov_text part = ov_pool_text(params->pool, (struct ov_text){name.ptr, len});
    char *bytes = (char *)part.ptr; /* our own copy */
    for (size_t i = 0; i < part.len; i++)
        if (bytes[i] == ' ' || bytes[i] == '.' || bytes[i] == '[')
            bytes[i] = '_';
    return part;
}

enum ov_params_problem ov_params_put(struct ov_params *params, struct ov_text name,
                                     struct ov_text value)
{
    while (name.len && *name.ptr == ' ') {
        name.ptr++;
        name.len--;
    }
    if (name.len == 0 || params->pool->failed)
        return OV_PARAMS_FINE;
    if (++params->count > OV_PARAMS_MAX)
        return OV_PARAMS_TOO_MANY;
    if (name.len > OV_PARAM_NAME_MAX)
        return OV_PARAMS_NAME_TOO_LONG;
    if (memchr(name.ptr, 0, name.len))
        return OV_PARAMS_NUL;
    const char *end = name.ptr + name.len;
    const char *open = memchr(name.ptr + 1, '[', name.len - 1);
    const char *close = open ? memchr(open, ']', (size_t)(end - open)) : NULL;
    size_t len = close ? (size_t)(open - name.ptr) : name.len;
    struct ov_text key = plain_part(params, name, len);
    struct ov_value *map = params->root;
    for (int nesting = 0; close; nesting++) {
        if (nesting == OV_PARAM_NESTING_MAX)
            return OV_PARAMS_TOO_DEEP;
        map = child_of(params, map, key, OV_VALUE_MAP);
        key = (struct ov_text){open + 1, (size_t)(close - open - 1)};
        open = close + 1 < end && close[1] == '[' ? close + 1 : NULL;
        close = open ? memchr(open, ']', (size_t)(end - open)) : NULL;
    }
    child_of(params, map, key, OV_VALUE_TEXT)->text = value;
    return OV_PARAMS_FINE;
}

enum ov_params_problem ov_params_put_form(struct ov_params *params, struct ov_text form)
{
    const char *at = form.ptr, *end = form.ptr + form.len;
    while (at < end) {
        const char *amp = memchr(at, '&', (size_t)(end - at));
        const char *stop = amp ? amp : end;
        const char *equal = memchr(at, '=', (size_t)(stop - at));
        struct ov_text name = {at, (size_t)((equal ? equal : stop) - at)}, value = {0};
        if (equal)
            value = (struct ov_text){equal + 1, (size_t)(stop - equal - 1)};
        enum ov_params_problem problem = ov_params_decode(params->pool, name, true, &name);
        if (problem == OV_PARAMS_FINE)
            problem = ov_params_decode(params->pool, value, true, &value);
        if (problem == OV_PARAMS_FINE)
            problem = ov_params_put(params, name, value);
        if (problem != OV_PARAMS_FINE)
            return problem;
        at = stop + 1;
    }
    return OV_PARAMS_FINE;
}
