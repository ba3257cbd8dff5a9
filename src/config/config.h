/* config/config.h: what a configuration holds once it is read. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "orgvet/config.h"

/* A value and the scope that it stands in. */
struct ov_config_entry {
    size_t scope;
    struct ov_config_value value;
};

/* A suppression, and what it has come to. */
struct ov_config_suppression {
    struct ov_suppression what;
    struct ov_pattern *pattern; /* owned; NULL: any identifier */
    bool applies;               /* it is for the file at hand */
};

/* An entry of `files`. */
struct ov_config_scope {
    struct ov_text glob;
    struct ov_pattern *pattern; /* owned */
    bool excluded;              /* its value is `false`: these files are skipped */
};

struct ov_config {
    struct ov_config_entry *entries; /* owned */
    size_t count, capacity;
    struct ov_config_scope *scopes; /* owned; the first is scope 1 */
    size_t scope_count, scope_capacity;
    struct ov_config_suppression *suppressions; /* owned */
    size_t suppression_count, suppression_capacity;
    struct ov_arena arena; /* texts */
};

#endif
