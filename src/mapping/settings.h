/* mapping/settings.h: the user's settings, with the import service's own names (CONTRACT 1.2, 1.4
 * and 7). The importer may not be known yet, so a key is accepted if any importer has it; binding
 * (mapping/bind.h) checks it against the actual one. */
#ifndef MAPPING_SETTINGS_H
#define MAPPING_SETTINGS_H

#include <stdbool.h>

#include "base/json.h"
#include "base/mem.h"
#include "mapping/importer.h"

/* One setting. */
struct ov_setting {
    struct ov_text key;   /* as given */
    struct ov_text value; /* of a string, or of a number as written; empty for null */
    bool is_text;         /* false for a number or null */
    bool is_null;         /* the value is null */
};

/* Settings in the order given; of equal keys the last one wins. {0} is empty. */
struct ov_settings {
    struct ov_setting *items; /* owned */
    size_t count, capacity;
    struct ov_arena arena; /* keys and values */
};

/* Adds a setting; the texts are copied. OV_E_OPTION when the key is unknown (the message has a
 * suggestion) or the value is invalid for it. */
OV_MUST_USE enum ov_status ov_settings_put(struct ov_settings *settings, struct ov_text key,
                                           struct ov_text value, struct ov_error *err);

/* Adds the settings of a JSON object {"key":"value"}, or of the older list [{"name":…,"value":…}].
 * OV_E_OPTION when it is neither, or as above. */
OV_MUST_USE enum ov_status ov_settings_put_json(struct ov_settings *settings, struct ov_text json,
                                                struct ov_error *err);

/* Adds copies of all settings in `from`; false when out of memory. */
OV_MUST_USE bool ov_settings_copy(struct ov_settings *settings, const struct ov_settings *from);

/* The last setting with this key, or NULL; valid until the next setting is added. */
const struct ov_setting *ov_settings_get(const struct ov_settings *settings, struct ov_text key);

/* Writes the value of a setting, as it was given, as the member `key`; NULL: null. */
void ov_setting_put(struct ov_json *json, struct ov_text key, const struct ov_setting *setting);
/* Appends the settings as a JSON object, each key once. */
void ov_settings_json(const struct ov_settings *settings, struct ov_buf *out);

/* Frees everything; the settings are empty afterwards. */
void ov_settings_deinit(struct ov_settings *settings);

/* Matches a key such as "csvmapping:name" against a prefix; *field is the rest, a view into key.
 * False when the key has another prefix. */
bool ov_setting_field(struct ov_text key, struct ov_text prefix, struct ov_text *field);

#define OV_SETTING_MAPPING OV_TEXT("csvmapping:")
#define OV_SETTING_DEFAULT OV_TEXT("csvdefault:")

#endif
