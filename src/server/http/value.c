/* server/http/value.c: see value.h. */
#include "server/http/value.h"

#include <stdarg.h>
#include <stdio.h>

void ov_pool_deinit(struct ov_values_pool *pool)
{
    ov_arena_deinit(&pool->arena);
}

struct ov_text ov_pool_text(struct ov_values_pool *pool, struct ov_text text)
{
    struct ov_text copy = {0};
    if (!ov_arena_copy(&pool->arena, text, &copy))
        pool->failed = true;
    return copy;
}

struct ov_text ov_pool_format(struct ov_values_pool *pool, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *bytes = len < 0 ? NULL : ov_arena_take(&pool->arena, (size_t)len + 1);
    if (!bytes) {
        pool->failed = true;
        return (struct ov_text){0};
    }
    va_start(args, format);
    vsnprintf(bytes, (size_t)len + 1, format, args);
    va_end(args);
    return (struct ov_text){bytes, (size_t)len};
}

const char *ov_pool_string(struct ov_values_pool *pool, struct ov_text text)
{
    const char *nul = text.len ? memchr(text.ptr, 0, text.len) : NULL;
    size_t len = nul ? (size_t)(nul - text.ptr) : text.len;
    char *bytes = ov_arena_take(&pool->arena, len + 1);
    if (!bytes) {
        pool->failed = true;
        return "";
    }
    if (len)
        memcpy(bytes, text.ptr, len);
    bytes[len] = '\0';
    return bytes;
}

struct ov_value *ov_value_new(struct ov_values_pool *pool, enum ov_value_kind kind)
{
    struct ov_value *value = ov_arena_take(&pool->arena, sizeof *value);
    if (!value) {
        pool->failed = true;
        value = &pool->nothing;
    }
    *value = (struct ov_value){.kind = kind};
    return value;
}

struct ov_value *ov_value_of_text(struct ov_values_pool *pool, struct ov_text text)
{
    struct ov_value *value = ov_value_new(pool, OV_VALUE_TEXT);
    value->text = text;
    return value;
}

struct ov_value *ov_value_of_int(struct ov_values_pool *pool, int64_t number)
{
    struct ov_value *value = ov_value_new(pool, OV_VALUE_INT);
    value->number = number;
    return value;
}

struct ov_value *ov_value_of_bool(struct ov_values_pool *pool, bool yes)
{
    struct ov_value *value = ov_value_new(pool, OV_VALUE_BOOL);
    value->number = yes;
    return value;
}

void ov_value_add(struct ov_value *parent, struct ov_text name, struct ov_value *child)
{
    if (child == parent || child == parent->last) /* the pool's `nothing`, after out of memory */
        return;
    child->name = name;
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

struct ov_value *ov_value_get(const struct ov_value *map, struct ov_text name)
{
    for (struct ov_value *child = map->first; child; child = child->next)
        if (ov_text_equal(child->name, name))
            return child;
    return NULL;
}

void ov_value_put_text(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                       struct ov_text text)
{
    ov_value_add(map, ov_text_of(name), ov_value_of_text(pool, text));
}

void ov_value_put_int(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                      int64_t number)
{
    ov_value_add(map, ov_text_of(name), ov_value_of_int(pool, number));
}

void ov_value_put_bool(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                       bool yes)
{
    ov_value_add(map, ov_text_of(name), ov_value_of_bool(pool, yes));
}
