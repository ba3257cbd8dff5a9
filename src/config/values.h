/* config/values.h: the keys of a configuration other than `files` and `suppress`, and their values;
 * private to src/config/. */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include "config/reading.h"

/* The name of a key. Static. */
const char *ov_config_key_name(enum ov_config_key key);
/* Whether a key is valid in a scope: some are not in an entry of `files`. */
bool ov_config_key_fits(enum ov_config_key key, size_t scope);
/* Validates the value of a key and adds it to the configuration, in the scope that is being read.
 * False after a mistake, or when out of memory. */
bool ov_config_read_value(struct ov_reading *r, enum ov_config_key key, const struct cJSON *value);

#endif
