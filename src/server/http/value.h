/* server/http/value.h: trees of values: the parameters of a request, and the results of functions.
 * They live in the request's arena; running out of memory is a sticky failure, reported by
 * `failed`. */
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
    OV_VALUE_MAP,  /* children with names; every array among the parameters is a map */
};

struct ov_value {
    enum ov_value_kind kind;
    struct ov_text name; /* key in a map */
    struct ov_text text; /* of a text; borrowed or the pool's */
    int64_t number;      /* of an int or bool; of a map of parameters: the next index */
    struct ov_value *first, *last, *next; /* children; next sibling */
    uint32_t count;                       /* number of children */
};

/* Memory for values and their texts; {0} initially. */
struct ov_values_pool {
    struct ov_arena arena;   /* owns them */
    bool failed;             /* out of memory: values made since are not valid */
    struct ov_value nothing; /* returned in place of a value for which there was no memory */
};

void ov_pool_deinit(struct ov_values_pool *pool);
/* Copies of text; empty if out of memory. */
struct ov_text ov_pool_text(struct ov_values_pool *pool, struct ov_text text);
struct ov_text ov_pool_format(struct ov_values_pool *pool, const char *format, ...) OV_PRINTF(2, 3);
/* Text as a C string, cut at its first NUL; "" if out of memory. */
const char *ov_pool_string(struct ov_values_pool *pool, struct ov_text text);

/* New values. Never NULL: if out of memory, it is the pool's `nothing` and `failed` is set. Texts
 * are borrowed, not copied. */
struct ov_value *ov_value_new(struct ov_values_pool *pool, enum ov_value_kind kind);
struct ov_value *ov_value_of_text(struct ov_values_pool *pool, struct ov_text text);
struct ov_value *ov_value_of_int(struct ov_values_pool *pool, int64_t number);
struct ov_value *ov_value_of_bool(struct ov_values_pool *pool, bool yes);

/* Appends a child; name: its key in a map. Both are borrowed. */
void ov_value_add(struct ov_value *parent, struct ov_text name, struct ov_value *child);
/* The child of that name, or NULL. Borrowed. */
struct ov_value *ov_value_get(const struct ov_value *map, struct ov_text name);
/* Appends to a map; the name is a literal. Texts are borrowed. */
void ov_value_put_text(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                       struct ov_text text);
void ov_value_put_int(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                      int64_t number);
void ov_value_put_bool(struct ov_values_pool *pool, struct ov_value *map, const char *name,
                       bool yes);

/* Arguments for %.*s: the first 200 bytes of a value, for messages. */
#define OV_QUOTE(text) (int)ov_utf8_cut((text), 200).len, (text).ptr

#endif
