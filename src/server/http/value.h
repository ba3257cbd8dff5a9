/* server/http/value.h: trees of values: the parameters of a request, and what a function answers.
 * They live in the request's arena, and a failure of memory is sticky, told by `failed`. */
#ifndef SERVER_HTTP_VALUE_H
#define SERVER_HTTP_VALUE_H

#include <stdbool.h>

#include "base/mem.h"
#include "base/text.h"

enum ov_value_kind {
    OV_VALUE_NULL,
    OV_VALUE_TEXT,
    OV_VALUE_INT,
    OV_VALUE_BOOL,
    OV_VALUE_LIST, /* children without names */
    OV_VALUE_MAP,  /* children with names; of parameters every array is one */
};

struct ov_value {
    enum ov_value_kind kind;
    struct ov_text name; /* in a map */
    struct ov_text text;
    int64_t number; /* of an int or bool; of a map of parameters: the next index */
    struct ov_value *first, *last, *next;
    uint32_t count; /* of children */
};

/* Memory for values and their texts. */
struct ov_values_pool {
    struct ov_arena arena;
    bool failed;             /* there was no memory: nothing made since is to be trusted */
    struct ov_value nothing; /* what stands for a value that there was no memory for */
};

void ov_pool_deinit(struct ov_values_pool *pool);
/* A copy of a text. */
struct ov_text ov_pool_text(struct ov_values_pool *pool, struct ov_text text);
struct ov_text ov_pool_format(struct ov_values_pool *pool, const char *format, ...) OV_PRINTF(2, 3);
/* A text as a C string, cut at its first NUL. */
const char *ov_pool_string(struct ov_values_pool *pool, struct ov_text text);

/* New values. Never NULL: without memory it is the pool's `nothing`, and `failed` is set. Texts
 * are not copied. */
struct ov_value *ov_value_new(struct ov_values_pool *pool, enum ov_value_kind kind);
struct ov_value *ov_value_of_text(struct ov_values_pool *pool, struct ov_text text);
struct ov_value *ov_value_of_int(struct ov_values_pool *pool, int64_t number);
struct ov_value *ov_value_of_bool(struct ov_values_pool *pool, bool yes);

/* Adds a child at the end; name: of a map. */
void ov_value_add(struct ov_value *parent, struct ov_text name, struct ov_value *child);
/* The child of that name, or NULL. */
struct ov_value *ov_value_get(const struct ov_value *map, struct ov_text name);
/* Adds to a map under a literal name. */
void ov_value_put_text(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                       struct ov_text text);
void ov_value_put_int(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                      int64_t number);
void ov_value_put_bool(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                       bool yes);

/* A value in a message, for %.*s: its first 200 bytes. */
#define OV_QUOTE(text) (int)ov_utf8_cut((text), 200).len, (text).ptr

#endif
