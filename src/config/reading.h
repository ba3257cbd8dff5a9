/* config/reading.h: a configuration while it is read, and the mistakes found in it, with their
 * places; private to src/config/. A mistake is OV_E_OPTION in `err`; functions that report one
 * return false, so that callers can return it. Values are those of cJSON, borrowed from it. */
#ifndef CONFIG_READING_H
#define CONFIG_READING_H

#include "config/config.h"
#include "config/json_place.h"
#include "mapping/settings.h"

struct cJSON;

struct ov_reading {
    struct ov_config *config;
    struct ov_text json;          /* borrowed, NUL-terminated */
    struct ov_json_value *values; /* owned: places, indexed as ov_reading_number numbers them */
    size_t scope;                 /* being read; 0: the whole configuration */
    struct ov_settings settings;  /* owned: the settings so far; adding one validates it */
    struct ov_error *err;
};

/* Numbers the values in the order in which they start, as ov_json_places lists them. */
void ov_reading_number(struct cJSON *root);
/* The place of a numbered value, or of its key. */
struct ov_place ov_reading_place(const struct ov_reading *r, const struct cJSON *value,
                                 bool of_key);

/* Reports a mistake at a place. */
bool ov_reading_fail(struct ov_reading *r, struct ov_place place, const char *format, ...)
    OV_PRINTF(3, 4);
/* Reports that memory is short. */
bool ov_reading_fail_memory(struct ov_reading *r);
/* Reports what the value of this key must be. */
bool ov_reading_fail_kind(struct ov_reading *r, const struct cJSON *value, const char *must);
/* Reports an unknown key, with the nearest valid one or all of them. */
bool ov_reading_fail_unknown(struct ov_reading *r, const struct cJSON *member,
                             const char *const *words, size_t count);
/* False after reporting a duplicate key, which JSON parsers silently accept. */
bool ov_reading_is_unique_key(struct ov_reading *r, const struct cJSON *member);

/* Copies a text into the configuration; false when out of memory. */
bool ov_reading_copy(struct ov_reading *r, const char *text, struct ov_text *kept);
/* The rule with this code or name; NULL after reporting that there is none. is_key: the name is
 * the key of `at`. */
const struct ov_rule *ov_reading_rule(struct ov_reading *r, const struct cJSON *at,
                                      const char *name, bool is_key);

#endif
