/* config/json_place.h: where in a JSON text its values stand, which cJSON does not tell. */
#ifndef CONFIG_JSON_PLACE_H
#define CONFIG_JSON_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "orgvet/base.h"

/* A value: where it begins, and where its key does (the value itself when it has none). */
struct ov_json_value {
    struct ov_place place, key;
};

/* The values of a valid JSON text in the order in which they begin: the outermost first. *values is
 * for the caller to free. False when there is no memory. */
OV_MUST_USE bool ov_json_places(struct ov_text json, struct ov_json_value **values, size_t *count);

/* Line and column, in code points, of an offset. */
struct ov_place ov_json_place(struct ov_text json, size_t offset);

#endif
