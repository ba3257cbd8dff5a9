/* config/json_place.h: the places of the values in a JSON text, which cJSON does not report. */
#ifndef CONFIG_JSON_PLACE_H
#define CONFIG_JSON_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "orgvet/base.h"

/* The place where a value starts, and where its key does (the value's own place when it has no
 * key). */
struct ov_json_value {
    struct ov_place place, key;
};

/* Lists the values of a valid JSON text in the order in which they start, the outermost first. The
 * caller frees *values, also after a failure. False when out of memory. */
OV_MUST_USE bool ov_json_places(struct ov_text json, struct ov_json_value **values, size_t *count);

/* The line and column (in code points), both from 1, of a byte offset. */
struct ov_place ov_json_place(struct ov_text json, size_t offset);

#endif
