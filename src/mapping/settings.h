/* mapping/settings.h: the settings that the user gave, under the import service's own names
 * (CONTRACT 1.2, 1.4 and 7). Which importer they are for may not be known yet, so a key is accepted
 * when any importer has it; binding (mapping/bind.h) checks it against the one. */
#ifndef MAPPING_SETTINGS_H
#define MAPPING_SETTINGS_H

#include <stdbool.h>

#include "base/mem.h"
#include "base/text.h"
#include "mapping/importer.h"

/* One setting. */
struct ov_setting {
    struct ov_text key;
    struct ov_text value; /* of a string, or of a number as it was written; empty for null */
    bool is_text;         /* false for a number or null */
    bool is_null;
};

/* Settings in the order given; of equal keys the last one counts. {0} is none. */
struct ov_settings {
    struct ov_setting *items;
    size_t count, capacity;
    struct ov_arena arena; /* keys and values */
};

/* Adds one. OV_E_OPTION, with a suggestion in the message, when the key is unknown or the value is
 * none that it can have. */
OV_MUST_USE enum ov_status ov_settings_put(struct ov_settings *settings, struct ov_text key,
                                           struct ov_text value, struct ov_error *err);

/* Adds all of a JSON object {"key":"value"}, or of the older list [{"name":…,"value":…}].
 * OV_E_OPTION when it is neither. */
OV_MUST_USE enum ov_status ov_settings_put_json(struct ov_settings *settings, struct ov_text json,
                                                struct ov_error *err);

/* Adds all of another; false when there is no memory. */
OV_MUST_USE bool ov_settings_copy(struct ov_settings *settings, const struct ov_settings *from);

/* The setting of this key, or NULL. */
const struct ov_setting *ov_settings_get(const struct ov_settings *settings, struct ov_text key);

/* Appends them as a JSON object, each key once. */
void ov_settings_json(const struct ov_settings *settings, struct ov_buf *out);

void ov_settings_deinit(struct ov_settings *settings);

/* Splits "csvmapping:name" at its colon; false when the key has another prefix. */
bool ov_setting_field(struct ov_text key, struct ov_text prefix, struct ov_text *field);

#define OV_SETTING_MAPPING OV_TEXT("csvmapping:")
#define OV_SETTING_DEFAULT OV_TEXT("csvdefault:")

#endif
